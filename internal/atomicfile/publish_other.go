//go:build !linux

package atomicfile

import "os"

// publish gives temp its final name. Without overwrite an existing file is
// never replaced.
func publish(temp, name string, overwrite bool) error {
	if overwrite {
		return os.Rename(temp, name)
	}
	return publishByLink(temp, name)
}
