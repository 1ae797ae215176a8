package transform

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/staging"
)

// The files that the tests work on.

// folder makes an empty folder and works in it.
func folder(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// gradient is a picture of w x h pixels that no turn leaves as it is.
func gradient(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetNRGBA(x, y, color.NRGBA{uint8(4 * x), uint8(5 * y), uint8(x * y), 255})
		}
	}
	return m
}

// put writes img into a file of that name.
func put(t testing.TB, name string, img image.Image, f codec.Format) []byte {
	t.Helper()
	var buf bytes.Buffer
	_, err := codec.Encode(&buf, img, codec.Options{Format: f})
	must(t, err)
	must(t, os.WriteFile(name, buf.Bytes(), 0o666))
	return buf.Bytes()
}

// get reads a picture from a file.
func get(t testing.TB, name string) *codec.Picture {
	t.Helper()
	data, err := os.ReadFile(name)
	must(t, err)
	p, err := codec.Decode(t.Context(), data, codec.DecodeOptions{MaxPixels: codec.MaxPixels})
	must(t, err)
	return p
}

// todo is a job.
func todo(in, out, pipeline string) job.Job {
	return job.Job{Input: job.Path(in), Target: job.Target{Output: job.Path(out), Pipeline: pipeline}, MaxPixels: codec.MaxPixels}
}

// perform does a job, from file to file.
func perform(w *Worker, ctx context.Context, j job.Job) job.Result {
	s := staging.Open(j)
	s.Begin()
	if !s.Wanted() {
		return s.Result()
	}
	s.Working()
	return s.Commit(w.Do(ctx, s.Work(), s.Input(), s.Writers()))
}

// done does a job and holds its outcome and reason, by its beginning, against
// those that are wanted.
func done(t *testing.T, j job.Job, want job.Outcome, reason string) job.Result {
	t.Helper()
	var w Worker
	res := perform(&w, t.Context(), j)
	if res.Outcome != want || !strings.HasPrefix(res.Reason, reason) || reason == "" && res.Reason != "" {
		t.Errorf("%s: %s %q, want %s %q", j.Input, res.Outcome, res.Reason, want, reason)
	}
	if res.Input != j.Input || res.Output != j.Output || res.Elapsed <= 0 {
		t.Errorf("%s: %+v", j.Input, res)
	}
	if want != job.OK && (res.Width != 0 || res.Height != 0 || res.OutBytes != 0 || res.Notes != nil) {
		t.Errorf("%s was not written, but: %+v", j.Input, res)
	}
	return res
}

// holds compares the names in the folder.
func holds(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	must(t, filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			got = append(got, filepath.ToSlash(path))
		}
		return err
	}))
	if !slices.Equal(got, want) {
		t.Errorf("the folder holds %q, want %q", got, want)
	}
}

var images, _ = filepath.Abs(filepath.Join("..", "..", "testdata", "images"))

// fixture is the path of a file of testdata/images.
func fixture(name string) string { return filepath.Join(images, filepath.FromSlash(name)) }
