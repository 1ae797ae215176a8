//go:build !unix

package journal

import "os"

// lock does without: a shared lock is as good as had, an exclusive one is not.
func lock(_ *os.File, exclusive bool) (ok bool, err error) { return !exclusive, nil }
