package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// resampleKernels are the passes of package resample, with names from Intel's manuals: lanes are the halves of 16 bytes.
func resampleKernels(c *build.Context) {
	k := resampler{c}
	k.vertical("verticalBytes", "byte", 8)
	k.vertical("verticalUint16", "uint16", 16)
	k.narrow()
	k.pair1()
	k.pair4()
	masks := k.masks()
	k.horizontal("horizontalBytes1", "byte", 20, 8, func(sums []reg.VecVirtual, at rows) { k.storeBytes1(sums, at, masks) })
	k.horizontal("horizontalUint16x1", "uint16", 14, 8, func(sums []reg.VecVirtual, at rows) { k.storeUint16x1(sums, at, masks) })
	k.horizontal("horizontalBytes4", "byte", 20, 4, k.storeBytes4)
	k.horizontal("horizontalUint16x4", "uint16", 14, 4, k.storeUint16x4)
}

type resampler struct{ *build.Context }

func (c resampler) function(name, doc, params string) {
	c.Function(name)
	c.Attributes(attr.NOSPLIT)
	c.Doc(name + " " + doc)
	c.SignatureExpr("func(" + params + ")")
}

func (c resampler) load(name string) reg.GPVirtual {
	r := c.GP64()
	c.Load(c.Param(name), r)
	return r
}

// constant32 returns eight times v, of 32 bits.
func (c resampler) constant32(v uint32) reg.VecVirtual {
	g, x := c.GP32(), c.YMM()
	c.MOVL(operand.U32(v), g)
	c.VMOVD(g, x.AsX())
	c.VPBROADCASTD(x.AsX(), x)
	return x
}

// vertical sums rows in blocks of 32 columns. The samples of two rows are interleaved, so that VPMADDWD multiplies both
// by their weights and adds them.
func (c resampler) vertical(name, kind string, bits int) {
	c.function(name, fmt.Sprintf("sums n columns of taps rows with weights; n is a multiple of 32. Samples have %d bits.", bits),
		fmt.Sprintf("dst *int16, src *%s, stride int, weights *int16, taps, n int", kind))
	dst, src, stride, weights, taps, n := c.load("dst"), c.load("src"), c.load("stride"), c.load("weights"), c.load("taps"), c.load("n")
	bias, shift, size := uint32(1<<7), 8, 1
	sign := c.YMM()
	if bits == 16 {
		bias, shift, size = 1<<13, 14, 2
		sign = c.constant32(0x80008000)
		c.SHLQ(operand.U8(1), stride)
	} else {
		c.VPXOR(sign, sign, sign)
	}
	half := c.constant32(bias)
	sums := []reg.VecVirtual{c.YMM(), c.YMM(), c.YMM(), c.YMM()}
	at, w, left := c.GP64(), c.GP64(), c.GP64()
	add := func(weight reg.VecVirtual, second bool) {
		var pairs []reg.VecVirtual
		if bits == 8 {
			pairs = c.interleaveBytes(at, stride, sign, second)
		} else {
			pairs = c.interleaveWords(at, stride, sign, second)
		}
		for i, p := range pairs {
			c.VPMADDWD(weight, p, p)
			c.VPADDD(p, sums[i], sums[i])
		}
	}

	c.Label("columns")
	for _, s := range sums {
		c.VMOVDQA(half, s)
	}
	c.MOVQ(src, at)
	c.MOVQ(weights, w)
	c.MOVQ(taps, left)
	c.SHRQ(operand.U8(1), left)
	c.JZ(operand.LabelRef("last"))
	c.Label("rows")
	weight := c.YMM()
	c.VPBROADCASTD(operand.Mem{Base: w}, weight)
	add(weight, true)
	c.LEAQ(operand.Mem{Base: at, Index: stride, Scale: 2}, at)
	c.ADDQ(operand.U8(4), w)
	c.DECQ(left)
	c.JNZ(operand.LabelRef("rows"))
	c.Label("last")
	c.TESTQ(operand.U32(1), taps)
	c.JZ(operand.LabelRef("done"))
	single, g := c.YMM(), c.GP32()
	c.MOVWLZX(operand.Mem{Base: w}, g) // the weight of a second row is 0
	c.VMOVD(g, single.AsX())
	c.VPBROADCASTD(single.AsX(), single)
	add(single, false)
	c.Label("done")
	for _, s := range sums {
		c.VPSRAD(operand.U8(shift), s, s)
	}
	c.VPACKSSDW(sums[1], sums[0], sums[0])
	c.VPACKSSDW(sums[3], sums[2], sums[2])
	if bits == 8 { // lanes hold 0-7 and 16-23, 8-15 and 24-31
		c.VPERM2I128(operand.U8(0x20), sums[2], sums[0], sums[1])
		c.VPERM2I128(operand.U8(0x31), sums[2], sums[0], sums[2])
		c.VMOVDQU(sums[1], operand.Mem{Base: dst})
	} else {
		c.VMOVDQU(sums[0], operand.Mem{Base: dst})
	}
	c.VMOVDQU(sums[2], operand.Mem{Base: dst, Disp: 32})
	c.ADDQ(operand.U8(32*size), src)
	c.ADDQ(operand.U8(64), dst)
	c.SUBQ(operand.U8(32), n)
	c.JNZ(operand.LabelRef("columns"))
	c.VZEROUPPER()
	c.RET()
}

// interleaveBytes returns 32 columns of two rows as words: 0-3 and 16-19, 4-7 and 20-23, 8-11 and 24-27, 12-15 and 28-31.
func (c resampler) interleaveBytes(at, stride reg.Register, zero reg.VecVirtual, second bool) []reg.VecVirtual {
	a, p := c.YMM(), []reg.VecVirtual{c.YMM(), c.YMM(), c.YMM(), c.YMM()}
	c.VMOVDQU(operand.Mem{Base: at}, a)
	var b operand.Op = zero
	if second {
		b = operand.Mem{Base: at, Index: stride, Scale: 1}
		y := c.YMM()
		c.VMOVDQU(b, y)
		b = y
	}
	c.VPUNPCKLBW(b, a, p[0])
	c.VPUNPCKHBW(b, a, p[2])
	c.VPUNPCKHBW(zero, p[0], p[1])
	c.VPUNPCKLBW(zero, p[0], p[0])
	c.VPUNPCKHBW(zero, p[2], p[3])
	c.VPUNPCKLBW(zero, p[2], p[2])
	return p
}

// interleaveWords returns 32 columns of two rows, less 32768: 0-3 and 8-11, 4-7 and 12-15, and the same from 16 on.
func (c resampler) interleaveWords(at, stride reg.Register, sign reg.VecVirtual, second bool) []reg.VecVirtual {
	p := []reg.VecVirtual{c.YMM(), c.YMM(), c.YMM(), c.YMM()}
	for i := 0; i < 4; i += 2 {
		a, b := c.YMM(), sign
		c.VPXOR(operand.Mem{Base: at, Disp: 16 * i}, sign, a)
		if second {
			b = c.YMM()
			c.VPXOR(operand.Mem{Base: at, Index: stride, Scale: 1, Disp: 16 * i}, sign, b)
		}
		c.VPUNPCKLWD(b, a, p[i])
		c.VPUNPCKHWD(b, a, p[i+1])
	}
	return p
}

// narrow is for pictures without a horizontal pass.
func (c resampler) narrow() {
	c.function("narrowBytes", "rounds n samples with 6 bits behind the point; n is a multiple of 32.", "dst *byte, src *int16, n int")
	dst, src, n := c.load("dst"), c.load("src"), c.load("n")
	half := c.constant32(0x00200020)
	c.Label("loop")
	a, b := c.YMM(), c.YMM()
	for i, v := range []reg.VecVirtual{a, b} {
		c.VPADDSW(operand.Mem{Base: src, Disp: 32 * i}, half, v)
		c.VPSRAW(operand.U8(6), v, v)
	}
	c.VPACKUSWB(b, a, a)
	c.VPERMQ(operand.U8(0b11011000), a, a)
	c.VMOVDQU(a, operand.Mem{Base: dst})
	c.ADDQ(operand.U8(64), src)
	c.ADDQ(operand.U8(32), dst)
	c.SUBQ(operand.U8(32), n)
	c.JNZ(operand.LabelRef("loop"))
	c.VZEROUPPER()
	c.RET()
}

// pair1 transposes 8x8 pairs at a time.
func (c resampler) pair1() {
	c.function("pair1", "interleaves the pairs of samples of eight rows, which begin every stride samples; n is a multiple of 16.",
		"dst, src *int16, stride, n int")
	dst, src, stride, n := c.load("dst"), c.load("src"), c.load("stride"), c.load("n")
	c.SHLQ(operand.U8(1), stride)
	stride3, far := c.GP64(), c.GP64()
	c.LEAQ(operand.Mem{Base: stride, Index: stride, Scale: 2}, stride3)
	c.LEAQ(operand.Mem{Base: src, Index: stride, Scale: 4}, far)
	c.Label("loop")
	r := make([]reg.VecVirtual, 8)
	for i := range r {
		r[i] = c.YMM()
		base := []reg.Register{src, far}[i/4]
		from := []operand.Mem{{Base: base}, {Base: base, Index: stride, Scale: 1},
			{Base: base, Index: stride, Scale: 2}, {Base: base, Index: stride3, Scale: 1}}[i%4]
		c.VMOVDQU(from, r[i])
	}
	double, quad := make([]reg.VecVirtual, 8), make([]reg.VecVirtual, 8)
	for i := 0; i < 8; i += 2 { // columns 0 1 | 4 5 and 2 3 | 6 7 of two rows
		double[i], double[i+1] = c.YMM(), c.YMM()
		c.VPUNPCKLDQ(r[i+1], r[i], double[i])
		c.VPUNPCKHDQ(r[i+1], r[i], double[i+1])
	}
	for i := 0; i < 8; i += 4 { // quad[i+j] is columns j | j+4 of four rows
		for j := range 2 {
			quad[i+2*j], quad[i+2*j+1] = c.YMM(), c.YMM()
			c.VPUNPCKLQDQ(double[i+2+j], double[i+j], quad[i+2*j])
			c.VPUNPCKHQDQ(double[i+2+j], double[i+j], quad[i+2*j+1])
		}
	}
	for j := range 4 {
		lo, hi := c.YMM(), c.YMM()
		c.VPERM2I128(operand.U8(0x20), quad[4+j], quad[j], lo)
		c.VPERM2I128(operand.U8(0x31), quad[4+j], quad[j], hi)
		c.VMOVDQU(lo, operand.Mem{Base: dst, Disp: 32 * j})
		c.VMOVDQU(hi, operand.Mem{Base: dst, Disp: 32 * (j + 4)})
	}
	c.ADDQ(operand.U8(32), src)
	c.ADDQ(operand.U8(32), far)
	c.ADDQ(operand.U32(256), dst)
	c.SUBQ(operand.U8(16), n)
	c.JNZ(operand.LabelRef("loop"))
	c.VZEROUPPER()
	c.RET()
}

// pair4 makes pairs of the same channel of two neighbouring pixels.
func (c resampler) pair4() {
	c.function("pair4", "interleaves the pairs of pixels of two rows, which begin every stride samples; n, in pixels, is even.",
		"dst, src *int16, stride, n int")
	dst, src, stride, n := c.load("dst"), c.load("src"), c.load("stride"), c.load("n")
	c.SHLQ(operand.U8(1), stride)
	c.Label("loop")
	a, b := c.YMM(), c.YMM()
	c.VMOVDQU(operand.Mem{Base: src}, a.AsX())
	c.VINSERTI128(operand.U8(1), operand.Mem{Base: src, Index: stride, Scale: 1}, a, a)
	c.VPSRLDQ(operand.U8(8), a, b)
	c.VPUNPCKLWD(b, a, a)
	c.VMOVDQU(a, operand.Mem{Base: dst})
	c.ADDQ(operand.U8(16), src)
	c.ADDQ(operand.U8(32), dst)
	c.SUBQ(operand.U8(2), n)
	c.JNZ(operand.LabelRef("loop"))
	c.VZEROUPPER()
	c.RET()
}

// rows is where a block of results is stored.
type rows struct{ dst, stride, stride3, far reg.Register }

// row returns the place of row i of eight.
func (r rows) row(i int) operand.Mem {
	m := operand.Mem{Base: r.dst}
	if i >= 4 {
		m.Base = r.far
	}
	switch i % 4 {
	case 1:
		m.Index, m.Scale = r.stride, 1
	case 2:
		m.Index, m.Scale = r.stride, 2
	case 3:
		m.Index, m.Scale = r.stride3, 1
	}
	return m
}

// horizontal sums the pairs of each result: eight sums at once, of eight rows or of four channels of two rows. Each pair
// of weights counts for all of them.
func (c resampler) horizontal(name, kind string, shift, block int, store func([]reg.VecVirtual, rows)) {
	what := map[int]string{8: "eight rows", 4: "two rows with four channels"}[block]
	c.function(name, fmt.Sprintf("makes n results of each of %s; n is a multiple of %d, first is 4 times a pair.", what, block),
		fmt.Sprintf("dst *%s, stride int, src *int16, first *int32, weights *int16, pairs, n int", kind))
	at := rows{dst: c.load("dst"), stride: c.load("stride")}
	src, first, weights, pairs, n := c.load("src"), c.load("first"), c.load("weights"), c.load("pairs"), c.load("n")
	size := 1
	if kind == "uint16" {
		size = 2
		c.SHLQ(operand.U8(1), at.stride)
	}
	if block == 8 {
		stride3, far := c.GP64(), c.GP64()
		c.LEAQ(operand.Mem{Base: at.stride, Index: at.stride, Scale: 2}, stride3)
		c.LEAQ(operand.Mem{Base: at.dst, Index: at.stride, Scale: 4}, far)
		at.stride3, at.far = stride3, far
	}
	half := c.constant32(1 << (shift - 1))
	c.SHLQ(operand.U8(2), pairs) // in bytes
	c.ADDQ(pairs, weights)       // the end of the weights of a result
	back := c.GP64()
	c.MOVQ(pairs, back)
	c.NEGQ(back)
	c.Label("loop")
	sums := make([]reg.VecVirtual, block)
	for i := range sums {
		sums[i] = c.YMM()
		from, j := c.GP64(), c.GP64()
		c.MOVLQSX(operand.Mem{Base: first, Disp: 4 * i}, from)
		c.ADDQ(pairs, from) // a pair of weights has 4 bytes, the pairs of eight rows 32
		c.LEAQ(operand.Mem{Base: src, Index: from, Scale: 8}, from)
		c.MOVQ(back, j)
		c.VMOVDQA(half, sums[i])
		label := fmt.Sprintf("sum%d", i)
		c.Label(label)
		p := c.YMM()
		c.VPBROADCASTD(operand.Mem{Base: weights, Index: j, Scale: 1}, p)
		c.VPMADDWD(operand.Mem{Base: from, Index: j, Scale: 8}, p, p)
		c.VPADDD(p, sums[i], sums[i])
		c.ADDQ(operand.U8(4), j)
		c.JNZ(operand.LabelRef(label))
		c.ADDQ(pairs, weights)
		c.VPSRAD(operand.U8(shift), sums[i], sums[i])
	}
	store(sums, at)
	if block == 8 {
		c.ADDQ(operand.U8(8*size), at.dst)
		c.ADDQ(operand.U8(8*size), at.far)
	} else {
		c.ADDQ(operand.U8(16*size), at.dst)
	}
	c.ADDQ(operand.U8(4*block), first)
	c.SUBQ(operand.U8(block), n)
	c.JNZ(operand.LabelRef("loop"))
	c.VZEROUPPER()
	c.RET()
}

// masks are for VPSHUFB: they transpose 4x4 bytes, and interleave words with those 8 bytes behind them.
type masks struct{ bytes, words operand.Mem }

func (c resampler) masks() masks {
	mask := func(name string, lo, hi uint64) operand.Mem {
		m := c.StaticGlobal(name)
		c.DataAttributes(attr.RODATA | attr.NOPTR)
		for i, v := range []uint64{lo, hi, lo, hi} {
			c.AddDatum(8*i, operand.U64(v))
		}
		return m
	}
	return masks{
		mask("transposeBytes", 0x0d0905010c080400, 0x0f0b07030e0a0602),
		mask("interleaveWords", 0x0b0a030209080100, 0x0f0e07060d0c0504),
	}
}

// storeBytes1 stores eight results of each of eight rows. Each of sums is a result of all rows.
func (c resampler) storeBytes1(sums []reg.VecVirtual, at rows, m masks) {
	for i := 0; i < 8; i += 2 {
		c.VPACKSSDW(sums[i+1], sums[i], sums[i])
	}
	for i := 0; i < 8; i += 4 {
		c.VPACKUSWB(sums[i+2], sums[i], sums[i])
		c.VPSHUFB(m.bytes, sums[i], sums[i]) // four results of rows 0 to 3 | 4 to 7
	}
	c.VPUNPCKHDQ(sums[4], sums[0], sums[1]) // rows 2, 3 | 6, 7
	c.VPUNPCKLDQ(sums[4], sums[0], sums[0]) // rows 0, 1 | 4, 5
	for i := range 2 {
		lo, hi := sums[i].AsX(), sums[i+2].AsX()
		c.VEXTRACTI128(operand.U8(1), sums[i], hi)
		c.VMOVQ(lo, at.row(2*i))
		c.VMOVHPS(lo, at.row(2*i+1))
		c.VMOVQ(hi, at.row(4+2*i))
		c.VMOVHPS(hi, at.row(4+2*i+1))
	}
}

// storeUint16x1 is storeBytes1 for 16 bits.
func (c resampler) storeUint16x1(sums []reg.VecVirtual, at rows, m masks) {
	sign := c.constant32(0x80008000)
	for i := 0; i < 8; i += 2 {
		c.VPACKSSDW(sums[i+1], sums[i], sums[i])
		c.VPXOR(sign, sums[i], sums[i])
		c.VPSHUFB(m.words, sums[i], sums[i]) // two results of rows 0 to 3 | 4 to 7
	}
	for i := 0; i < 8; i += 4 { // four results of two rows
		c.VPUNPCKHDQ(sums[i+2], sums[i], sums[i+1])
		c.VPUNPCKLDQ(sums[i+2], sums[i], sums[i])
	}
	for i := range 2 {
		a, b := sums[2], sums[3]
		c.VPUNPCKLQDQ(sums[i+4], sums[i], a)
		c.VPUNPCKHQDQ(sums[i+4], sums[i], b)
		c.VMOVDQU(a.AsX(), at.row(2*i))
		c.VMOVDQU(b.AsX(), at.row(2*i+1))
		c.VEXTRACTI128(operand.U8(1), a, at.row(4+2*i))
		c.VEXTRACTI128(operand.U8(1), b, at.row(4+2*i+1))
	}
}

// storeBytes4 stores four pixels of two rows, one in each lane.
func (c resampler) storeBytes4(sums []reg.VecVirtual, at rows) {
	c.VPACKSSDW(sums[1], sums[0], sums[0])
	c.VPACKSSDW(sums[3], sums[2], sums[2])
	c.VPACKUSWB(sums[2], sums[0], sums[0])
	c.VMOVDQU(sums[0].AsX(), at.row(0))
	c.VEXTRACTI128(operand.U8(1), sums[0], at.row(1))
}

// storeUint16x4 is storeBytes4 for 16 bits.
func (c resampler) storeUint16x4(sums []reg.VecVirtual, at rows) {
	sign := c.constant32(0x80008000)
	for i := 0; i < 4; i += 2 {
		c.VPACKSSDW(sums[i+1], sums[i], sums[i])
		c.VPXOR(sign, sums[i], sums[i])
	}
	c.VPERM2I128(operand.U8(0x20), sums[2], sums[0], sums[1])
	c.VPERM2I128(operand.U8(0x31), sums[2], sums[0], sums[2])
	c.VMOVDQU(sums[1], at.row(0))
	c.VMOVDQU(sums[2], at.row(1))
}
