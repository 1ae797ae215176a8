package vp8l

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// Symbols of the green code: its values, prefixes of lengths, and entries of the colour cache (section 5.2).
const (
	lengthSymbols   = 24
	distanceSymbols = 40
	firstLength     = 256
	firstCached     = firstLength + lengthSymbols
)

// token is a pixel, or a run of pixels that was there before.
type token struct {
	pixel  uint32 // of a run how far back it is, as it is written (section 5.2.2)
	length uint16 // of a run; 0: a pixel
}

// image writes pixels (section 5.2). Only the one image of the picture itself
// could have several sets of codes, and has one.
func (b *bitWriter) image(pix []uint32, w int, main bool) {
	tokens := runs(pix, w)
	cacheBits := 0
	if main {
		cacheBits = bestCache(pix, tokens)
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
	eachSymbol(pix, tokens, cacheBits, counts.add)
	var codes [5]*prefixCode
	for i := range codes {
		codes[i] = newPrefixCode(counts[i], maxCode)
		b.code(codes[i])
	}
	eachSymbol(pix, tokens, cacheBits, func(kind, s int, extra uint32, n int) {
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

// eachSymbol calls visit for the symbols of tokens, with the extra bits that go
// behind each.
func eachSymbol(pix []uint32, tokens []token, cacheBits int, visit func(kind, s int, extra uint32, n int)) {
	var cache []uint32
	if cacheBits > 0 {
		cache = make([]uint32, 1<<cacheBits)
	}
	at := 0
	for _, t := range tokens {
		n := max(1, int(t.length))
		switch v := t.pixel; {
		case t.length > 0:
			s, extra, k := prefix(uint32(t.length))
			visit(0, firstLength+s, extra, k)
			s, extra, k = prefix(v)
			visit(4, s, extra, k)
		case cache != nil && cache[cacheIndex(v, cacheBits)] == v:
			visit(0, firstCached+cacheIndex(v, cacheBits), 0, 0)
		default:
			visit(0, int(v>>8&0xff), 0, 0)
			visit(1, int(v>>16&0xff), 0, 0)
			visit(2, int(v&0xff), 0, 0)
			visit(3, int(v>>24), 0, 0)
		}
		if cache != nil {
			for _, v := range pix[at : at+n] {
				cache[cacheIndex(v, cacheBits)] = v
			}
		}
		at += n
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
func bestCache(pix []uint32, tokens []token) int {
	best, least := 0, math.Inf(1)
	for _, n := range []int{0, 6, 10} {
		h := newHistogram(n)
		eachSymbol(pix, tokens, n, h.add)
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

// runs finds what was there before.
func runs(pix []uint32, w int) []token {
	tokens := make([]token, 0, len(pix)/4)
	head := make([]int32, 1<<hashBits) // the last place with a hash, from 1
	prev := make([]int32, len(pix))    // the one before it, from 1
	enter := func(i int) {
		if i+1 < len(pix) {
			h := hash(pix[i], pix[i+1])
			prev[i], head[h] = head[h], int32(i+1)
		}
	}
	for i := 0; i < len(pix); {
		length, distance := 0, 0
		if i+minRun <= len(pix) {
			length, distance = search(pix, i, int(head[hash(pix[i], pix[i+1])])-1, prev)
		}
		if length < minRun || length < minFarRun && distance > farAway {
			tokens = append(tokens, token{pixel: pix[i]})
			enter(i)
			i++
			continue
		}
		tokens = append(tokens, token{distanceCode(distance, w), uint16(length)})
		for end := i + length; i < end; i++ {
			enter(i)
		}
	}
	return tokens
}

func hash(p, q uint32) uint32 { return (p*0x9e3779b1 ^ q*0x85ebca77) * 0xc2b2ae3d >> (32 - hashBits) }

// search returns the longest run that is the same at i as at one of the places
// from at on.
func search(pix []uint32, i, at int, prev []int32) (length, distance int) {
	most := min(maxRun, len(pix)-i)
	for n := 0; at >= 0 && n < maxChain && i-at <= window; n++ {
		if k := length; k == 0 || pix[at+k] == pix[i+k] {
			k = 0
			for k < most && pix[at+k] == pix[i+k] {
				k++
			}
			if k > length {
				length, distance = k, i-at
				if k >= min(longRun, most) {
					break
				}
			}
		}
		at = int(prev[at]) - 1
	}
	return length, distance
}

// nearby is the code of each place in the neighbourhood, by rows above and then
// by columns from 8 to the left to 7 to the right (section 5.2.2): the nearest first,
// then those more nearly straight above, then those to the left.
var nearby = func() (code [8 * 16]uint8) {
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
}()

// distanceCode is how a distance is written in a picture of width w.
func distanceCode(distance, w int) uint32 {
	y, x := distance/w, distance%w
	if x <= 8 && y < 8 {
		return uint32(nearby[y*16+8-x])
	}
	if x > w-8 && y < 7 {
		return uint32(nearby[(y+1)*16+8+w-x])
	}
	return uint32(distance + 120)
}
