package jpeg

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

func TestTurnsOfCoefficientsAreTurnsOfPixels(t *testing.T) {
	for name, factors := range factorSets {
		r := rand.New(rand.NewPCG(2, 1))
		if len(factors) == 1 {
			continue // below
		}
		for _, size := range [][2]int{{1, 1}, {3, 2}, {1, 4}} {
			c := turnable(r, size[0], size[1], factors)
			for turn, source := range turnOf {
				got := mustTurn(t, c, turn)
				for i := range c.Components {
					comparePixels(t, name, turn, planeSamples(&got.Components[i]), planeSamples(&c.Components[i]), source)
				}
			}
		}
	}
}

// The product of two turns is the turn that takes each corner where they do.
func TestTurnsAreAGroup(t *testing.T) {
	for name, factors := range factorSets {
		r := rand.New(rand.NewPCG(2, 2))
		c := turnable(r, 3, 2, factors)
		if len(factors) == 1 {
			c = mustTurn(t, mustTurn(t, c, Transpose), Transpose) // its factors are 1 now
		}
		for first := range turnOf {
			for second := range turnOf {
				got := mustTurn(t, mustTurn(t, c, first), second)
				if want := mustTurn(t, c, turnProduct(t, first, second)); !reflect.DeepEqual(got, want) {
					t.Errorf("%s: turn %d and then %d is not turn %d", name, first, second, turnProduct(t, first, second))
				}
			}
		}
		four := c
		for range 4 {
			four = mustTurn(t, four, Rotate90)
		}
		if !reflect.DeepEqual(four, c) {
			t.Errorf("%s: four quarters are not the whole", name)
		}
	}
}

// The shape of the result: the sampling is turned with the picture, and what
// does not depend on the turn stays.
func TestTurnedShape(t *testing.T) {
	for name, factors := range factorSets {
		r := rand.New(rand.NewPCG(2, 3))
		c := turnable(r, 3, 2, factors)
		for turn := range turnOf {
			got := mustTurn(t, c, turn)
			w, h := c.Width, c.Height
			if swaps(turn) {
				w, h = h, w
			}
			if got.Width != w || got.Height != h || got.Color != c.Color || len(got.Components) != len(factors) {
				t.Fatalf("%s, turn %d: %dx%d, colour model %d", name, turn, got.Width, got.Height, got.Color)
			}
			hmax, vmax, mcusX, mcusY := got.layout()
			if w > 8*hmax*mcusX || h > 8*vmax*mcusY {
				t.Fatalf("%s, turn %d: %dx%d MCUs", name, turn, mcusX, mcusY)
			}
			for i, f := range factors {
				p, from := &got.Components[i], &c.Components[i]
				wantH, wantV := f[0], f[1]
				if swaps(turn) {
					wantH, wantV = wantV, wantH
				}
				if len(factors) == 1 && turn != Identity {
					wantH, wantV = 1, 1
				}
				if p.ID != from.ID || p.H != wantH || p.V != wantV ||
					p.Columns != mcusX*p.H || p.Rows != mcusY*p.V || len(p.Blocks) != p.Columns*p.Rows {
					t.Errorf("%s, turn %d: component %d is %d, %dx%d, with %dx%d blocks", name, turn, i, p.ID, p.H, p.V, p.Columns, p.Rows)
				}
				for k, q := range p.Quant {
					want := from.Quant[k]
					if swaps(turn) {
						want = from.Quant[k%8*8+k/8]
					}
					if q != want {
						t.Fatalf("%s, turn %d: step %d is %d, want %d", name, turn, k, q, want)
					}
				}
			}
		}
	}
}

// 4:2:2 lying on its side is 4:4:0, and a quarter back it is 4:2:2 again.
func TestQuarterOf422Is440(t *testing.T) {
	c := turnable(rand.New(rand.NewPCG(2, 4)), 5, 3, factorSets["4:2:2"])
	c.Width -= 7 // the last MCU of each row is cut
	got := mustTurn(t, c, Rotate90)
	y, cb := got.Components[0], got.Components[1]
	if got.Width != 24 || got.Height != 73 || y.H != 1 || y.V != 2 || y.Columns != 3 || y.Rows != 10 || cb.H != 1 || cb.V != 1 || cb.Columns != 3 || cb.Rows != 5 {
		t.Errorf("got %dx%d, luma %dx%d of %dx%d blocks, chroma %dx%d of %dx%d", got.Width, got.Height,
			y.H, y.V, y.Columns, y.Rows, cb.H, cb.V, cb.Columns, cb.Rows)
	}
	// Upright, the cut edge is at the right; turned, at the bottom, and so the
	// way back is exact as well, though not that onwards.
	if back := mustTurn(t, got, Transpose); !reflect.DeepEqual(back, mustTurn(t, c, FlipV)) {
		t.Error("transposing back is not a flip")
	}
	if _, err := got.Turn(FlipV); err == nil {
		t.Error("the cut edge was mirrored")
	}
}

// One component with factors of its own may be padded to more than its blocks:
// the mirror stands at the end of the blocks that count.
func TestTurnOfOneComponentIgnoresItsPadding(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 5))
	padded := turnable(r, 2, 2, [][2]int{{2, 2}})
	padded.Width, padded.Height = 24, 24
	plain := turnable(r, 3, 3, [][2]int{{1, 1}})
	plain.Components[0].Quant = padded.Components[0].Quant
	plain.Components[0].ID = padded.Components[0].ID
	for n := range plain.Components[0].Blocks {
		plain.Components[0].Blocks[n] = padded.Components[0].Blocks[n/3*4+n%3]
	}
	for turn, source := range turnOf {
		if turn == Identity {
			continue
		}
		got := mustTurn(t, padded, turn)
		if !reflect.DeepEqual(got, mustTurn(t, plain, turn)) {
			t.Errorf("turn %d: the padding makes a difference", turn)
		}
		comparePixels(t, "padded", turn, planeSamples(&got.Components[0]), planeSamples(&plain.Components[0]), source)
	}
}

func TestTurnChecks(t *testing.T) {
	const (
		width  = "the width, 1001, is not a multiple of 16"
		height = "the height, 601, is not a multiple of 16"
	)
	// Whether the width and the height of a turn's source must be whole MCUs.
	needs := map[Turn][2]bool{
		Identity: {}, Transpose: {}, FlipH: {true, false}, Rotate270: {true, false},
		FlipV: {false, true}, Rotate90: {false, true}, Rotate180: {true, true}, Transverse: {true, true},
	}
	for _, size := range [][2]int{{1008, 608}, {1001, 608}, {1008, 601}, {1001, 601}} {
		c := &Coefficients{Width: size[0], Height: size[1], Components: []CoefficientPlane{{H: 2, V: 2}, {H: 1, V: 1}}}
		c = c.blank(c.Width, c.Height, false)
		for turn, need := range needs {
			want := ""
			switch {
			case need[0] && size[0] == 1001:
				want = width
			case need[1] && size[1] == 601:
				want = height
			}
			checkNotLossless(t, errOf(c.Turn(turn)), want)
		}
	}
	// The MCU of the whole file counts, and that of one component is a block.
	for factors, want := range map[[2]int]string{
		{1, 1}: "", {2, 1}: "the width, 24, is not a multiple of 16", {3, 1}: "", {4, 1}: "the width, 24, is not a multiple of 32",
	} {
		c := &Coefficients{Width: 24, Height: 8, Components: []CoefficientPlane{{H: 1, V: 1}, {H: factors[0], V: factors[1]}}}
		checkNotLossless(t, errOf(c.blank(24, 8, false).Turn(FlipH)), want)
		c.Components = c.Components[1:]
		checkNotLossless(t, errOf(c.blank(24, 8, false).Turn(FlipH)), "")
	}
	if _, err := turnable(rand.New(rand.NewPCG(2, 8)), 1, 1, factorSets["gray"]).Turn(8); err == nil || err.Error() != "there is no turn 8" {
		t.Errorf("turn 8: %v", err)
	}
}

// A picture that was put together wrongly is an error, not a panic.
func TestTurnAndCropCheckTheBlocks(t *testing.T) {
	for want, change := range map[string]func(c *Coefficients){
		"a picture of 0x32 pixels":                            func(c *Coefficients) { c.Width = 0 },
		"a picture of 48x-1 pixels":                           func(c *Coefficients) { c.Height = -1 },
		"component 1 has sampling factors of 0x1":             func(c *Coefficients) { c.Components[1].H = 0 },
		"component 2 has sampling factors of 1x5":             func(c *Coefficients) { c.Components[2].V = 5 },
		"component 0 has 23 blocks, not 6 columns and 4 rows": func(c *Coefficients) { c.Components[0].Blocks = c.Components[0].Blocks[1:] },
		"component 0 has 6 blocks, not 4 columns and 2 rows":  func(c *Coefficients) { c.Width, c.Height, c.Components = 25, 16, c.Components[2:] },
	} {
		c := turnable(rand.New(rand.NewPCG(2, 9)), 3, 2, factorSets["4:2:0"])
		change(c)
		for _, err := range []error{errOf(c.Turn(FlipV)), errOf(c.Turn(Transpose)), errOf(c.Crop(0, 0, 1, 1))} {
			if err == nil || err.Error() != want {
				t.Errorf("got %v, want %q", err, want)
			}
		}
	}
}

func TestTurnLeavesItsSource(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 6))
	c := turnable(r, 2, 3, factorSets["4:2:0"])
	before := turnable(rand.New(rand.NewPCG(2, 6)), 2, 3, factorSets["4:2:0"])
	for turn := FlipH; turn <= Transverse; turn++ {
		got := mustTurn(t, c, turn)
		for i := range got.Components {
			clear(got.Components[i].Blocks)
		}
		if !reflect.DeepEqual(c, before) {
			t.Fatalf("turn %d changed its source", turn)
		}
	}
	if mustTurn(t, c, Identity) != c {
		t.Error("the identity is a copy")
	}
}

// BenchmarkTurn turns 12 megapixels of 4:2:0, in memory of its own each time.
func BenchmarkTurn(b *testing.B) {
	c := turnable(rand.New(rand.NewPCG(2, 7)), 250, 188, factorSets["4:2:0"])
	for _, bench := range []struct {
		name string
		turn Turn
	}{{"flip h", FlipH}, {"flip v", FlipV}, {"rotate 90", Rotate90}, {"rotate 180", Rotate180},
		{"rotate 270", Rotate270}, {"transpose", Transpose}, {"transverse", Transverse}} {
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				mustTurn(b, c, bench.turn)
			}
			b.ReportMetric(float64(c.Width*c.Height)*float64(b.N)/1e6/b.Elapsed().Seconds(), "MP/s")
		})
	}
}
