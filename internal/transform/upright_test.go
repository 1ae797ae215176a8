package transform

import (
	"encoding/binary"
	"image"
	"image/color"
	"path/filepath"
	"testing"

	"github.com/imgpar/imgpar/internal/job"
)

// All eight are the same picture, stored in another orientation each. Turned
// upright, and without the tag, they look the same, and any operation works on
// what is seen. They are compared in gray: a scaled YCbCr picture has its chroma
// in coarse blocks, which lie elsewhere in a turned one.
func TestOrientationIsUndone(t *testing.T) {
	folder(t)
	want := upright(t, "orientation/exif_1.jpg", "resize w=30 | gray")
	for _, name := range []string{"exif_2.jpg", "exif_3.jpg", "exif_4.jpg", "exif_5.jpg", "exif_6.jpg", "exif_7.jpg", "exif_8.jpg", "png_6.png", "tiff_6.tif", "webp_6.webp"} {
		got := upright(t, "orientation/"+name, "resize w=30 | gray")
		if got.Bounds() != want.Bounds() {
			t.Errorf("%s is shown with %v, want %v", name, got.Bounds(), want.Bounds())
			continue
		}
		if d := distance(want, got); d > 6 {
			t.Errorf("%s differs by %.1f levels from exif_1.jpg", name, d)
		}
	}
	if other := upright(t, "orientation/exif_1.jpg", "flip h | resize w=30 | gray"); distance(want, other) < 12 {
		t.Error("the motif is too symmetrical for this test")
	}
}

// upright runs a pipeline on a fixture and returns what the output shows.
func upright(t *testing.T, name, pipeline string) image.Image {
	t.Helper()
	j := todo(fixture(name), filepath.Base(name)+".png", pipeline)
	j.Format, j.Overwrite = "png", true
	done(t, j, job.OK, "")
	p := get(t, string(j.Output))
	if p.Orientation != 1 {
		t.Errorf("%s has orientation %d afterwards", name, p.Orientation)
	}
	return p.Image
}

// distance is the mean difference of two pictures, in levels of 255.
func distance(a, b image.Image) float64 {
	sum, n := 0, 0
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			p := color.NRGBAModel.Convert(a.At(x, y)).(color.NRGBA)
			q := color.NRGBAModel.Convert(b.At(x, y)).(color.NRGBA)
			for _, d := range []int{int(p.R) - int(q.R), int(p.G) - int(q.G), int(p.B) - int(q.B)} {
				sum += max(d, -d)
				n++
			}
		}
	}
	return float64(sum) / float64(n)
}

// exifOf checks that EXIF is carried, and upright.
func TestMetadataIsCarriedUpright(t *testing.T) {
	folder(t)
	done(t, todo(fixture("orientation/exif_6.jpg"), "a.jpg", "resize w=30"), job.OK, "")
	p := get(t, "a.jpg")
	if p.Orientation != 1 || len(p.Metadata.EXIF) == 0 || p.Width != 30 || p.Height != 23 {
		t.Errorf("orientation %d, %d bytes of EXIF, %dx%d", p.Orientation, len(p.Metadata.EXIF), p.Width, p.Height)
	}
	order := binary.ByteOrder(binary.LittleEndian)
	if p.Metadata.EXIF[0] == 'M' {
		order = binary.BigEndian
	}
	if v := order.Uint32(p.Metadata.EXIF[4:]); v < 8 {
		t.Errorf("the directory stands at %d", v)
	}
}
