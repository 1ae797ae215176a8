package animation

import (
	"image"
	"image/color"
	"testing"
)

func TestChangesAreFound(t *testing.T) {
	whole := image.Rect(0, 0, 9, 7)
	gray := func(points ...image.Point) *image.Gray16 {
		m := image.NewGray16(whole)
		for _, p := range points {
			m.SetGray16(p.X, p.Y, color.Gray16{Y: 0x80ff})
		}
		return m
	}
	frames := []*image.Gray16{gray(), gray(image.Pt(3, 5), image.Pt(7, 1)), gray(image.Pt(7, 1)), gray(image.Pt(7, 1)), gray()}
	for _, c := range []struct {
		changes Changes
		want    []image.Rectangle
	}{
		{Changes{}, []image.Rectangle{whole, image.Rect(3, 1, 8, 6), image.Rect(3, 5, 4, 6), image.Rect(0, 0, 1, 1), image.Rect(7, 1, 8, 2)}},
		{Changes{Deep: true, Even: true}, []image.Rectangle{whole, image.Rect(2, 0, 8, 6), image.Rect(2, 4, 4, 6), image.Rect(0, 0, 1, 1), image.Rect(6, 0, 8, 2)}},
	} {
		for i, f := range frames {
			got := c.changes.Next(f)
			if got.Bounds() != c.want[i] {
				t.Errorf("frame %d: %v, want %v", i, got.Bounds(), c.want[i])
			}
			at := got.Bounds().Max.Sub(image.Pt(1, 1))
			want := color.NRGBA64Model.Convert(f.At(at.X, at.Y)).(color.NRGBA64)
			if have := color.NRGBA64Model.Convert(got.At(at.X, at.Y)).(color.NRGBA64); have.R>>8 != want.R>>8 || c.changes.Deep && have != want {
				t.Errorf("frame %d at %v: %v, want %v", i, at, have, want)
			}
		}
	}
}

// What a frame leaves for the next one, by its disposal.
func TestCanvasDisposes(t *testing.T) {
	left := image.NewUniform(color.NRGBA{9, 9, 9, 255})
	fill := func(r image.Rectangle) image.Image {
		m := image.NewNRGBA(image.Rectangle{Max: r.Size()})
		for y := range r.Dy() {
			for x := range r.Dx() {
				m.Set(x, y, left.C)
			}
		}
		return m
	}
	for disposal, want := range []uint8{Keep: 255, Clear: 0, Restore: 0} {
		c := NewCanvas(4, 4, false)
		beyond := image.Rect(2, 2, 8, 9)
		c.Add(Placement{Rectangle: beyond, Disposal: Disposal(disposal)}, fill(beyond))
		img := c.Add(Placement{}, nil).(*image.NRGBA)
		if got := img.NRGBAAt(3, 3).A; got != want {
			t.Errorf("disposal %d: alpha %d, want %d", disposal, got, want)
		}
	}
}
