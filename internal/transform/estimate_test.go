package transform

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/staging"
)

// estimates are those of a job, by its stage.
func estimates(j job.Job) (most, least int64) {
	s := staging.Open(j)
	defer s.End(job.Canceled, "")
	if !s.Wanted() {
		return 0, 0
	}
	h, refused := s.Header()
	return Estimate(s.Work(), h, refused)
}

// estimated is the most that work takes.
func estimated(j job.Job) int64 {
	most, _ := estimates(j)
	return most
}

func TestTheEstimateOfWhatIsRefused(t *testing.T) {
	folder(t)
	put(t, "a.png", gradient(40, 30), codec.PNG)
	must(t, os.WriteFile("exists.png", nil, 0o666))
	must(t, os.WriteFile("text.jpg", []byte("plain text"), 0o666))
	for what, j := range map[string]job.Job{
		"no file": todo("nowhere.png", "o.png", "gray"),
		"folder":  todo(".", "o.png", "gray"),
		"exists":  todo("a.png", "exists.png", "gray"),
	} {
		if most, least := estimates(j); most != 0 || least != 0 {
			t.Errorf("%s: %d and %d bytes", what, most, least)
		}
	}
	for what, j := range map[string]job.Job{ // which are read
		"no picture":     todo("text.jpg", "o.png", "gray"),
		"bad pipeline":   todo("a.png", "o.png", "nonsense"),
		"huge claim":     todo(fixture("broken/claim_65535x65535.png"), "o.png", "gray"),
		"too large":      {Input: "a.png", Target: job.Target{Output: "o.png", Pipeline: "gray"}, MaxPixels: 1199},
		"made too large": {Input: "a.png", Target: job.Target{Output: "o.png", Pipeline: "resize w=80 enlarge"}, MaxPixels: 1200},
	} {
		fi, err := os.Stat(string(j.Input))
		must(t, err)
		if most, least := estimates(j); most != fi.Size() || least != most {
			t.Errorf("%s: %d and %d bytes, want %d", what, most, least, fi.Size())
		}
	}
	if most, least := Estimate(todo("a.png", "o.png", "gray").Work(codec.MaxFileSize+1, func(int) bool { return false }), codec.Header{}, nil); most != 0 || least != 0 {
		t.Errorf("too long to be read: %d and %d bytes", most, least)
	}
	over := todo("a.png", "exists.png", "gray")
	over.Overwrite = true
	inPlace := todo("a.png", "a.png", "gray")
	inPlace.InPlace = &job.InPlace{}
	for what, j := range map[string]job.Job{"overwrite": over, "in place": inPlace} {
		if n := estimated(j); n < 40*30*4 {
			t.Errorf("%s: %d bytes", what, n)
		}
	}
}

// The estimate holds the file, the decoded picture, and what is made of it.
func TestTheEstimateIsEnough(t *testing.T) {
	folder(t)
	names, err := filepath.Glob(fixture("*.*"))
	must(t, err)
	for _, name := range names {
		if _, ok := codec.FromName(name); !ok {
			continue
		}
		fi, err := os.Stat(name)
		must(t, err)
		p := get(t, name)
		pixels := int64(p.Width) * int64(p.Height)
		for pipeline, made := range map[string]int64{"gray": pixels, "resize w=200 h=200 exact enlarge": 40000, "rotate 90": pixels} {
			n := estimated(todo(name, "o", pipeline))
			least := fi.Size() + p.DecodeBytes(0) + 4*made
			if p.Bits == 16 {
				least += 4 * made
			}
			if p.Luma && pipeline == "gray" {
				least = 3 * fi.Size() // no pixels: the file, its bits, and the output
			}
			if n -= p.TableBytes(fi.Size()); n < least || n > 20*least {
				t.Errorf("%s, %s: %d bytes, want at least %d", filepath.Base(name), pipeline, n, least)
			}
			salvage := todo(name, "o", pipeline)
			salvage.Salvage = true
			if n, least := estimated(salvage), p.CodedBytes(fi.Size())+p.DecodeBytes(0); p.Format == codec.JPEG && n < least {
				t.Errorf("%s, %s, with salvage: %d bytes, want at least %d", filepath.Base(name), pipeline, n, least)
			}
		}
	}
}

// A picture that is scaled takes the planes of the scale that it is decoded at,
// and little else: a quarter of the samples at 1/2, a sixteenth at 1/4, a 64th
// and twice that for its DCs at 1/8. The file is there twice.
func TestTheEstimateOfAScaledPicture(t *testing.T) {
	folder(t)
	const width, height = 1600, 1200
	flat := func(int, float64, float64) float64 { return 99 }
	data := photoFile(t, flat, width, height, factors{{2, 2}, {1, 1}, {1, 1}}, 90, 6)
	must(t, os.WriteFile("a.jpg", data, 0o666))
	size := 2 * int64(len(data))
	for _, c := range []struct {
		pipeline    string
		scale, made int64 // pixels of the result
		rest        int64 // and of what is made of it
	}{
		{"resize w=600", 1, 600 * 800, 0},
		{"resize w=300", 2, 300 * 400, 0},
		{"resize w=300 | blur 2", 2, 300 * 400, 300 * 400},
		{"gray | resize w=150", 4, 150 * 200, 0},
		{"thumb 75", 8, 75 * 75, 0},
	} {
		planes := width * height * 3 / 2 / (c.scale * c.scale)
		if c.scale == 8 {
			planes *= 3
		}
		least := size + planes + 3*c.made + 4*c.rest
		n := estimated(todo("a.jpg", "o.jpg", c.pipeline))
		if most := size + planes + 16*(c.made+c.rest); n < least || n > most {
			t.Errorf("%s: %d bytes, want %d to %d", c.pipeline, n, least, most)
		}
		salvage := todo("a.jpg", "o.jpg", c.pipeline)
		salvage.Salvage = true
		if more := estimated(salvage) - n; more < 2*width*height*3/2 { // coefficients
			t.Errorf("%s, with salvage: only %d bytes more", c.pipeline, more)
		}
	}
	pixels := estimated(todo("a.jpg", "o.jpg", "resize w=300 filter=nearest"))
	if n := estimated(todo("a.jpg", "o.jpg", "resize w=300")); 4*n > pixels {
		t.Errorf("%d bytes by planes, %d by pixels", n, pixels)
	}
	if n := estimated(todo("a.jpg", "o.jpg", "resize w=1600")); n < 4*width*height {
		t.Errorf("%d bytes for a picture that is not scaled", n)
	}
}

// Of a progressive picture all coefficients are held, but at 1/8 the DCs alone.
func TestTheEstimateOfAScaledProgressivePicture(t *testing.T) {
	folder(t)
	name := fixture("jpeg_progressive_420.jpg")
	h := get(t, name).Header
	fi, err := os.Stat(name)
	must(t, err)
	samples := int64(h.Width) * int64(h.Height) * 3 / 2
	if n, want := h.PlaneBytes(fi.Size(), 8), 2*fi.Size()+samples*3/64; n != want {
		t.Errorf("at 1/8: %d bytes, want %d", n, want)
	}
	if n, want := h.PlaneBytes(fi.Size(), 4), 2*fi.Size()+samples*17/8+samples/16; n < want-2 || n > want+2 {
		t.Errorf("at 1/4: %d bytes, want %d", n, want)
	}
}

// Any page may be the largest. What is written of pages may be much less than they are.
func TestTheEstimateOfPages(t *testing.T) {
	folder(t)
	several(t, "a.tif", codec.TIFF, gradient(10, 10), gradient(400, 300), gradient(20, 20))
	const large = 400 * 300
	for pipeline, result := range map[string]int64{"invert": large, "resize w=200 h=150": 200 * 150} {
		most, least := estimates(todo("a.tif", "o.tif", pipeline))
		if enough := int64(8*large + 4*result); least < enough || least > 8*enough || most != least+3*result {
			t.Errorf("%s: %d and %d bytes, want at least %d", pipeline, most, least, enough)
		}
	}
	first := todo("a.tif", "o.tif", "invert")
	first.First = true
	if most, least := estimates(first); least > 1<<20 || most != least {
		t.Errorf("the first alone: %d and %d bytes", most, least)
	}
	huge := todo("a.tif", "o.tif", "invert")
	huge.MaxPixels = large - 1 // refused when it is its turn
	if most, _ := estimates(huge); most == 0 || most > 1<<20 {
		t.Errorf("a page that is refused: %d bytes", most)
	}
}

// A WebP's encoder holds the pixels in its own form, what repeats in them, and its file.
func TestTheEstimateOfEncoders(t *testing.T) {
	folder(t)
	const pixels = 400 * 300
	put(t, "a.png", gradient(400, 300), codec.PNG)
	to := func(f codec.Format) int64 {
		j := todo("a.png", "o", "invert")
		j.Format = string(f)
		return estimated(j)
	}
	jpeg := to(codec.JPEG)
	for f, each := range map[codec.Format]int64{codec.WebP: 12, codec.PNG: 4, codec.TIFF: 4, codec.BMP: 4, codec.GIF: 4} {
		if n := to(f) - jpeg; n != each*pixels {
			t.Errorf("%s: %d bytes more than for JPEG", f, n)
		}
	}
}

// What a format cannot say is refused before anything is decoded.
func TestASideThatTheFormatCannotSay(t *testing.T) {
	folder(t)
	data := put(t, "a.png", gradient(40, 30), codec.PNG)
	j := todo("a.png", "o.webp", "resize w=16384 h=1 exact enlarge")
	j.Format = string(codec.WebP)
	if n := estimated(j); n != int64(len(data)) {
		t.Errorf("%d bytes are estimated", n)
	}
	var w Worker
	res := perform(&w, t.Context(), j)
	if want := "too-large: 16384x1 pixels; a side of a WebP is at most 16383"; res.Outcome != job.Failed || res.Reason != want || w.decodings != 0 {
		t.Errorf("%s: %s, want %s; decoded %d times", res.Outcome, res.Reason, want, w.decodings)
	}
}

// A lossless WebP of 278 KB, whose 2,600 tiles have each a set of prefix codes as large as can be, takes 130 MB to
// decode. That is counted as what is taken at most, and refuses nothing: of photos it is 2 MB.
func TestTheEstimateHoldsTheTablesOfWebPs(t *testing.T) {
	for want, h := range map[int64]codec.Header{
		0:          header(t, "webp_lossy.webp"),
		3_500 * 99: header(t, "webp_lossy_alpha.webp"),
	} {
		if n := h.TableBytes(99); n != want {
			t.Errorf("%s: %d bytes, want %d", h.Variant, n, want)
		}
	}
	h := header(t, "webp_lossless.webp") // 75x50 pixels, 19x13 tiles
	if n, want := h.TableBytes(1<<30), int64(19*13*57_000); n != want {
		t.Errorf("%d bytes, want %d", n, want)
	}
	folder(t)
	name := fixture("webp_lossless.webp")
	most, least := estimates(todo(name, "o.png", "gray"))
	fi, err := os.Stat(name)
	must(t, err)
	if most-least != h.TableBytes(fi.Size()) || most == least {
		t.Errorf("%d and %d bytes", most, least)
	}
}

func header(t *testing.T, name string) codec.Header {
	t.Helper()
	f, err := os.Open(fixture(name))
	must(t, err)
	defer f.Close()
	fi, err := f.Stat()
	must(t, err)
	h, err := codec.ReadHeader(f, fi.Size(), codec.MaxPixels)
	must(t, err)
	return h
}
