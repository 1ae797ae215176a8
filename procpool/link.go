package procpool

import (
	"io"
	"os"
)

// A link is one end of the connection between parent and child: a stream of bytes each
// way, and open files from parent to child. Close wakes whoever reads or writes in the
// parent.
type link interface {
	io.ReadWriteCloser

	// connect is told the child, once it is started.
	connect(child *os.Process)

	// send writes a header and its payload, with files that come along, at least one. An
	// unsentError says that nothing was written, for a reason that is not the child's.
	send(header, payload []byte, files []*os.File) error

	// take returns the n files that came along with what has been read, the last of it
	// from r, or a protocolError if there are not as many. Only the child's end has any.
	take(r io.Reader, n int) ([]*os.File, error)

	// pending reports whether there is something to read, be it the stream's end, without
	// waiting for it. Only the parent's end is asked.
	pending() bool

	// hungUp reports whether the other end is closed, whatever there is still to read.
	// Only the child's end is asked, while nothing is read from it.
	hungUp() bool
}

// An unsentError says why files cannot be passed.
type unsentError struct{ err error }

func (e unsentError) Error() string {
	return "procpool: cannot pass the files of a task: " + e.err.Error()
}
func (e unsentError) Unwrap() error { return e.err }
