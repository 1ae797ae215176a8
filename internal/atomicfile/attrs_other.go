//go:build unix && !linux && !darwin

package atomicfile

import "os"

// copyAttributes does nothing: extended attributes are not kept here.
func copyAttributes(*os.File, *os.File) ([]string, error) { return nil, nil }
