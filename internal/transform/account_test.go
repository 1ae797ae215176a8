package transform

import (
	"image"
	"image/color"
	"slices"
	"testing"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

// What a picture loses on its way is said, once; what it keeps is not.
func TestWhatBecomesOfAPictureIsSaid(t *testing.T) {
	clear := gradient(20, 10)
	clear.Pix[3] = 7
	bilevel := image.NewPaletted(image.Rect(0, 0, 20, 10), color.Palette{color.Black, color.White})
	for _, c := range []struct {
		what       string
		img        image.Image
		in, out    codec.Format
		pipeline   string
		background string
		want       []string
	}{
		{"16 bits", image.NewGray16(image.Rect(0, 0, 20, 10)), codec.PNG, codec.JPEG, "orient", "", []string{codec.NoteShallow}},
		{"16 bits", image.NewGray16(image.Rect(0, 0, 20, 10)), codec.PNG, codec.TIFF, "blur 2 | rotate 7 | adjust gamma=2 | sharpen 1", "", nil},
		{"alpha", clear, codec.PNG, codec.JPEG, "orient", "", []string{"transparency became white"}},
		{"alpha", clear, codec.PNG, codec.BMP, "orient", "#102030", []string{"transparency became #102030"}},
		{"alpha", clear, codec.PNG, codec.JPEG, "orient", "black", []string{"transparency became black"}},
		{"alpha", clear, codec.PNG, codec.TIFF, "resize w=10", "", nil},
		{"alpha that is cut off", clear, codec.PNG, codec.PNG, "crop 5x5+5+5", "", []string{"the alpha channel is left out: nothing was transparent"}},
		{"gray", image.NewGray(image.Rect(0, 0, 20, 10)), codec.PNG, codec.PNG, "rotate 7 background=#ff0000", "", []string{"gray became RGB"}},
		{"gray", image.NewGray(image.Rect(0, 0, 20, 10)), codec.PNG, codec.TIFF, "rotate 7", "", nil},
		{"palette", bilevel, codec.PNG, codec.JPEG, "orient", "", nil},
	} {
		folder(t)
		put(t, "in", c.img, c.in)
		j := todo("in", "out", c.pipeline)
		j.Format, j.Background = string(c.out), c.background
		if res := done(t, j, job.OK, ""); !slices.Equal(res.Notes, c.want) {
			t.Errorf("%s from %s to %s by %s: %q, want %q", c.what, c.in, c.out, c.pipeline, res.Notes, c.want)
		}
	}
}

func TestBackgroundIsThere(t *testing.T) {
	folder(t)
	put(t, "in.png", image.NewNRGBA(image.Rect(0, 0, 16, 16)), codec.PNG)
	for background, want := range map[string]color.RGBA{
		"": {255, 255, 255, 255}, "white": {255, 255, 255, 255}, "black": {0, 0, 0, 255}, "#00ff00": {0, 255, 0, 255},
		"#ff000080": {255, 127, 127, 255}, "transparent": {255, 255, 255, 255},
	} {
		j := todo("in.png", "out.bmp", "orient")
		j.Format, j.Background, j.Overwrite = "bmp", background, true
		done(t, j, job.OK, "")
		if got := color.RGBAModel.Convert(get(t, "out.bmp").Image.At(3, 3)); got != want {
			t.Errorf("background %q: %v, want %v", background, got, want)
		}
	}
	j := todo("in.png", "out.bmp", "orient")
	j.Background, j.Overwrite = "mauve", true
	done(t, j, job.Failed, `"mauve" is no colour`)
}

// Gray that is worked on as red, green and blue is not written so.
func TestGrayStaysGray(t *testing.T) {
	r := image.Rect(0, 0, 20, 10)
	clear, deep, coloured := image.NewNRGBA(r), image.NewNRGBA64(r), gradient(20, 10)
	for i := range clear.Pix {
		clear.Pix[i] = uint8(i / 4)
		deep.Pix[2*i], deep.Pix[2*i+1] = uint8(i/4), 7
		if i%4 == 3 {
			clear.Pix[i], deep.Pix[2*i], deep.Pix[2*i+1] = 255, 255, 255
		}
	}
	clear.Pix[3], deep.Pix[6], coloured.Pix[3] = 7, 7, 7
	grays := image.NewPaletted(r, color.Palette{color.Gray{10}, color.Gray{200}})
	grays.Pix[33] = 1
	for _, c := range []struct {
		what     string
		img      image.Image
		pipeline string
		deep     bool
	}{
		{"gray with transparency", clear, "crop 5x5+5+5", false},
		{"deep gray with transparency", deep, "crop 5x5+5+5", true},
		{"a gray palette", grays, "resize w=10", false},
		{"a gray palette", grays, "blur 1 | rotate 7", false},
		{"what has become gray", coloured, "gray | crop 5x5+5+5", false},
	} {
		for _, f := range []codec.Format{codec.PNG, codec.TIFF, codec.JPEG} {
			folder(t)
			put(t, "in", c.img, codec.PNG)
			j := todo("in", "out", c.pipeline)
			j.Format = string(f)
			done(t, j, job.OK, "")
			if h := get(t, "out").Header; h.Color != codec.ColorGray || (h.Bits == 16) != (c.deep && f != codec.JPEG) {
				t.Errorf("%s to %s by %s: %s, %d bits", c.what, f, c.pipeline, h.Color, h.Bits)
			}
		}
	}
}
