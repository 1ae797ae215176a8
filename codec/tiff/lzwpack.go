package tiff

import "encoding/binary"

// lzwPacker does LZW (section 13): codes of 9 to 12 bits, the highest bit first, that grow one code early.
type lzwPacker struct {
	// strings has those of more than a byte, by what they are made of. A slot is 0, or lzwKey of that above the 12 bits of
	// the string's code. There are at least twice as many as strings.
	strings [1 << lzwSlotBits]uint32
	out     []byte
}

const (
	lzwSlotBits = 13
	lzwFull     = 1<<lzwMost - 1 // the code that is not made any more: the strings are forgotten in front of it
)

// lzwKey is what a string is made of: the code of another one, and a byte. It has 20 bits and is never 0.
func lzwKey(prefix uint32, b byte) uint32 { return prefix<<8 + uint32(b) + 1 }

// lzwSlot spreads keys over the slots (multiplicative hashing; Knuth, The Art of Computer Programming, 6.4).
func lzwSlot(key uint32) uint32 { return key * 0x9e3779b1 >> (32 - lzwSlotBits) }

// pack returns the codes of src, which has at least a byte, in memory that the next call takes again. They take little
// more than 12 bits for each byte of src at most.
func (p *lzwPacker) pack(src []byte) []byte {
	if most := len(src) + len(src)/2 + len(src)/1024 + 32; cap(p.out) < most {
		p.out = make([]byte, most)
	}
	clear(p.strings[:])
	out, at := p.out[:cap(p.out)], 0
	acc, n := uint64(lzwClear), uint(9) // bits that are not in out yet
	width, next := uint(9), uint32(lzwFirst)
	prefix := uint32(src[0])
bytes:
	for _, b := range src[1:] {
		key := lzwKey(prefix, b)
		slot := lzwSlot(key)
		for e := p.strings[slot]; e != 0; e = p.strings[slot] {
			if e>>lzwMost == key {
				prefix = e & (1<<lzwMost - 1)
				continue bytes
			}
			slot = (slot + 1) & (1<<lzwSlotBits - 1)
		}
		p.strings[slot] = key<<lzwMost | next
		if n >= 32 {
			n -= 32
			binary.BigEndian.PutUint32(out[at:], uint32(acc>>n))
			at += 4
		}
		acc, n = acc<<width|uint64(prefix), n+width
		prefix = uint32(b)
		if next++; next>>width != 0 {
			width++
		}
		if next == lzwFull {
			acc, n = acc<<width|lzwClear, n+width // n is at most 31+12+12
			width, next = 9, lzwFirst
			clear(p.strings[:])
		}
	}
	out, n = takeBytes(out[:at], acc, n)
	acc, n = acc<<width|uint64(prefix), n+width
	if next++; next>>width != 0 { // a reader counts this code as well, though no string is made of it
		width++
	}
	acc, n = acc<<width|lzwEnd, n+width
	out, _ = takeBytes(out, acc<<7, n+7) // and zeros up to a whole byte
	return out
}

// takeBytes moves whole bytes out of the lowest n bits of acc. It returns how many bits are left.
func takeBytes(out []byte, acc uint64, n uint) ([]byte, uint) {
	for ; n >= 8; n -= 8 {
		out = append(out, byte(acc>>(n-8)))
	}
	return out, n
}
