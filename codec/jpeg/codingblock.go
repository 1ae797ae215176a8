package jpeg

import "encoding/binary"

// codingBlock is the coefficients of a block, made ready to be coded: 16-bit
// values, little endian, the one that is number k in zigzag order at
// codingOffset(k). That puts numbers k, k+16, k+32 and k+48 into one 64-bit
// word, from which four bits of the mask of nonzero coefficients can be taken
// without moving them.
type codingBlock [128]byte

func codingOffset(k uint) uint { return k&15<<3 | k>>4<<1 }

func (b *codingBlock) at(k uint) int32 {
	i := codingOffset(k) & 126
	return int32(int16(uint16(b[i]) | uint16(b[i+1])<<8))
}

func (b *codingBlock) set(offset uint, v int16) {
	i := offset & 126
	b[i], b[i+1] = byte(v), byte(v>>8)
}

// setBlock fills b with a block that stands row by row.
func (b *codingBlock) setBlock(c *Block) {
	for k, i := range zigzag {
		b.set(codingOffset(uint(k)), c[i&63])
	}
}

// setDC makes b a block of one color.
func (b *codingBlock) setDC(v int16) {
	*b = codingBlock{}
	b.set(0, v)
}

// nonzero returns a mask of the coefficients that are not 0, bit k for number
// k in zigzag order.
func (b *codingBlock) nonzero() uint64 {
	const low, high = 0x7fff7fff7fff7fff, 0x8000800080008000
	mask := uint64(0)
	for i := range 16 {
		v := binary.LittleEndian.Uint64(b[8*i:])
		mask |= ((v&low + low) | v) & high >> (15 - i)
	}
	return mask
}
