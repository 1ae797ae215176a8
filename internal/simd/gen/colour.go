package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// colour is the conversions of internal/jfif. The products are those of the Go
// code, in 32 bits.
func colour(c *build.Context) {
	g := &colourGen{Context: c}
	g.halve()
	g.expand("expandWhole", "with a chroma sample for each", false)
	g.expand("expandHalved", "with a chroma sample for each two", true)
}

type colourGen struct {
	*build.Context
	consts map[string]operand.Mem
}

// dwords returns 8 equal numbers of 32 bits.
func (g *colourGen) dwords(name string, v int32) operand.Mem {
	if m, ok := g.consts[name]; ok {
		return m
	}
	m := g.StaticGlobal(name)
	g.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range 8 {
		g.AddDatum(4*i, operand.U32(uint32(v)))
	}
	if g.consts == nil {
		g.consts = map[string]operand.Mem{}
	}
	g.consts[name] = m
	return m
}

// factors are two for VPMADDWD.
func (g *colourGen) factors(name string, a, b int16) operand.Mem {
	return g.dwords(name, int32(b)<<16|int32(uint16(a)))
}

func (g *colourGen) pointer(name string) reg.GPVirtual {
	return g.Load(g.Param(name), g.GP64()).(reg.GPVirtual)
}

// halve makes Y, Cb and Cr of 16 pixels of two rows at a time. A pixel is split
// into the words red, blue and green, alpha; alpha meets a factor of 0.
func (g *colourGen) halve() {
	g.Function("halve")
	g.Pragma("noescape")
	g.Attributes(attr.NOSPLIT)
	g.SignatureExpr("func(y0 *byte, y1 *byte, cb *byte, cr *byte, top *byte, low *byte, groups int)")
	g.Doc("halve is FromRGBA for 16*groups pixels.")
	y := [2]reg.GPVirtual{g.pointer("y0"), g.pointer("y1")}
	chroma := [2]reg.GPVirtual{g.pointer("cb"), g.pointer("cr")}
	rows := [2]reg.GPVirtual{g.pointer("top"), g.pointer("low")}
	groups := g.pointer("groups")
	g.Label("halveGroup")
	var redBlue, green [2]reg.VecVirtual // sums of both rows
	for row := range 2 {
		var luma [2]reg.VecVirtual
		for i := range 2 {
			px, rb, ga := g.YMM(), g.YMM(), g.YMM()
			g.VMOVDQU(operand.Mem{Base: rows[row], Disp: 32 * i}, px)
			g.VPAND(g.dwords("lowbytes", 0x00ff00ff), px, rb)
			g.VPSRLW(operand.U8(8), px, ga)
			a, b := g.YMM(), g.YMM()
			g.VPMADDWD(g.factors("lumaRedBlue", 19595, 7471), rb, a)
			g.VPMADDWD(g.factors("lumaGreen", 38470/2, 0), ga, b)
			g.VPSLLD(operand.U8(1), b, b)
			g.VPADDD(a, b, b)
			g.VPADDD(g.dwords("lumaRound", 1<<15), b, b)
			g.VPSRLD(operand.U8(16), b, b)
			luma[i] = b
			if row == 0 {
				redBlue[i], green[i] = rb, ga
				continue
			}
			g.VPADDW(rb, redBlue[i], redBlue[i])
			g.VPADDW(ga, green[i], green[i])
		}
		g.VPACKUSDW(luma[1], luma[0], luma[0])
		g.VPERMQ(operand.U8(0xd8), luma[0], luma[0])
		upper := g.XMM()
		g.VEXTRACTI128(operand.U8(1), luma[0], upper)
		g.VPACKUSWB(upper, luma[0].AsX(), upper)
		g.VMOVDQU(upper, operand.Mem{Base: y[row]})
	}
	rb, ga := g.neighbours(redBlue), g.neighbours(green)
	for i, f := range [2]struct {
		name             string
		red, blue, green int16
	}{{"cb", 11059, -32768, 21709}, {"cr", -32768, 5329, 27439}} {
		a, b := g.YMM(), g.YMM()
		g.VPMADDWD(g.factors(f.name+"RedBlue", f.red, f.blue), rb, a)
		g.VPMADDWD(g.factors(f.name+"Green", f.green, 0), ga, b)
		g.VPADDD(a, b, b)
		middle := g.YMM()
		g.VMOVDQU(g.dwords("middle", 128<<18+1<<17-1), middle)
		g.VPSUBD(b, middle, b)
		g.VPSRLD(operand.U8(18), b, b)
		upper := g.XMM()
		g.VEXTRACTI128(operand.U8(1), b, upper)
		g.VPACKUSDW(upper, b.AsX(), upper)
		g.VPACKUSWB(upper, upper, upper)
		g.VMOVQ(upper, operand.Mem{Base: chroma[i]})
		g.ADDQ(operand.U8(8), chroma[i])
	}
	for i := range 2 {
		g.ADDQ(operand.U8(16), y[i])
		g.ADDQ(operand.U8(64), rows[i])
	}
	g.DECQ(groups)
	g.JNZ(operand.LabelRef("halveGroup"))
	g.VZEROUPPER()
	g.RET()
}

// neighbours adds pixels to the next ones.
func (g *colourGen) neighbours(p [2]reg.VecVirtual) reg.VecVirtual {
	even, odd := g.YMM(), g.YMM()
	g.VSHUFPS(operand.U8(0x88), p[1], p[0], even)
	g.VSHUFPS(operand.U8(0xdd), p[1], p[0], odd)
	g.VPADDW(even, odd, odd)
	g.VPERMQ(operand.U8(0xd8), odd, odd)
	return odd
}

// expand makes 8 pixels at a time.
func (g *colourGen) expand(name, doc string, halved bool) {
	g.Function(name)
	g.Pragma("noescape")
	g.Attributes(attr.NOSPLIT)
	g.SignatureExpr("func(dst *byte, y *byte, cb *byte, cr *byte, groups int)")
	g.Doc(name + " makes 8*groups pixels, " + doc + ".")
	dst, y, groups := g.pointer("dst"), g.pointer("y"), g.pointer("groups")
	chroma := [2]reg.GPVirtual{g.pointer("cb"), g.pointer("cr")}
	g.Label(name + "Group")
	luma := g.YMM()
	g.VPMOVZXBD(operand.Mem{Base: y}, luma)
	g.VPMULLD(g.dwords("ones", 0x10101), luma, luma)
	var c [2]reg.VecVirtual
	for i := range c {
		c[i] = g.YMM()
		if halved {
			x := g.XMM()
			g.VMOVD(operand.Mem{Base: chroma[i]}, x)
			g.VPUNPCKLBW(x, x, x)
			g.VPMOVZXBD(x, c[i])
			g.ADDQ(operand.U8(4), chroma[i])
		} else {
			g.VPMOVZXBD(operand.Mem{Base: chroma[i]}, c[i])
			g.ADDQ(operand.U8(8), chroma[i])
		}
		g.VPSUBD(g.dwords("gray", 128), c[i], c[i])
	}
	out := g.YMM()
	g.VMOVDQU(g.dwords("alpha", -1<<24), out)
	for i, channel := range [3][2]int32{{0, 91881}, {-22554, -46802}, {116130, 0}} {
		v := luma
		for j, f := range channel {
			if f == 0 {
				continue
			}
			p := g.YMM()
			g.VPMULLD(g.dwords("factor"+string(rune('0'+2*i+j)), f), c[j], p)
			g.VPADDD(v, p, p)
			v = p
		}
		g.VPSRAD(operand.U8(16), v, v)
		zero := g.YMM()
		g.VPXOR(zero, zero, zero)
		g.VPMAXSD(zero, v, v)
		g.VPMINSD(g.dwords("most", 255), v, v)
		if i > 0 {
			g.VPSLLD(operand.U8(8*i), v, v)
		}
		g.VPOR(v, out, out)
	}
	g.VMOVDQU(out, operand.Mem{Base: dst})
	g.ADDQ(operand.U8(32), dst)
	g.ADDQ(operand.U8(8), y)
	g.DECQ(groups)
	g.JNZ(operand.LabelRef(name + "Group"))
	g.VZEROUPPER()
	g.RET()
}
