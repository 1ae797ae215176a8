package transform

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/ops"
)

// What Explain says of a file is what then happens to it.
func TestExplainSaysWhatHappens(t *testing.T) {
	seen := map[string]int{}
	for _, name := range goodFixtures(t) {
		for _, pipeline := range []string{"gray", "resize", "resize w=20", "resize w=5", "gray | gray", "orient", "invert"} {
			j := todo(name, "", pipeline)
			d, _, reason := Inspect(j)
			if reason != "" {
				t.Errorf("%s: %s", name, reason)
				continue
			}
			got := Explain(j, d.Header)
			if got.Route == "coefficients" && d.Orientation > 1 {
				continue // these are not whole MCUs long, which is known later
			}
			if want := taken(t, j, d.Format); got.Route != want {
				t.Errorf("%s of %s: explained as %q, goes by %s", pipeline, name, got, want)
			}
			if (got.Route == "pixels") != (got.Reason != "") {
				t.Errorf("%s of %s: %+v", pipeline, name, got)
			}
			seen[got.Route]++
		}
	}
	for _, route := range routeNames {
		if seen[route] == 0 {
			t.Errorf("no file goes by %s", route)
		}
	}
}

// taken tries the routes as Do does, and returns the one that did it.
func taken(t *testing.T, j job.Job, f codec.Format) string {
	t.Helper()
	p, err := ops.Parse(j.Pipeline)
	must(t, err)
	w, ctx := new(Worker), context.Background()
	f0, in, err := open(j)
	must(t, err)
	defer f0.Close()
	err = w.read(f0, in.Size())
	must(t, err)
	task, err := w.task(j, p)
	must(t, err)
	r := choose(j, p, f)
	var res job.Part
	did := func(err error) bool {
		var needs *codec.NeedsPixelsError
		if !errors.As(err, &needs) {
			must(t, err)
		}
		return err == nil
	}
	switch {
	case r == splice && did(w.splice(ctx, task, &res)):
		return "splice"
	case (r == splice || r == coded) && did(w.coded(ctx, task, &res)):
		return "coefficients"
	case r == planes:
		if _, _, err := w.byPlanes(ctx, task); did(err) {
			return "planes"
		}
	}
	return "pixels"
}

// goodFixtures are those that are to be read.
func goodFixtures(t *testing.T) (names []string) {
	t.Helper()
	root := fixture("")
	must(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == "broken" {
			return fs.SkipDir
		}
		if _, ok := codec.FromName(path); ok && !d.IsDir() {
			names = append(names, path)
		}
		return nil
	}))
	if len(names) < 50 {
		t.Fatalf("%d fixtures", len(names))
	}
	return names
}

func TestExplainReasons(t *testing.T) {
	for _, c := range []struct{ file, pipeline, want string }{
		{"jpeg_420.jpg", "gray", "splice: luma bits are moved, nothing is decoded"},
		{"jpeg_420.jpg", "rotate 90", "coefficients: moved, nothing is coded anew"},
		{"jpeg_low_quality.jpg", "resize w=10", "planes at 1/8"},
		{"jpeg_low_quality.jpg", "resize w=150", "planes at full size"},
		{"orientation/exif_6.jpg", "resize w=20", "planes at full size"}, // 61 wide as shown
		{"orientation/exif_6.jpg", "resize w=18", "planes at 1/2"},
		{"jpeg_420.jpg", "resize", "pixels: nothing to scale"},
		{"jpeg_420.jpg", "invert", "pixels: the operation needs them"},
		{"jpeg_cmyk.jpg", "gray", "pixels: its colours are CMYK"},
		{"jpeg_ycck.jpg", "resize w=10", "pixels: its colours are YCCK"},
		{"jpeg_adobe_rgb.jpg", "gray", "pixels: its colours are RGB"},
		{"png_rgb8.png", "gray", "pixels: not a JPEG"},
		{"png_rgb8.png", "crop 9x9+900+900", "not possible: unsupported: "},
	} {
		j := todo(fixture(c.file), "", c.pipeline)
		d, _, reason := Inspect(j)
		if reason != "" {
			t.Errorf("%s: %s", c.file, reason)
			continue
		}
		if got := Explain(j, d.Header).String(); got != c.want && (c.want[len(c.want)-1] != ' ' || len(got) <= len(c.want) || got[:len(c.want)] != c.want) {
			t.Errorf("%s of %s: %q, want %q", c.pipeline, c.file, got, c.want)
		}
	}
}

// A luma of half width, which neither the splice nor coefficients can take.
func TestExplainLumaOfLessThanFullSize(t *testing.T) {
	h := codec.Header{Format: codec.JPEG, Width: 3000, Height: 2000, Orientation: 1, Color: codec.ColorYCbCr}
	if got := Explain(todo("a.jpg", "", "gray"), h).String(); got != "pixels: its luma is not of full size" {
		t.Errorf("gray: %s", got)
	}
	if got := Explain(todo("a.jpg", "", "resize"), h).String(); got != "planes at full size" {
		t.Errorf("resize: %s", got)
	}
}

// The reasons are those that an operation on the file would have.
func TestInspectFailures(t *testing.T) {
	folder(t)
	must(t, os.Mkdir("d", 0o777))
	for name, want := range map[string]string{
		"nowhere.jpg":                           "unreadable: no such file or directory",
		"d":                                     "unsupported: not a regular file",
		fixture("broken/empty.jpg"):             "corrupt: the file is empty",
		fixture("broken/not_an_image.jpg"):      "unsupported: not a picture in a format that is read",
		fixture("broken/jpeg_arithmetic.jpg"):   "unsupported: arithmetic-coded JPEG",
		fixture("broken/claim_65535x65535.png"): "too-large: 65535x65535 is 4294836225 pixels; --max-pixels is 268402689",
	} {
		if _, _, reason := Inspect(todo(name, "", "gray")); reason != want {
			t.Errorf("%s: %q, want %q", name, reason, want)
		}
	}
}

// task is that of a job with one target, on the input that w.in holds.
func (w *Worker) task(j job.Job, p ops.Pipeline) (task, error) {
	h, err := codec.ReadHeader(bytes.NewReader(w.in), int64(len(w.in)), j.MaxPixels)
	if err != nil {
		return task{}, err
	}
	t, err := w.target(j, p, h)
	if err != nil {
		return task{}, err
	}
	together := share([]task{t})
	t.shared = &together
	return t, nil
}
