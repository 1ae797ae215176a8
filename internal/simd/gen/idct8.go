package main

import (
	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// inverse8 takes two blocks at a time: one in the low lane of each register,
// the other in the high one. A register is a row of both.
func (k *idctKernels) inverse8() {
	k.Function("inverse8AVX2")
	k.Attributes(attr.NOSPLIT)
	k.SignatureExpr("func(dst *byte, stride int, coefs *int16, last *uint8, n int, quant *[128]uint16) int")
	k.Doc("inverse8AVX2 makes 8 rows of samples of n blocks, an even number, and clears them.",
		"It stops early, and returns how many it has done, before a pair that has a",
		"coefficient in its first row of 8192 or more, which only damaged files have.")
	f := &inverse8{idctKernels: k, spill: k.AllocLocal(8 * 32)}
	f.dst = k.Load(k.Param("dst"), k.GP64())
	f.stride = k.Load(k.Param("stride"), k.GP64())
	f.coefs = k.Load(k.Param("coefs"), k.GP64())
	f.last = k.Load(k.Param("last"), k.GP64())
	f.n = k.Load(k.Param("n"), k.GP64())
	f.quant = k.Load(k.Param("quant"), k.GP64())
	f.stride3, f.dst4, f.i = k.GP64(), k.GP64(), k.GP64()
	k.LEAQ(Mem{Base: f.stride, Index: f.stride, Scale: 2}, f.stride3)
	k.LEAQ(Mem{Base: f.dst, Index: f.stride, Scale: 4}, f.dst4)
	k.XORQ(f.i, f.i)

	k.Label("pair")
	k.CMPQ(f.i, f.n)
	k.JGE(LabelRef("done"))
	places := k.GP32()
	k.MOVWLZX(Mem{Base: f.last, Index: f.i, Scale: 1}, places)
	k.TESTL(places, places)
	k.JEQ(LabelRef("dc"))
	k.ADDL(U32(0x0606), places)
	k.TESTL(U32(0xf0f0), places)
	k.JEQ(LabelRef("corner")) // last < 10 of both

	f.full()
	k.JMP(LabelRef("next"))
	k.Label("corner")
	f.corner()
	k.JMP(LabelRef("next"))
	k.Label("dc")
	f.dc()

	k.Label("next")
	k.ADDQ(U8(2), f.i)
	k.ADDQ(U32(256), f.coefs)
	k.ADDQ(U8(16), f.dst)
	k.ADDQ(U8(16), f.dst4)
	k.JMP(LabelRef("pair"))
	k.Label("done")
	k.VZEROUPPER()
	k.Store(f.i, k.ReturnIndex(0))
	k.RET()
}

type inverse8 struct {
	*idctKernels
	dst, dst4, stride, stride3 reg.Register // dst4: dst + 4*stride
	coefs, last, n, quant, i   reg.Register
	spill                      Mem
}

func (f *inverse8) coef(offset int) Mem { return Mem{Base: f.coefs, Disp: offset} }

// row is where row y of the samples begins.
func (f *inverse8) row(y int) Mem {
	base := f.dst
	if y >= 4 {
		base = f.dst4
	}
	switch y & 3 {
	case 0:
		return Mem{Base: base}
	case 3:
		return Mem{Base: base, Index: f.stride3, Scale: 1}
	}
	return Mem{Base: base, Index: f.stride, Scale: uint8(y & 3)}
}

// load returns the first so many rows, dequantised, and clears what it reads.
func (f *inverse8) load(rows int) []reg.VecVirtual {
	r := make([]reg.VecVirtual, rows)
	for v := range r {
		r[v] = f.YMM()
		f.VBROADCASTI128(f.coef(16*v), r[v])
		f.VINSERTI128(U8(1), f.coef(128+16*v), r[v], r[v])
		f.VPMULLW(Mem{Base: f.quant, Disp: 32 * v}, r[v], r[v])
		if v == 0 {
			biased := f.YMM()
			f.VPADDW(f.words(0x2000), r[0], biased)
			f.VPTEST(f.words(0xc000), biased)
			f.JNE(LabelRef("done"))
		}
	}
	zero := f.YMM()
	f.VPXOR(zero, zero, zero)
	for at := 0; at < 16*rows; at += 32 {
		f.VMOVDQU(zero, f.coef(at))
		f.VMOVDQU(zero, f.coef(128+at))
	}
	return r
}

// full is the transform of any two blocks.
func (f *inverse8) full() {
	r := f.pass(f.load(8), 1<<10, func(low reg.VecVirtual, high Mem) {
		f.VPSRAD(U8(11), low, low)
		f.VPACKSSDW(high, low, low)
	}, func(high reg.VecVirtual) { f.VPSRAD(U8(11), high, high) })
	f.transpose(r)
	f.store(f.pass(r, 1<<17, f.pack2, nil))
}

// pack2 rounds the second pass: the bits from 18 on of both halves, of which
// none is lost, as words. Those of the high half get between those of the low
// one: 0 4 1 5 2 6 3 7.
func (f *inverse8) pack2(low reg.VecVirtual, high Mem) {
	f.VPSRLD(U8(16), low, low)
	f.VPBLENDW(U8(0xaa), high, low, low)
	f.VPSRAW(U8(2), low, low)
}

// pass transforms 8 registers, each lane of words by itself. The high halves
// are done first, and wait in memory, after finish, until pack joins both.
func (f *inverse8) pass(r []reg.VecVirtual, round uint32, pack func(low reg.VecVirtual, high Mem), finish func(reg.VecVirtual)) []reg.VecVirtual {
	var low, high eightPoint
	sum, difference := f.YMM(), f.YMM()
	f.VPADDW(r[4], r[0], sum)
	f.VPSUBW(r[4], r[0], difference)
	low.sums, high.sums = f.unpack(sum, difference)
	low.even, high.even = f.unpack(r[2], r[6])
	z3, z4 := f.YMM(), f.YMM()
	f.VPADDW(r[7], r[3], z3)
	f.VPADDW(r[5], r[1], z4)
	low.both, high.both = f.unpack(z3, z4)
	low.odd17, high.odd17 = f.unpack(r[1], r[7])
	low.odd35, high.odd35 = f.unpack(r[3], r[5])
	f.half(high, round, func(i int, v reg.VecVirtual) {
		if finish != nil {
			finish(v)
		}
		f.VMOVDQU(v, f.spill.Offset(32*i))
	})
	out := make([]reg.VecVirtual, 8)
	f.half(low, round, func(i int, v reg.VecVirtual) {
		pack(v, f.spill.Offset(32*i))
		out[i] = v
	})
	return out
}

// eightPoint is the inputs of an 8-point transform in 8 lanes, by pairs.
type eightPoint struct{ sums, even, both, odd17, odd35 reg.VecVirtual }

// half is the 8-point transform with sums of 32 bits. It hands each output over
// as soon as it is there.
func (f *inverse8) half(in eightPoint, round uint32, emit func(i int, v reg.VecVirtual)) {
	z3, z4 := f.madd(in.both, both3), f.madd(in.both, both4)
	o := [4]reg.VecVirtual{f.madd(in.odd17, odd0), f.madd(in.odd35, odd1), f.madd(in.odd35, odd2), f.madd(in.odd17, odd3)}
	f.VPADDD(z4, o[0], o[0])
	f.VPADDD(z3, o[1], o[1])
	f.VPADDD(z4, o[2], o[2])
	f.VPADDD(z3, o[3], o[3])
	for i, p := range [2][2][2]int{{sum0, even3}, {sum1, even2}} {
		t := f.madd(in.sums, p[0])
		f.VPADDD(f.value(round), t, t)
		e, last := f.sumAndDifference(t, f.madd(in.even, p[1]))
		f.butterfly(i, e, o[i], emit)
		f.butterfly(3-i, last, o[3-i], emit)
	}
}

// butterfly hands over outputs i and 7-i.
func (f *inverse8) butterfly(i int, even, odd reg.VecVirtual, emit func(i int, v reg.VecVirtual)) {
	sum, difference := f.sumAndDifference(even, odd)
	emit(i, sum)
	emit(7-i, difference)
}

// corner is the transform of blocks that have nothing outside of the first 4
// rows and columns. In the first pass there is no high half.
func (f *inverse8) corner() {
	r := f.load(4)
	even, odd := f.YMM(), f.YMM()
	f.VPUNPCKLWD(r[2], r[0], even)
	f.VPUNPCKLWD(r[3], r[1], odd)
	s := make([]reg.VecVirtual, 8)
	f.cornerHalf(even, odd, 1<<10, func(i int, v reg.VecVirtual) {
		f.VPSRAD(U8(11), v, v)
		s[i] = v
	})
	for i := 0; i < 8; i += 2 {
		f.VPACKSSDW(s[i+1], s[i], s[i]) // 4 columns of rows i and i+1
	}
	// Words that are as far apart as their rows get closer with each step.
	a, b := f.unpack(s[0], s[4])
	c, d := f.unpack(s[2], s[6])
	ac0, ac1 := f.unpack(a, c)
	bd0, bd1 := f.unpack(b, d)
	t0, t1 := f.unpack(ac0, bd0)
	t2, t3 := f.unpack(ac1, bd1)

	evenLow, evenHigh := f.unpack(t0, t2)
	oddLow, oddHigh := f.unpack(t1, t3)
	f.cornerHalf(evenHigh, oddHigh, 1<<17, func(i int, v reg.VecVirtual) { f.VMOVDQU(v, f.spill.Offset(32*i)) })
	out := make([]reg.VecVirtual, 8)
	f.cornerHalf(evenLow, oddLow, 1<<17, func(i int, v reg.VecVirtual) {
		f.pack2(v, f.spill.Offset(32*i))
		out[i] = v
	})
	f.store(out)
}

// cornerHalf is half with inputs 4 to 7 zero.
func (f *inverse8) cornerHalf(even, odd reg.VecVirtual, round uint32, emit func(i int, v reg.VecVirtual)) {
	for i := range 4 {
		e := f.madd(even, cornerEven[i])
		f.VPADDD(f.value(round), e, e)
		f.butterfly(i, e, f.madd(odd, cornerOdd[i]), emit)
	}
}

// transpose makes columns of rows, in each lane.
func (f *inverse8) transpose(r []reg.VecVirtual) {
	var a [8]reg.VecVirtual
	for i := 0; i < 8; i += 2 {
		a[i], a[i+1] = f.unpack(r[i], r[i+1]) // columns 0 to 3, 4 to 7
	}
	for i := range 2 { // of the columns from 4*i on, rows 0 to 3 and 4 to 7
		x0, x1 := f.unpack32(a[i], a[2+i])
		y0, y1 := f.unpack32(a[4+i], a[6+i])
		r[4*i], r[4*i+1] = f.unpack64(x0, y0)
		r[4*i+2], r[4*i+3] = f.unpack64(x1, y1)
	}
}

func (k *idctKernels) unpack32(a, b reg.VecVirtual) (low, high reg.VecVirtual) {
	low, high = k.YMM(), k.YMM()
	k.VPUNPCKLDQ(b, a, low)
	k.VPUNPCKHDQ(b, a, high)
	return low, high
}

func (k *idctKernels) unpack64(a, b reg.VecVirtual) (low, high reg.VecVirtual) {
	low, high = k.YMM(), k.YMM()
	k.VPUNPCKLQDQ(b, a, low)
	k.VPUNPCKHQDQ(b, a, high)
	return low, high
}

// store makes bytes of 8 columns, whose rows are in the order 0 4 1 5 2 6 3 7,
// and writes them by rows.
func (f *inverse8) store(s []reg.VecVirtual) {
	bytes := func(a, b reg.VecVirtual) reg.VecVirtual {
		f.VPACKSSWB(b, a, a)
		f.VPADDB(f.value(0x80808080), a, a)
		return a
	}
	unpack8 := func(a, b reg.VecVirtual) (low, high reg.VecVirtual) {
		low, high = f.YMM(), f.YMM()
		f.VPUNPCKLBW(b, a, low)
		f.VPUNPCKHBW(b, a, high)
		return low, high
	}
	x01, x23 := unpack8(bytes(s[0], s[2]), bytes(s[1], s[3]))
	x45, x67 := unpack8(bytes(s[4], s[6]), bytes(s[5], s[7]))
	left0, left1 := f.unpack(x01, x23) // 4 columns of rows 0 4 1 5, 2 6 3 7
	right0, right1 := f.unpack(x45, x67)
	var rows [4]reg.VecVirtual // rows i and i+4
	rows[0], rows[1] = f.unpack32(left0, right0)
	rows[2], rows[3] = f.unpack32(left1, right1)
	for i, v := range rows {
		f.VPERMQ(U8(0xd8), v, v)
		f.VMOVDQU(v.AsX(), f.row(i))
		f.VEXTRACTI128(U8(1), v, f.row(i+4))
	}
}

// dc is the transform of two blocks that have nothing but their DC. What is
// shifted by 2 wraps around.
func (f *inverse8) dc() {
	v, second, factor := f.XMM(), f.XMM(), f.XMM()
	f.VPBROADCASTW(Mem{Base: f.quant}, factor)
	f.VMOVD(f.coef(0), v)
	f.VMOVD(f.coef(128), second)
	f.VPUNPCKLQDQ(second, v, v)
	f.VPMULLW(factor, v, v) // word 0 of both halves, and the rest zero
	f.VPSLLW(U8(2), v, v)
	f.VPADDSW(f.words(16), v, v)
	f.VPSRAW(U8(5), v, v)
	f.VPSHUFLW(U8(0), v, v)
	f.VPSHUFHW(U8(0), v, v)
	f.VPACKSSWB(v, v, v)
	f.VPADDB(f.value(0x80808080), v, v)
	f.VPSHUFD(U8(0x50), v, v)
	for y := range 8 {
		f.VMOVDQU(v, f.row(y))
	}
	f.MOVW(U16(0), f.coef(0))
	f.MOVW(U16(0), f.coef(128))
}
