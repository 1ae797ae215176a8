package jpeg

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

// Every region that begins at an MCU holds the blocks of the source.
func TestCropIsTheBlocksOfItsSource(t *testing.T) {
	for name, factors := range factorSets {
		r := rand.New(rand.NewPCG(3, 1))
		c := turnable(r, 3, 2, factors)
		c.Width, c.Height = c.Width-r.IntN(8), c.Height-r.IntN(8)
		mcuW, mcuH := c.mcuSize()
		for x := 0; x < c.Width; x += mcuW {
			for y := 0; y < c.Height; y += mcuH {
				for range 8 {
					w, h := 1+r.IntN(c.Width-x), 1+r.IntN(c.Height-y)
					holdCrop(t, name, c, x, y, w, h)
				}
				holdCrop(t, name, c, x, y, c.Width-x, c.Height-y)
			}
		}
	}
}

func holdCrop(t *testing.T, name string, c *Coefficients, x, y, w, h int) {
	t.Helper()
	got, err := c.Crop(x, y, w, h)
	if err != nil {
		t.Fatalf("%s: %dx%d at %d,%d: %v", name, w, h, x, y, err)
	}
	hmax, vmax, mcusX, mcusY := got.layout()
	if got.Width != w || got.Height != h || got.Color != c.Color || len(got.Components) != len(c.Components) {
		t.Fatalf("%s: got %dx%d, want %dx%d", name, got.Width, got.Height, w, h)
	}
	for i := range c.Components {
		p, from := &got.Components[i], &c.Components[i]
		alone := len(c.Components) == 1
		if p.ID != from.ID || p.Quant != from.Quant || alone && (p.H != 1 || p.V != 1) || !alone && (p.H != from.H || p.V != from.V) ||
			p.Columns != mcusX*p.H || p.Rows != mcusY*p.V || len(p.Blocks) != p.Columns*p.Rows {
			t.Fatalf("%s: component %d is %dx%d, with %dx%d blocks", name, i, p.H, p.V, p.Columns, p.Rows)
		}
		left, top := x*p.H/hmax/8, y*p.V/vmax/8
		for n, b := range p.Blocks {
			u, v := n%p.Columns, n/p.Columns
			want := from.Blocks[(top+v)*from.Columns+left+u]
			if u*8*hmax >= w*p.H || v*8*vmax >= h*p.V {
				want = Block{b[0]} // nothing of what was cut off
			}
			if b != want {
				t.Fatalf("%s: %dx%d at %d,%d: component %d has another block at %d,%d", name, w, h, x, y, i, u, v)
			}
		}
	}
}

// Blocks beyond the edge repeat the DC that is coded before them.
func TestCropPads(t *testing.T) {
	c := turnable(rand.New(rand.NewPCG(3, 2)), 2, 2, factorSets["4:2:0"])
	got, err := c.Crop(0, 0, 24, 8)
	if err != nil {
		t.Fatal(err)
	}
	src := c.Components[0].Blocks
	want := []Block{
		src[0], src[1], src[2], {src[2][0]},
		{src[1][0]}, {src[1][0]}, {src[2][0]}, {src[2][0]},
	}
	if !reflect.DeepEqual(got.Components[0].Blocks, want) {
		t.Error("the luma is padded differently")
	}
	if !reflect.DeepEqual(got.Components[1].Blocks, c.Components[1].Blocks[:2]) {
		t.Error("the chroma, which needs no padding, is another")
	}
}

func TestCropChecks(t *testing.T) {
	c := &Coefficients{Width: 100, Height: 60, Components: []CoefficientPlane{{H: 2, V: 1}, {H: 1, V: 1}}}
	c = c.blank(100, 60, false)
	for _, test := range []struct {
		x, y, w, h int
		want       string // of a NotLosslessError
	}{
		{0, 0, 100, 60, ""},
		{96, 56, 4, 4, ""},
		{16, 8, 1, 1, ""},
		{8, 0, 10, 10, "the left edge, 8, is not a multiple of 16"},
		{16, 12, 10, 10, "the top edge, 12, is not a multiple of 8"},
		{1, 1, 10, 10, "the left edge, 1, is not a multiple of 16"},
	} {
		checkNotLossless(t, errOf(c.Crop(test.x, test.y, test.w, test.h)), test.want)
	}
	const big = int(^uint(0) >> 1)
	for _, test := range []struct {
		x, y, w, h int
		want       string
	}{
		{0, 0, 101, 60, "a region of 101x60 at 0,0 is not within 100x60"},
		{0, 0, 0, 60, "a region of 0x60 at 0,0 is not within 100x60"},
		{0, 0, 10, -1, "a region of 10x-1 at 0,0 is not within 100x60"},
		{-16, 0, 10, 10, "a region of 10x10 at -16,0 is not within 100x60"},
		{112, 0, 1, 1, "a region of 1x1 at 112,0 is not within 100x60"},
		{16, 8, 84, 53, "a region of 84x53 at 16,8 is not within 100x60"},
	} {
		if _, err := c.Crop(test.x, test.y, test.w, test.h); err == nil || err.Error() != test.want {
			t.Errorf("got %v, want %q", err, test.want)
		}
	}
	for _, b := range []int{big, -big - 1} {
		for i := range 4 {
			region := [4]int{16, 8, 10, 10}
			region[i] = b
			if _, err := c.Crop(region[0], region[1], region[2], region[3]); err == nil {
				t.Errorf("the region %v was cut", region)
			}
		}
	}
}

// One component with factors of its own is cut at blocks.
func TestCropOfOneComponent(t *testing.T) {
	c := turnable(rand.New(rand.NewPCG(3, 3)), 2, 2, [][2]int{{2, 2}})
	got, err := c.Crop(8, 8, 24, 9)
	if err != nil {
		t.Fatal(err)
	}
	p, src := got.Components[0], c.Components[0].Blocks
	want := []Block{src[5], src[6], src[7], src[9], src[10], src[11]}
	if p.H != 1 || p.V != 1 || p.Columns != 3 || p.Rows != 2 || !reflect.DeepEqual(p.Blocks, want) {
		t.Errorf("got %dx%d blocks, factors %dx%d", p.Columns, p.Rows, p.H, p.V)
	}
}
