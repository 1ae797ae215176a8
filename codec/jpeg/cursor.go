package jpeg

import "encoding/binary"

// maxBlocks is the most blocks in an MCU (T.81, B.2.3).
const maxBlocks = 10

// place is the place of a block in an MCU; the places of an MCU are a ring.
// What comes behind a look-up is indexed by whether it ended the block.
type place struct {
	t    [2]*skipTable // for the next look-up
	next [2]*place     // this place, or that of the next block
	s    *blockSkipper
}

// blockPlan makes the places of an MCU of a scan.
func (f *File) blockPlan(s *scan, cache *skipperCache) []place {
	plan := make([]place, 0, maxBlocks)
	for _, c := range s.comps {
		n := f.Components[c.comp].H * f.Components[c.comp].V
		if len(s.comps) == 1 {
			n = 1
		}
		skipper := cache.get(c)
		for range n {
			plan = append(plan, place{s: skipper})
		}
	}
	for i := range plan {
		p, next := &plan[i], &plan[(i+1)%len(plan)]
		p.t = [2]*skipTable{p.s.skip, next.s.start}
		p.next = [2]*place{p, next}
	}
	return plan
}

// maxRound is the most bits that three look-ups consume.
const maxRound = 3 * maxEntryBits

// maxEnds is how many blocks a cursor notes: those of about a thousand MCUs.
const maxEnds = 8192

// cursor goes from block to block, and notes where they end.
type cursor struct {
	at   uint64          // as entries of skip tables have it
	t    *skipTable      // for the next look-up
	s    *place          // of the block that at is in
	n    uint            // blocks noted
	ends [maxEnds]uint64 // where they end: as at, k and flags undefined
}

// reset puts c at the start of an MCU.
func (c *cursor) reset(first *place, pos int) {
	c.at, c.t, c.s, c.n = uint64(pos)<<atShift, first.s.start, first, 0
}

// pos is the position in bits.
func (c *cursor) pos() int { return int(c.at >> atShift) }

// room tells for how many rounds of three look-ups there is room.
func (c *cursor) room() int { return (maxEnds - 1 - int(c.n)) / 3 }

// load returns 57 bits or more from a place on.
func load(b []byte, at uint64) uint64 {
	p := at >> (atShift + 3)
	return binary.BigEndian.Uint64(b[p:p+8:p+8]) << (at >> atShift & 7)
}

// keep is what of a place is valid for the next look-up: a new block begins
// with a k of 0.
var keep = [2]uint64{^uint64(0), ^uint64(1<<atShift - 1)}

// nextBlock notes the place behind a look-up as the end of a block, which stays if
// it was one, and goes on to the next block then. There is no branch in it:
// none could be predicted.
func nextBlock(at, e uint64, s *place, n uint, ends *[maxEnds]uint64) (uint64, *skipTable, *place, uint) {
	ends[n] = at
	end := e & blockEnd
	return at & keep[end], s.t[end], s.next[end], n + uint(end)
}

// run moves c on by rounds of three look-ups. It ends early, and says so, at a
// place that the tables do not lead on from; c stands before it.
func (c *cursor) run(b []byte, rounds int) (off bool) {
	at, t, s, n, ends := c.at, c.t, c.s, c.n, &c.ends
	var e uint64
	for ; rounds > 0; rounds-- {
		bits := load(b, at)

		e = uint64(t[bits>>(64-skipBits)])
		at += e
		if off = at&offTable != 0; off {
			break
		}
		bits <<= e >> atShift & 63
		at, t, s, n = nextBlock(at, e, s, n, ends)

		e = uint64(t[bits>>(64-skipBits)])
		at += e
		if off = at&offTable != 0; off {
			break
		}
		bits <<= e >> atShift & 63
		at, t, s, n = nextBlock(at, e, s, n, ends)

		e = uint64(t[bits>>(64-skipBits)])
		at += e
		if off = at&offTable != 0; off {
			break
		}
		at, t, s, n = nextBlock(at, e, s, n, ends)
	}
	if off {
		at -= e
	}
	c.at, c.t, c.s, c.n = at, t, s, n
	return off
}

// runBoth is run for two cursors at once. Each look-up waits for the one before
// it, most of the time; those of the other cursor do not, and so cost little.
func runBoth(b []byte, x, y *cursor, rounds int) (xoff, yoff bool) {
	xat, xt, xs, xn, xends := x.at, x.t, x.s, x.n, &x.ends
	yat, yt, ys, yn, yends := y.at, y.t, y.s, y.n, &y.ends
	var e uint64
	for ; rounds > 0; rounds-- {
		bits := load(b, xat)

		e = uint64(xt[bits>>(64-skipBits)])
		xat += e
		if xoff = xat&offTable != 0; xoff {
			break
		}
		bits <<= e >> atShift & 63
		xat, xt, xs, xn = nextBlock(xat, e, xs, xn, xends)

		e = uint64(xt[bits>>(64-skipBits)])
		xat += e
		if xoff = xat&offTable != 0; xoff {
			break
		}
		bits <<= e >> atShift & 63
		xat, xt, xs, xn = nextBlock(xat, e, xs, xn, xends)

		e = uint64(xt[bits>>(64-skipBits)])
		xat += e
		if xoff = xat&offTable != 0; xoff {
			break
		}
		xat, xt, xs, xn = nextBlock(xat, e, xs, xn, xends)

		bits = load(b, yat)

		e = uint64(yt[bits>>(64-skipBits)])
		yat += e
		if yoff = yat&offTable != 0; yoff {
			break
		}
		bits <<= e >> atShift & 63
		yat, yt, ys, yn = nextBlock(yat, e, ys, yn, yends)

		e = uint64(yt[bits>>(64-skipBits)])
		yat += e
		if yoff = yat&offTable != 0; yoff {
			break
		}
		bits <<= e >> atShift & 63
		yat, yt, ys, yn = nextBlock(yat, e, ys, yn, yends)

		e = uint64(yt[bits>>(64-skipBits)])
		yat += e
		if yoff = yat&offTable != 0; yoff {
			break
		}
		yat, yt, ys, yn = nextBlock(yat, e, ys, yn, yends)
	}
	if xoff {
		xat -= e
	}
	if yoff {
		yat -= e
	}
	x.at, x.t, x.s, x.n = xat, xt, xs, xn
	y.at, y.t, y.s, y.n = yat, yt, ys, yn
	return xoff, yoff
}

// slow reads on from where run could not: one symbol with a long code, or what
// is left of a block that the tables would read beyond its end. It reports
// false if the bits are no such thing.
func (c *cursor) slow(b []byte) bool {
	h := c.s.s
	long := c.t[load(b, c.at)>>(64-skipBits)]&longCode != 0
	for {
		k, bits := int(c.at>>kShift&63), load(b, c.at)
		if k == 0 {
			cat, l := h.dc.decode(bits)
			c.at += uint64(l+uint(cat))<<atShift | 1<<kShift
			c.t = h.skip
			if l == 0 {
				return false
			}
		} else {
			code, extra, advance, ok := h.ac.acSymbol(bits)
			if !ok {
				return false
			}
			k += advance
			c.at += uint64(code+extra) << atShift
			if k == 64 || advance == eob {
				c.at, c.t, c.s, c.n = nextBlock(c.at, blockEnd, c.s, c.n, &c.ends)
				return true
			}
			if k > 64 {
				return false
			}
			c.at += uint64(advance) << kShift
		}
		if long {
			return true
		}
	}
}
