package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// fdct is the forward transform of codec/jpeg with its quantisation. Two
// neighbouring blocks go through it at once, one in each half of the vectors,
// so that nothing ever crosses from half to half. All numbers have 16 bits; the
// products with the constants are summed up in 32 (VPMADDWD).
func fdct(c *build.Context) {
	f := &fdctGen{Context: c}
	c.Function("fdctPairs")
	c.Pragma("noescape")
	c.Attributes(attr.NOSPLIT)
	c.SignatureExpr("func(blocks *uint16, nonzero *uint64, pix *byte, stride int, pairs int, second int, next int, quant *uint16)")
	c.Doc("fdctPairs transforms 2*pairs neighbouring squares of 8x8 samples. The blocks",
		"of a pair are second blocks apart, those of two pairs next blocks; if second is 0,",
		"only the first of a pair is kept. quant has, row by row, half the divisors, their",
		"reciprocals and what these are to be scaled by.")
	blocks := c.Load(c.Param("blocks"), c.GP64()).(reg.GPVirtual)
	masks := c.Load(c.Param("nonzero"), c.GP64()).(reg.GPVirtual)
	pix := c.Load(c.Param("pix"), c.GP64()).(reg.GPVirtual)
	stride := c.Load(c.Param("stride"), c.GP64()).(reg.GPVirtual)
	pairs := c.Load(c.Param("pairs"), c.GP64()).(reg.GPVirtual)
	second := c.Load(c.Param("second"), c.GP64()).(reg.GPVirtual)
	next := c.Load(c.Param("next"), c.GP64()).(reg.GPVirtual)
	quant := c.Load(c.Param("quant"), c.GP64()).(reg.GPVirtual)
	secondBytes, nextBytes := c.GP64(), c.GP64()
	c.MOVQ(second, secondBytes)
	c.SHLQ(operand.U8(7), secondBytes)
	c.MOVQ(next, nextBytes)
	c.SHLQ(operand.U8(7), nextBytes)

	c.Label("pair")
	var d [8]reg.VecVirtual
	row := c.GP64()
	c.MOVQ(pix, row)
	for i := range d {
		d[i] = c.YMM()
		c.VPMOVZXBW(operand.Mem{Base: row}, d[i])
		if i < 7 {
			c.ADDQ(stride, row)
		}
	}
	d = f.transpose(d)
	d = f.dct(d, true)
	d = f.transpose(d)
	d = f.dct(d, false)
	for i := range d {
		d[i] = f.quantize(d[i], quant, 16*i)
	}
	f.store(d, blocks, masks, secondBytes, second)
	c.ADDQ(operand.U8(16), pix)
	c.ADDQ(nextBytes, blocks)
	c.LEAQ(operand.Mem{Base: masks, Index: next, Scale: 8}, masks)
	c.DECQ(pairs)
	c.JNZ(operand.LabelRef("pair"))
	c.VZEROUPPER()
	c.RET()
}

type fdctGen struct {
	*build.Context
	consts map[string]operand.Mem
}

// words returns 16 words of read-only data, in each half the same 8.
func (f *fdctGen) words(name string, w [8]int) operand.Mem {
	if m, ok := f.consts[name]; ok {
		return m
	}
	m := f.StaticGlobal(name)
	f.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range 16 {
		f.AddDatum(2*i, operand.U16(uint16(w[i%8])))
	}
	if f.consts == nil {
		f.consts = map[string]operand.Mem{}
	}
	f.consts[name] = m
	return m
}

// both returns a pair of factors for VPMADDWD.
func (f *fdctGen) both(name string, a, b int) operand.Mem {
	return f.words(name, [8]int{a, b, a, b, a, b, a, b})
}

// dword returns a number of 32 bits.
func (f *fdctGen) dword(name string, v int) operand.Mem {
	return f.both(name, v&0xffff, v>>16)
}

// op is an instruction of three operands with a new result.
func (f *fdctGen) op(do func(...operand.Op), a, b operand.Op) reg.VecVirtual {
	out := f.YMM()
	do(b, a, out)
	return out
}

// transpose swaps rows and columns in both halves.
func (f *fdctGen) transpose(r [8]reg.VecVirtual) (out [8]reg.VecVirtual) {
	for range 3 { // three perfect shuffles are a transposition
		for i := range 4 {
			out[2*i] = f.op(f.VPUNPCKLWD, r[i], r[i+4])
			out[2*i+1] = f.op(f.VPUNPCKHWD, r[i], r[i+4])
		}
		r = out
	}
	return out
}

// dct is dct8 of fdct.go with the rounding behind it: of rows, whose samples
// are not shifted to be signed yet, or of columns.
func (f *fdctGen) dct(d [8]reg.VecVirtual, rows bool) (o [8]reg.VecVirtual) {
	add := func(a, b reg.VecVirtual) reg.VecVirtual { return f.op(f.VPADDW, a, b) }
	sub := func(a, b reg.VecVirtual) reg.VecVirtual { return f.op(f.VPSUBW, a, b) }
	s0, s7 := add(d[0], d[7]), sub(d[0], d[7])
	s1, s6 := add(d[1], d[6]), sub(d[1], d[6])
	s2, s5 := add(d[2], d[5]), sub(d[2], d[5])
	s3, s4 := add(d[3], d[4]), sub(d[3], d[4])
	t0, t3 := add(s0, s3), sub(s0, s3)
	t1, t2 := add(s1, s2), sub(s1, s2)
	o[0], o[4] = add(t0, t1), sub(t0, t1)
	if rows {
		f.VPSUBW(f.words("level", [8]int{1024, 1024, 1024, 1024, 1024, 1024, 1024, 1024}), o[0], o[0])
		f.VPSLLW(operand.U8(2), o[0], o[0])
		f.VPSLLW(operand.U8(2), o[4], o[4])
	} else {
		half := f.words("half", [8]int{2, 2, 2, 2, 2, 2, 2, 2})
		f.VPADDW(half, o[0], o[0])
		f.VPSRAW(operand.U8(2), o[0], o[0])
		f.VPADDW(half, o[4], o[4])
		f.VPSRAW(operand.U8(2), o[4], o[4])
	}
	const (
		c298, c390, c541, c765  = 2446, 3196, 4433, 6270
		c899, c1175, c1501      = 7373, 9633, 12299
		c1847, c1961, c2053     = 15137, 16069, 16819
		c2562, c3072            = 20995, 25172
		fromZ3, fromZ4, between = c1175 - c1961, c1175 - c390, c1175
	)
	lo, hi := f.op(f.VPUNPCKLWD, t2, t3), f.op(f.VPUNPCKHWD, t2, t3)
	o[2] = f.sum(rows, lo, hi, f.both("even2", c541, c541+c765))
	o[6] = f.sum(rows, lo, hi, f.both("even6", c541-c1847, c541))
	// The sums z1 to z5 are multiplied out: each result is four products.
	lo47, hi47 := f.op(f.VPUNPCKLWD, s4, s7), f.op(f.VPUNPCKHWD, s4, s7)
	lo56, hi56 := f.op(f.VPUNPCKLWD, s5, s6), f.op(f.VPUNPCKHWD, s5, s6)
	odd := func(name string, f4, f7, f5, f6 int) reg.VecVirtual {
		return f.sum(rows, lo47, hi47, f.both(name+"with47", f4, f7), lo56, hi56, f.both(name+"with56", f5, f6))
	}
	o[7] = odd("odd7", c298-c899+fromZ3, -c899+between, between, fromZ3)
	o[5] = odd("odd5", between, fromZ4, c2053-c2562+fromZ4, -c2562+between)
	o[3] = odd("odd3", fromZ3, between, -c2562+between, c3072-c2562+fromZ3)
	o[1] = odd("odd1", -c899+between, c1501-c899+fromZ4, fromZ4, between)
	return o
}

// sum multiplies pairs in low and high halves with factors, sums up and rounds.
func (f *fdctGen) sum(rows bool, terms ...operand.Op) reg.VecVirtual {
	shift := 15
	round := f.dword("roundcolumns", 1<<14)
	if rows {
		shift = 11
		round = f.dword("roundrows", 1<<10)
	}
	var sums [2]reg.VecVirtual
	for half := range sums {
		x := f.op(f.VPMADDWD, terms[half], terms[2])
		if len(terms) > 3 {
			y := f.op(f.VPMADDWD, terms[3+half], terms[5])
			f.VPADDD(y, x, x)
		}
		f.VPADDD(round, x, x)
		f.VPSRAD(operand.U8(shift), x, x)
		sums[half] = x
	}
	f.VPACKSSDW(sums[1], sums[0], sums[0])
	return sums[0]
}

// quantize divides, rounding halves away from zero: the absolute value and half
// the divisor, times the reciprocal, times the scale, 16 bits down each time.
func (f *fdctGen) quantize(x reg.VecVirtual, quant reg.GPVirtual, at int) reg.VecVirtual {
	m, t := f.YMM(), f.YMM()
	f.VPABSW(x, m)
	f.VBROADCASTI128(operand.Mem{Base: quant, Disp: at}, t)
	f.VPADDW(t, m, m)
	for i := 1; i < 3; i++ {
		t := f.YMM()
		f.VBROADCASTI128(operand.Mem{Base: quant, Disp: 128*i + at}, t)
		f.VPMULHUW(t, m, m)
	}
	f.VPSIGNW(x, m, m)
	return m
}

// store writes two blocks in zigzag order, the second first, and the masks of
// what is not 0 in them.
func (f *fdctGen) store(rows [8]reg.VecVirtual, blocks, masks, secondBytes, second reg.GPVirtual) {
	zero := f.YMM()
	f.VPXOR(zero, zero, zero)
	var packed [4]reg.VecVirtual
	var last reg.VecVirtual
	for i := range 8 {
		o := f.zigzag(rows, i)
		f.VEXTRACTI128(operand.U8(1), o, operand.Mem{Base: blocks, Index: secondBytes, Scale: 1, Disp: 16 * i})
		f.VMOVDQU(o.AsX(), operand.Mem{Base: blocks, Disp: 16 * i})
		if i&1 == 1 {
			packed[i/2] = f.op(f.VPACKSSWB, last, o)
		}
		last = o
	}
	for half := 1; half >= 0; half-- {
		var bits [2]reg.GPVirtual
		for i := range bits {
			x := f.YMM()
			f.VPERM2I128(operand.U8(0x20+0x11*half), packed[2*i+1], packed[2*i], x)
			f.VPCMPEQB(zero, x, x)
			bits[i] = f.GP64()
			f.VPMOVMSKB(x, bits[i].As32())
		}
		f.SHLQ(operand.U8(32), bits[1])
		f.ORQ(bits[0], bits[1])
		f.NOTQ(bits[1])
		to := operand.Mem{Base: masks}
		if half == 1 {
			to.Index, to.Scale = second, 8
		}
		f.MOVQ(bits[1], to)
	}
}

// zigzag returns the coefficients 8*i to 8*i+7 in zigzag order. Rows that give
// different columns are put together, then the words are brought to their
// places.
func (f *fdctGen) zigzag(rows [8]reg.VecVirtual, i int) reg.VecVirtual {
	type group struct {
		columns uint8
		vec     reg.VecVirtual
		shuffle [16]byte
	}
	var groups []*group
	for r := range 8 {
		columns := uint8(0)
		for k := range 8 {
			if at := zigzag[8*i+k]; at>>3 == r {
				columns |= 1 << (at & 7)
			}
		}
		if columns == 0 {
			continue
		}
		var g *group
		for _, other := range groups {
			if other.columns&columns == 0 {
				g = other
				v := f.YMM()
				f.VPBLENDW(operand.U8(columns), rows[r], g.vec, v)
				g.vec = v
				break
			}
		}
		if g == nil {
			g = &group{vec: rows[r]}
			for j := range g.shuffle {
				g.shuffle[j] = 0x80 // 0
			}
			groups = append(groups, g)
		}
		g.columns |= columns
		for k := range 8 {
			if at := zigzag[8*i+k]; at>>3 == r {
				g.shuffle[2*k], g.shuffle[2*k+1] = byte(at&7*2), byte(at&7*2+1)
			}
		}
	}
	var out reg.VecVirtual
	for n, g := range groups {
		var w [8]int
		for k := range w {
			w[k] = int(g.shuffle[2*k]) | int(g.shuffle[2*k+1])<<8
		}
		x := f.op(f.VPSHUFB, g.vec, f.words("zigzag"+string(rune('0'+i))+string(rune('a'+n)), w))
		if out == nil {
			out = x
			continue
		}
		f.VPOR(x, out, out)
	}
	return out
}

// zigzag is where the coefficients stand row by row.
var zigzag = func() (z [64]int) {
	x, y := 0, 0
	for k := range z {
		z[k] = 8*y + x
		switch up := (x+y)&1 == 0; {
		case up && x == 7, !up && x == 0 && y < 7:
			y++
		case up && y == 0, !up && y == 7:
			x++
		case up:
			x, y = x+1, y-1
		default:
			x, y = x-1, y+1
		}
	}
	return z
}()
