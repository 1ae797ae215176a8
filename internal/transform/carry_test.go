package transform

import (
	"bytes"
	"image"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/codec/meta"
	"github.com/imgpar/imgpar/internal/job"
)

// What is to go along does so by every route: spliced, as coefficients, by
// planes and by pixels.
func TestCarryByEveryRoute(t *testing.T) {
	has := func(p *codec.Picture) string {
		var all []string
		for name, b := range map[string][]byte{"ICC": p.Metadata.ICC, "XMP": p.Metadata.XMP, "EXIF": p.Metadata.EXIF} {
			if b != nil {
				all = append(all, name)
			}
		}
		if len(p.Metadata.Comments) > 0 {
			all = append(all, "comment")
		}
		return strings.Join(all, " ")
	}
	for _, pipeline := range []string{"gray", "rotate 180 | crop 16x16", "resize w=40", "invert"} {
		for _, c := range []struct {
			carry        job.Carry
			want, absent string
		}{
			{job.Carry{}, "ICC XMP EXIF comment", ""},
			{job.Carry{Metadata: "strip"}, "ICC", "XMP EXIF comment"},
			{job.Carry{Profile: "strip"}, "XMP EXIF comment", "ICC"},
			{job.Carry{Profile: "srgb"}, "XMP EXIF comment", "ICC"},
			{job.Carry{Metadata: "strip", Profile: "strip"}, "", "ICC XMP EXIF comment"},
		} {
			folder(t)
			j := todo(fixture("jpeg_metadata.jpg"), "out.jpg", pipeline)
			j.Carry = c.carry
			done(t, j, job.OK, "")
			got := has(get(t, "out.jpg"))
			for _, item := range strings.Fields(c.want) {
				if !strings.Contains(got, item) {
					t.Errorf("%s with %+v: %q, want %s", pipeline, c.carry, got, item)
				}
			}
			for _, item := range strings.Fields(c.absent) {
				if strings.Contains(got, item) {
					t.Errorf("%s with %+v: %q, want no %s", pipeline, c.carry, got, item)
				}
			}
		}
	}
}

// Colours that are converted to sRGB are other numbers, whatever the route.
func TestConvertedColoursAreOthers(t *testing.T) {
	for _, pipeline := range []string{"gray", "flip h", "resize w=40", "invert"} {
		folder(t)
		var pictures []*image.NRGBA
		for _, profile := range []string{"", "srgb"} {
			j := todo(fixture("jpeg_metadata.jpg"), "out.png", pipeline)
			j.Format, j.Overwrite, j.Carry.Profile = "png", true, profile
			done(t, j, job.OK, "")
			pictures = append(pictures, nrgbaOf(get(t, "out.png").Image))
		}
		if bytes.Equal(pictures[0].Pix, pictures[1].Pix) {
			t.Errorf("%s: the same pixels with and without conversion", pipeline)
		}
	}
}

func TestTimeOfChangeIsKept(t *testing.T) {
	when := time.Date(2009, 8, 7, 6, 5, 4, 0, time.UTC)
	for _, keep := range []bool{true, false} {
		for _, place := range []bool{true, false} {
			folder(t)
			put(t, "in.jpg", gradient(16, 16), codec.JPEG)
			must(t, os.Chtimes("in.jpg", when, when))
			j := todo("in.jpg", "out.jpg", "flip h")
			if j.Carry.Mtime = keep; place {
				j.InPlace = &job.InPlace{}
				j.Output = j.Input
			}
			done(t, j, job.OK, "")
			fi, err := os.Stat(string(j.Output))
			must(t, err)
			if same := fi.ModTime().Equal(when); same != keep {
				t.Errorf("in place %v: changed at %v, want %v: %v", place, fi.ModTime(), when, keep)
			}
		}
	}
}

// EXIF of a PNG gets what a JPEG's must have. That of a JPEG stays as it is.
func TestEXIFIsCompletedOnItsWayIntoAJPEG(t *testing.T) {
	for name, want := range map[string]bool{"exif_6.jpg": false, "png_6.png": true, "webp_6.webp": true} {
		folder(t)
		j := todo(fixture("orientation/"+name), "out.jpg", "resize w=30")
		j.Format = "jpeg"
		done(t, j, job.OK, "")
		exif := get(t, "out.jpg").Metadata.EXIF
		if complete := bytes.Equal(meta.Complete(exif, meta.Facts{}), exif); exif == nil || complete != want {
			t.Errorf("%s: %d bytes, complete: %v", name, len(exif), complete)
		}
	}
}
