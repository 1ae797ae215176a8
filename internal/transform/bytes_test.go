package transform

import (
	"bytes"
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

// noisyFile is a JPEG of 400x300 pixels whose size follows its quality.
func noisyFile(t *testing.T, name string, quality int) []byte {
	t.Helper()
	data := photoFile(t, photo(rand.New(rand.NewPCG(5, 6)), 400, 300), 400, 300, factors{{2, 2}, {1, 1}, {1, 1}}, quality, 1)
	must(t, os.WriteFile(name, data, 0o666))
	return data
}

// A JPEG of a target size is that of the highest quality that fits, by whatever
// route its pixels come; one that fits as it is moved is not coded anew.
func TestTargetSize(t *testing.T) {
	folder(t)
	noisyFile(t, "in.jpg", 92)
	size := func(pipeline string, quality int) int64 {
		j := todo("in.jpg", "size", pipeline)
		j.Quality, j.Overwrite = quality, true
		return done(t, j, job.OK, "").OutBytes
	}
	for _, c := range []struct {
		pipeline string
		quality  int // as asked
		of       int // quality whose size is the target; 0: of what is moved
		less     int64
		note     string
	}{
		{"invert", 0, 85, 0, ""},
		{"invert", 0, 100, 0, ""},
		{"invert", 0, 85, 1, "quality 84 for --target-size"},
		{"invert", 60, 40, 0, "quality 40 for --target-size"},
		{"invert", 60, 85, 0, ""},
		{"resize w=200", 0, 30, 0, "quality 30 for --target-size"},
		{"gray", 0, 0, 0, ""},
		{"gray", 0, 50, 0, "coded anew with quality 50 for --target-size"},
		{"crop 320x240+16+16", 0, 0, 0, ""},
		{"crop 320x240+16+16", 0, 70, 0, "coded anew with quality 70 for --target-size"},
		{"crop 131x133+9+9", 0, 70, 0, "quality 70 for --target-size"}, // not in whole blocks: coded anew in any case
	} {
		j := todo("in.jpg", "out", c.pipeline)
		j.Quality, j.Overwrite, j.TargetSize = c.quality, true, size(c.pipeline, c.of)-c.less
		res := done(t, j, job.OK, "")
		if res.OutBytes > j.TargetSize || res.OutBytes == 0 {
			t.Errorf("%s: %d bytes, want at most %d", c.pipeline, res.OutBytes, j.TargetSize)
		}
		if c.note != "" && !slices.Contains(res.Notes, c.note) || c.note == "" && strings.HasPrefix(strings.Join(res.Notes, ""), "quality") {
			t.Errorf("%s: %q, want %q", c.pipeline, res.Notes, c.note)
		}
		if c.less == 0 && c.of > 0 && (c.quality == 0 && c.of <= 85 || c.of <= c.quality) {
			if want := size(c.pipeline, c.of); res.OutBytes != want {
				t.Errorf("%s: %d bytes, want %d", c.pipeline, res.OutBytes, want)
			}
		}
	}
}

func TestWhatDoesNotFit(t *testing.T) {
	folder(t)
	noisyFile(t, "in.jpg", 92)
	least := todo("in.jpg", "least", "invert")
	least.Quality = 1
	n := done(t, least, job.OK, "").OutBytes
	for _, c := range []struct {
		in, pipeline, format string
		most                 int64
		reason               string
	}{
		{"in.jpg", "invert", "", n - 1, fmt.Sprintf("too-large: %d bytes at quality 1; --target-size is %d; resize helps", n, n-1)},
		{"in.jpg", "gray", "", 1000, "too-large: "},
		{"in.jpg", "resize w=300", "png", 9000, "too-large: "},
		{fixture("gif_animated.gif"), "gray", "", 100, "too-large: "},
		{fixture("jpeg_metadata.jpg"), "invert", "", 1000, "too-large: metadata and profile alone are "},
	} {
		j := todo(c.in, "out", c.pipeline)
		j.Format, j.TargetSize = c.format, c.most
		res := done(t, j, job.Failed, c.reason)
		if c.format == "png" && !strings.HasSuffix(res.Reason, " bytes; --target-size is 9000, and PNG has no quality to lower") {
			t.Errorf("%q", res.Reason)
		}
		j.TargetSize = 1 << 40
		done(t, j, job.OK, "")
		must(t, os.Remove("out"))
	}
}

// An output that would have more bytes than the input is the input, unless that
// is another format, or brings back what was to go.
func TestSkipIfLarger(t *testing.T) {
	folder(t)
	in := noisyFile(t, "in.jpg", 30)
	const kept = "would have been larger: the original bytes are kept"
	for _, c := range []struct {
		what   string
		change func(*job.Job)
		kept   bool
		note   string
	}{
		{"larger", func(*job.Job) {}, true, kept},
		{"enlarged", func(j *job.Job) { j.Pipeline = "resize w=500 enlarge" }, true, kept},
		{"smaller", func(j *job.Job) { j.Pipeline = "resize w=50" }, false, ""},
		{"moved", func(j *job.Job) { j.Pipeline, j.Quality = "gray", 0 }, false, ""},
		{"keeping its time", func(j *job.Job) { j.Carry.Mtime = true }, true, kept},
		{"png", func(j *job.Job) { j.Format = "png" }, false, "larger than the input, which is JPEG"},
		{"gps", func(j *job.Job) { j.Carry.StripGPS = true }, false, "larger than the input, which may hold what is to be taken out"},
		{"metadata", func(j *job.Job) { j.Carry.Metadata = "strip" }, false, "larger than the input, which may hold what is to be taken out"},
		{"copyright", func(j *job.Job) { j.Carry.Metadata = "copyright" }, false, "larger than the input, which may hold what is to be taken out"},
		{"profile", func(j *job.Job) { j.Carry.Profile = "srgb" }, false, "larger than the input, which may hold what is to be taken out"},
		{"target size", func(j *job.Job) { j.TargetSize = int64(len(in)) + 1000 }, true, kept},
		{"too large even so", func(j *job.Job) {
			j.Pipeline, j.TargetSize = "resize w=2000 enlarge", int64(len(in))
		}, true, kept},
	} {
		j := todo("in.jpg", "out.jpg", "invert")
		j.Quality, j.SkipIfLarger, j.Overwrite = 95, true, true
		c.change(&j)
		res := done(t, j, job.OK, "")
		out, err := os.ReadFile("out.jpg")
		must(t, err)
		if bytes.Equal(out, in) != c.kept || res.OutBytes != int64(len(out)) {
			t.Errorf("%s: %d bytes of %d: %+v", c.what, len(out), len(in), res)
		}
		if c.note == "" && len(res.Notes) > 0 || c.note != "" && !slices.Equal(res.Notes, []string{c.note}) {
			t.Errorf("%s: %q, want %q", c.what, res.Notes, c.note)
		}
		if c.kept && (res.Width != 400 || res.Height != 300) {
			t.Errorf("%s: %dx%d", c.what, res.Width, res.Height)
		}
	}
}

// Each of several outputs by itself; a target size that the input has not either
// is a failure.
func TestSkipIfLargerOfSeveral(t *testing.T) {
	folder(t)
	in := noisyFile(t, "in.jpg", 30)
	j := outputsOf("in.jpg", "o", aim{"invert", ""}, aim{"thumb 9", ""}, aim{"invert", codec.PNG})
	j.Quality, j.SkipIfLarger = 95, true
	_, files := made(t, new(Worker), j)
	if !bytes.Equal(files[0], in) || len(files[1]) >= len(in) || len(files[2]) <= len(in) {
		t.Errorf("%d, %d and %d bytes of %d", len(files[0]), len(files[1]), len(files[2]), len(in))
	}
	j = todo("in.jpg", "out", "resize w=4000 enlarge")
	j.SkipIfLarger, j.TargetSize = true, int64(len(in))-1
	done(t, j, job.Failed, "too-large: ")
}

// A damaged file does not take the place of what was saved of it.
func TestSkipIfLargerOfADamagedFile(t *testing.T) {
	folder(t)
	whole := noisyFile(t, "in.jpg", 50)
	must(t, os.WriteFile("in.jpg", whole[:len(whole)*2/3], 0o666))
	j := todo("in.jpg", "out.jpg", "invert")
	j.Quality, j.SkipIfLarger, j.Salvage = 100, true, true
	res := done(t, j, job.OK, "")
	if get(t, "out.jpg").Width != 400 || !slices.Contains(res.Notes, "larger than the input, which is damaged") {
		t.Errorf("%q", res.Notes)
	}
}

// In place, nothing is written at all.
func TestSkipIfLargerInPlace(t *testing.T) {
	folder(t)
	noisyFile(t, "a.jpg", 30)
	before, err := os.Stat("a.jpg")
	must(t, err)
	j := todo("a.jpg", "a.jpg", "invert")
	j.Quality, j.SkipIfLarger, j.InPlace = 95, true, &job.InPlace{}
	done(t, j, job.Skipped, "would be larger")
	if after, err := os.Stat("a.jpg"); err != nil || !os.SameFile(before, after) || before.ModTime() != after.ModTime() {
		t.Errorf("it was written, or %v", err)
	}
	put(t, "b.png", image.NewGray(image.Rect(0, 0, 40, 40)), codec.PNG)
	j = todo("b.png", "b.png", "resize w=20")
	j.SkipIfLarger, j.InPlace = true, &job.InPlace{}
	done(t, j, job.OK, "")
}
