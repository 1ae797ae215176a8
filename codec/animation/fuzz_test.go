package animation

import (
	"bytes"
	"image"
	"image/color"
	"testing"

	"github.com/imgpar/imgpar/internal/fuzztest"
)

// FuzzCanvas reads placements and frames from bytes, and holds the canvas against
// one that goes pixel by pixel. What Changes finds of the same frames, put on
// another canvas, shows the same.
func FuzzCanvas(f *testing.F) {
	f.Add([]byte("some frames of pixels, and where they stand"), uint8(7), uint8(5), false)
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 0, 255, 255, 128, 128, 3, 9, 9}, uint8(3), uint8(20), true)
	f.Fuzz(func(t *testing.T, data []byte, w, h uint8, deep bool) {
		if w == 0 || h == 0 || w > 64 || h > 64 {
			return
		}
		defer fuzztest.Bound(t, data, 32<<20)()
		next := func() (v uint8) {
			if len(data) > 0 {
				v, data = data[0], data[1:]
			}
			return v
		}
		whole := image.Rect(0, 0, int(w), int(h))
		c, copied := NewCanvas(int(w), int(h), deep), NewCanvas(int(w), int(h), deep)
		changes := Changes{Deep: deep, Even: next()&1 == 0}
		plain := plainCanvas{now: image.NewNRGBA64(whole)}
		for range 6 {
			at := image.Pt(int(int8(next()))/2, int(int8(next()))/2)
			p := Placement{Disposal: Disposal(next() % 3), Over: next()&1 == 0}
			p.Rectangle = image.Rectangle{Min: at, Max: at.Add(image.Pt(int(next()%70), int(next()%70)))}
			var img image.Image
			if !p.Empty() {
				m := image.NewNRGBA(image.Rect(0, 0, p.Dx(), p.Dy()))
				kind := next()
				for i := range m.Pix {
					m.Pix[i] = kind*uint8(i) ^ next()
				}
				img = m
			}
			got := c.Add(p, img)
			want := plain.add(p, img)
			if got.Bounds() != whole {
				t.Fatalf("%v of %v", got.Bounds(), whole)
			}
			if !deep || !p.Over {
				checkShown(t, got, want, deep)
			}
			part := changes.Next(got)
			again := copied.Add(Placement{Rectangle: part.Bounds()}, moved(part))
			if !bytes.Equal(pixelsOf(again), pixelsOf(got)) {
				t.Fatal("the parts that change make another picture")
			}
			plain.now = deepened(got) // rounded as it is shown, whatever the blending
		}
	})
}

func pixelsOf(img image.Image) []byte {
	if m, ok := img.(*image.NRGBA64); ok {
		return m.Pix
	}
	return img.(*image.NRGBA).Pix
}

// moved is a part of a canvas at 0,0.
func moved(img image.Image) image.Image {
	switch m := img.(type) {
	case *image.NRGBA64:
		return &image.NRGBA64{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect.Sub(m.Rect.Min)}
	case *image.NRGBA:
		return &image.NRGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect.Sub(m.Rect.Min)}
	}
	return img
}

func deepened(img image.Image) *image.NRGBA64 {
	out := image.NewNRGBA64(img.Bounds())
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.Set(x, y, img.At(x, y))
		}
	}
	return out
}

// plainCanvas is a Canvas in the words of the specifications.
type plainCanvas struct {
	now, before *image.NRGBA64
	last        Placement
}

func (c *plainCanvas) add(p Placement, img image.Image) *image.NRGBA64 {
	switch c.last.Disposal {
	case Clear:
		for y := c.last.Min.Y; y < c.last.Max.Y; y++ {
			for x := c.last.Min.X; x < c.last.Max.X; x++ {
				c.now.SetNRGBA64(x, y, color.NRGBA64{})
			}
		}
	case Restore:
		c.now = c.before
	}
	c.before, c.last = deepened(c.now), p
	shown := deepened(c.now)
	for y := p.Min.Y; y < p.Max.Y; y++ {
		for x := p.Min.X; x < p.Max.X; x++ {
			if !image.Pt(x, y).In(shown.Rect) {
				continue
			}
			over := color.NRGBA64Model.Convert(img.At(x-p.Min.X, y-p.Min.Y)).(color.NRGBA64)
			if p.Over {
				over = blended(over, shown.NRGBA64At(x, y))
			}
			shown.SetNRGBA64(x, y, over)
		}
	}
	return shown
}

// blended is a colour over another, neither of them premultiplied.
func blended(over, under color.NRGBA64) color.NRGBA64 {
	a, b := float64(over.A)/0xffff, float64(under.A)/0xffff
	sum := a + b*(1-a)
	if sum == 0 {
		return color.NRGBA64{}
	}
	mix := func(o, u uint16) uint16 { return uint16((float64(o)*a+float64(u)*b*(1-a))/sum + 0.5) }
	return color.NRGBA64{R: mix(over.R, under.R), G: mix(over.G, under.G), B: mix(over.B, under.B), A: uint16(sum*0xffff + 0.5)}
}

// checkShown compares two canvases, by a level and a bit where alpha is so low that
// colours are hardly there.
func checkShown(t *testing.T, got image.Image, want *image.NRGBA64, deep bool) {
	t.Helper()
	for y := range want.Rect.Dy() {
		for x := range want.Rect.Dx() {
			g, w := color.NRGBA64Model.Convert(got.At(x, y)).(color.NRGBA64), want.NRGBA64At(x, y)
			off := max(apart(g.R, w.R), apart(g.G, w.G), apart(g.B, w.B))
			if apart(g.A, w.A) > 0x180 || w.A > 0 && off > 0x180 {
				t.Fatalf("at %d,%d %v, want %v (deep: %v)", x, y, g, w, deep)
			}
		}
	}
}

func apart(a, b uint16) int { return max(int(a)-int(b), int(b)-int(a)) }
