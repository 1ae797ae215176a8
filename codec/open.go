package codec

import (
	"io/fs"
	"os"

	"github.com/imgpar/imgpar/internal/diskfile"
)

// Open opens a file that may be a picture. It must be a regular one: opening a
// named pipe would wait for a writer. The error is an *Error, or the system's.
func Open(name string) (*os.File, fs.FileInfo, error) {
	fi, err := os.Stat(name)
	if err != nil {
		return nil, nil, err
	}
	if !fi.Mode().IsRegular() {
		return nil, nil, &Error{Kind: Unsupported, Detail: "not a regular file"}
	}
	f, err := diskfile.Open(name, os.O_RDONLY, 0)
	return f, fi, err
}
