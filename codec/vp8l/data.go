package vp8l

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"sync"
)

// Symbols of the green code: its values, prefixes of lengths, and entries of the colour cache (section 5.2).
const (
	lengthSymbols   = 24
	distanceSymbols = 40
	firstLength     = 256
	firstCached     = firstLength + lengthSymbols
)

// run stands for pixels that were there before.
type run struct {
	skip     uint32 // pixels before it that are written as they are
	distance uint32 // how far back it is, as it is written (section 5.2.2)
	length   uint16 // pixels; 0 in the last one, which is none
}

// image writes pixels (section 5.2). Only the one image of the picture itself
// could have several sets of codes, and has one.
func (b *bitWriter) image(pix []uint32, w int, main bool) {
	runs := findRuns(pix, w)
	cacheBits := 0
	if main {
		cacheBits = bestCache(pix, runs)
	}
	if cacheBits > 0 {
		b.write(1, 1)
		b.write(uint64(cacheBits), 4)
	} else {
		b.write(0, 1)
	}
	if main {
		b.write(0, 1)
	}
	counts := newHistogram(cacheBits)
	eachSymbol(pix, runs, cacheBits, counts.add)
	var codes [5]*prefixCode
	for i := range codes {
		codes[i] = newPrefixCode(counts[i], maxCode)
		b.code(codes[i])
	}
	eachSymbol(pix, runs, cacheBits, func(kind, s int, extra uint32, n int) {
		b.symbol(codes[kind], s)
		b.write(uint64(extra), n)
	})
}

// histogram counts the symbols of the five codes: green with lengths and the
// cache, red, blue, alpha, distances.
type histogram [5][]uint32

func newHistogram(cacheBits int) *histogram {
	green := firstCached
	if cacheBits > 0 {
		green += 1 << cacheBits
	}
	return &histogram{make([]uint32, green), make([]uint32, 256), make([]uint32, 256), make([]uint32, 256), make([]uint32, distanceSymbols)}
}

func (h *histogram) add(kind, s int, _ uint32, _ int) { h[kind][s]++ }

// eachSymbol calls visit for the symbols of pixels and runs, with the extra bits
// that go behind each.
func eachSymbol(pix []uint32, runs []run, cacheBits int, visit func(kind, s int, extra uint32, n int)) {
	var cache []uint32
	if cacheBits > 0 {
		cache = make([]uint32, 1<<cacheBits)
	}
	for _, r := range runs {
		for _, v := range pix[:r.skip] {
			if cache != nil {
				at := cacheIndex(v, cacheBits)
				if cache[at] == v {
					visit(0, firstCached+at, 0, 0)
					continue
				}
				cache[at] = v
			}
			visit(0, int(v>>8&0xff), 0, 0)
			visit(1, int(v>>16&0xff), 0, 0)
			visit(2, int(v&0xff), 0, 0)
			visit(3, int(v>>24), 0, 0)
		}
		if r.length == 0 {
			return
		}
		s, extra, n := prefix(uint32(r.length))
		visit(0, firstLength+s, extra, n)
		s, extra, n = prefix(r.distance)
		visit(4, s, extra, n)
		pix = pix[r.skip:]
		if cache != nil {
			for _, v := range pix[:r.length] {
				cache[cacheIndex(v, cacheBits)] = v
			}
		}
		pix = pix[r.length:]
	}
}

// cacheIndex is where a colour stands in the cache (section 5.2.3).
func cacheIndex(v uint32, cacheBits int) int { return int(v * 0x1e35a7bd >> (32 - cacheBits)) }

// prefix returns of a length or distance the symbol and the extra bits (section 5.2.2).
func prefix(v uint32) (s int, extra uint32, n int) {
	v--
	if v < 4 {
		return int(v), 0, 0
	}
	high := bits.Len32(v) - 1
	n = high - 1
	return 2*high + int(v>>n&1), v & (1<<n - 1), n
}

// bestCache returns the size of the colour cache, in bits, for which the symbols
// take least, 0 for none.
func bestCache(pix []uint32, runs []run) int {
	best, least := 0, math.Inf(1)
	for _, n := range []int{0, 6, 10} {
		h := newHistogram(n)
		eachSymbol(pix, runs, n, h.add)
		if size := h.size(); size < least {
			best, least = n, size
		}
	}
	return best
}

// size is what the symbols take at least, in bits: their entropy.
func (h *histogram) size() float64 {
	sum := 0.0
	for _, counts := range h {
		n := uint32(0)
		for _, c := range counts {
			n += c
		}
		for _, c := range counts {
			if c > 0 {
				sum += float64(float64(c) * math.Log2(float64(n)/float64(c)))
			}
		}
	}
	return sum
}

// Limits of the search for runs.
const (
	minRun    = 3
	maxRun    = 4096
	window    = 1<<20 - 120 // how far back a run may be, pixels
	longRun   = 256         // that is good enough
	maxChain  = 24          // places that are looked at
	hashBits  = 16
	farAway   = 1 << 12 // from where on a run must be longer
	minFarRun = 4
)

// chains are the places with the same hash, each with the one before it, in a
// ring that holds more than the window; from 1.
type chains struct {
	pix  []uint32
	head [1 << hashBits]int32
	prev []int32
}

func (c *chains) enter(i int) {
	if i+1 < len(c.pix) {
		h := hash(c.pix[i], c.pix[i+1])
		c.prev[i&(len(c.prev)-1)], c.head[h] = c.head[h], int32(i+1)
	}
}

// findRuns returns the runs of a picture.
func findRuns(pix []uint32, w int) (runs []run) {
	c := &chains{pix: pix, prev: make([]int32, 1<<min(bits.Len(uint(len(pix))), 20))}
	done := 0
	for i := 0; i < len(pix); {
		length, distance := c.search(i)
		if length < minRun || length < minFarRun && distance > farAway {
			c.enter(i)
			i++
			continue
		}
		runs = append(runs, run{uint32(i - done), distanceCode(distance, w), uint16(length)})
		for done = i + length; i < done; i++ {
			c.enter(i)
		}
	}
	return append(runs, run{skip: uint32(len(pix) - done)})
}

func hash(p, q uint32) uint32 { return (p*0x9e3779b1 ^ q*0x85ebca77) * 0xc2b2ae3d >> (32 - hashBits) }

// search returns the longest run at i that is the same at one of the places with
// its hash.
func (c *chains) search(i int) (length, distance int) {
	most := min(maxRun, len(c.pix)-i)
	if most < minRun {
		return 0, 0
	}
	want := c.pix[i : i+most]
	at := int(c.head[hash(want[0], want[1])]) - 1
	for n := 0; at >= 0 && n < maxChain && i-at <= window; n++ {
		if was := c.pix[at:]; length == 0 || length < most && was[length] == want[length] {
			k := 0
			for k < most && was[k] == want[k] {
				k++
			}
			if k > length {
				length, distance = k, i-at
				if k >= min(longRun, most) {
					break
				}
			}
		}
		at = int(c.prev[at&(len(c.prev)-1)]) - 1
	}
	return length, distance
}

// nearby is the code of each place in the neighbourhood, by rows above and then
// by columns from 8 to the left to 7 to the right (section 5.2.2): the nearest first,
// then those more nearly straight above, then those to the left.
var nearby = sync.OnceValue(func() *[8 * 16]uint8 {
	code := new([8 * 16]uint8)
	var places [][2]int
	for y := range 8 {
		for x := -7; x <= 8; x++ {
			if y > 0 || x > 0 {
				places = append(places, [2]int{x, y})
			}
		}
	}
	slices.SortFunc(places, func(p, q [2]int) int {
		return cmp.Or(
			cmp.Compare(p[0]*p[0]+p[1]*p[1], q[0]*q[0]+q[1]*q[1]),
			cmp.Compare(abs(p[0]), abs(q[0])),
			cmp.Compare(q[0], p[0]),
		)
	})
	for i, p := range places {
		code[p[1]*16+8-p[0]] = uint8(i + 1)
	}
	return code
})

// distanceCode is how a distance is written in a picture of width w.
func distanceCode(distance, w int) uint32 {
	y, x := distance/w, distance%w
	if x <= 8 && y < 8 {
		return uint32(nearby()[y*16+8-x])
	}
	if x > w-8 && y < 7 {
		return uint32(nearby()[(y+1)*16+8+w-x])
	}
	return uint32(distance + 120)
}
