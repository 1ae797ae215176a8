package main

import (
	"strconv"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Of runTables and runBlock in codec/jpeg, in bytes.
const (
	runBits     = 11
	runSymbols  = 2 * (8 << runBits)          // of runTables: dc, then ac
	runLong     = runSymbols + 2*(2<<runBits) // long
	runLimits   = runLong + 2*256             // limit, then offset
	runMark     = 0
	runStart    = 8
	runPairs    = 16
	runCoefs    = 24
	runBlock    = 32
	runLookUps  = 56 / runBits // between two loads
	runStateEnd = 0x8000
	runStateOff = 0x4000
)

// readRun is what scanDecoder.mcu does in codec/jpeg, for a run of blocks: see
// runBlock and runTables there. A look-up waits for the one before it some 7 cycles
// (a shift, a load, a shift or a conditional move); all else is beside that.
func readRun(c *build.Context) {
	c.Function("readRun")
	c.Pragma("noescape")
	c.Attributes(attr.NOSPLIT)
	c.SignatureExpr("func(b *byte, limit uint64, first, last *uint64, to *uint8) (done int)")
	c.Doc("readRun reads blocks from first on, up to last, which it does not read, and returns",
		"how many. First and last are marks of runBlocks, of which there is one more behind",
		"last; that before first says where to begin, as limit says where not to load any",
		"more. It needs BMI1 and BMI2.")
	g := &runGen{Context: c}
	g.p = c.Load(c.Param("first"), c.GP64()).(reg.GPVirtual)
	g.to = c.Load(c.Param("to"), c.GP64()).(reg.GPVirtual)
	g.pos, g.bits, g.state = c.GP64(), c.GP64(), reg.RBX
	g.t, g.pairs, g.next, g.coefs = c.GP64(), c.GP64(), c.GP64(), c.GP64()
	g.shift, g.e = c.GP64(), c.GP64()
	c.MOVL(operand.U32(64-runBits), g.shift.As32())
	c.MOVQ(operand.Mem{Base: g.p, Disp: runMark - runBlock}, g.pos)
	n := c.GP64()
	c.MOVBLZX(g.pos.As8(), n.As32())
	c.XORW(g.pos.As16(), g.pos.As16())
	c.SHLQ(operand.U8(16), n)
	c.ADDQ(n, g.pos)
	g.enter()

	c.Label("load")
	g.load("stop")
	g.ahead = c.GP64()
	g.loadAhead()
	c.Label("look")
	for range runLookUps {
		g.lookUp()
	}
	g.refill()
	c.JMP(operand.LabelRef("look"))

	c.Label("off")
	g.one()

	c.Label("stop")
	first := c.GP64()
	c.Load(c.Param("first"), first)
	c.SUBQ(first, g.p)
	c.SHRQ(operand.U8(5), g.p)
	c.Store(g.p, c.ReturnIndex(0))
	c.RET()
}

type runGen struct {
	*build.Context
	p           reg.GPVirtual  // the block
	pos         reg.GPVirtual  // position in bits of the last load << 16
	bits        reg.GPVirtual  // what is not read of it, at the top
	state       reg.GPPhysical // k<<8 | bits read since the last load
	t           reg.GPVirtual  // the table of the next look-up
	pairs, next reg.GPVirtual  // that within the block, and that for the next one's start
	coefs, to   reg.GPVirtual  // where coefficients go: coefs[to[k]]
	shift       reg.GPVirtual  // 64-runBits
	e           reg.GPVirtual  // the entry
	ahead       reg.GPVirtual  // what the next refill adds
	lookUps     int
}

// enter goes to the start of block p.
func (g *runGen) enter() {
	g.MOVQ(operand.Mem{Base: g.p, Disp: runStart}, g.t)
	g.block()
	g.XORL(g.state.As32(), g.state.As32())
}

// block gets what is in p.
func (g *runGen) block() {
	g.MOVQ(operand.Mem{Base: g.p, Disp: runPairs}, g.pairs)
	g.MOVQ(operand.Mem{Base: g.p, Disp: runCoefs}, g.coefs)
	g.MOVQ(operand.Mem{Base: g.p, Disp: runBlock + runStart}, g.next)
}

// load loads bits at pos, which must not be beyond the limit.
func (g *runGen) load(beyond string) {
	at, b, n := g.GP64(), g.GP64(), g.GP64()
	g.checkLimit(beyond)
	g.MOVQ(g.pos, at)
	g.SHRQ(operand.U8(16), at)
	g.MOVL(at.As32(), n.As32())
	g.SHRQ(operand.U8(3), at)
	g.Load(g.Param("b"), b)
	g.MOVQ(operand.Mem{Base: b, Index: at, Scale: 1}, g.bits)
	g.BSWAPQ(g.bits)
	g.ANDL(operand.U8(7), n.As32())
	g.SHLXQ(n, g.bits, g.bits)
}

// checkLimit goes where there are not enough bits left at pos.
func (g *runGen) checkLimit(beyond string) {
	limit, _ := g.Param("limit").Resolve()
	g.CMPQ(g.pos, limit.Addr)
	g.JHI(operand.LabelRef(beyond))
}

// loadAhead loads what the next refill is to add.
func (g *runGen) loadAhead() {
	at, b := g.GP64(), g.GP64()
	g.LEAQ(operand.Mem{Base: g.pos, Disp: 63 << 16}, at)
	g.SHRQ(operand.U8(16+3), at)
	g.Load(g.Param("b"), b)
	g.MOVQ(operand.Mem{Base: b, Index: at, Scale: 1}, g.ahead)
	g.BSWAPQ(g.ahead)
}

// refill is load in fewer steps: of those at pos, 56 to 63 bits were valid, up to
// the end of a byte.
func (g *runGen) refill() {
	used, n := g.GP64(), g.GP64()
	g.MOVQ(g.pos, n)
	g.NEGQ(n)
	g.SHRQ(operand.U8(16), n)
	g.ORL(operand.I8(56), n.As32())
	g.MOVBLZX(g.state.As8(), used.As32())
	g.XORL(used.As32(), g.state.As32())
	g.SUBL(used.As32(), n.As32())
	g.SHRXQ(n, g.ahead, n)
	g.ORQ(n, g.bits)
	g.SHLQ(operand.U8(16), used)
	g.ADDQ(used, g.pos)
	g.checkLimit("stop")
	g.loadAhead()
}

// lookUp reads up to two coefficients and an end-of-block.
func (g *runGen) lookUp() {
	i := g.GP64()
	g.Comment("Look-up " + strconv.Itoa(g.lookUps) + ".")
	g.lookUps++
	g.SHRXQ(g.shift, g.bits, i)
	g.MOVQ(operand.Mem{Base: g.t, Index: i, Scale: 8}, g.e)
	g.SHLXQ(g.e, g.bits, g.bits)
	x, first, k := reg.RAX, reg.RCX, reg.RDX // with a second byte that has a name
	g.MOVBLZX(g.state.As8H(), k.As32())
	g.ADDQ(g.to, k)
	g.MOVWLZX(g.e.As16(), x.As32())
	g.ADDL(x.As32(), g.state.As32())
	g.MOVL(operand.Mem{Base: g.t, Index: i, Scale: 8, Disp: 4}, i.As32())
	g.RORXQ(operand.U8(16), g.e, x)
	g.MOVBLZX(x.As8(), first.As32())
	g.MOVBLZX(operand.Mem{Base: k, Index: first, Scale: 1, Disp: -1}, first.As32())
	g.MOVW(i.As16(), operand.Mem{Base: g.coefs, Index: first, Scale: 2})
	g.SHRL(operand.U8(16), i.As32())
	g.MOVBLZX(x.As8H(), x.As32())
	g.MOVBLZX(operand.Mem{Base: k, Index: x, Scale: 1, Disp: -1}, x.As32())
	g.MOVW(i.As16(), operand.Mem{Base: g.coefs, Index: x, Scale: 2})
	g.mark()
	g.TESTL(operand.U32(runStateOff), g.state.As32())
	g.JNZ(operand.LabelRef("off"))
	g.MOVBLZX(g.state.As8(), x.As32())
	end := g.GP64()
	g.MOVL(g.e.As32(), end.As32())
	g.ANDL(operand.U32(runStateEnd), end.As32())
	g.MOVQ(g.pairs, g.t)
	g.CMOVQNE(g.next, g.t)
	g.CMOVLNE(x.As32(), g.state.As32())
	g.SHRL(operand.U8(10), end.As32())
	g.ADDQ(end, g.p)
	g.block()
}

// mark notes in p the position and k.
func (g *runGen) mark() {
	x := g.GP64()
	g.LEAQ(operand.Mem{Base: g.pos, Index: g.state, Scale: 1}, x)
	g.MOVQ(x, operand.Mem{Base: g.p, Disp: runMark})
}

// one reads one symbol, in the place of the look-up of e.
func (g *runGen) one() {
	last, _ := g.Param("last").Resolve()
	g.CMPQ(g.p, last.Addr)
	g.JEQ(operand.LabelRef("stop"))
	x := g.GP64()
	g.MOVWLZX(g.e.As16(), x.As32())
	g.SUBL(x.As32(), g.state.As32())
	x = g.GP64()
	g.MOVBLZX(g.state.As8(), x.As32())
	g.SHLQ(operand.U8(16), x)
	g.ADDQ(x, g.pos)
	g.SHRL(operand.U8(8), g.state.As32())
	k := g.state
	g.load("stop")
	i, at := g.GP64(), g.GP64()
	g.SHRXQ(g.shift, g.bits, i)
	g.MOVQ(operand.Mem{Base: g.p, Disp: runStart}, at)
	g.Comment("The symbols of AC coefficients lie behind those of the DC.")
	g.LEAQ(operand.Mem{Base: i, Disp: 1 << runBits}, x)
	g.TESTL(k.As32(), k.As32())
	g.CMOVQNE(x, i)
	s := g.GP64()
	g.MOVWLZX(operand.Mem{Base: at, Index: i, Scale: 2, Disp: runSymbols}, s.As32())
	g.TESTL(s.As32(), s.As32())
	g.JZ(operand.LabelRef("long"))
	n, size := g.GP64(), g.GP64()
	g.Label("symbol")
	g.MOVL(s.As32(), n.As32())
	g.ANDL(operand.U8(31), n.As32())
	g.SHLXQ(n, g.bits, g.bits)
	used := g.GP64()
	g.MOVL(n.As32(), used.As32())
	g.MOVL(s.As32(), size.As32())
	g.SHRL(operand.U8(5), size.As32())
	g.ANDL(operand.U8(15), size.As32())
	g.ADDL(size.As32(), used.As32())
	g.SHLQ(operand.U8(16), used)
	g.ADDQ(used, g.pos)
	g.SHRL(operand.U8(9), s.As32())
	g.ADDL(s.As32(), k.As32())
	g.CMPL(s.As32(), operand.U8(64))
	g.JEQ(operand.LabelRef("ended"))
	g.CMPL(k.As32(), operand.U8(64))
	g.JHI(operand.LabelRef("stop"))
	g.Comment("The value: those whose first bit is 0 are negative (T.81, F.2.2.1).")
	v, low := g.GP64(), g.GP64()
	g.MOVQ(g.bits, low)
	g.NOTQ(low)
	g.SARQ(operand.U8(63), low)
	g.BZHIQ(size, low, low)
	g.MOVL(operand.U32(63), n.As32())
	g.SUBL(size.As32(), n.As32())
	g.SHRQ(operand.U8(1), g.bits)
	g.SHRXQ(n, g.bits, v)
	g.SUBL(low.As32(), v.As32())
	g.TESTL(size.As32(), size.As32())
	g.JNZ(operand.LabelRef("value"))
	g.CMPL(k.As32(), operand.U8(1))
	g.JNE(operand.LabelRef("zeros"))
	g.Label("value")
	g.MOVBLZX(operand.Mem{Base: g.to, Index: k, Scale: 1, Disp: -1}, x.As32())
	g.MOVW(v.As16(), operand.Mem{Base: g.coefs, Index: x, Scale: 2})
	g.Label("zeros")
	g.CMPL(k.As32(), operand.U8(64))
	g.JEQ(operand.LabelRef("full"))
	g.SHLL(operand.U8(8), k.As32())
	g.MOVQ(g.pairs, g.t)
	g.JMP(operand.LabelRef("load"))

	g.Label("ended")
	g.Comment("Without the end-of-block's advance.")
	g.SUBL(operand.U8(64), k.As32())
	g.Label("full")
	g.SHLL(operand.U8(8), k.As32())
	g.mark()
	g.ADDQ(operand.U8(runBlock), g.p)
	g.enter()
	g.JMP(operand.LabelRef("load"))

	g.Label("long")
	g.Comment("An AC code of more than runBits bits.")
	g.TESTL(k.As32(), k.As32())
	g.JZ(operand.LabelRef("stop"))
	top, count := g.GP64(), g.GP64()
	g.MOVQ(operand.Mem{Base: g.p, Disp: runStart}, at)
	g.MOVQ(g.bits, top)
	g.SHRQ(operand.U8(48), top)
	g.XORL(count.As32(), count.As32())
	for l := range 16 - runBits {
		g.CMPL(top.As32(), operand.Mem{Base: at, Disp: runLimits + 4*l})
		g.SBBL(operand.I8(-1), count.As32())
	}
	g.CMPL(count.As32(), operand.U8(16-runBits))
	g.JEQ(operand.LabelRef("stop"))
	less := g.GP64()
	g.MOVL(operand.U32(15-runBits), less.As32())
	g.SUBL(count.As32(), less.As32())
	g.SHRXL(less.As32(), top.As32(), top.As32())
	g.ADDL(operand.Mem{Base: at, Index: count, Scale: 4, Disp: runLimits + 4*(16-runBits)}, top.As32())
	g.MOVBLZX(top.As8(), top.As32())
	g.MOVWLZX(operand.Mem{Base: at, Index: top, Scale: 2, Disp: runLong}, s.As32())
	g.TESTL(s.As32(), s.As32())
	g.JNZ(operand.LabelRef("symbol"))
	g.JMP(operand.LabelRef("stop"))
}
