package icc

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"testing"
)

// The matrix is what the chromaticities of IEC 61966-2-1 and Bradford's adaptation give.
func TestTheMatrixOfSRGB(t *testing.T) {
	xyz := func(x, y float64) [3]float64 { return [3]float64{x / y, 1, (1 - x - y) / y} }
	r, g, b, w := xyz(0.64, 0.33), xyz(0.30, 0.60), xyz(0.15, 0.06), xyz(0.3127, 0.3290)
	m := [3][3]float64{{r[0], g[0], b[0]}, {r[1], g[1], b[1]}, {r[2], g[2], b[2]}}
	bradford := [3][3]float64{{0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}}
	from, to := times3(bradford, w), times3(bradford, d50)
	// By columns, light of each primary is what makes white of them all, and then D50 of white.
	share := times3(inverse(m), w)
	var adapted [3][3]float64
	for j := range 3 {
		cone := times3(bradford, [3]float64{m[0][j] * share[j], m[1][j] * share[j], m[2][j] * share[j]})
		for i := range cone {
			cone[i] *= to[i] / from[i]
		}
		back := times3(inverse(bradford), cone)
		for i := range back {
			adapted[i][j] = back[i]
		}
	}
	want := inverse(adapted)
	for i := range want {
		for j := range want[i] {
			if d := math.Abs(want[i][j] - fromXYZ[i][j]); d > 1e-10 {
				t.Errorf("%d, %d: %.12f, want %.12f", i, j, fromXYZ[i][j], want[i][j])
			}
		}
	}
}

func times3(m [3][3]float64, v [3]float64) (out [3]float64) {
	for i := range 3 {
		out[i] = m[i][0]*v[0] + m[i][1]*v[1] + m[i][2]*v[2]
	}
	return out
}

func inverse(m [3][3]float64) (out [3][3]float64) {
	det := 0.0
	for i := range 3 {
		det += m[0][i] * (m[1][(i+1)%3]*m[2][(i+2)%3] - m[1][(i+2)%3]*m[2][(i+1)%3])
	}
	for i := range 3 {
		for j := range 3 {
			a, b, c, d := (j+1)%3, (j+2)%3, (i+1)%3, (i+2)%3
			out[i][j] = (m[a][c]*m[b][d] - m[a][d]*m[b][c]) / det
		}
	}
	return out
}

func TestPow(t *testing.T) {
	for _, y := range []float64{1 / 2.4, 1, 1.8, 2.19921875, 2.4, 255, -1.5, 0.001} {
		for i := 1; i <= 2000; i++ {
			x := float64(i*i) / 1e6
			want := math.Pow(x, y)
			if got := pow(x, y); math.Abs(got-want) > 1e-13*want*(1+math.Abs(y))+1e-300 {
				t.Fatalf("%v to the power of %v: %v, want %v", x, y, got, want)
			}
		}
	}
	for _, c := range [][3]float64{{0, 2, 0}, {0, 0, 1}, {-1, 2, 0}, {0, -1, math.Inf(1)}, {1e9, 1000, math.Inf(1)}, {1e-9, 1000, 0}} {
		if got := pow(c[0], c[1]); got != c[2] {
			t.Errorf("%v to the power of %v: %v", c[0], c[1], got)
		}
	}
}

// What is coded and decoded is as before: 8 bits exactly, and 16 bits.
func TestCodedValues(t *testing.T) {
	for v := range 256 {
		light := int64(math.Round(srgbCurve.at(float64(v)/255) * one))
		if got := code8(encode8(), light*one); int(got) != v {
			t.Errorf("8 bits: %d became %d", v, got)
		}
	}
	for v := range 65536 {
		light := int64(math.Round(srgbCurve.at(float64(v)/65535) * one))
		if got := int(code16(encode16(), light*one)); got > v+1 || got < v-1 {
			t.Fatalf("16 bits: %d became %d", v, got)
		}
	}
	for _, c := range []struct {
		sum int64
		b   uint8
		w   uint16
	}{{-1 << 60, 0, 0}, {1 << 60, 255, 65535}, {one * one, 255, 65535}, {one*one - 1, 255, 65535}} {
		if b, w := code8(encode8(), c.sum), code16(encode16(), c.sum); b != c.b || w != c.w {
			t.Errorf("%d: %d and %d", c.sum, b, w)
		}
	}
}

// Parametric curves as ICC.1:2022, table 68, has them, at both sides of where they are divided, and clipped.
func TestParametricCurves(t *testing.T) {
	for _, c := range []struct {
		kind    int
		p       [7]float64
		x, want float64
	}{
		{0, [7]float64{2}, 0.5, 0.25},
		{1, [7]float64{2, 2, -0.5}, 0.2, 0}, {1, [7]float64{2, 2, -0.5}, 0.5, 0.25}, {1, [7]float64{2, 0, 0.5}, 0.5, 0},
		{2, [7]float64{2, 2, -0.5, 0.125}, 0.2, 0.125}, {2, [7]float64{2, 2, -0.5, 0.125}, 0.5, 0.375},
		{3, [7]float64{2, 1, 0.25, 0.5, 0.5}, 0.25, 0.125}, {3, [7]float64{2, 1, 0.25, 0.5, 0.5}, 0.5, 0.5625},
		{4, [7]float64{2, 1, 0.25, 0.5, 0.5, 0.125, 0.0625}, 0.25, 0.1875}, {4, [7]float64{2, 1, 0.25, 0.5, 0.5, 0.125, 0.0625}, 0.5, 0.6875},
		{2, [7]float64{2, 2, 0, 0.5}, 1, 1}, {2, [7]float64{2, 1, 0, -0.5}, 0.5, 0}, {0, [7]float64{-1}, 0, 1},
	} {
		if got := (curve{kind: c.kind, p: c.p}).at(c.x); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("type %d, %v, at %v: %v, want %v", c.kind, c.p, c.x, got, c.want)
		}
	}
}

// Processors that can multiply and add at once come to the same tables and pixels.
func TestTheSameBitsEverywhere(t *testing.T) {
	h := fnv.New64a()
	for _, name := range []string{"DisplayP3-v4", "sRGB-v2-nano", "sGrey-v2-nano", "CGATS001Compat-v2-micro", "Adobe RGB", "gray of L*", "three curves"} {
		p := parsed(t, find(t, name))
		tr, n := transform(t, p.data), 4
		list := colours(n)
		for i, c := range list {
			if p.space == "GRAY" {
				list[i] = [4]uint16{c[0], c[0], c[0], c[3]}
			}
		}
		pix := raw(list, n, 8, binary.BigEndian)
		if err := tr.pixels.row8(pix, pix); err != nil {
			t.Fatal(err)
		}
		h.Write(pix)
		if p.space == "CMYK" {
			continue
		}
		deep := make([]byte, 0, 8*65536)
		for v := range 65536 {
			x := uint16(v)
			deep = append(deep, u16(x, x, x, x)...)
		}
		if err := tr.pixels.row16(deep, deep); err != nil {
			t.Fatal(err)
		}
		h.Write(deep)
		if gray, err := p.Gray(); err == nil {
			h.Write(gray)
		}
	}
	if got, want := h.Sum64(), uint64(0x3531e1e074fa9cfe); got != want {
		t.Errorf("%#x, want %#x", got, want)
	}
}
