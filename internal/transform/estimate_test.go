package transform

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

func TestTheEstimateOfWhatIsRefusedIsZero(t *testing.T) {
	folder(t)
	put(t, "a.png", gradient(40, 30), codec.PNG)
	must(t, os.WriteFile("exists.png", nil, 0o666))
	must(t, os.WriteFile("text.jpg", []byte("plain text"), 0o666))
	for what, j := range map[string]job.Job{
		"no file":        todo("nowhere.png", "o.png", "gray"),
		"no picture":     todo("text.jpg", "o.png", "gray"),
		"folder":         todo(".", "o.png", "gray"),
		"exists":         todo("a.png", "exists.png", "gray"),
		"bad pipeline":   todo("a.png", "o.png", "nonsense"),
		"huge claim":     todo(fixture("broken/claim_65535x65535.png"), "o.png", "gray"),
		"too large":      {Input: "a.png", Target: job.Target{Output: "o.png", Pipeline: "gray"}, MaxPixels: 1199},
		"made too large": {Input: "a.png", Target: job.Target{Output: "o.png", Pipeline: "resize w=80 enlarge"}, MaxPixels: 1200},
	} {
		if n := Estimate(j); n != 0 {
			t.Errorf("%s: %d bytes", what, n)
		}
	}
	over := todo("a.png", "exists.png", "gray")
	over.Overwrite = true
	inPlace := todo("a.png", "a.png", "gray")
	inPlace.InPlace = &job.InPlace{}
	for what, j := range map[string]job.Job{"overwrite": over, "in place": inPlace} {
		if n := Estimate(j); n < 40*30*4 {
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
			n := Estimate(todo(name, "o", pipeline))
			least := fi.Size() + p.DecodeBytes(0) + 4*made
			if p.Bits == 16 {
				least += 4 * made
			}
			if p.Luma && pipeline == "gray" {
				least = 3 * fi.Size() // no pixels: the file, its bits, and the output
			}
			if n < least || n > 20*least {
				t.Errorf("%s, %s: %d bytes, want at least %d", filepath.Base(name), pipeline, n, least)
			}
			salvage := todo(name, "o", pipeline)
			salvage.Salvage = true
			if n, least := Estimate(salvage), p.CodedBytes(fi.Size())+p.DecodeBytes(0); p.Format == codec.JPEG && n < least {
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
		n := Estimate(todo("a.jpg", "o.jpg", c.pipeline))
		if most := size + planes + 16*(c.made+c.rest); n < least || n > most {
			t.Errorf("%s: %d bytes, want %d to %d", c.pipeline, n, least, most)
		}
		salvage := todo("a.jpg", "o.jpg", c.pipeline)
		salvage.Salvage = true
		if more := Estimate(salvage) - n; more < 2*width*height*3/2 { // coefficients
			t.Errorf("%s, with salvage: only %d bytes more", c.pipeline, more)
		}
	}
	pixels := Estimate(todo("a.jpg", "o.jpg", "resize w=300 filter=nearest"))
	if n := Estimate(todo("a.jpg", "o.jpg", "resize w=300")); 4*n > pixels {
		t.Errorf("%d bytes by planes, %d by pixels", n, pixels)
	}
	if n := Estimate(todo("a.jpg", "o.jpg", "resize w=1600")); n < 4*width*height {
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
