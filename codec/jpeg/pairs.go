package jpeg

// Pair tables
//
// A pair table is indexed by the next pairBits bits and decodes up to two AC
// coefficients with all their bits, and an end-of-block behind them. From the
// lowest byte, an entry holds:
//
//	1 byte   how many bits that takes
//	1 byte   how far the first coefficient lies behind the last one before
//	1 byte   how far the second one does
//	1 byte   how far the reader advances, and pairEnd if the block ends
//	2 bytes  the first value
//	2 bytes  the second value
//
// An entry of one coefficient has it twice. One of none (an end-of-block, 16
// zeros) has two values of 0 that lie nowhere. Where not even one symbol fits,
// an entry takes no bits and advances by pairNone.
type pairTable [1 << pairBits]uint64

const (
	pairBits = 11
	pairEnd  = 128
	pairNone = 255
	nowhere  = 64
)

// pairs returns h's table for AC coefficients.
func (h *huffman) pairs() *pairTable {
	t := new(pairTable)
	for i := range t {
		t[i] = h.pair(uint64(i) << (64 - pairBits))
	}
	return t
}

func (h *huffman) pair(bits uint64) uint64 {
	var used, advance, found uint
	places, values := [2]uint{nowhere, nowhere}, [2]uint16{}
	end := uint(0)
	for found < 2 && end == 0 {
		code, extra, a, ok := h.acSymbol(bits)
		if !ok || used+code+extra > pairBits || a != eob && advance+uint(a) > 63 {
			break
		}
		switch {
		case a == eob:
			end = pairEnd
		case extra > 0:
			advance += uint(a)
			places[found], values[found] = advance, uint16(extend(uint32(bits<<code>>(64-extra)), extra))
			found++
		case found > 0: // 16 zeros behind a coefficient are left for the next look-up
			return pairEntry(used, places, values, advance)
		default:
			advance += uint(a)
		}
		used += code + extra
		bits <<= code + extra
		if extra == 0 && end == 0 {
			break
		}
	}
	if used == 0 {
		advance, end = pairNone, 0
	}
	return pairEntry(used, places, values, advance+end)
}

func pairEntry(used uint, places [2]uint, values [2]uint16, advance uint) uint64 {
	if places[1] == nowhere {
		places[1], values[1] = places[0], values[0]
	}
	return uint64(used) | uint64(places[0])<<8 | uint64(places[1])<<16 | uint64(advance)<<24 |
		uint64(values[0])<<32 | uint64(values[1])<<48
}
