package jpeg

import (
	"math"
	"math/rand/v2"
	"testing"
)

// plainIDCT is the accurate integer transform, a row or a column at a time.
func plainIDCT(c [64]int64) (out [64]uint8) {
	var t [64]int64
	for u := range 8 {
		plainPass(c[u:], t[u:], 8, 11)
	}
	for v := range 8 {
		plainPass(t[8*v:], c[8*v:], 1, 18)
	}
	for i, x := range c {
		out[i] = uint8(max(0, min(255, x+128)))
	}
	return out
}

func plainPass(in, out []int64, step, shift int) {
	x := func(i int) int64 { return in[i*step] }
	z1 := (x(2) + x(6)) * 4433
	t2, t3 := z1-x(6)*15137, z1+x(2)*6270
	t0, t1 := (x(0)+x(4))<<13, (x(0)-x(4))<<13
	even := [4]int64{t0 + t3, t1 + t2, t1 - t2, t0 - t3}
	z1, z2, z3, z4 := x(7)+x(1), x(5)+x(3), x(7)+x(3), x(5)+x(1)
	z5 := (z3 + z4) * 9633
	z1, z2, z3, z4 = z1*-7373, z2*-20995, z3*-16069+z5, z4*-3196+z5
	odd := [4]int64{x(1)*12299 + z1 + z4, x(3)*25172 + z2 + z3, x(5)*16819 + z2 + z4, x(7)*2446 + z1 + z3}
	for i := range 4 {
		out[i*step] = (even[i] + odd[i] + 1<<(shift-1)) >> shift
		out[(7-i)*step] = (even[i] - odd[i] + 1<<(shift-1)) >> shift
	}
}

// floatIDCT is the definition (T.81, A.3.3), with 128 added, not clamped.
func floatIDCT(c *[64]int64) (out [64]float64) {
	for i := range out {
		sum := 0.0
		for k, x := range c {
			f := float64(x) / 4
			if k < 8 {
				f *= math.Sqrt2 / 2
			}
			if k%8 == 0 {
				f *= math.Sqrt2 / 2
			}
			sum += f * math.Cos(float64((2*(i%8)+1)*(k%8))*math.Pi/16) * math.Cos(float64((2*(i/8)+1)*(k/8))*math.Pi/16)
		}
		out[i] = sum + 128
	}
	return out
}

func pack(c *[64]int64) (w words) {
	for i, x := range c {
		w[i%8/2*8+i/8] += x << (i & 1 * 32)
	}
	return w
}

// randomBlock has random coefficients up to place last in zigzag order, the sum
// of whose squares is at most energy.
func randomBlock(r *rand.Rand, last int, energy float64) (c [64]int64) {
	sum := 0.0
	var f [64]float64
	for k := range last + 1 {
		f[k] = r.NormFloat64() * math.Pow(r.Float64(), 4)
		sum += f[k] * f[k]
	}
	for k := range last + 1 {
		c[zigzag[k]] = int64(f[k] * math.Sqrt(energy/sum)) // towards 0
	}
	return c
}

// alone is the transform of coefficients that are not quantised.
var alone = func() *inverse {
	q := new(quant)
	for k := range q.q {
		q.q[k] = 1
	}
	return newInverse(q, 8)
}()

func transformed(c *[64]int64, last int) (out [64]uint8) {
	var block [64]int16
	for i, x := range c {
		block[i] = int16(x)
	}
	alone.plain(block[:], []uint8{uint8(last)}, out[:], 8)
	return out
}

// The transform of two columns in a word, in all its sparse forms, must give
// the bits of the plain one up to the largest block that it is used for.
func TestIDCT(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 20_000 {
		last := i & 63
		c := randomBlock(r, last, maxEnergy*math.Pow(r.Float64(), float64(i%5)))
		w := pack(&c)
		var anyOut [64]uint8
		idctAny(&w, anyOut[:], 8)
		got, full := transformed(&c, last), transformed(&c, 63)
		want := plainIDCT(c)
		if got != want || full != want || anyOut != want {
			t.Fatalf("last %d: %v\nas a whole: %v\nat any size: %v\nwant: %v", last, got, full, anyOut, want)
		}
		if i/64%20 > 0 {
			continue
		}
		exact := floatIDCT(&c)
		for k := range want {
			if d := float64(want[k]) - max(0, min(255, exact[k])); math.Abs(d) > 1 {
				t.Fatalf("sample %d is %d, exactly %f", k, want[k], exact[k])
			}
		}
	}
}

func TestIDCTOfSingleCoefficients(t *testing.T) {
	for k := range 64 {
		for _, x := range []int64{1, -1, 7, 100, -1024, 1023, 1448, -1448} {
			var c [64]int64
			c[zigzag[k]] = x
			if got, want := transformed(&c, k), plainIDCT(c); got != want {
				t.Fatalf("coefficient %d of %d: %v, want %v", k, x, got, want)
			}
		}
	}
}

// Beyond all reason, the samples are those that libjpeg-turbo 2.1.5 computes on
// x86 with AVX2.
func TestIDCTOfAnySize(t *testing.T) {
	for _, c := range []struct {
		coefficients map[int]int64 // by place in the block
		corner       [4]uint8      // samples at (0,0), (7,0), (0,7) and (7,7)
	}{
		{map[int]int64{0: 8191}, [4]uint8{255, 255, 255, 255}},
		{map[int]int64{0: 8192}, [4]uint8{0, 0, 0, 0}}, // wraps: nothing but the first row
		{map[int]int64{0: 8192, 8: 1}, [4]uint8{255, 255, 255, 255}},
		{map[int]int64{0: 1<<15 - 1}, [4]uint8{128, 128, 128, 128}},
		{map[int]int64{9: -1 << 15}, [4]uint8{0, 255, 255, 0}},
		{map[int]int64{0: -30000, 54: 20000}, [4]uint8{0, 0, 0, 0}},
	} {
		var in [64]int64
		for k, x := range c.coefficients {
			in[k] = x
		}
		w := pack(&in)
		var s [64]uint8
		idctAny(&w, s[:], 8)
		if got := [4]uint8{s[0], s[7], s[56], s[63]}; got != c.corner {
			t.Errorf("%v: corners %v, want %v", c.coefficients, got, c.corner)
		}
	}
}
