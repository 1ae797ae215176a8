// Package transform does one job from the first byte read to the file written.
// Every mode runs this function, which is why every mode writes the same
// bytes.
package transform

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/codec/jpeg"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/journal"
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

// Do does j. It never panics: a panic on its way becomes a Crashed result
// (one in a goroutine that an operation starts cannot be caught). When ctx is
// done it comes back at the next step, having written no further output.
//
// Each output is made by itself of what is decoded once for all of them, as
// common says, and written as soon as it is made; one that fails stops no other.
// The frames of an animation, and pages, are decoded for each output anew.
func (w *Worker) Do(ctx context.Context, j job.Job) (res job.Result) {
	start := time.Now()
	outs := outputs(j)
	res = j.End(job.OK, "")
	defer func() {
		if v := recover(); v != nil {
			each(outs, func(o *output) { o.crash(v) })
		}
		conclude(outs, &res)
		res.Elapsed = time.Since(start)
		w.trim()
	}()
	if err := w.run(ctx, j, outs, &res); err != nil {
		each(outs, func(o *output) { o.fail(err) })
	}
	return res
}

// run is the job's way: look at the outputs, read, make and write them. An error
// is that of all outputs that are not done.
func (w *Worker) run(ctx context.Context, j job.Job, outs []*output, res *job.Result) error {
	if !wanted(outs) {
		return nil
	}
	in, err := w.take(j, outs)
	if err != nil || !wanted(outs) {
		return err
	}
	res.InBytes = in.Size()
	if j.Checksum {
		res.Checksum = xxhash.Sum64(w.in)
	}
	h, err := codec.ReadHeader(bytes.NewReader(w.in), in.Size(), j.MaxPixels)
	if err != nil {
		return err
	}
	w.prepare(outs, h)
	if j.InPlace != nil {
		w.inPlace(ctx, outs, in)
	} else {
		w.makeAll(ctx, outs, in)
	}
	return nil
}

// take holds the outputs against the input and, if one is to be made, reads that.
func (w *Worker) take(j job.Job, outs []*output) (fs.FileInfo, error) {
	f, in, err := open(j)
	if err != nil {
		return nil, err
	}
	defer f.Close()                                                          // only read
	if j.InPlace != nil && j.State != 0 && j.State != journal.Identity(in) { // another run may have replaced it
		return nil, writeError{errSince}
	}
	each(outs, func(o *output) {
		if err := checkEnds(o.Job, o.Target, in); err != nil {
			o.fail(err)
		}
	})
	if !wanted(outs) {
		return in, nil
	}
	return in, w.read(f, in.Size())
}

// read reads the input whole.
func (w *Worker) read(f *os.File, size int64) error {
	if size > codec.MaxFileSize {
		return tooLong(size)
	}
	if int64(cap(w.in)) < size {
		w.in = make([]byte, size)
	}
	w.in = w.in[:size]
	if _, err := io.ReadFull(f, w.in); err != nil {
		return readError{err}
	}
	return nil
}

// tooLong is the error of a file that is not read for its size.
func tooLong(size int64) error {
	return &codec.Error{Kind: codec.TooLarge, Detail: fmt.Sprintf("%d bytes; a file may have at most %d", size, codec.MaxFileSize)}
}

// open opens the input, which must be a regular file: opening a named pipe
// would wait for a writer.
func open(j job.Job) (*os.File, fs.FileInfo, error) {
	fi, err := os.Stat(string(j.Input))
	if err != nil {
		return nil, nil, readError{err}
	}
	if !fi.Mode().IsRegular() {
		return nil, nil, &codec.Error{Kind: codec.Unsupported, Detail: "not a regular file"}
	}
	f, err := os.Open(string(j.Input))
	if err != nil {
		return nil, nil, readError{err}
	}
	return f, fi, nil
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
