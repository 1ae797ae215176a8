package main

import (
	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// smaller is what the kernels of the smaller sizes have in common: each writes
// 32 samples of every row at a time, of blocks that lie side by side. Where less
// is left, it goes back so far that 32 are, and writes some again.
type smaller struct {
	*idctKernels
	size                     int
	dst, stride, coefs, left reg.Register
	quant                    reg.Register
}

func (k *idctKernels) smaller(size int, name string, body func(*smaller)) {
	k.Function(name)
	k.Attributes(attr.NOSPLIT)
	k.SignatureExpr("func(dst *byte, stride int, coefs *int16, n int, quant *[128]uint16)")
	f := &smaller{idctKernels: k, size: size}
	f.dst = k.Load(k.Param("dst"), k.GP64())
	f.stride = k.Load(k.Param("stride"), k.GP64())
	f.coefs = k.Load(k.Param("coefs"), k.GP64())
	f.left = k.Load(k.Param("n"), k.GP64())
	f.quant = k.Load(k.Param("quant"), k.GP64())
	step := k.GP64()
	blocks := 32 / size

	k.Label("blocks")
	body(f)
	k.SUBQ(U8(blocks), f.left)
	k.JEQ(LabelRef("done"))
	k.MOVQ(U32(blocks), step)
	k.CMPQ(f.left, step)
	k.CMOVQLT(f.left, step)
	k.CMPQ(f.left, U8(blocks))
	full := k.GP64()
	k.MOVQ(U32(blocks), full)
	k.CMOVQLT(full, f.left)
	if size > 1 {
		samples := k.GP64()
		k.MOVQ(step, samples)
		k.SHLQ(U8(log2(size)), samples)
		k.ADDQ(samples, f.dst)
	} else {
		k.ADDQ(step, f.dst)
	}
	k.SHLQ(U8(2*log2(size)+1), step)
	k.ADDQ(step, f.coefs)
	k.JMP(LabelRef("blocks"))
	k.Label("done")
	k.VZEROUPPER()
	k.RET()
}

func log2(n int) (log int) {
	for ; n > 1; n /= 2 {
		log++
	}
	return log
}

// load returns 16 dequantised coefficients: 8 from a byte on, and 8 from half
// of the blocks further on in the high lane.
func (f *smaller) load(at, quant int) reg.VecVirtual {
	v := f.YMM()
	f.VBROADCASTI128(Mem{Base: f.coefs, Disp: at}, v)
	f.VINSERTI128(U8(1), Mem{Base: f.coefs, Disp: 32*f.size + at}, v, v)
	f.VPMULLW(Mem{Base: f.quant, Disp: quant}, v, v)
	return v
}

// store makes bytes of 16-bit samples of so many rows and writes them.
func (f *smaller) store(rows [][2]reg.VecVirtual) {
	at := f.GP64()
	f.MOVQ(f.dst, at)
	for y, v := range rows {
		if y > 0 {
			f.ADDQ(f.stride, at)
		}
		f.VPACKSSWB(v[1], v[0], v[0])
		f.VPADDB(f.value(0x80808080), v[0], v[0])
		f.VMOVDQU(v[0], Mem{Base: at})
	}
}

// inverse4 takes two blocks in a register, one in each lane, and 8 in all.
func (k *idctKernels) inverse4() {
	order := k.pattern(0, 2, 4, 6, 1, 3, 5, 7)
	k.smaller(4, "inverse4AVX2", func(f *smaller) {
		rows := make([][2]reg.VecVirtual, 4)
		for half := range 2 {
			a, b := f.block4(64*half, order), f.block4(64*half+32, order)
			for y := range rows {
				f.VPACKSSDW(b[y], a[y], a[y])
				rows[y][half] = a[y]
			}
		}
		f.store(rows)
	})
}

// pattern is a constant that VPSHUFB puts words into that order by, in both lanes.
func (k *idctKernels) pattern(order ...int) Mem {
	m := k.table.Offset(k.bytes)
	for range 2 {
		for _, i := range order {
			k.AddDatum(k.bytes, U16(2*i+(2*i+1)<<8))
			k.bytes += 2
		}
	}
	return m
}

// block4 returns 4 rows of samples, 32 bits each, of two blocks.
func (f *smaller) block4(at int, order Mem) [4]reg.VecVirtual {
	top, bottom := f.load(at, 0), f.load(at+16, 32)
	f.VPSHUFB(order, top, top) // of row 0 columns 0 2, of row 1 too, then columns 1 3
	f.VPSHUFB(order, bottom, bottom)
	pairs02, pairs13 := f.unpack32(top, bottom) // rows 0 2 1 3
	x := f.pass4(pairs02, pairs13, 10)
	f.VPACKSSDW(x[1], x[0], x[0])
	f.VPACKSSDW(x[3], x[2], x[2])
	rows02, rows13 := f.YMM(), f.YMM()
	f.VSHUFPS(U8(0x88), x[2], x[0], rows02)
	f.VSHUFPS(U8(0xdd), x[2], x[0], rows13)
	return f.pass4(rows02, rows13, 19)
}

// pass4 is the 4-point transform of pairs 0, 2 and 1, 3, rounded by a shift.
func (f *smaller) pass4(pairs02, pairs13 reg.VecVirtual, shift int) (x [4]reg.VecVirtual) {
	round := f.value(1 << (shift - 1))
	e0, e1 := f.madd(pairs02, sum4), f.madd(pairs02, difference4)
	f.VPADDD(round, e0, e0)
	f.VPADDD(round, e1, e1)
	x[0], x[3] = f.sumAndDifference(e0, f.madd(pairs13, outer4))
	x[1], x[2] = f.sumAndDifference(e1, f.madd(pairs13, inner4))
	for _, v := range x {
		f.VPSRAD(U8(shift), v, v)
	}
	return x
}

// inverse2 takes 4 blocks in a register, 16 in all. Its sums of 32 bits fit 16
// behind the shift.
func (k *idctKernels) inverse2() {
	k.smaller(2, "inverse2AVX2", func(f *smaller) {
		rows := make([][2]reg.VecVirtual, 2)
		for half := range 2 {
			a, b := f.load(32*half, 0), f.load(32*half+16, 0)
			row0, row1 := f.YMM(), f.YMM()
			f.VSHUFPS(U8(0x88), b, a, row0)
			f.VSHUFPS(U8(0xdd), b, a, row1)
			left, right := f.madd(row0, sum2), f.madd(row0, difference2)
			f.VPADDD(f.value(4), left, left)
			f.VPADDD(f.value(4), right, right)
			left0, left1 := f.sumAndDifference(left, f.madd(row1, sum2))
			right0, right1 := f.sumAndDifference(right, f.madd(row1, difference2))
			rows[0][half], rows[1][half] = f.beside(left0, right0), f.beside(left1, right1)
		}
		f.store(rows)
	})
}

// beside takes the last 3 bits away and joins two samples to words.
func (f *smaller) beside(left, right reg.VecVirtual) reg.VecVirtual {
	f.VPSRAD(U8(3), left, left)
	f.VPSLLD(U8(16-3), right, right)
	f.VPBLENDW(U8(0xaa), right, left, left)
	return left
}

// inverse1 takes a block in each lane of 16 bits.
func (k *idctKernels) inverse1() {
	k.smaller(1, "inverse1AVX2", func(f *smaller) {
		var row [2]reg.VecVirtual
		for half := range row {
			v := f.load(16*half, 0)
			f.VPADDSW(f.words(4), v, v)
			f.VPSRAW(U8(3), v, v)
			row[half] = v
		}
		f.store([][2]reg.VecVirtual{row})
	})
}
