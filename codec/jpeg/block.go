package jpeg

// lowest is where the coefficients of the lowest frequencies of a block go, by
// their place in zigzag order: coefficient u, v of size x size that are wanted
// to v*size+u, all others, and nowhere and what is behind it, to size*size. That
// is the start of the next block, which is read later.
type lowest struct {
	limit uint // the last place that is wanted
	to    [64 + nowhere]uint8
}

// lowests are by size.
var lowests = [9]*lowest{1: newLowest(1), 2: newLowest(2), 4: newLowest(4), 8: newLowest(8)}

func newLowest(size int) *lowest {
	l := new(lowest)
	for k := range l.to {
		l.to[k] = uint8(size * size)
		if k > 63 {
			continue
		}
		if u, v := int(zigzag[k]&7), int(zigzag[k]>>3); u < size && v < size {
			l.to[k] = uint8(v*size + u)
			l.limit = uint(k)
		}
	}
	return l
}

// blockReader reads the blocks of one component of a sequential scan.
type blockReader struct {
	tables *blockSkipper
	pairs  *pairTable
	low    *lowest
	pred   int16 // DC of the last block; it wraps around, as in libjpeg
}

// blockRoom is how many coefficients may be written from the start of a block
// on.
const blockRoom = 128

// read reads what is wanted of the block that begins at a position in bits into
// coefs, which are zero before, but for the first. It returns the position
// behind that, and the place of the last coefficient in zigzag order that it came
// to, with pairEnd added where that is the end of the block; elsewhere skipRest
// leads on. ok is false if the bits are no block.
//
// This is where the time goes. A load brings 57 bits, which do for the DC and
// three look-ups. What a look-up finds is stored before anything is known of it,
// and what should not have been stored is nowhere.
func (d *blockReader) read(b []byte, at uint64, coefs *[blockRoom]int16) (next uint64, k uint, ok bool) {
	start := at
	bits := load(b, at<<atShift)
	diff := int32(d.tables.diffs[bits>>(64-skipBits)])
	n := diff & 15
	if diff >>= 4; n == 0 {
		if diff, n = d.tables.dc.diff(bits); n == 0 {
			return at, 0, false
		}
	}
	bits <<= n & 63
	at += uint64(n)
	d.pred += int16(diff)
	coefs[0] = d.pred
	if n > 57-3*pairBits {
		bits = load(b, at<<atShift)
	}

	t, to, limit := d.pairs, &d.low.to, d.low.limit
	for {
		e := t[bits>>(64-pairBits)]
		bits <<= e & 63
		at += e & 63
		coefs[to[(k+uint(e>>8&0xff))&127]&127] = int16(e >> 32)
		coefs[to[(k+uint(e>>16&0xff))&127]&127] = int16(e >> 48)
		if k += uint(e >> 24 & 0xff); k < limit {
			e := t[bits>>(64-pairBits)]
			bits <<= e & 63
			at += e & 63
			coefs[to[(k+uint(e>>8&0xff))&127]&127] = int16(e >> 32)
			coefs[to[(k+uint(e>>16&0xff))&127]&127] = int16(e >> 48)
			if k += uint(e >> 24 & 0xff); k < limit {
				e := t[bits>>(64-pairBits)]
				at += e & 63
				coefs[to[(k+uint(e>>8&0xff))&127]&127] = int16(e >> 32)
				coefs[to[(k+uint(e>>16&0xff))&127]&127] = int16(e >> 48)
				if k += uint(e >> 24 & 0xff); k < limit {
					bits = load(b, at<<atShift)
					continue
				}
			}
		}
		switch {
		case k < 63, k-pairEnd < 63: // all that is wanted, or an end-of-block
			return at, k, true
		case k == 63:
			return at, k + pairEnd, true
		case k < pairNone: // some bits were the next block's
			return d.slow(b, start, coefs)
		}
		if at, k, ok = d.symbol(b, at, k-pairNone, coefs); !ok || k >= limit {
			return at, k, ok
		}
		bits = load(b, at<<atShift)
	}
}

// slow is read for the AC coefficients of a block that is read to its end.
func (d *blockReader) slow(b []byte, at uint64, coefs *[blockRoom]int16) (next uint64, k uint, ok bool) {
	_, n := d.tables.dc.diff(load(b, at<<atShift))
	at += uint64(n)
	for ok = true; ok && k < 63; {
		at, k, ok = d.symbol(b, at, k, coefs)
	}
	return at, k, ok
}

// symbol reads the AC symbol behind coefficient k.
func (d *blockReader) symbol(b []byte, at uint64, k uint, coefs *[blockRoom]int16) (next uint64, last uint, ok bool) {
	bits := load(b, at<<atShift)
	code, extra, advance, ok := d.tables.ac.acSymbol(bits)
	if !ok {
		return at, k, false
	}
	at += uint64(code + extra)
	if advance == eob {
		return at, k + pairEnd, true
	}
	if k += uint(advance); k > 63 {
		return at, k, false
	}
	if extra > 0 {
		coefs[d.low.to[k]&127] = int16(extend(uint32(bits<<code>>(64-extra)), extra))
	}
	if k == 63 {
		k += pairEnd
	}
	return at, k, true
}

// skip returns the position behind the block that begins at another. It reports
// false if the bits are none.
func (d *blockReader) skip(b []byte, at uint64) (next uint64, ok bool) {
	_, n := d.tables.dc.diff(load(b, at<<atShift))
	if n == 0 {
		return at, false
	}
	return d.skipRest(b, at+uint64(n), 0)
}

// skipRest returns the position behind a block of which coefficient k was read
// last, before at. It reports false if the bits are none.
func (d *blockReader) skipRest(b []byte, at uint64, k uint) (next uint64, ok bool) {
	bits, left := uint64(0), 0
	for {
		if left < skipBits {
			bits, left = load(b, at<<atShift), 57
		}
		e := uint(d.tables.skip[bits>>(64-skipBits)])
		last := k + e>>kShift&127
		if e&longCode != 0 || last >= 63 {
			if at, k, ok = d.symbol(b, at, k, new([blockRoom]int16)); !ok || k >= pairEnd {
				return at, ok
			}
			left = 0
			continue
		}
		n := e >> atShift
		at += uint64(n)
		if e&blockEnd != 0 {
			return at, true
		}
		bits, left, k = bits<<n, left-int(n), last
	}
}
