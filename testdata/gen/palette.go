package main

import (
	"cmp"
	"slices"
)

// palette is a list of 8-bit colours, red, green, blue.
type palette [][3]uint8

// indexed reduces an 8-bit RGB picture to at most n colours by median cut, and
// returns one index a pixel.
func indexed(m *raster, n int) (*raster, palette) {
	boxes := [][][3]uint8{colours(m)}
	for len(boxes) < n {
		i, channel, spread := widest(boxes)
		if spread == 0 {
			break
		}
		box := boxes[i]
		slices.SortStableFunc(box, func(a, b [3]uint8) int { return cmp.Compare(a[channel], b[channel]) })
		boxes[i] = box[:len(box)/2]
		boxes = append(boxes, box[len(box)/2:])
	}
	var p palette
	for _, box := range boxes {
		p = append(p, mean(box))
	}
	return m.each(1, 8, func(dst, src []uint16) { dst[0] = uint16(p.nearest(src)) }), p
}

func colours(m *raster) [][3]uint8 {
	var all [][3]uint8
	for i := 0; i < len(m.pix); i += m.channels {
		all = append(all, [3]uint8{uint8(m.pix[i]), uint8(m.pix[i+1]), uint8(m.pix[i+2])})
	}
	return all
}

// widest returns the box that spreads most along one channel.
func widest(boxes [][][3]uint8) (box, channel, spread int) {
	for i, b := range boxes {
		for c := range 3 {
			lo, hi := 255, 0
			for _, v := range b {
				lo, hi = min(lo, int(v[c])), max(hi, int(v[c]))
			}
			if hi-lo > spread {
				box, channel, spread = i, c, hi-lo
			}
		}
	}
	return box, channel, spread
}

func mean(box [][3]uint8) [3]uint8 {
	var out [3]uint8
	for c := range out {
		sum := len(box) / 2
		for _, v := range box {
			sum += int(v[c])
		}
		out[c] = uint8(sum / len(box))
	}
	return out
}

func (p palette) nearest(px []uint16) int {
	best, at := 1<<30, 0
	for i, c := range p {
		d := 0
		for k, v := range c {
			d += (int(v) - int(px[k])) * (int(v) - int(px[k]))
		}
		if d < best {
			best, at = d, i
		}
	}
	return at
}

// bytes lays the colours out one after the other, padded with black to n.
func (p palette) bytes(n int) []byte {
	out := make([]byte, 3*n)
	for i, c := range p {
		copy(out[3*i:], c[:])
	}
	return out
}

// shown returns the RGB picture that indices into p show.
func (p palette) shown(index *raster) *raster {
	return index.each(3, 8, func(dst, src []uint16) {
		for k, v := range p[src[0]] {
			dst[k] = uint16(v)
		}
	})
}
