//go:build unix

package watch

import (
	"io/fs"
	"syscall"
)

// fileID is what a folder is, whatever it is called; zero: not known.
type fileID struct{ device, inode uint64 }

func identify(fi fs.FileInfo) fileID {
	if st, ok := fi.Sys().(*syscall.Stat_t); ok {
		return fileID{uint64(st.Dev), st.Ino}
	}
	return fileID{}
}
