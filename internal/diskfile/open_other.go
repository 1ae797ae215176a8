//go:build !unix

package diskfile

import (
	"io/fs"
	"os"
)

// Open is [os.OpenFile] for a file on a disk; perm is permissions alone.
func Open(name string, flag int, perm fs.FileMode) (*os.File, error) {
	return os.OpenFile(name, flag, perm.Perm())
}
