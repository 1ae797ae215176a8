// Package transform makes pictures of a picture: bytes in, bytes out. Every mode
// runs this function, which is why every mode writes the same bytes. It has no
// files: internal/staging opens them, and gives what is made its name.
package transform

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/cespare/xxhash/v2"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/codec/jpeg"
	"github.com/imgpar/imgpar/internal/job"
)

// Worker does jobs one after another and keeps its buffers in between. It is
// not safe for concurrent use. The zero value is ready.
type Worker struct {
	in     []byte
	out    bytes.Buffer
	jpeg   jpeg.Scratch
	planes *jpeg.Planes // decoded last, to be written over
	scaler scaler

	decodings int // of pictures, so far
}

// keepBuffer is the most bytes that a buffer may hold on to between jobs.
const keepBuffer = 32 << 20

// Do does w. The input is read from in; each output that is wanted is written, by
// one call, to its writer in outs, which has one for each target, nil for those
// that are not. An error of a writer is a *job.WriteError, or is taken for one.
//
// Do never panics: a panic on its way becomes a Crashed part (one in a goroutine
// that an operation starts cannot be caught). When ctx is done it comes back at
// the next step, having written no further output.
//
// Each output is made by itself of what is decoded once for all of them, as
// common says, and written as soon as it is made; one that fails stops no other.
// The frames of an animation, and pages, are decoded for each output anew.
func (w *Worker) Do(ctx context.Context, work job.Work, in io.ReaderAt, outs []io.Writer) (a job.Answer) {
	list := outputs(work, outs)
	defer func() {
		if v := recover(); v != nil {
			each(list, func(o *output) { o.crash(v) })
		}
		a.Parts = parts(list)
		w.trim()
	}()
	if err := w.run(ctx, work, in, list, &a); err != nil {
		each(list, func(o *output) { o.fail(err) })
	}
	return a
}

// run is the way of the work: read, make and write. An error is that of all
// outputs that are not done.
func (w *Worker) run(ctx context.Context, work job.Work, in io.ReaderAt, list []*output, a *job.Answer) error {
	if err := w.read(in, work.Size); err != nil {
		return err
	}
	if work.Checksum {
		a.Checksum = xxhash.Sum64(w.in)
	}
	h, err := codec.ReadHeader(bytes.NewReader(w.in), work.Size, work.MaxPixels)
	if err != nil {
		return err
	}
	w.prepare(list, h)
	w.makeAll(ctx, list)
	return nil
}

// read reads the input whole.
func (w *Worker) read(in io.ReaderAt, size int64) error {
	if size > codec.MaxFileSize {
		return tooLong(size)
	}
	if int64(cap(w.in)) < size {
		w.in = make([]byte, size)
	}
	w.in = w.in[:size]
	n, err := in.ReadAt(w.in, 0)
	switch {
	case n == len(w.in):
		return nil
	case err == io.EOF:
		err = io.ErrUnexpectedEOF
	}
	return &job.ReadError{Err: err}
}

// tooLong is the error of a file that is not read for its size.
func tooLong(size int64) error {
	return &codec.Error{Kind: codec.TooLarge, Detail: fmt.Sprintf("%d bytes; a file may have at most %d", size, codec.MaxFileSize)}
}

// trim lets go of buffers that one large file made.
func (w *Worker) trim() {
	if cap(w.in) > keepBuffer {
		w.in = nil
	}
	if w.out.Cap() > keepBuffer {
		w.out = bytes.Buffer{}
	}
	if w.jpeg.Size() > keepBuffer {
		w.jpeg = jpeg.Scratch{}
	}
	if w.planes != nil {
		held := 0
		for i := range w.planes.Planes {
			held += cap(w.planes.Planes[i].Pix)
		}
		if held > keepBuffer {
			w.planes = nil
		}
	}
	if cap(w.scaler.small)+cap(w.scaler.turned) > keepBuffer {
		w.scaler = scaler{}
	}
}

// nameNotes says where the input's name and its content are at odds.
func nameNotes(j job.Job, is codec.Format) []string {
	name := string(j.Input)
	if claims, ok := codec.FromName(name); !ok || claims == is {
		return nil
	}
	return []string{fmt.Sprintf("named %s but is %s", filepath.Ext(name), strings.ToUpper(string(is)))}
}

// where returns the place of a panic: the first frame behind the runtime's.
func where(stack []byte) string {
	lines := strings.Split(string(stack), "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, "panic(") && i+3 < len(lines) {
			return "at " + strings.TrimSpace(strings.SplitN(lines[i+3], " +0x", 2)[0])
		}
	}
	return ""
}
