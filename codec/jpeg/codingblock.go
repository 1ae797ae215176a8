package jpeg

// codingBlock is the coefficients of a block in zigzag order, the order in
// which they are coded, in two's complement. (As uint16, four of them are read as
// one word.)
type codingBlock [64]uint16

// setBlock fills b with a block that stands row by row.
func (b *codingBlock) setBlock(c *Block) {
	for k, i := range zigzag {
		b[k] = uint16(c[i&63])
	}
}

// at returns coefficient k.
func (b *codingBlock) at(k uint) int32 { return int32(int16(b[k&63])) }

// nonzero returns a mask of the coefficients that are not 0, bit k for number
// k. It looks at four at a time.
func (b *codingBlock) nonzero() uint64 {
	const low, high = 0x7fff7fff7fff7fff, 0x8000800080008000
	// Brings the bits 15, 31, 47 and 63 to 60, 61, 62 and 63.
	const gather = 1<<45 | 1<<30 | 1<<15 | 1
	mask := uint64(0)
	for i := 0; i < 64; i += 4 {
		p := b[i : i+4 : i+4]
		v := uint64(p[0]) | uint64(p[1])<<16 | uint64(p[2])<<32 | uint64(p[3])<<48
		v = ((v&low + low) | v) & high
		mask = mask>>4 | v*gather&(15<<60)
	}
	return mask
}
