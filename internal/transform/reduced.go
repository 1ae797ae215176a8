package transform

import (
	"encoding/binary"

	"github.com/imgpar/imgpar/codec/jpeg"
)

// reduced returns p with the mean of n x n samples for each so many, n being 2, 4
// or 8: as Decode gives it at a scale, of which the last samples may be made of
// what lies beyond the edge, within its block. It is what a target that could do
// with less than was decoded is scaled from, in a fraction of the time.
func reduced(p *jpeg.Plane, n int) jpeg.Plane {
	small := jpeg.Plane{H: p.H, V: p.V, Width: (p.Width + n - 1) / n, Height: (p.Height + n - 1) / n}
	small.Stride = small.Width
	small.Pix = make([]byte, small.Stride*small.Height)
	sums := make([]uint64, n*small.Width/8)
	for y := range small.Height {
		dst := small.Pix[y*small.Stride:][:small.Width]
		clear(sums)
		for k := range n {
			addPairs(sums, p.Pix[(n*y+k)*p.Stride:])
		}
		done := means(dst, sums, n)
		for x := done; x < len(dst); x++ {
			dst[x] = mean(p, n*x, n*y, n)
		}
	}
	return small
}

// even are the lanes of 16 bits in which the sums of 2 x 8 samples have room.
const even = 0x00ff00ff00ff00ff

// addPairs adds the samples of a row in pairs: eight samples to the four lanes of
// a sum.
func addPairs(sums []uint64, row []byte) {
	row = row[:8*len(sums)]
	for i := range sums {
		v := binary.LittleEndian.Uint64(row[8*i:])
		sums[i] += v&even + v>>8&even
	}
}

// means makes means, rounded, of sums of n rows, and returns how many.
func means(dst []byte, sums []uint64, n int) int {
	switch n {
	case 2:
		for i, s := range sums {
			s = (s + 0x0002000200020002) >> 2 & even
			s |= s >> 8
			binary.LittleEndian.PutUint32(dst[4*i:], uint32(s&0xffff|s>>16&0xffff0000))
		}
		return 4 * len(sums)
	case 4:
		const wide = 0x0000ffff0000ffff
		for i, s := range sums {
			s = (s&wide + s>>16&wide + 0x0000000800000008) >> 4
			dst[2*i], dst[2*i+1] = byte(s), byte(s>>32)
		}
		return 2 * len(sums)
	}
	for i, s := range sums {
		s = s&0xffff + s>>16&0xffff + s>>32&0xffff + s>>48
		dst[i] = byte((s + 32) >> 6)
	}
	return len(sums)
}

// mean is that of n x n samples from x, y, rounded.
func mean(p *jpeg.Plane, x, y, n int) byte {
	sum := 0
	for v := range n {
		for _, s := range p.Pix[(y+v)*p.Stride+x:][:n] {
			sum += int(s)
		}
	}
	return byte((sum + n*n/2) / (n * n))
}
