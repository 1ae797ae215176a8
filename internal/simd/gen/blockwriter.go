package main

import (
	"strconv"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Where the tables of scanCodes in codec/jpeg are, in bytes.
const (
	blockCodesSize = 4*(16<<6) + symbolsSize
	symbolsSize    = 4 * 256
	dcSymbols      = 4 * (16 << 6)
	acSmall        = blockCodesSize
	acSymbols      = blockCodesSize + dcSymbols
	tableSize      = 2 * blockCodesSize
)

// blockWriter is the loop of scanWriter.strip in codec/jpeg with all that it
// calls. What it gains over Go is TZCNT, BLSR, SHLX and SHRX, and that nothing
// leaves the registers.
func blockWriter(c *build.Context) {
	c.Function("writeBlocks")
	c.Pragma("noescape")
	c.Attributes(attr.NOSPLIT)
	c.SignatureExpr("func(dst *byte, acc uint64, free int, blocks *uint16, nonzero *uint64, n int, plan *int32, perMCU int, codes *uint32, pred *int32) (written int, accOut uint64, freeOut int, bad bool)")
	c.Doc("writeBlocks codes n blocks as scanWriter.strip does. It needs BMI1 and BMI2, and",
		"at dst room for n blocks.")
	g := &writerGen{Context: c}
	g.dst = c.Load(c.Param("dst"), c.GP64()).(reg.GPVirtual)
	g.acc = c.Load(c.Param("acc"), c.GP64()).(reg.GPVirtual)
	g.free = c.Load(c.Param("free"), c.GP64()).(reg.GPVirtual)
	block := c.Load(c.Param("blocks"), c.GP64()).(reg.GPVirtual)
	masks := c.Load(c.Param("nonzero"), c.GP64()).(reg.GPVirtual)
	left, planEnd := c.AllocLocal(8), c.AllocLocal(8)
	t := c.GP64()
	c.Load(c.Param("n"), t)
	c.MOVQ(t, left)
	plan := c.Load(c.Param("plan"), c.GP64()).(reg.GPVirtual)
	c.Load(c.Param("perMCU"), t)
	c.LEAQ(operand.Mem{Base: plan, Index: t, Scale: 8}, t)
	c.MOVQ(t, planEnd)

	c.Label("block")
	tab, component, v := c.GP64(), c.GP64(), c.GP64()
	c.MOVL(operand.Mem{Base: plan}, tab.As32())
	c.IMUL3Q(operand.U32(tableSize), tab, tab)
	t = c.GP64()
	c.Load(c.Param("codes"), t)
	c.ADDQ(t, tab)
	c.MOVL(operand.Mem{Base: plan, Disp: 4}, component.As32())
	c.ADDQ(operand.U8(8), plan)
	c.Comment("The difference to the DC before.")
	c.MOVWLSX(operand.Mem{Base: block}, v.As32())
	preds, old := c.GP64(), c.GP64()
	c.Load(c.Param("pred"), preds)
	c.MOVL(operand.Mem{Base: preds, Index: component, Scale: 4}, old.As32())
	c.MOVL(v.As32(), operand.Mem{Base: preds, Index: component, Scale: 4})
	c.SUBL(old.As32(), v.As32())
	zero := c.GP64()
	c.XORL(zero.As32(), zero.As32())
	code, n := g.value(v, zero, tab, dcSymbols, 11)
	g.put(code, n)
	mask, next := c.GP64(), c.GP64()
	c.MOVQ(operand.Mem{Base: masks}, mask)
	c.ANDQ(operand.I8(-2), mask)
	c.MOVL(operand.U32(1), next.As32())
	c.JZ(operand.LabelRef("end"))

	c.Label("coefficient")
	k, run := c.GP64(), c.GP64()
	c.TZCNTQ(mask, k)
	c.BLSRQ(mask, mask)
	c.MOVL(k.As32(), run.As32())
	c.SUBL(next.As32(), run.As32())
	c.LEAL(operand.Mem{Base: k, Disp: 1}, next.As32())
	v = c.GP64()
	c.MOVWLSX(operand.Mem{Base: block, Index: k, Scale: 2}, v.As32())
	c.ADDL(operand.U8(32), v.As32())
	c.CMPL(v.As32(), operand.U8(63))
	c.JHI(operand.LabelRef("rare"))
	c.CMPL(run.As32(), operand.U8(15))
	c.JHI(operand.LabelRef("rare"))
	c.SHLL(operand.U8(6), run.As32())
	c.ADDL(v.As32(), run.As32())
	code, n = c.GP64(), c.GP64()
	c.MOVL(operand.Mem{Base: tab, Index: run, Scale: 4, Disp: acSmall}, code.As32())
	c.MOVL(code.As32(), n.As32())
	c.ANDL(operand.U8(31), n.As32())
	c.SHRL(operand.U8(5), code.As32())
	g.put(code, n)
	c.TESTQ(mask, mask)
	c.JNZ(operand.LabelRef("coefficient"))

	c.Label("end")
	c.CMPL(next.As32(), operand.U8(63))
	c.JHI(operand.LabelRef("coded"))
	g.symbol(tab, acSymbols)
	c.Label("coded")
	c.ADDQ(operand.U8(128), block)
	c.ADDQ(operand.U8(8), masks)
	t = c.GP64()
	c.CMPQ(plan, planEnd)
	c.JNE(operand.LabelRef("within"))
	c.Load(c.Param("plan"), plan)
	c.Label("within")
	c.DECQ(left)
	c.JNZ(operand.LabelRef("block"))
	t = c.GP64()
	c.Load(c.Param("dst"), t)
	c.SUBQ(t, g.dst)
	c.Store(g.dst, c.ReturnIndex(0))
	c.Store(g.acc, c.ReturnIndex(1))
	c.Store(g.free, c.ReturnIndex(2))
	b := c.GP8()
	c.XORB(b, b)
	c.Store(b, c.ReturnIndex(3))
	c.RET()

	c.Label("rare")
	c.SUBL(operand.U8(32), v.As32())
	c.Label("zeros")
	c.CMPL(run.As32(), operand.U8(16))
	c.JCS(operand.LabelRef("short"))
	g.symbol(tab, acSymbols+4*0xf0)
	c.SUBL(operand.U8(16), run.As32())
	c.JMP(operand.LabelRef("zeros"))
	c.Label("short")
	c.SHLL(operand.U8(4), run.As32())
	code, n = g.value(v, run, tab, acSymbols, 10)
	g.put(code, n)
	c.TESTQ(mask, mask)
	c.JNZ(operand.LabelRef("coefficient"))
	c.JMP(operand.LabelRef("end"))

	c.Label("none")
	t = c.GP64()
	c.XORL(t.As32(), t.As32())
	for i := range 3 {
		c.Store(t, c.ReturnIndex(i))
	}
	c.MOVB(operand.U8(1), t.As8())
	c.Store(t.As8(), c.ReturnIndex(3))
	c.RET()

	for _, late := range g.late {
		late()
	}
}

type writerGen struct {
	*build.Context
	dst, acc, free reg.GPVirtual
	late           []func() // code for the end of the function
}

// value makes the code of a value with its additional bits: blockCodes.symbol.
// run is the symbol's upper half. It goes to none if there is no code.
func (g *writerGen) value(v, run, tab reg.GPVirtual, symbols, most int) (code, n reg.GPVirtual) {
	sign, category, s := g.GP64(), g.GP64(), g.GP64()
	code, n = g.GP64(), g.GP64()
	g.MOVL(v.As32(), sign.As32())
	g.SARL(operand.U8(31), sign.As32())
	g.MOVL(v.As32(), category.As32())
	g.XORL(sign.As32(), category.As32())
	g.SUBL(sign.As32(), category.As32())
	g.Comment("The category is the length of the absolute value.")
	g.LEAL(operand.Mem{Base: category, Index: category, Scale: 1, Disp: 1}, category.As32())
	g.BSRL(category.As32(), category.As32())
	g.CMPL(category.As32(), operand.U8(most))
	g.JHI(operand.LabelRef("none"))
	g.ADDL(category.As32(), run.As32())
	g.MOVL(operand.Mem{Base: tab, Index: run, Scale: 4, Disp: symbols}, s.As32())
	g.TESTL(s.As32(), s.As32())
	g.JZ(operand.LabelRef("none"))
	g.ADDL(sign.As32(), v.As32())
	g.BZHIL(category.As32(), v.As32(), v.As32())
	g.MOVL(s.As32(), n.As32())
	g.ANDL(operand.U8(31), n.As32())
	g.SHRL(operand.U8(5), s.As32())
	g.SHLXL(category.As32(), s.As32(), code.As32())
	g.ORL(v.As32(), code.As32())
	g.ADDL(category.As32(), n.As32())
	return code, n
}

// symbol writes a code that stands in the tables.
func (g *writerGen) symbol(tab reg.GPVirtual, at int) {
	code, n := g.GP64(), g.GP64()
	g.MOVL(operand.Mem{Base: tab, Disp: at}, code.As32())
	g.MOVL(code.As32(), n.As32())
	g.ANDL(operand.U8(31), n.As32())
	g.SHRL(operand.U8(5), code.As32())
	g.put(code, n)
}

// put appends the n bits of code, which it destroys: blockWriter.code.
func (g *writerGen) put(code, n reg.GPVirtual) {
	id := strconv.Itoa(len(g.late))
	over, done := "full"+id, "put"+id
	g.SUBQ(n, g.free)
	g.JMI(operand.LabelRef(over))
	g.SHLXQ(n, g.acc, g.acc)
	g.ORQ(code, g.acc)
	g.Label(done)
	g.late = append(g.late, func() {
		g.Label(over)
		rest, w := g.GP64(), g.GP64()
		g.MOVQ(g.free, rest)
		g.NEGQ(rest)
		g.ADDQ(g.free, n)
		g.SHLXQ(n, g.acc, w)
		g.MOVQ(code, g.acc)
		g.SHRXQ(rest, code, code)
		g.ORQ(code, w)
		g.ADDQ(operand.U8(64), g.free)
		g.Comment("Is a byte 0xff?")
		g.MOVQ(operand.U64(0x0101010101010101), n)
		g.ADDQ(w, n)
		g.ANDNQ(w, n, n)
		g.MOVQ(operand.U64(0x8080808080808080), code)
		g.TESTQ(code, n)
		g.JNZ(operand.LabelRef("stuff" + id))
		g.BSWAPQ(w)
		g.MOVQ(w, operand.Mem{Base: g.dst})
		g.ADDQ(operand.U8(8), g.dst)
		g.JMP(operand.LabelRef(done))
		g.Label("stuff" + id)
		g.MOVL(operand.U32(8), n.As32())
		g.Label("byte" + id)
		g.ROLQ(operand.U8(8), w)
		g.MOVB(w.As8(), operand.Mem{Base: g.dst})
		g.INCQ(g.dst)
		g.CMPB(w.As8(), operand.U8(0xff))
		g.JNE(operand.LabelRef("plain" + id))
		g.MOVB(operand.U8(0), operand.Mem{Base: g.dst})
		g.INCQ(g.dst)
		g.Label("plain" + id)
		g.DECL(n.As32())
		g.JNZ(operand.LabelRef("byte" + id))
		g.JMP(operand.LabelRef(done))
	})
}
