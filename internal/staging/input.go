package staging

import (
	"context"
	"io"
	"sync"
	"time"

	"github.com/imgpar/imgpar/codec"
)

// headBytes is how much of an input is read when it is opened: most headers, and
// small files whole.
const headBytes = 4 << 10

// readHead reads the first bytes of the input, and the header. What is wrong with
// them comes to light again in the work, which says so.
func (s *Stage) readHead() {
	if s.room == nil {
		s.room = heads.Get().(*[headBytes]byte)
	}
	n, _ := s.input.ReadAt(s.room[:min(s.info.Size(), headBytes)], 0)
	s.head = s.room[:n]
	s.format, _ = codec.Sniff(s.head)
	s.header, s.flaw = codec.ReadHeader(s.Input(), s.info.Size(), s.job.MaxPixels)
}

// heads are where readHead reads to.
var heads = sync.Pool{New: func() any { return new([headBytes]byte) }}

// close closes the input.
func (s *Stage) close() {
	if s.input != nil {
		_ = s.input.Close() // only read
		s.input = nil
	}
	if s.room != nil {
		heads.Put(s.room)
		s.room, s.head = nil, nil
	}
}

// fresh is how long the look that Open had at the input is good for. Less than that a
// file system may not tell apart, and all that goes fast is spared a second look.
const fresh = 10 * time.Millisecond

// lookAgain reads the head anew if the input was written to since: no picture is to be
// made of the begin of one and the rest of another.
func (s *Stage) lookAgain() {
	info, err := s.input.Stat()
	if err != nil || info.Size() == s.info.Size() && info.ModTime().Equal(s.info.ModTime()) {
		return
	}
	s.info = info
	s.readHead()
}

// Format is that of the input, which must be wanted, by its first bytes; "" if it is
// none that is known.
func (s *Stage) Format() codec.Format { return s.format }

// Header is that of the input, which must be wanted. The error is why the work is
// going to refuse it.
func (s *Stage) Header() (codec.Header, error) { return s.header, s.flaw }

// Size is that of the input, which must be wanted, in bytes.
func (s *Stage) Size() int64 { return s.info.Size() }

// Input is what the work reads.
func (s *Stage) Input() io.ReaderAt { return input{s} }

// input is a file of which the first bytes have been read.
type input struct{ *Stage }

func (in input) ReadAt(p []byte, off int64) (int, error) {
	if off >= 0 && off+int64(len(p)) <= int64(len(in.head)) {
		return copy(p, in.head[off:]), nil
	}
	return in.Stage.input.ReadAt(p, off)
}

// ReadAhead reads the input once, so that the system has it in memory when the work
// reads it, unless ctx is done. What is wrong with it is for the work to find.
func (s *Stage) ReadAhead(ctx context.Context) {
	scratch := scratches.Get().(*[64 << 10]byte)
	defer scratches.Put(scratch)
	for off := int64(len(s.head)); off < s.info.Size() && ctx.Err() == nil; {
		n, err := s.input.ReadAt(scratch[:], off)
		if err != nil {
			return
		}
		off += int64(n)
	}
}

// scratches are where ReadAhead reads to.
var scratches = sync.Pool{New: func() any { return new([64 << 10]byte) }}
