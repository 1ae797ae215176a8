package jpeg

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/imgpar/imgpar/internal/simd"
	"github.com/imgpar/imgpar/internal/simd/simdtest"
)

var sizes = [4]int{8, 4, 2, 1}

// anyQuant is a quantisation table of one of the kinds that files have: of a
// usual quality, of ones, of 16 bits, with zeros.
func anyQuant(r *rand.Rand) *quant {
	q := scaledQuant(&baseQuant[r.IntN(2)], 1+r.IntN(100))
	for k := range q.q {
		switch r.IntN(40) {
		case 0:
			q.q[k] = 0
		case 1:
			q.q[k] = uint16(r.IntN(1 << 16))
		}
	}
	if r.IntN(3) > 0 {
		return scaledQuant(&baseQuant[r.IntN(2)], 1+r.IntN(100))
	}
	return q
}

// anyBlock is a quantised block of one of the kinds that matter: nothing but
// DC, usual ones of every energy and sparseness, and all extremes.
func anyBlock(r *rand.Rand, q *quant) (b Block, last uint8) {
	end := 0
	switch kind := r.IntN(8); kind {
	case 0, 1:
		b[0] = int16(r.IntN(1<<16) >> r.IntN(16))
	case 2:
		for range 1 + r.IntN(4) {
			k := r.IntN(1 + r.IntN(64))
			b[zigzag[k]] = []int16{-1 << 15, 1<<15 - 1, int16(r.IntN(1 << 16)), 1 << 13, -1 << 13}[r.IntN(5)]
		}
	case 3:
		end = 1 + r.IntN(64)
		for k := range end {
			b[zigzag[k]] = int16(r.IntN(1<<16)) >> r.IntN(16)
		}
	case 4: // around the limits of the first row
		for u := range 8 {
			b[u] = int16((8192+r.IntN(5)-2)/max(1, int(q.q[0]))) * int16(1-r.IntN(2)*2)
		}
	default:
		c := randomBlock(r, r.IntN(1+r.IntN(64)), 4*maxEnergy*math.Pow(r.Float64(), float64(r.IntN(8))))
		for k, at := range zigzag {
			b[at] = int16(c[at] / max(1, int64(q.q[k])))
		}
	}
	for k, at := range zigzag {
		if b[at] != 0 {
			last = uint8(k)
		}
	}
	if r.IntN(4) == 0 { // a hint that is too high
		last += uint8(r.IntN(64 - int(last)))
	}
	return b, last
}

// anyRow is a row of n blocks.
func anyRow(t testing.TB, r *rand.Rand, q *quant, size, n int, front bool) (blocks []Block, coefs []int16, last []uint8) {
	blocks = make([]Block, n)
	coefs, last = simdtest.Slice[int16](t, n*size*size, front), simdtest.Slice[uint8](t, n, front)
	for i := range blocks {
		blocks[i], last[i] = anyBlock(r, q)
		if i > 0 && r.IntN(2) == 0 { // so that kinds come in pairs
			blocks[i], last[i] = blocks[i-1], last[i-1]
		}
		blocks[i].lowest(coefs[i*size*size:], size)
	}
	return blocks, coefs, last
}

// plainInverse is the transform of one block by idctAny, or by the formulas of
// the smaller sizes, in the plain way.
func plainInverse(b *Block, q *quant, size int) []byte {
	out := make([]byte, size*size)
	var c [8][8]int32
	var w words
	for k, at := range zigzag {
		v, u := at/8, at%8
		c[v][u] = int32(b[at] * int16(q.q[k]))
		w[int(u)/2*8+int(v)] += int64(b[at]) * int64(q.q[k]) << (u & 1 * 32)
	}
	switch size {
	case 8:
		idctAny(&w, out, 8)
	case 4:
		var x [4][4]int32
		for v := range 4 {
			for u, s := range plainFour(c[v][0], c[v][1], c[v][2], c[v][3], 10) {
				x[v][u] = s
			}
		}
		for u := range 4 {
			for v, s := range plainFour(x[0][u], x[1][u], x[2][u], x[3][u], 19) {
				out[4*v+u] = byte(max(0, min(255, s+128)))
			}
		}
	case 2:
		for i := range out {
			x, y := 1-2*int32(i%2), 1-2*int32(i/2)
			out[i] = byte(max(0, min(255, (c[0][0]+x*c[0][1]+y*c[1][0]+x*y*c[1][1]+4)>>3+128)))
		}
	case 1:
		out[0] = byte(max(0, min(255, (c[0][0]+4)>>3+128)))
	}
	return out
}

func plainFour(c0, c1, c2, c3 int32, shift int) (out [4]int32) {
	sums := [4]int64{
		int64(c0)*8192 + int64(c1)*10703 + int64(c2)*8192 + int64(c3)*4433,
		int64(c0)*8192 + int64(c1)*4433 - int64(c2)*8192 - int64(c3)*10703,
		int64(c0)*8192 - int64(c1)*4433 - int64(c2)*8192 + int64(c3)*10703,
		int64(c0)*8192 - int64(c1)*10703 + int64(c2)*8192 - int64(c3)*4433,
	}
	for i, s := range sums {
		out[i] = int32(max(-1<<15, min(1<<15-1, (s+1<<(shift-1))>>shift)))
	}
	return out
}

// eachWay runs a test with the vector kernels, if there are any, and without.
func eachWay(t *testing.T, run func(t *testing.T)) {
	was := simd.AVX2()
	defer simd.SetAVX2(was)
	for _, on := range []bool{true, false} {
		simd.SetAVX2(on)
		if simd.AVX2() == on {
			t.Run(map[bool]string{true: "AVX2", false: "Go"}[on], run)
		}
	}
}

// Every row of blocks, by vectors and in Go, must be what the plain transforms
// make of its blocks. It must be cleared, and nothing beside it touched.
func TestInverse(t *testing.T) {
	eachWay(t, func(t *testing.T) {
		for _, size := range sizes {
			r := rand.New(rand.NewPCG(uint64(size), 3))
			for n := range 301 {
				q, front := anyQuant(r), n%3 == 0
				blocks, coefs, last := anyRow(t, r, q, size, n, front)
				stride := n*size + r.IntN(4)*r.IntN(20)
				dst := simdtest.Slice[byte](t, max(0, (size-1)*stride+n*size), front)
				for i := range dst {
					dst[i] = 77
				}
				newInverse(q, size).row(coefs, last, dst, stride)
				checkRow(t, blocks, q, size, dst, stride)
				if i := slices.IndexFunc(coefs, func(c int16) bool { return c != 0 }); i >= 0 {
					t.Fatalf("size %d, %d blocks: coefficient %d is not cleared", size, n, i)
				}
				if t.Failed() {
					t.FailNow()
				}
			}
		}
	})
}

func checkRow(t *testing.T, blocks []Block, q *quant, size int, dst []byte, stride int) {
	t.Helper()
	n := len(blocks)
	for i := range blocks {
		want := plainInverse(&blocks[i], q, size)
		got := make([]byte, 0, size*size)
		for y := range size {
			got = append(got, dst[y*stride+i*size:][:size]...)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("size %d, block %d of %d, %v\nquantised by %v:\n%v, want\n%v", size, i, n, blocks[i], q.q, got, want)
			return
		}
	}
	for at, v := range dst {
		if at%max(1, stride) >= n*size && v != 77 {
			t.Errorf("size %d, %d blocks: byte %d, beside row %d, is written", size, n, at%stride, at/stride)
			return
		}
	}
}

// The smaller transforms are the definition (T.81, A.3.3) of as many points, to
// what rounding makes inevitable and a little.
func TestSmallerInverseIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for i := range 3000 {
		q := scaledQuant(&baseQuant[0], 100)
		c := randomBlock(r, i&63, maxEnergy/2*math.Pow(r.Float64(), float64(i%5)))
		var b Block
		for k, x := range c {
			b[k] = int16(x)
		}
		for _, size := range []int{4, 2, 1} {
			got := plainInverse(&b, q, size)
			for at, exact := range floatInverse(&b, size) {
				if d := float64(got[at]) - max(0, min(255, exact)); math.Abs(d) > 0.6 {
					t.Fatalf("size %d: sample %d is %d, exactly %f", size, at, got[at], exact)
				}
			}
		}
	}
}

func floatInverse(b *Block, size int) []float64 {
	out := make([]float64, size*size)
	for i := range out {
		sum := 0.0
		for v := range size {
			for u := range size {
				f := float64(b[8*v+u]) / 4
				for _, k := range [2][2]int{{v, i / size}, {u, i % size}} {
					if k[0] == 0 {
						f *= math.Sqrt2 / 2
					}
					f *= math.Cos(float64((2*k[1]+1)*k[0]) * math.Pi / float64(2*size))
				}
				sum += f
			}
		}
		out[i] = sum + 128
	}
	return out
}

// A flat block is of the same level in all sizes.
func TestFlatBlocks(t *testing.T) {
	q := scaledQuant(&baseQuant[0], 50)
	eachWay(t, func(t *testing.T) {
		for _, size := range sizes {
			tr := newInverse(q, size)
			for dc := -80; dc <= 80; dc++ {
				const n = 40
				coefs, last, dst := make([]int16, n*size*size), make([]uint8, n), make([]byte, n*size*size)
				for i := range n {
					coefs[i*size*size] = int16(dc)
				}
				tr.row(coefs, last, dst, n*size)
				want := byte(max(0, min(255, 2*dc+128)))
				if !bytes.Equal(dst, bytes.Repeat([]byte{want}, len(dst))) {
					t.Fatalf("size %d, DC %d times 16: %v, want all %d", size, dc, dst, want)
				}
			}
		}
	})
}

// Planes of any size hold what is made of the blocks of a progressive file.
func TestSamplesOfEachSize(t *testing.T) {
	data := fixtures(t)["../../testdata/images/jpeg_progressive_420.jpg"]
	f := mustParse(t, data)
	r, err := f.readCoefficients(t.Context(), len(f.Components), 8, new(Scratch))
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range sizes {
		p := &Planes{Planes: make([]Plane, len(r.out.Components))}
		for i := range p.Planes {
			c := &r.out.Components[i]
			p.Planes[i] = Plane{Stride: size * c.Columns, Pix: make([]byte, size*size*len(c.Blocks))}
		}
		r.samples(p, size)
		for i, to := range p.Planes {
			c := &r.out.Components[i]
			for y := range c.Rows {
				checkRow(t, c.Blocks[y*c.Columns:][:c.Columns], f.Components[i].quant, size, to.Pix[y*size*to.Stride:][:size*to.Stride], to.Stride)
			}
		}
	}
}

// BenchmarkInverse takes the blocks of the first file of benchFiles, row by row;
// a test picture's, if there is none.
func BenchmarkInverse(b *testing.B) {
	files, _ := benchFiles(b)
	f := mustParse(b, files[0])
	c := mustRead(b, f)
	was := simd.AVX2()
	defer simd.SetAVX2(was)
	for _, size := range sizes {
		for i, name := range []string{"luma", "chroma"} {
			for _, on := range []bool{true, false} {
				if simd.SetAVX2(on); simd.AVX2() != on {
					continue
				}
				way := map[bool]string{true: "AVX2", false: "Go"}[on]
				b.Run(fmt.Sprintf("%d/%s/%s", size, name, way), func(b *testing.B) {
					benchInverse(b, &c.Components[i], newInverse(f.Components[i].quant, size))
				})
			}
		}
	}
}

// benchInverse measures rows from here and there of a component, again and
// again, and with them the copying of their coefficients.
func benchInverse(b *testing.B, p *CoefficientPlane, t *inverse) {
	const rows = 8
	area := t.size * t.size
	from, coefs := make([]int16, rows*p.Columns*area), make([]int16, p.Columns*area)
	last := make([]uint8, rows*p.Columns)
	for i := range last {
		block := &p.Blocks[i/p.Columns*(p.Rows/rows)*p.Columns+i%p.Columns]
		block.lowest(from[i*area:], t.size)
		for k, at := range zigzag {
			if block[at] != 0 {
				last[i] = uint8(k)
			}
		}
	}
	dst := make([]byte, p.Columns*area)
	blocks, y := 0, 0
	for b.Loop() {
		copy(coefs, from[y*len(coefs):])
		t.row(coefs, last[y*p.Columns:][:p.Columns], dst, p.Columns*t.size)
		y = (y + 1) % rows
		blocks += p.Columns
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(blocks), "ns/block")
}
