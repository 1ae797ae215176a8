package jpeg

import (
	"bytes"
	"fmt"
	stdjpeg "image/jpeg"
	"math/rand/v2"
	"slices"
	"testing"
)

// picture is a made-up sequential picture of which it is known where each
// block begins and ends.
type picture struct {
	f      *File
	s      *scan
	data   []byte // entropy-coded, unstuffed
	starts []int  // positions in bits
	acs    []int  // where AC begins
	ends   []int
	diffs  []int32
	fresh  []bool // a restart came before the block

	damaged bool
}

// sampling is of luma; chroma has 1x1.
type sampling struct{ h, v, components int }

// makePicture writes random blocks with the tables of s. Blocks have up
// to dense AC symbols; if that is 0 they are all the same.
func makePicture(t *testing.T, r *rand.Rand, tables []scanComp, kind sampling, w, h, restart, dense int) *picture {
	t.Helper()
	p := &picture{f: &File{Width: w, Height: h, Color: YCbCr}, s: &scan{se: 63, restart: restart}}
	for i := range kind.components {
		c := Component{ID: uint8(i + 1), H: 1, V: 1, quant: new(quant)}
		if i == 0 {
			c.H, c.V = kind.h, kind.v
		}
		p.f.Components = append(p.f.Components, c)
		p.s.comps = append(p.s.comps, scanComp{i, tables[min(i, 1)].dc, tables[min(i, 1)].ac})
	}
	p.f.layout()
	plan := p.f.blockPlan(p.s, new(skipperCache))
	coders := []*dcCoder{newDCCoder(tables[0].dc), newDCCoder(tables[1].dc)}
	var out bitWriter
	var stuffed []byte
	mcus := p.f.mcusX * p.f.mcusY
	if kind.components == 1 {
		mcus = p.f.Components[0].blocksX * p.f.Components[0].blocksY
	}
	var dc [4]int32
	base := 0
	for mcu := range mcus {
		fresh := restart > 0 && mcu > 0 && mcu%restart == 0
		if fresh {
			segment := out.flush()
			p.data = append(p.data, segment...)
			stuffed = append(stuff(stuffed, segment), 0xff, mRST0+byte(mcu/restart-1)&7)
			base, out, dc = len(p.data)*8, bitWriter{}, [4]int32{}
		}
		block := 0
		for i, c := range p.f.Components {
			n := c.H * c.V
			if kind.components == 1 {
				n = 1
			}
			for range n {
				next := dc[i]
				switch {
				case dense == 0:
				case r.IntN(4) == 0:
					next = int32(r.IntN(400) - 200)
				default:
					next += int32(r.IntN(5) - 2)
				}
				out.b = append(out.b[:out.o], make([]byte, 400)...)
				pos := func() int { return base + out.o*8 + int(out.n) }
				p.starts, p.fresh = append(p.starts, pos()), append(p.fresh, fresh && block == 0)
				if !coders[min(i, 1)].put(&out, next-dc[i]) {
					t.Fatal("the DC table is too small")
				}
				p.diffs, p.acs = append(p.diffs, next-dc[i]), append(p.acs, pos())
				writeAC(r, &out, plan[block].s.ac, dense)
				p.ends = append(p.ends, pos())
				dc[i] = next
				block++
			}
		}
	}
	segment := out.flush()
	p.data = append(p.data, segment...)
	p.s.data = stuff(stuffed, segment)
	return p
}

// writeAC writes random AC symbols: up to dense, or as many as fit.
func writeAC(r *rand.Rand, out *bitWriter, h *huffman, dense int) {
	code := map[uint8][2]int{} // and its length
	for l, n := 1, 0; l <= 16; l++ {
		for i := range int(h.counts[l-1]) {
			code[h.symbols[n]] = [2]int{int(h.first[l]) + i, l}
			n++
		}
	}
	k := 1
	for range r.IntN(dense + 1) {
		sym := h.symbols[r.IntN(min(len(h.symbols), 1+r.IntN(len(h.symbols))))]
		size := int(sym & 15)
		if size == 0 && sym != 0xf0 || k+int(sym>>4) > 63 {
			continue
		}
		c := code[sym]
		out.put(uint64(c[0]), uint(c[1]))
		out.put(r.Uint64()&(1<<size-1), uint(size))
		if k += int(sym>>4) + 1; k == 64 {
			return
		}
	}
	c := code[0]
	out.put(uint64(c[0]), uint(c[1]))
}

// standardTables returns the tables of annex K for luma and chroma, as
// image/jpeg writes them.
func standardTables(t *testing.T) []scanComp {
	t.Helper()
	var buf bytes.Buffer
	if err := stdjpeg.Encode(&buf, noise(rand.New(rand.NewPCG(1, 1)), 16, 16), nil); err != nil {
		t.Fatal(err)
	}
	f, err := Parse(buf.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return f.scans[0].comps[:2]
}

// walkAll returns where the walk finds the ends of all blocks, how often the
// cursors met, and its error.
func (p *picture) walkAll(alone bool) (ends []int, met int, err error) {
	var mem Scratch
	if err := mem.in.unstuff(p.s, 1<<20); err != nil {
		return nil, 0, err
	}
	w := p.f.walkBlocks(p.s, len(p.ends)/len(p.f.blockPlan(p.s, &mem.skippers)), &mem)
	for w.left > 0 {
		if alone {
			w.fails = maxFails
		}
		got, start, _, err := w.next()
		if err != nil {
			return ends, met, err
		}
		for _, e := range got {
			ends = append(ends, int(e>>atShift))
		}
		if n := len(ends) - len(got); !p.damaged && start != p.starts[n] {
			return ends, met, fmt.Errorf("block %d begins at %d", n, start)
		}
		if w.met {
			met++
		}
	}
	return ends, met, w.finish()
}

var samplings = []sampling{{1, 1, 3}, {2, 1, 3}, {1, 2, 3}, {2, 2, 3}, {4, 1, 3}, {1, 4, 3}, {4, 2, 3}, {1, 1, 1}, {2, 2, 1}, {2, 2, 4}}

func TestBlocksAreFound(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 1))
	tables := standardTables(t)
	met := 0
	for i := range 100 {
		kind := samplings[i%len(samplings)]
		w, h := 1+r.IntN(60), 1+r.IntN(60)
		if i%3 == 0 {
			w, h = 1+r.IntN(300), 1+r.IntN(300)
		}
		restart := []int{0, 0, 1, 7, 100}[r.IntN(5)]
		p := makePicture(t, r, tables, kind, w, h, restart, []int{0, 3, 10, 100}[r.IntN(4)])
		got, n, err := p.walkAll(false)
		if err != nil || !slices.Equal(got, p.ends) {
			t.Fatalf("%v, %dx%d, restart %d: other ends, %v", kind, w, h, restart, err)
		}
		met += n
	}
	if met < 30 {
		t.Errorf("the cursors met %d times: the test does not test", met)
	}
}

// A long picture fills what the cursors can note, many times.
func TestLongPicture(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 2))
	for _, dense := range []int{0, 6} {
		p := makePicture(t, r, standardTables(t), sampling{2, 2, 3}, 1000, 1000, 0, dense)
		got, met, err := p.walkAll(false)
		if err != nil || !slices.Equal(got, p.ends) {
			t.Errorf("up to %d symbols a block: other ends, %v", dense, err)
		}
		if dense > 0 && met < 4 {
			t.Errorf("the cursors met %d times", met)
		}
	}
}

// Blocks that are all the same have nothing to synchronise by: what reads
// ahead may be at the wrong block of the MCU for ever.
func TestCursorsThatNeverMeet(t *testing.T) {
	dc := table(t, []uint8{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 2, 3, 3, 3, 4, 5, 6, 7, 8, 9, 10)
	for _, ac := range []*huffman{table(t, []uint8{0}, 1), table(t, []uint8{0, 1}, 2, 2), table(t, []uint8{1, 0}, 2, 4)} {
		same := []scanComp{{0, dc, ac}, {1, dc, ac}}
		p := makePicture(t, rand.New(rand.NewPCG(11, 5)), same, sampling{2, 2, 3}, 1000, 600, 0, 0)
		got, _, err := p.walkAll(false)
		if err != nil || !slices.Equal(got, p.ends) {
			t.Errorf("other ends, %v", err)
		}
	}
}

// What is damaged must be found in the same place by one cursor and by two.
func TestDamageIsFoundAlike(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 3))
	tables := standardTables(t)
	failed := 0
	for i := range 120 {
		p := makePicture(t, r, tables, samplings[i%len(samplings)], 200, 100, 50*(i%2), 8)
		p.damaged = true
		switch d := p.s.data; i % 3 {
		case 0:
			d[r.IntN(len(d))] ^= 1 << r.IntN(8)
		case 1:
			p.s.data = d[:len(d)-1-r.IntN(8)]
		case 2:
			p.s.data = append(d, make([]byte, 1+r.IntN(3))...)
		}
		one, _, oneErr := p.walkAll(true)
		two, _, twoErr := p.walkAll(false)
		if fmt.Sprint(oneErr) != fmt.Sprint(twoErr) {
			t.Fatalf("one cursor: %v; two: %v", oneErr, twoErr)
		}
		if oneErr == nil && !slices.Equal(one, two) {
			t.Fatal("other ends")
		}
		if oneErr != nil {
			failed++
		} else if i%3 > 0 {
			t.Error("a wrong length was taken")
		}
	}
	if failed < 80 {
		t.Errorf("%d failed: the test does not test", failed)
	}
}

// The luma of every sampling must be the bits that moving it one by one gives.
func TestSpliceBitByBit(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 4))
	tables := standardTables(t)
	for i := range 60 {
		kind := samplings[i%7]
		w, h, restart := 1+r.IntN(150), 1+r.IntN(60), []int{0, 0, 1, 9}[r.IntN(4)]
		p := makePicture(t, r, tables, kind, w, h, restart, []int{2, 10, 63}[r.IntN(3)])
		var mem Scratch
		if err := mem.in.unstuff(p.s, 1<<20); err != nil {
			t.Fatal(err)
		}
		got, _, err := p.f.appendLuma(nil, p.s, &mem)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, p.plainLuma()) {
			t.Fatalf("%v, %dx%d, restart %d: other bits", kind, w, h, restart)
		}
	}
}

// plainLuma is appendLuma, slow and obvious.
func (p *picture) plainLuma() []byte {
	c, blocks := p.f.Components[0], len(p.f.blockPlan(p.s, new(skipperCache)))
	dcs := make([]int32, len(p.diffs)) // of luma
	dc := int32(0)
	for i := range dcs {
		if p.fresh[i] {
			dc = 0
		}
		if i%blocks < c.H*c.V {
			dc += p.diffs[i]
			dcs[i] = dc
		}
	}
	coder, bits, last := newDCCoder(p.s.comps[0].dc), bitString(p.data), int32(0)
	var out []byte
	put := func(bits ...byte) { out = append(out, bits...) }
	for y := range c.blocksY {
		for x := range c.blocksX {
			i := (y/c.V*p.f.mcusX+x/c.H)*blocks + y%c.V*c.H + x%c.H
			v, n, _ := coder.code(dcs[i] - last)
			last = dcs[i]
			for n > 0 {
				n--
				put(byte(v >> n & 1))
			}
			put(bits[p.acs[i]:p.ends[i]]...)
		}
	}
	w := bitWriter{b: make([]byte, len(out)/8+16)}
	for _, b := range out {
		w.put(uint64(b), 1)
	}
	return stuff(nil, w.flush())
}
