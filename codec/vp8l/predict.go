package vp8l

import "math/bits"

// tileBits is log2 of the side of the tiles that have a predictor each.
const tileBits = 4

// predictors that are tried (section 4.1), the ones that win most often.
var predictors = []uint8{1, 2, 4, 5, 7, 9, 10, 11, 12, 13}

// predict writes the transforms of a picture with many colours, and turns its
// pixels into what they leave.
func (b *bitWriter) predict(pix []uint32, w, h int) {
	b.write(1, 1)
	b.write(subtractGreenTransform, 2)
	for i, v := range pix { // section 4.3
		green := v >> 8 & 0xff
		pix[i] = subtract(v, green<<16|green)
	}
	across, down := (w+1<<tileBits-1)>>tileBits, (h+1<<tileBits-1)>>tileBits
	modes := make([]uint32, across*down)
	for ty := range down {
		for tx := range across {
			modes[ty*across+tx] = 0xff000000 | uint32(bestPredictor(pix, w, h, tx<<tileBits, ty<<tileBits))<<8
		}
	}
	b.write(1, 1)
	b.write(predictorTransform, 2)
	b.write(tileBits-2, 3)
	b.image(modes, across, false)
	// From the end, so that what a prediction is made of is still there.
	for y := h - 1; y >= 0; y-- {
		for x := w - 1; x >= 0; x-- {
			mode := uint8(modes[y>>tileBits*across+x>>tileBits] >> 8)
			pix[y*w+x] = subtract(pix[y*w+x], prediction(pix, w, x, y, mode))
		}
	}
}

// prediction of a pixel. The first row and column have predictors of their own.
func prediction(pix []uint32, w, x, y int, mode uint8) uint32 {
	i := y*w + x
	switch {
	case i == 0:
		return 0xff000000
	case y == 0:
		return pix[i-1]
	case x == 0:
		return pix[i-w]
	}
	return predictFrom(mode, pix[i-1], pix[i-w], pix[i-w-1], pix[i-w+1])
}

// predictFrom makes a prediction of the pixels to the left, above, above to the left and
// above to the right. Behind the last column, that is the first pixel of the row itself.
func predictFrom(mode uint8, l, t, tl, tr uint32) uint32 {
	switch mode {
	case 1:
		return l
	case 2:
		return t
	case 3:
		return tr
	case 4:
		return tl
	case 5:
		return average(average(l, tr), t)
	case 6:
		return average(l, tl)
	case 7:
		return average(l, t)
	case 8:
		return average(tl, t)
	case 9:
		return average(t, tr)
	case 10:
		return average(average(l, tl), average(t, tr))
	case 11:
		return choose(l, t, tl)
	case 12:
		return gradient(l, t, tl)
	case 13:
		return halfGradient(average(l, t), tl)
	}
	return 0xff000000
}

// average of each byte, rounded down.
func average(p, q uint32) uint32 { return (p^q)&0xfefefefe>>1 + p&q }

// choose returns l or t, whichever is nearer to l + t - tl.
func choose(l, t, tl uint32) uint32 {
	d := 0
	for s := 0; s < 32; s += 8 {
		a, b, c := int(l>>s&0xff), int(t>>s&0xff), int(tl>>s&0xff)
		d += abs(b-c) - abs(a-c)
	}
	if d < 0 {
		return l
	}
	return t
}

func abs(v int) int { return max(v, -v) }

// gradient is l + t - tl, each byte within its range.
func gradient(l, t, tl uint32) (v uint32) {
	for s := 0; s < 32; s += 8 {
		v |= clamp(int(l>>s&0xff)+int(t>>s&0xff)-int(tl>>s&0xff)) << s
	}
	return v
}

// halfGradient is a and half of how far it is from tl.
func halfGradient(a, tl uint32) (v uint32) {
	for s := 0; s < 32; s += 8 {
		p, q := int(a>>s&0xff), int(tl>>s&0xff)
		v |= clamp(p+(p-q)/2) << s
	}
	return v
}

func clamp(v int) uint32 { return uint32(min(max(v, 0), 255)) }

// bestPredictor returns the one that leaves least in a tile, of which every
// other row and column are looked at.
func bestPredictor(pix []uint32, w, h, x0, y0 int) uint8 {
	best, least := predictors[0], 1<<62
	for _, mode := range predictors {
		cost := 0
		for y := max(y0, 1); y < min(y0+1<<tileBits, h); y += 2 {
			for x := max(x0, 1) + y>>1&1; x < min(x0+1<<tileBits, w); x += 2 {
				i := y*w + x
				d := subtract(pix[i], predictFrom(mode, pix[i-1], pix[i-w], pix[i-w-1], pix[i-w+1]))
				cost += residualCost(d)
			}
			if cost >= least {
				break
			}
		}
		if cost < least {
			best, least = mode, cost
		}
	}
	return best
}

// residualCost is about what the bytes of d take, in some unit.
func residualCost(d uint32) int {
	return int(costs[d>>24]) + int(costs[d>>16&0xff]) + int(costs[d>>8&0xff]) + int(costs[d&0xff])
}

// costs grow with the logarithm of a byte's distance from 0.
var costs = func() (t [256]uint8) {
	for i := range t {
		d := uint(min(i, 256-i))
		n := bits.Len(d)
		t[i] = uint8(4 * n)
		if n > 1 { // between powers of two
			t[i] = uint8(4*n + int(d<<2>>(n-1)&3))
		}
	}
	return t
}()
