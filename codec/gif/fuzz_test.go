package gif

import (
	"bytes"
	"image"
	stdgif "image/gif"
	"io"
	"testing"

	"github.com/imgpar/imgpar/internal/fuzztest"
)

const (
	fuzzPixels = 1 << 16  // keeps the memory of one picture small
	fuzzMemory = 32 << 20 // for the frames of a small file, decoded twice
)

// Whatever a file holds, its frames are as large as it says, and what the standard
// library reads is read the same.
func FuzzOpen(f *testing.F) {
	fuzztest.Seeds(f, ".gif")
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzztest.Bound(t, data, fuzzMemory)()
		const most = 8
		in := io.NewSectionReader(bytes.NewReader(data), 0, int64(len(data)))
		file, err := Open(in, Options{Frames: most, Metadata: 1 << 16})
		if err != nil {
			return
		}
		if len(file.Frames) > most {
			t.Fatalf("%d frames", len(file.Frames))
		}
		_, _ = file.Alpha(), file.Variant()
		var frames []image.Image
		small := file.Width*file.Height <= fuzzPixels
		for i, m := range file.Frames {
			if m.Pixels() > fuzzPixels {
				small = false
				continue
			}
			img, _, err := file.Decode(i)
			switch {
			case err != nil:
				frames = append(frames, nil)
			case img == nil && m.Pixels() > 0, img != nil && img.Bounds() != image.Rect(0, 0, m.Dx(), m.Dy()):
				t.Errorf("frame %d, of %v, is %v", i, m.Rectangle, img)
			default:
				frames = append(frames, img)
			}
		}
		if small && len(file.Frames) < most {
			checkStandard(t, data, file, frames)
		}
	})
}

// checkStandard holds frames against those of the standard library.
func checkStandard(t *testing.T, data []byte, file *File, frames []image.Image) {
	t.Helper()
	want, err := stdgif.DecodeAll(bytes.NewReader(data))
	if err != nil {
		return // which is stricter
	}
	if len(frames) != len(want.Image) || want.Config.Width != file.Width || want.Config.Height != file.Height {
		t.Fatalf("%d frames on %dx%d, want %d on %dx%d", len(frames), file.Width, file.Height, len(want.Image), want.Config.Width, want.Config.Height)
	}
	for i, m := range want.Image {
		if m.Bounds() != file.Frames[i].Rectangle {
			t.Errorf("frame %d at %v, want %v", i, file.Frames[i].Rectangle, m.Bounds())
		}
		got, ok := frames[i].(*image.Paletted)
		if m.Bounds().Empty() {
			continue
		}
		if !ok || !bytes.Equal(got.Pix, m.Pix) || len(got.Palette) != len(m.Palette) {
			t.Errorf("frame %d has other pixels", i)
		}
	}
}
