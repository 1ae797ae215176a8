//go:build !linux

package procpool

import "os"

// program is the file of this program, as it was named when it was started.
func program() (string, error) { return os.Executable() }
