// Package vp8l writes pictures as lossless WebP does: the WebP lossless bitstream specification (also RFC 9649),
// without its container.
//
// A picture of at most 256 colours is written as indices into a table of them, of which up to eight share a pixel. Of any
// other one the green is subtracted from red and blue, and each tile is predicted by whichever of the predictors leaves the
// least. Then runs that were there before are referred to, and the rest is written with one set of prefix codes. All
// four channels come back as they were, colours of transparent pixels included.
package vp8l

import (
	"image"
	"slices"
)

// MaxSide is the greatest width and height, pixels.
const MaxSide = 16384

// Transforms (section 4).
const (
	predictorTransform     = 0
	subtractGreenTransform = 2
	colourIndexTransform   = 3
)

const signature = 0x2f

// Append appends m, which has no side over MaxSide and at least one pixel, as a bitstream.
func Append(out []byte, m *image.NRGBA) []byte {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	pix, opaque := argb(m)
	b := &bitWriter{out: out}
	b.write(signature, 8)
	b.write(uint64(w-1), 14)
	b.write(uint64(h-1), 14)
	if opaque {
		b.write(0, 1)
	} else {
		b.write(1, 1)
	}
	b.write(0, 3) // version
	if table := colourTable(pix); table != nil {
		pix, w = b.indexColours(pix, w, h, table)
	} else {
		b.predict(pix, w, h)
	}
	b.write(0, 1) // no more transforms
	b.image(pix, w, true)
	return b.end()
}

// argb returns the pixels with alpha in the highest byte.
func argb(m *image.NRGBA) (pix []uint32, opaque bool) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	pix = make([]uint32, 0, w*h)
	and := uint32(1<<32 - 1)
	for y := range h {
		row := m.Pix[y*m.Stride:][:4*w]
		for i := 0; i < len(row); i += 4 {
			p := row[i : i+4 : i+4]
			v := uint32(p[3])<<24 | uint32(p[0])<<16 | uint32(p[1])<<8 | uint32(p[2])
			and &= v
			pix = append(pix, v)
		}
	}
	return pix, and>>24 == 255
}

// colourTable returns the colours of a picture that has at most 256, in order,
// so that neighbours are alike.
func colourTable(pix []uint32) []uint32 {
	seen := make(map[uint32]bool)
	last := ^pix[0]
	for _, v := range pix {
		if v == last {
			continue
		}
		last = v
		if seen[v] {
			continue
		}
		if len(seen) == 256 {
			return nil
		}
		seen[v] = true
	}
	table := make([]uint32, 0, len(seen))
	for v := range seen {
		table = append(table, v)
	}
	slices.Sort(table)
	return table
}

// indexColours writes the table, and returns the picture as indices in green,
// as many to a pixel as go into its eight bits (section 4.4).
func (b *bitWriter) indexColours(pix []uint32, w, h int, table []uint32) ([]uint32, int) {
	b.write(1, 1)
	b.write(colourIndexTransform, 2)
	b.write(uint64(len(table)-1), 8)
	deltas := make([]uint32, len(table))
	for i, v := range table {
		deltas[i] = v
		if i > 0 {
			deltas[i] = subtract(v, table[i-1])
		}
	}
	b.image(deltas, len(deltas), false)

	shift := 0 // log2 of the indices to a pixel
	for _, most := range []int{16, 4, 2} {
		if len(table) <= most {
			shift++
		}
	}
	index := make(map[uint32]uint32, len(table))
	for i, v := range table {
		index[v] = uint32(i)
	}
	packed := (w + 1<<shift - 1) >> shift
	out := make([]uint32, packed*h)
	bits := 8 >> shift
	last, at := table[0], uint32(0)
	for y := range h {
		for x, v := range pix[y*w : (y+1)*w] {
			if v != last {
				last, at = v, index[v]
			}
			out[y*packed+x>>shift] |= at << (8 + bits*(x&(1<<shift-1)))
		}
	}
	for i := range out {
		out[i] |= 0xff000000
	}
	return out, packed
}

// subtract takes each byte of q from that of p.
func subtract(p, q uint32) uint32 {
	// The bytes between are made large enough not to borrow from one another.
	even := p&0x00ff00ff + 0x01000100 - q&0x00ff00ff
	odd := p>>8&0x00ff00ff + 0x01000100 - q>>8&0x00ff00ff
	return even&0x00ff00ff | odd&0x00ff00ff<<8
}
