package codec

import (
	"bytes"
	"io"
	"sync"
)

// windowLen is how much of a file is read at once for its header, in bytes: a page
// of memory, which is the least that a system reads. Nearly all headers are in the
// first, but for metadata that is passed over or read in one go.
const windowLen = 4096

// window reads a file windowLen bytes at a time for those who ask for a few, each
// time behind the others. What is longer it does not keep. It is not safe for
// concurrent use.
type window struct {
	r    io.ReaderAt
	size int64 // of r: to read on would only bring its end
	at   int64 // where in r that buf[:have] stands
	have int
	buf  [windowLen]byte
}

func (w *window) ReadAt(p []byte, off int64) (int, error) {
	if len(p) >= windowLen {
		return w.r.ReadAt(p, off)
	}
	if w.holds(p, off) {
		return copy(p, w.buf[off-w.at:w.have]), nil
	}
	n, err := w.r.ReadAt(w.buf[:max(min(windowLen, w.size-off), int64(len(p)))], off)
	w.at, w.have = off, n
	if w.holds(p, off) {
		err = nil // it is of what stands behind p
	}
	return copy(p, w.buf[:n]), err
}

func (w *window) holds(p []byte, off int64) bool {
	return off >= w.at && off+int64(len(p)) <= w.at+int64(w.have)
}

var windows = sync.Pool{New: func() any { return new(window) }}

// throughWindow calls read with r as it is to be read for a header: through a
// window, if it is not in memory already.
func throughWindow(r io.ReaderAt, size int64, read func(io.ReaderAt) (Header, error)) (Header, error) {
	switch r.(type) {
	case *bytes.Reader, *reader:
		return read(r)
	}
	w := windows.Get().(*window)
	defer func() {
		w.r, w.have = nil, 0
		windows.Put(w)
	}()
	w.r, w.size = r, size
	return read(w)
}
