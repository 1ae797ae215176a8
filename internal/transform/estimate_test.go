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
		"too large":      {Input: "a.png", Output: "o.png", Pipeline: "gray", MaxPixels: 1199},
		"made too large": {Input: "a.png", Output: "o.png", Pipeline: "resize w=80 enlarge", MaxPixels: 1200},
	} {
		if n := Estimate(j); n != 0 {
			t.Errorf("%s: %d bytes", what, n)
		}
	}
	over := todo("a.png", "exists.png", "gray")
	over.Overwrite = true
	inPlace := todo("a.png", "a.png", "gray")
	inPlace.InPlace = true
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
