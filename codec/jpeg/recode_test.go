package jpeg

import (
	"bytes"
	"errors"
	stdjpeg "image/jpeg"
	"math"
	"math/rand/v2"
	"testing"
)

// readBack returns the coefficients of a file of one scan, symbol by symbol.
func readBack(t testing.TB, data []byte) *Coefficients {
	t.Helper()
	f, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.scans) != 1 || len(f.scans[0].comps) != len(f.Components) {
		t.Fatalf("%d scans, the first of %d components", len(f.scans), len(f.scans[0].comps))
	}
	s := &f.scans[0]
	var in entropy
	if err := in.unstuff(s, 1<<20); err != nil {
		t.Fatal(err)
	}
	out := &Coefficients{Width: f.Width, Height: f.Height, Color: f.Color}
	for _, c := range f.Components {
		p := CoefficientPlane{ID: c.ID, H: c.H, V: c.V, Columns: f.mcusX * c.H, Rows: f.mcusY * c.V}
		for k, i := range zigzag {
			p.Quant[i] = c.quant.q[k]
		}
		p.Blocks = make([]Block, p.Columns*p.Rows)
		out.Components = append(out.Components, p)
	}
	w := f.newWalk(&in, s)
	var pred [4]int32
	for mcu := range f.mcusX * f.mcusY {
		if _, err := w.mcu(); err != nil {
			t.Fatal(err)
		}
		for i, c := range s.comps {
			p := &out.Components[i]
			for v := range p.V {
				for h := range p.H {
					b := &p.Blocks[(mcu/f.mcusX*p.V+v)*p.Columns+mcu%f.mcusX*p.H+h]
					pred[i] = readBlock(t, &w.r, c, b, pred[i])
				}
			}
		}
	}
	if err := w.end(); err != nil {
		t.Fatal(err)
	}
	return out
}

// readBlock follows T.81, F.2.2, and returns the block's DC.
func readBlock(t testing.TB, r *bitReader, c scanComp, b *Block, pred int32) int32 {
	t.Helper()
	diff, _, ok := c.dc.dcDiff(r)
	if !ok {
		t.Fatal("a DC symbol that is none")
	}
	b[0] = int16(pred + diff)
	for k := 1; k < 64; k++ {
		r.refill()
		s, l := c.ac.decode(r.bits)
		if l == 0 {
			t.Fatal("an AC symbol that is none")
		}
		r.skip(l)
		if s == endOfBlock {
			break
		}
		if k += int(s >> 4); k > 63 {
			t.Fatal("a run beyond the block")
		}
		if n := uint(s & 15); n > 0 {
			b[zigzag[k]] = int16(extend(uint32(r.bits>>(64-n)), n))
			r.skip(n)
		} else if s != zrl {
			t.Fatalf("an AC symbol %02x", s)
		}
	}
	return int32(b[0])
}

// same tells whether two pictures have the same blocks. A single component is
// compared where a has blocks.
func (c *Coefficients) same(a *Coefficients) bool {
	if c.Width != a.Width || c.Height != a.Height || c.Color != a.Color || len(c.Components) != len(a.Components) {
		return false
	}
	for i := range a.Components {
		p, q := &a.Components[i], &c.Components[i]
		if p.ID != q.ID || p.Quant != q.Quant || len(a.Components) > 1 && (p.H != q.H || p.V != q.V || len(p.Blocks) != len(q.Blocks)) {
			return false
		}
		for y := range p.Rows {
			for x := range p.Columns {
				if p.Blocks[y*p.Columns+x] != q.Blocks[y*q.Columns+x] {
					return false
				}
			}
		}
	}
	return true
}

// randomSampling returns factors for n components that fit in an MCU.
func randomSampling(r *rand.Rand, n int) [][2]int {
	for {
		var factors [][2]int
		blocks := 0
		for range n {
			h, v := 1+r.IntN(4), 1+r.IntN(4)
			factors = append(factors, [2]int{h, v})
			blocks += h * v
		}
		if n == 1 || blocks <= maxBlocks {
			return factors
		}
	}
}

// componentsOf is how many components a color model has.
var componentsOf = [...]int{Gray: 1, YCbCr: 3, RGB: 3, CMYK: 4, YCCK: 4}

func randomCoefficients(r *rand.Rand, color ColorModel, w, h int, factors [][2]int) *Coefficients {
	c := &Coefficients{Width: w, Height: h, Color: color}
	density := 1 + r.IntN(40)
	for i, f := range factors {
		p := CoefficientPlane{ID: uint8(i + 1), H: f[0], V: f[1]}
		for k := range p.Quant {
			p.Quant[k] = uint16(1 + (i+1)/2*r.IntN(255))
		}
		c.Components = append(c.Components, p)
	}
	_, _, mcusX, mcusY := c.layout()
	for i := range c.Components {
		p := &c.Components[i]
		p.Columns, p.Rows = mcusX*p.H, mcusY*p.V
		p.Blocks = make([]Block, p.Columns*p.Rows)
		for j := range p.Blocks {
			b := &p.Blocks[j]
			b[0] = int16(r.IntN(2048) - 1024)
			for k := 1; k < 64; k++ {
				if r.IntN(density) == 0 {
					n := 1 << (1 + r.IntN(10))
					b[k] = int16(r.IntN(2*n-1) - n + 1)
				}
			}
		}
	}
	return c
}

func TestAppendReadsBack(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for i := range 400 {
		color := ColorModel(i % 5)
		n := componentsOf[color]
		c := randomCoefficients(r, color, 1+r.IntN(40), 1+r.IntN(40), randomSampling(r, n))
		plain, err := c.Append([]byte("head"), WriteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		best, err := c.Append(nil, WriteOptions{Optimize: true})
		if err != nil {
			t.Fatal(err)
		}
		if string(plain[:4]) != "head" {
			t.Fatal("what stood in dst is gone")
		}
		plain = plain[4:]
		for _, data := range [][]byte{plain, best} {
			if got := readBack(t, data); !c.same(got) {
				t.Fatalf("%d x %d of color model %d: other coefficients came back", c.Width, c.Height, color)
			}
		}
		if entropySize(t, best) > entropySize(t, plain) {
			t.Errorf("optimised tables make %d bytes of %d", entropySize(t, best), entropySize(t, plain))
		}
	}
}

func entropySize(t *testing.T, data []byte) int {
	t.Helper()
	f, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return len(f.scans[0].data)
}

// The reference must decode whatever it has the means for.
func TestReferenceDecodesAppended(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	one := [2]int{1, 1}
	for _, c := range []struct {
		color   ColorModel
		factors [][2]int
	}{
		{Gray, [][2]int{one}},
		{Gray, [][2]int{{2, 2}}},
		{Gray, [][2]int{{4, 3}}},
		{YCbCr, [][2]int{one, one, one}},
		{YCbCr, [][2]int{{2, 1}, one, one}},
		{YCbCr, [][2]int{{1, 2}, one, one}},
		{YCbCr, [][2]int{{2, 2}, one, one}},
		{YCbCr, [][2]int{{4, 1}, one, one}},
		{YCbCr, [][2]int{{4, 2}, one, one}},
		{RGB, [][2]int{one, one, one}},
		{CMYK, [][2]int{one, one, one, one}},
		{YCCK, [][2]int{one, one, one, one}},
		{YCCK, [][2]int{{2, 2}, one, one, {2, 2}}},
	} {
		var segments []Segment
		if c.color == CMYK {
			segments = []Segment{{mAPP14, []byte("Adobe\x00\x64\x00\x00\x00\x00\x00")}}
		}
		for i := range 10 {
			p := randomCoefficients(r, c.color, 1+r.IntN(40), 1+r.IntN(40), c.factors)
			data, err := p.Append(nil, WriteOptions{Optimize: i&1 > 0, Segments: segments})
			if err != nil {
				t.Fatal(err)
			}
			m, err := stdjpeg.Decode(bytes.NewReader(data))
			if err != nil || m.Bounds().Dx() != p.Width || m.Bounds().Dy() != p.Height {
				t.Errorf("color model %d, %v: %v", c.color, c.factors, err)
			}
		}
	}
}

func TestAppendWideQuantisation(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	c := randomCoefficients(r, YCbCr, 20, 20, [][2]int{{1, 1}, {1, 1}, {1, 1}})
	c.Components[1].Quant[63] = 256
	c.Components[2].Quant = c.Components[0].Quant
	data, err := c.Append(nil, WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := Parse(data)
	if err != nil || !f.Extended {
		t.Fatalf("16-bit entries are written as baseline, %v", err)
	}
	if n := bytes.Count(data, []byte{0xff, mDQT}); n != 2 {
		t.Errorf("%d quantisation tables, want 2 that are shared", n)
	}
	if !c.same(readBack(t, data)) {
		t.Error("other coefficients came back")
	}
}

func TestAppendRefuses(t *testing.T) {
	for name, spoil := range map[string]func(*Coefficients){
		"AC of category 11":     func(c *Coefficients) { c.Components[1].Blocks[0][5] = 1024 },
		"the smallest AC":       func(c *Coefficients) { c.Components[0].Blocks[0][63] = -32768 },
		"difference of 12 bits": func(c *Coefficients) { c.Components[0].Blocks[1][0] = -2048 - 1024 },
		"difference of 17 bits": func(c *Coefficients) { c.Components[0].Blocks[0][0], c.Components[0].Blocks[1][0] = -32768, 32767 },
		"no width":              func(c *Coefficients) { c.Width = 0 },
		"too high":              func(c *Coefficients) { c.Height = 65536 },
		"too few blocks":        func(c *Coefficients) { c.Components[0].Rows-- },
		"a block missing":       func(c *Coefficients) { c.Components[0].Blocks = c.Components[0].Blocks[1:] },
		"a product too large": func(c *Coefficients) {
			p := &c.Components[0]
			p.Columns, p.Rows, p.Blocks = math.MaxInt/2+1, 4, nil
		},
		"sampling of 5":          func(c *Coefficients) { c.Components[0].H = 5 },
		"sampling of 0":          func(c *Coefficients) { c.Components[0].V = 0 },
		"11 blocks":              func(c *Coefficients) { c.Components[0].H, c.Components[0].V = 3, 3 },
		"one name twice":         func(c *Coefficients) { c.Components[0].ID = 2 },
		"wrong number of planes": func(c *Coefficients) { c.Color = CMYK },
		"no planes":              func(c *Coefficients) { c.Components = nil },
		"no such color model":    func(c *Coefficients) { c.Color = 9 },
	} {
		r := rand.New(rand.NewPCG(8, 8))
		for _, optimize := range []bool{false, true} {
			c := randomCoefficients(r, YCbCr, 17, 17, [][2]int{{1, 1}, {1, 1}, {1, 1}})
			spoil(c)
			dst := []byte("head")
			got, err := c.Append(dst, WriteOptions{Optimize: optimize})
			var unsupported *UnsupportedError
			coefficient := name == "AC of category 11" || name == "the smallest AC" || name == "difference of 12 bits" || name == "difference of 17 bits"
			if err == nil || string(got) != "head" || errors.As(err, &unsupported) != coefficient {
				t.Errorf("%s: %q, %v", name, got, err)
			}
		}
	}
}

func TestSegmentsAndColor(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	adobe := func(transform byte) Segment {
		return Segment{mAPP14, append([]byte("Adobe\x00\x64\x00\x00\x00\x00"), transform)}
	}
	jfif := Segment{mAPP0, []byte("JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")}
	exif, comment := Segment{mAPP0 + 1, []byte("Exif\x00\x00")}, Segment{mCOM, []byte("hello")}
	for i, c := range []struct {
		color ColorModel
		ids   string
		in    []Segment
		out   []Segment // nil: an error
	}{
		{Gray, "\x01", []Segment{jfif, comment}, []Segment{jfif, comment}},
		{YCbCr, "\x01\x02\x03", []Segment{exif, comment}, []Segment{exif, comment}},
		{YCbCr, "RGB", []Segment{exif}, []Segment{jfif, exif}},
		{YCbCr, "\x01\x02\x03", []Segment{adobe(0)}, []Segment{jfif, adobe(0)}},
		{RGB, "RGB", []Segment{exif}, []Segment{exif}},
		{RGB, "\x01\x02\x03", []Segment{exif}, []Segment{adobe(0), exif}},
		{RGB, "RGB", []Segment{jfif}, nil},
		{CMYK, "CMYK", []Segment{exif}, []Segment{exif}},
		{CMYK, "CMYK", []Segment{adobe(2)}, nil},
		{YCCK, "\x01\x02\x03\x04", []Segment{exif}, []Segment{adobe(2), exif}},
		{YCCK, "\x01\x02\x03\x04", []Segment{adobe(0)}, nil},
		{Gray, "\x01", []Segment{{mSOF0, nil}}, nil},
		{Gray, "\x01", []Segment{{mCOM, make([]byte, 65534)}}, nil},
		{Gray, "\x01", []Segment{{mCOM, make([]byte, 65533)}}, []Segment{{mCOM, make([]byte, 65533)}}},
	} {
		factors := make([][2]int, len(c.ids))
		for i := range factors {
			factors[i] = [2]int{1, 1}
		}
		p := randomCoefficients(r, c.color, 9, 9, factors)
		for i := range p.Components {
			p.Components[i].ID = c.ids[i]
		}
		data, err := p.Append(nil, WriteOptions{Segments: c.in})
		if err != nil || c.out == nil {
			if err == nil || c.out != nil {
				t.Errorf("case %d: %v", i, err)
			}
			continue
		}
		f, err := Parse(data)
		if err != nil || f.Color != c.color || len(f.Segments) != len(c.out) {
			t.Errorf("case %d: color model %d, segments %v, %v", i, f.Color, f.Segments, err)
			continue
		}
		for j, s := range f.Segments {
			if s.Marker != c.out[j].Marker || !bytes.Equal(s.Data, c.out[j].Data) {
				t.Errorf("case %d: segment %d is %v, want %v", i, j, s, c.out[j])
			}
		}
	}
}
