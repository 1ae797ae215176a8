package jpeg

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// factorSets are the sampling factors of each component, H and V.
var factorSets = map[string][][2]int{
	"gray":                {{1, 1}},
	"gray with factors":   {{2, 2}},
	"gray, odd factors":   {{3, 1}},
	"two components":      {{2, 1}, {1, 1}},
	"4:4:4":               {{1, 1}, {1, 1}, {1, 1}},
	"4:4:4 with factors":  {{2, 2}, {2, 2}, {2, 2}},
	"4:2:2":               {{2, 1}, {1, 1}, {1, 1}},
	"4:4:0":               {{1, 2}, {1, 1}, {1, 1}},
	"4:2:0":               {{2, 2}, {1, 1}, {1, 1}},
	"4:1:1":               {{4, 1}, {1, 1}, {1, 1}},
	"4:1:0":               {{4, 2}, {1, 1}, {1, 1}},
	"chroma of two kinds": {{2, 2}, {2, 1}, {1, 2}},
	"small luma":          {{1, 1}, {2, 2}, {2, 2}},
	"fractions":           {{3, 2}, {2, 1}, {1, 1}},
	"CMYK":                {{1, 1}, {1, 1}, {1, 1}, {1, 1}},
	"YCCK":                {{2, 2}, {1, 1}, {1, 1}, {2, 2}},
}

// turnOf tells, by the meaning of its name, which pixel of a source of w x h
// pixels is at x, y behind a turn.
var turnOf = map[Turn]func(x, y, w, h int) (int, int){
	Identity:   func(x, y, _, _ int) (int, int) { return x, y },
	FlipH:      func(x, y, w, _ int) (int, int) { return w - 1 - x, y },
	FlipV:      func(x, y, _, h int) (int, int) { return x, h - 1 - y },
	Rotate90:   func(x, y, _, h int) (int, int) { return y, h - 1 - x },
	Rotate180:  func(x, y, w, h int) (int, int) { return w - 1 - x, h - 1 - y },
	Rotate270:  func(x, y, w, _ int) (int, int) { return w - 1 - y, x },
	Transpose:  func(x, y, _, _ int) (int, int) { return y, x },
	Transverse: func(x, y, w, h int) (int, int) { return w - 1 - y, h - 1 - x },
}

func swaps(t Turn) bool {
	return t == Rotate90 || t == Rotate270 || t == Transpose || t == Transverse
}

// turnable returns a picture that is whole MCUs large, and no block of
// which is like another.
func turnable(r *rand.Rand, mcusX, mcusY int, factors [][2]int) *Coefficients {
	c := &Coefficients{Color: CMYK}
	for i, f := range factors {
		p := CoefficientPlane{ID: uint8(10 + i), H: f[0], V: f[1], Columns: mcusX * f[0], Rows: mcusY * f[1]}
		for k := range p.Quant {
			p.Quant[k] = uint16(1 + r.IntN(1<<16-1))
		}
		p.Blocks = make([]Block, p.Columns*p.Rows)
		for n := range p.Blocks {
			for k := range p.Blocks[n] {
				p.Blocks[n][k] = int16(r.IntN(1<<16-1) - (1<<15 - 1))
			}
		}
		c.Components = append(c.Components, p)
	}
	hmax, vmax, _, _ := c.layout()
	c.Width, c.Height = mcusX*hmax*8, mcusY*vmax*8
	return c
}

func mustTurn(t testing.TB, c *Coefficients, turn Turn) *Coefficients {
	t.Helper()
	out, err := c.Turn(turn)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// planeSamples is a component's dequantised inverse DCT by its formula (A.3.3).
func planeSamples(p *CoefficientPlane) [][]float64 {
	out := make([][]float64, 8*p.Rows)
	for y := range out {
		out[y] = make([]float64, 8*p.Columns)
	}
	for n := range p.Blocks {
		x0, y0 := n%p.Columns*8, n/p.Columns*8
		var rows [64]float64 // transformed along u
		for v := range 8 {
			for x := range 8 {
				for u := range 8 {
					rows[8*v+x] += cosines[u][x] * float64(p.Blocks[n][8*v+u]) * float64(p.Quant[8*v+u])
				}
			}
		}
		for y := range 8 {
			for x := range 8 {
				for v := range 8 {
					out[y0+y][x0+x] += cosines[v][y] * rows[8*v+x]
				}
			}
		}
	}
	return out
}

// cosines is the cosine of frequency u at sample x.
var cosines = func() (b [8][8]float64) {
	for u := range 8 {
		for x := range 8 {
			b[u][x] = math.Cos(float64(2*x+1)*float64(u)*math.Pi/16) / 2
			if u == 0 {
				b[u][x] = math.Sqrt2 / 4
			}
		}
	}
	return b
}()

func comparePixels(t *testing.T, name string, turn Turn, got, src [][]float64, source func(x, y, w, h int) (int, int)) {
	t.Helper()
	for y := range got {
		for x := range got[y] {
			u, v := source(x, y, len(src[0]), len(src))
			if d := math.Abs(got[y][x] - src[v][u]); d > 1e-3 { // of values up to 1e10
				t.Fatalf("%s, turn %d: sample %d,%d is off by %g", name, turn, x, y, d)
			}
		}
	}
}

// turnProduct finds the turn that is first and then second, on a picture of 5x3.
func turnProduct(t *testing.T, first, second Turn) Turn {
	t.Helper()
	w, h := 5, 3
	if swaps(first) {
		w, h = h, w
	}
	for turn := range turnOf {
		same := swaps(turn) == (swaps(first) != swaps(second))
		for _, p := range [][2]int{{0, 0}, {1, 0}} {
			x, y := turnOf[second](p[0], p[1], w, h)
			x, y = turnOf[first](x, y, 5, 3)
			u, v := turnOf[turn](p[0], p[1], 5, 3)
			same = same && x == u && y == v
		}
		if same {
			return turn
		}
	}
	t.Fatalf("the product of turns %d and %d is no turn", first, second)
	return 0
}

func errOf(_ *Coefficients, err error) error { return err }

func checkNotLossless(t *testing.T, err error, want string) {
	t.Helper()
	var lossy *NotLosslessError
	switch {
	case want == "" && err != nil:
		t.Errorf("unexpected: %v", err)
	case want != "" && (!errors.As(err, &lossy) || lossy.Reason != want || !strings.Contains(err.Error(), want)):
		t.Errorf("got %v, want %q", err, want)
	}
}
