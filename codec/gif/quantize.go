package gif

import (
	"image"
	"slices"
)

// rgb is a colour in sixteenths of a level, so that means keep a fraction.
type rgb [3]int32

// colourBin is a cell of the histogram: how many pixels, and their mean.
type colourBin struct {
	mean rgb
	n    int64
}

// refinements is how often the palette is moved to the means of the pixels that
// it got. Three more gain 0.1 dB.
const refinements = 4

// quantize returns at most most colours for the opaque pixels of a picture. A box around all of them is
// cut in two, at the place where that takes most away from the sum of squared distances to the mean, then the box where the
// next cut takes most, and so on (after X. Wu, Efficient Statistical Computations for Optimal Color Quantization,
// Graphics Gems II); then the means of the boxes are moved by k-means. Sums are integers, and quotients of them are
// compared, so that every machine finds the same.
func quantize(m *image.NRGBA, most int) []rgb {
	boxes := []colourBox{newColourBox(histogram(m))}
	for len(boxes) < most {
		i := 0
		for k, b := range boxes {
			if b.gain > boxes[i].gain {
				i = k
			}
		}
		if boxes[i].gain <= 0 {
			break
		}
		a, b := boxes[i].cut()
		boxes[i] = a
		boxes = append(boxes, b)
	}
	palette := make([]rgb, len(boxes))
	for i, b := range boxes {
		palette[i] = meanOf(b.bins)
	}
	for range refinements {
		refine(palette, boxes)
	}
	return wholeLevels(palette)
}

// histogram sums up the opaque pixels in cells of 4 x 4 x 4 levels.
func histogram(m *image.NRGBA) []colourBin {
	type sum struct{ r, g, b, n int64 }
	var (
		cell = make([]int32, 1<<18) // where each has its sum, from 1
		sums []sum
	)
	for y := range m.Rect.Dy() {
		row := m.Pix[y*m.Stride:][:4*m.Rect.Dx()]
		for i := 0; i < len(row); i += 4 {
			p := row[i : i+4 : i+4]
			if p[3] == 0 {
				continue
			}
			at := &cell[int(p[0]>>2)<<12|int(p[1]>>2)<<6|int(p[2]>>2)]
			if *at == 0 {
				sums = append(sums, sum{})
				*at = int32(len(sums))
			}
			s := &sums[*at-1]
			s.r, s.g, s.b, s.n = s.r+int64(p[0]), s.g+int64(p[1]), s.b+int64(p[2]), s.n+1
		}
	}
	bins := make([]colourBin, len(sums))
	for i, s := range sums {
		mean := func(v int64) int32 { return int32((16*v + s.n/2) / s.n) }
		bins[i] = colourBin{rgb{mean(s.r), mean(s.g), mean(s.b)}, s.n}
	}
	return bins
}

func meanOf(bins []colourBin) (mean rgb) {
	var sum [3]int64
	n := int64(0)
	for _, b := range bins {
		for k := range sum {
			sum[k] += int64(b.mean[k]) * b.n
		}
		n += b.n
	}
	for k := range sum {
		mean[k] = int32((sum[k] + n/2) / n)
	}
	return mean
}

// colourBox is a part of the bins, and the best way to cut it in two: before
// the level at on an axis, by which the sum of squares loses gain.
type colourBox struct {
	bins     []colourBin
	axis, at int
	gain     float64
}

func newColourBox(bins []colourBin) colourBox {
	box := colourBox{bins: bins}
	if len(bins) < 2 {
		return box
	}
	// With sums about the mean, the sum of squares loses s*s/n of either part.
	var n, s [3][256]int64
	mean := meanOf(bins)
	for _, b := range bins {
		for k := range 3 {
			level := min(b.mean[k]>>4, 255)
			n[k][level] += b.n
			s[k][level] += b.n * int64(b.mean[k]-mean[k])
		}
	}
	for k := range 3 {
		var all, below, sumAll, sum int64
		for level := range n[k] {
			all += n[k][level]
			sumAll += s[k][level]
		}
		for level := range 255 {
			below += n[k][level]
			sum += s[k][level]
			if n[k][level] == 0 || below == all {
				continue
			}
			rest := float64(sumAll - sum)
			lower, upper := float64(sum)*float64(sum)/float64(below), rest*rest/float64(all-below)
			if gain := lower + upper; gain > box.gain {
				box.axis, box.at, box.gain = k, level+1, gain
			}
		}
	}
	return box
}

func (b colourBox) cut() (lower, upper colourBox) {
	i := 0
	for k := range b.bins {
		if int(b.bins[k].mean[b.axis]>>4) < b.at {
			b.bins[i], b.bins[k] = b.bins[k], b.bins[i]
			i++
		}
	}
	return newColourBox(b.bins[:i:i]), newColourBox(b.bins[i:])
}

// refine moves every colour to the mean of the bins that are nearest to it.
func refine(palette []rgb, boxes []colourBox) {
	near := newNearest(palette, 0)
	sum := make([][3]int64, len(palette))
	count := make([]int64, len(palette))
	for _, box := range boxes {
		for _, b := range box.bins {
			i := near.find(b.mean)
			for k := range 3 {
				sum[i][k] += int64(b.mean[k]) * b.n
			}
			count[i] += b.n
		}
	}
	for i, n := range count {
		for k := range palette[i] {
			if n > 0 {
				palette[i][k] = int32((sum[i][k] + n/2) / n)
			}
		}
	}
}

// wholeLevels rounds colours to levels, and leaves out what is there already.
func wholeLevels(palette []rgb) []rgb {
	out := palette[:0]
	for _, c := range palette {
		for k := range c {
			c[k] = min((c[k]+8)>>4, 255) << 4
		}
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// nearest finds the colour of a palette that is nearest. The cube of colours is
// divided into cells; for each it holds the colours that are nearest to a place
// in the cell, found out when the first one is asked for.
type nearest struct {
	palette []rgb
	bits    uint // cells along an axis: 1 << bits
	cells   []struct{ start, n int32 }
	indices []uint8
}

// newNearest makes cells that suit a number of questions: small ones take long
// to make, and less to look through.
func newNearest(palette []rgb, questions int) *nearest {
	t := &nearest{palette: palette, bits: 4}
	if questions > 1<<16 {
		t.bits = 5
	}
	t.cells = make([]struct{ start, n int32 }, 1<<(3*t.bits))
	return t
}

// find returns an index; of equally near ones the lowest.
func (t *nearest) find(c rgb) uint8 {
	shift := 12 - t.bits
	cell := &t.cells[c[0]>>shift<<(2*t.bits)|c[1]>>shift<<t.bits|c[2]>>shift]
	if cell.n == 0 {
		cell.start = int32(len(t.indices))
		t.collect(c)
		cell.n = int32(len(t.indices)) - cell.start
	}
	list := t.indices[cell.start:][:cell.n]
	best, least := list[0], int32(1<<31-1)
	for _, i := range list {
		p := &t.palette[i]
		r, g, b := p[0]-c[0], p[1]-c[1], p[2]-c[2]
		if d := r*r + g*g + b*b; d < least {
			best, least = i, d
		}
	}
	return best
}

// collect lists what may be nearest in the cell of c: every colour whose least
// distance to the cell is not above the least of all greatest ones.
func (t *nearest) collect(c rgb) {
	var dist [256]int32
	bound, size := int32(1<<31-1), int32(1)<<(12-t.bits)
	for i, p := range t.palette {
		closest, furthest := int32(0), int32(0)
		for k := range 3 {
			low := c[k] &^ (size - 1)
			high := low + size - 1
			far := max(high-p[k], p[k]-low)
			near := max(low-p[k], p[k]-high, 0)
			closest, furthest = closest+near*near, furthest+far*far
		}
		dist[i] = closest
		bound = min(bound, furthest)
	}
	for i := range t.palette {
		if dist[i] <= bound {
			t.indices = append(t.indices, uint8(i))
		}
	}
}
