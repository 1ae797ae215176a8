package transform

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/cespare/xxhash/v2"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

// aim is what a target of these tests is made by.
type aim struct {
	pipeline string
	format   codec.Format
}

// aims go by every route, to every kind of picture, and work on pixels in every
// operation.
var aims = []aim{
	{"gray", ""}, {"orient", ""}, {"flip h", ""}, {"gray luma=bt709", ""},
	{"resize w=70", ""}, {"resize w=20", codec.PNG}, {"thumb 9", ""}, {"resize w=30 | gray", ""},
	{"gray | resize w=25 filter=nearest", codec.PNG}, {"gray | invert", ""}, {"thumb 20 linear", codec.TIFF},
	{"invert", ""}, {"crop 30x20 | blur 1", codec.PNG}, {"rotate 7 | sharpen", ""}, {"adjust gamma=2", codec.BMP}, {"rotate 90", codec.WebP},
}

// outputsOf is a job with a target for each aim, in folder.
func outputsOf(in, folder string, aims ...aim) job.Job {
	j := todo(in, "", "")
	var targets []job.Target
	for _, a := range aims {
		name := fmt.Sprintf("%s/%s.%s", folder, a.pipeline, a.format)
		targets = append(targets, job.Target{Output: job.Path(name), Pipeline: a.pipeline, Format: string(a.format)})
	}
	j.Target, j.Also = targets[0], targets[1:]
	return j
}

// made is what became of the outputs of a job, and their bytes.
func made(t *testing.T, w *Worker, j job.Job) (ends []job.Made, files [][]byte) {
	t.Helper()
	res := perform(w, t.Context(), j)
	ends = append([]job.Made{{Output: res.Output, Outcome: res.Primary, Width: res.Width, Height: res.Height, OutBytes: res.OutBytes}}, res.Also...)
	if len(ends) != len(j.Targets()) || res.Outcome == job.Crashed {
		t.Fatalf("%s: %+v", j.Input, res)
	}
	for _, e := range ends {
		data, err := os.ReadFile(string(e.Output))
		if (err == nil) != (e.Outcome == job.OK) || int64(len(data)) != e.OutBytes {
			t.Fatalf("%s: %+v, but %d bytes, %v", j.Input, e, len(data), err)
		}
		files = append(files, data)
	}
	return ends, files
}

// What one output is does not depend on which others are made with it, but for
// the scale at which the planes of a JPEG are decoded: the order never decides,
// and where the scale is that of the output alone, neither do the others. With
// the larger one of another output, the picture is nearly the same. And so it is
// for all files, however they are turned and whatever is wrong with them: no
// operation and no encoder writes into the picture that the others work on.
func TestOutputsDoNotDependOnEachOther(t *testing.T) {
	names := everyFixture(t)
	folder(t)
	var w, alone Worker
	var far spread
	step := 7 // of the pairs of pipelines, so that each comes with other files
	if testing.Short() || raceEnabled {
		step = 43
	}
	pairs, compared := 0, 0
	for n, name := range names {
		var want [][]byte
		var ends []job.Made
		for i, a := range aims {
			e, f := made(t, &alone, outputsOf(name, fmt.Sprintf("alone%d.%d", n, i), a))
			want, ends = append(want, f[0]), append(ends, e[0])
		}
		for i := range aims {
			for k := range i {
				if pairs++; pairs%step != 0 {
					continue
				}
				both := outputsOf(name, fmt.Sprintf("both%d", pairs), aims[i], aims[k])
				swapped := outputsOf(name, fmt.Sprintf("swapped%d", pairs), aims[k], aims[i])
				gotEnds, got := made(t, &w, both)
				_, other := made(t, &w, swapped)
				must(t, os.RemoveAll(filepath.Dir(string(both.Output))))
				must(t, os.RemoveAll(filepath.Dir(string(swapped.Output))))
				if !bytes.Equal(got[0], other[1]) || !bytes.Equal(got[1], other[0]) {
					t.Errorf("%s: %v and %v: the order decides", name, aims[i], aims[k])
				}
				for x, index := range []int{i, k} {
					what := fmt.Sprintf("%s: %v besides %v", name, aims[index], aims[[]int{k, i}[x]])
					if gotEnds[x].Outcome != ends[index].Outcome {
						// A part of the file that is not read for this output alone may be damaged.
						if gotEnds[x].Outcome != job.Failed || gotEnds[1-x].Outcome != job.Failed {
							t.Errorf("%s: %+v, alone %+v", what, gotEnds, ends[index])
						}
						continue
					}
					if sameScale(t, both, x) {
						if !bytes.Equal(got[x], want[index]) {
							t.Errorf("%s: %d bytes, alone %d", what, len(got[x]), len(want[index]))
						}
						continue
					}
					compared++
					far = append(far, lumaPSNR(t, got[x], want[index]))
				}
			}
		}
		for i := range aims {
			must(t, os.RemoveAll(fmt.Sprintf("alone%d.%d", n, i)))
		}
	}
	if t.Logf("luma at another scale, dB of %v", far); compared < 10 || far.at(0) < 30 || far.at(0.5) < 34 {
		t.Error("pictures that share a decoding differ more than they should")
	}
}

// sameScale tells whether target i of a job goes as it would alone.
func sameScale(t *testing.T, j job.Job, i int) bool {
	t.Helper()
	d, _, reason := Inspect(j)
	if reason != "" {
		return true
	}
	return Ways(j, d.Header)[i] == Explain(only(j, i), d.Header)
}

func lumaPSNR(t *testing.T, a, b []byte) float64 {
	t.Helper()
	if len(a) == 0 && len(b) == 0 {
		return 99
	}
	x, y := lumaOf(read(t, a).Image), lumaOf(read(t, b).Image)
	if x.Rect != y.Rect {
		t.Fatalf("%v and %v", x.Rect, y.Rect)
	}
	return differences(t, x, []*image.Gray{y})[0].psnr()
}

func lumaOf(img image.Image) *image.Gray {
	b := img.Bounds()
	out := image.NewGray(b)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			out.Set(x, y, img.At(x, y))
		}
	}
	return out
}

// everyFixture is all of them, broken ones included.
func everyFixture(t *testing.T) []string {
	names := goodFixtures(t)
	broken, err := filepath.Glob(fixture("broken/*"))
	must(t, err)
	if len(broken) < 20 {
		t.Fatalf("%d broken fixtures", len(broken))
	}
	return append(names, broken...)
}

// Whatever is to be made of a picture, it is decoded once: also planes and pixels
// together, of which the larger ones serve as the others.
func TestOneDecoding(t *testing.T) {
	for _, c := range []struct {
		file string
		aims []aim
		want int
	}{
		{"jpeg_420.jpg", []aim{{"gray", ""}, {"crop 32x32+16+16", ""}}, 0},
		{"jpeg_420.jpg", []aim{{"gray", ""}, {"resize w=70", ""}, {"thumb 9", ""}, {"resize w=30 | gray", codec.PNG}}, 1},
		{"jpeg_420.jpg", []aim{{"invert", ""}, {"blur 2", ""}, {"gray", codec.PNG}}, 1},
		{"jpeg_420.jpg", []aim{{"resize w=20", ""}, {"invert", ""}, {"thumb 9", codec.PNG}, {"gray", codec.BMP}}, 1},
		{"jpeg_420.jpg", []aim{{"thumb 9 | gray", ""}, {"gray | invert", ""}}, 1},
		{"jpeg_progressive_444.jpg", []aim{{"resize w=20", ""}, {"invert", ""}}, 1},
		{"jpeg_cmyk.jpg", []aim{{"resize w=20", ""}, {"invert", ""}, {"gray", ""}}, 1},
		{"orientation/exif_6.jpg", []aim{{"resize w=20", ""}, {"invert", ""}}, 1},
		{"png_rgba16.png", []aim{{"resize w=20", ""}, {"gray", ""}, {"orient", codec.JPEG}}, 1},
		// Not a multiple of its blocks, so that a quarter turn needs pixels, which is
		// found when the file is looked at.
		{"jpeg_444.jpg", []aim{{"rotate 90", ""}, {"thumb 9", ""}}, 2},
		{"gif_animated.gif", []aim{{"resize w=20", ""}, {"gray", ""}}, 2}, // frames are decoded for each
	} {
		folder(t)
		var w Worker
		ends, _ := made(t, &w, outputsOf(fixture(c.file), "out", c.aims...))
		for _, e := range ends {
			if e.Outcome != job.OK {
				t.Errorf("%s: %+v", c.file, e)
			}
		}
		if w.decodings != c.want {
			t.Errorf("%v of %s: %d decodings, want %d", c.aims, c.file, w.decodings, c.want)
		}
	}
}

// What there is already, or cannot be written, stops nothing else, and the bytes
// of the others are those that they are without it.
func TestOutputsThatAreNotWritten(t *testing.T) {
	folder(t)
	in := fixture("jpeg_420.jpg")
	list := []aim{{"resize w=70", ""}, {"thumb 9", ""}, {"invert", ""}, {"gray", ""}}
	var w Worker
	_, whole := made(t, &w, outputsOf(in, "whole", list...))
	must(t, os.WriteFile("file", nil, 0o666))
	for i := range list {
		for _, c := range []struct {
			what     string
			change   func(*job.Target)
			end, all job.Outcome
			reason   string // of the target
			told     string // of the job
		}{
			{"up to date", func(t *job.Target) { t.UpToDate = true }, job.Skipped, job.OK, "up to date", ""},
			{"exists", func(t *job.Target) { must2(os.Mkdir("o", 0o777), os.WriteFile(string(t.Output), nil, 0o666)) }, job.Skipped, job.OK, "exists", ""},
			{"unwritable", func(t *job.Target) { t.Output = "file/a.jpg" }, job.Failed, job.Failed, "unwritable: not a directory", "unwritable: not a directory (a.jpg)"},
			{"outside", func(t *job.Target) { t.Pipeline = "crop 9x9+900+900" }, job.Failed, job.Failed, "unsupported: crop 9x9+900+900", "unsupported: crop 9x9+900+900"},
			{"format", func(t *job.Target) { t.Format = "avif" }, job.Failed, job.Failed, "unsupported: avif cannot be written", "unsupported: avif cannot be written ("},
			{"pipeline", func(t *job.Target) { t.Pipeline = "nonsense" }, job.Failed, job.Failed, "unknown operation nonsense", "unknown operation nonsense"},
		} {
			j := outputsOf(in, "o", list...)
			targets := j.Targets()
			c.change(&targets[i])
			j.Target, j.Also = targets[0], targets[1:]
			res := perform(&w, t.Context(), j)
			if res.Outcome != c.all || !hasPrefix(res.Reason, c.told) {
				t.Errorf("%s, target %d: %s %q", c.what, i, res.Outcome, res.Reason)
			}
			ends := append([]job.Made{{Output: res.Output, Outcome: res.Primary, OutBytes: res.OutBytes}}, res.Also...)
			for k, e := range ends {
				got, _ := os.ReadFile(string(targets[k].Output))
				switch {
				case k == i && (e.Outcome != c.end || k > 0 && !hasPrefix(e.Reason, c.reason) || e.OutBytes != 0 || len(got) > 0):
					t.Errorf("%s, target %d: %+v", c.what, i, e)
				case k != i && (e.Outcome != job.OK || e.Reason != ""):
					t.Errorf("%s, target %d: target %d: %+v", c.what, i, k, e)
				case k != i && !bytes.Equal(got, whole[k]) && c.end == job.Skipped:
					t.Errorf("%s, target %d: target %d has other bytes", c.what, i, k)
				}
			}
			must(t, os.RemoveAll("o"))
		}
	}
}

func must2(errs ...error) {
	for _, err := range errs {
		if err != nil {
			panic(err)
		}
	}
}

func hasPrefix(s, prefix string) bool {
	return len(s) >= len(prefix) && s[:len(prefix)] == prefix && (prefix != "" || s == "")
}

// Where nothing is to be made the input is not opened, and nothing is estimated.
func TestNothingToMake(t *testing.T) {
	folder(t)
	must(t, os.WriteFile("in.jpg", []byte("no picture"), 0o666))
	must(t, os.WriteFile("there", nil, 0o666))
	j := todo("in.jpg", "there", "gray")
	j.Also = []job.Target{{Output: "there", Pipeline: "invert"}, {Output: "o", Pipeline: "gray", UpToDate: true}}
	j.Checksum = true
	res := done(t, j, job.Skipped, "exists")
	if res.InBytes != 0 || res.Checksum != 0 || res.Also[1].Reason != "up to date" || res.Also[0].Outcome != job.Skipped {
		t.Errorf("%+v", res)
	}
	if n := estimated(j); n != 0 {
		t.Errorf("%d bytes are estimated", n)
	}
	j.Input, j.UpToDate = "nowhere", true
	j.Also = j.Also[1:]
	done(t, j, job.Skipped, "up to date")
	j.Also[0].UpToDate = false
	done(t, j, job.Failed, "unreadable: no such file or directory (o)")
}

// What all fail of is said once.
func TestAllOutputsFail(t *testing.T) {
	folder(t)
	j := outputsOf(fixture("broken/truncated.jpg"), "o", aims...)
	res := done(t, j, job.Failed, "damaged at offset 1836: the file ends without EOI")
	if res.Reason != "damaged at offset 1836: the file ends without EOI" {
		t.Errorf("%q", res.Reason)
	}
	for _, m := range res.Also {
		if m.Outcome != job.Failed || m.Reason != res.Reason {
			t.Errorf("%+v", m)
		}
	}
}

func TestNotesOfSeveralOutputs(t *testing.T) {
	folder(t)
	j := outputsOf(fixture("png_rgba16.png"), "o", aim{"resize w=9", codec.JPEG}, aim{"thumb 5", codec.TIFF}, aim{"thumb 5", codec.BMP})
	res := done(t, j, job.OK, "")
	if want := []string{
		"resize w=9.jpeg: 16 bits a channel became 8", "resize w=9.jpeg: transparency became white",
		"thumb 5.bmp: 16 bits a channel became 8", "thumb 5.bmp: transparency became white",
	}; !slices.Equal(res.Notes, want) {
		t.Errorf("%q, want %q", res.Notes, want)
	}
	j = outputsOf(fixture("jpeg_named.png"), "o2", aim{"resize w=9", ""}, aim{"thumb 5", codec.TIFF})
	if res := done(t, j, job.OK, ""); !slices.Equal(res.Notes, []string{"named .png but is JPEG"}) {
		t.Errorf("%q", res.Notes)
	}
}

// The input is replaced when all that is made of it is there, and stays where
// something is not.
func TestInPlaceWithOthers(t *testing.T) {
	folder(t)
	before := put(t, "a.png", gradient(40, 30), codec.PNG)
	must(t, os.WriteFile("file", nil, 0o666))
	j := todo("a.png", "a.png", "resize w=20")
	j.InPlace = &job.InPlace{}
	j.Also = []job.Target{{Output: "file/b.png", Pipeline: "thumb 9"}, {Output: "c.png", Pipeline: "thumb 9"}}
	res := perform(new(Worker), t.Context(), j)
	if now, _ := os.ReadFile("a.png"); res.Outcome != job.Failed || res.Primary != job.Skipped || res.Also[1].Outcome != job.OK || !bytes.Equal(now, before) {
		t.Errorf("%+v", res)
	}
	j.Also[0].Output = "b.png"
	res = perform(new(Worker), t.Context(), j)
	if res.Outcome != job.OK || res.Primary != job.OK || res.Also[1].Reason != "exists" || get(t, "b.png").Width != 9 || get(t, "a.png").Width != 20 {
		t.Errorf("%+v", res)
	}
	holds(t, "a.png", "b.png", "c.png", "file")
}

// The memory of several outputs is that of what they share, and of the largest.
func TestTheEstimateOfSeveralOutputs(t *testing.T) {
	folder(t)
	data := photoFile(t, func(int, float64, float64) float64 { return 99 }, 1600, 1200, factors{{2, 2}, {1, 1}, {1, 1}}, 90, 1)
	must(t, os.WriteFile("a.jpg", data, 0o666))
	n := func(list ...aim) int64 { return estimated(outputsOf("a.jpg", "o", list...)) }
	large, small, whole, moved := aim{"resize w=900", ""}, aim{"thumb 75", ""}, aim{"invert", ""}, aim{"gray", ""}
	const reduced = 1600 * 1200 // of what is decoded for the large one, for the small one
	if both := n(large, small); both != n(large)+reduced {
		t.Errorf("%d of both, %d and %d alone", both, n(large), n(small))
	}
	if both := n(small, whole, moved); both < n(whole) || both > n(whole)+n(small)+reduced {
		t.Errorf("%d of all, %d and %d alone", both, n(whole), n(small))
	}
	if all := n(small, aim{"flip h", ""}); all < n(aim{"flip h", ""}) {
		t.Errorf("%d, %d alone", all, n(aim{"flip h", ""}))
	}
}

func TestChecksum(t *testing.T) {
	folder(t)
	in := put(t, "a.png", gradient(8, 8), codec.PNG)
	j := todo("a.png", "b.png", "gray")
	if res := done(t, j, job.OK, ""); res.Checksum != 0 {
		t.Errorf("%x, unasked", res.Checksum)
	}
	j.Checksum, j.Overwrite = true, true
	if res := done(t, j, job.OK, ""); res.Checksum != xxhash.Sum64(in) {
		t.Errorf("%x, want %x", res.Checksum, xxhash.Sum64(in))
	}
	j.Pipeline = "crop 1x1+99+99"
	if res := done(t, j, job.Failed, "unsupported"); res.Checksum != xxhash.Sum64(in) {
		t.Errorf("%x of what failed", res.Checksum)
	}
}

// breaking is a context that breaks the work once, when it is asked for the nth
// time: by a panic, or by its end from then on.
type breaking struct {
	context.Context
	left  *int
	panic bool
}

func (b breaking) Err() error {
	*b.left--
	switch {
	case b.panic && *b.left == 0:
		panic("boom")
	case !b.panic && *b.left <= 0:
		return context.Canceled
	}
	return nil
}

// Wherever the work on several outputs breaks, those that are there are whole and
// are told of, the others are not; and a panic costs one of them.
func TestBrokenAnywhere(t *testing.T) {
	folder(t)
	list := []aim{{"resize w=70", ""}, {"gray", ""}, {"invert", codec.PNG}, {"thumb 9", ""}}
	_, whole := made(t, new(Worker), outputsOf(fixture("jpeg_420.jpg"), "whole", list...))
	for _, panics := range []bool{false, true} {
		some := false
		for steps := 1; ; steps++ {
			j := outputsOf(fixture("jpeg_420.jpg"), "o", list...)
			left := steps
			res := perform(new(Worker), breaking{t.Context(), &left, panics}, j)
			ends := append([]job.Made{{Output: res.Output, Outcome: res.Primary, OutBytes: res.OutBytes}}, res.Also...)
			written := 0
			for i, e := range ends {
				got, err := os.ReadFile(string(e.Output))
				if (err == nil) != (e.Outcome == job.OK) || int64(len(got)) != e.OutBytes || err == nil && !bytes.Equal(got, whole[i]) {
					t.Errorf("panic %v at step %d: %+v, but %d bytes", panics, steps, e, len(got))
				}
				if err == nil {
					written++
				}
			}
			must(t, os.RemoveAll("o"))
			if res.Outcome == job.OK {
				break
			}
			want := job.Canceled
			if panics {
				want = job.Crashed
			}
			if res.Outcome != want || panics && written != len(list)-1 {
				t.Errorf("panic %v at step %d: %s %q, %d written", panics, steps, res.Outcome, res.Reason, written)
			}
			some = some || written > 0 && written < len(list)
		}
		if !some {
			t.Error("it never broke between two outputs")
		}
	}
}
