package ops

import (
	"context"
	"errors"
	"image"
	"math"
	"testing"
)

// counted is a context that has ended when it has been asked often enough.
type counted struct {
	context.Context
	asked, most int
}

func (c *counted) Err() error {
	if c.asked++; c.asked > c.most {
		return context.Canceled
	}
	return nil
}

// Whatever may take long asks whether it is to end, at least every 32 rows, and ends.
func TestStoppedWithin(t *testing.T) {
	r := image.Rect(0, 0, 40, 320)
	pictures := map[string]image.Image{
		"gray": image.NewGray(r), "RGBA": image.NewRGBA(r), "NRGBA": image.NewNRGBA(r), "deep gray": image.NewGray16(r),
		"deep": image.NewNRGBA64(r), "YCbCr": image.NewYCbCr(r, image.YCbCrSubsampleRatio420),
	}
	for _, text := range []string{
		"resize w=30 h=320 exact", "resize w=30 h=320 exact linear", "thumb 38", "rotate 7", "blur 1", "blur 5", "blur 20", "sharpen 1",
	} {
		p, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		least := 320 / 32
		if text == "thumb 38" {
			least = 2
		}
		for name, src := range pictures {
			t.Run(text+", "+name, func(t *testing.T) {
				all := &counted{t.Context(), 0, math.MaxInt}
				if _, err := p.Apply(all, src); err != nil {
					t.Fatal(err)
				}
				if all.asked < least {
					t.Errorf("asked %d times only", all.asked)
				}
				for most := 0; most < all.asked; most += 1 + all.asked/8 {
					c := &counted{t.Context(), 0, most}
					if img, err := p.Apply(c, src); img != nil || !errors.Is(err, context.Canceled) {
						t.Fatalf("ended at %d of %d: %v, %v", most, all.asked, img, err)
					}
					if c.asked > most+6 { // planes that are not begun, and the ends
						t.Fatalf("ended at %d of %d, and asked %d times", most, all.asked, c.asked)
					}
				}
			})
		}
	}
}
