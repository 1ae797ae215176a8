package procpool

import (
	"io"
	"os"
)

// A link is one end of the connection between parent and child: a stream of bytes each
// way, and open files from parent to child.
type link interface {
	io.ReadWriteCloser

	// send writes p, which is not empty, with files that come along.
	send(p []byte, files []*os.File) error

	// take returns the files that came along with what has been read, n of them, or an
	// error if there are not as many. Only the child's end has any.
	take(n int) ([]*os.File, error)
}
