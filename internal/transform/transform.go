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
	"runtime/debug"
	"strings"
	"time"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/codec/jpeg"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/ops"
)

// Worker does jobs one after another and keeps its buffers in between. It is
// not safe for concurrent use. The zero value is ready.
type Worker struct {
	in     []byte
	out    bytes.Buffer
	jpeg   jpeg.Scratch
	planes *jpeg.Planes // decoded last, to be written over
	scaler scaler
}

// keepBuffer is the most bytes that a buffer may hold on to between jobs.
const keepBuffer = 32 << 20

// Do does j. It never panics: a panic on its way becomes a Crashed result
// (one in a goroutine that an operation starts cannot be caught). When ctx is
// done it comes back at the next step, having written nothing.
func (w *Worker) Do(ctx context.Context, j job.Job) (res job.Result) {
	start := time.Now()
	res = j.End(job.OK, "")
	defer func() {
		if v := recover(); v != nil {
			res = j.End(job.Crashed, job.OneLine(fmt.Sprintf("panic: %v %s", v, where(debug.Stack()))))
		}
		res.Elapsed = time.Since(start)
		w.trim()
	}()
	if err := w.run(ctx, j, &res); err != nil {
		res.Outcome, res.Reason = classify(err)
		res.DiskFull = diskFull(err)
		res.Width, res.Height, res.OutBytes, res.Notes = 0, 0, 0, nil
	}
	return res
}

// run is the job's way: read, make the output, write.
func (w *Worker) run(ctx context.Context, j job.Job, res *job.Result) error {
	pipeline, err := ops.Parse(j.Pipeline)
	if err != nil {
		return err
	}
	in, err := w.read(j)
	if err != nil {
		return err
	}
	res.InBytes = int64(len(w.in))
	t, err := w.task(j, pipeline)
	if err != nil {
		return err
	}
	res.Notes = nameNotes(j, t.head.Format)
	err = w.make(ctx, t, res)
	if j.Salvage && codec.IsDamaged(err) {
		t.read.Salvage = true
		err = w.make(ctx, t, res)
	}
	if err != nil {
		return err
	}
	res.OutBytes = int64(w.out.Len())
	if err := ctx.Err(); err != nil {
		return err
	}
	notes, err := write(j, j.Target, in, w.out.Bytes())
	res.Notes = append(res.Notes, notes...)
	return err
}

// read reads the input whole.
func (w *Worker) read(j job.Job) (fs.FileInfo, error) {
	f, fi, err := open(j)
	if err != nil {
		return nil, err
	}
	defer f.Close() // only read
	if err := checkEnds(j, j.Target, fi); err != nil {
		return nil, err
	}
	size := fi.Size()
	if size > codec.MaxFileSize {
		return nil, tooLong(size)
	}
	if int64(cap(w.in)) < size {
		w.in = make([]byte, size)
	}
	w.in = w.in[:size]
	if _, err := io.ReadFull(f, w.in); err != nil {
		return nil, readError{err}
	}
	return fi, nil
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
