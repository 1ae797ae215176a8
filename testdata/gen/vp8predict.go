package main

// Modes of prediction for whole macroblocks (RFC 6386, section 12.2).
const (
	predictDC = iota
	predictV
	predictH
	predictTM
)

// writeModes writes the modes of luma and chroma (RFC 6386, section 11.2).
func (e *vp8Encoder) writeModes(luma, chroma int) {
	w := &e.modes
	w.bit(1, 145) // 16x16 prediction
	switch luma {
	case predictDC:
		w.bit(0, 156)
		w.bit(0, 163)
	case predictV:
		w.bit(0, 156)
		w.bit(1, 163)
	case predictH:
		w.bit(1, 156)
		w.bit(0, 128)
	case predictTM:
		w.bit(1, 156)
		w.bit(1, 128)
	}
	for i, p := range [3]int{142, 114, 183} {
		if chroma == i {
			w.bit(0, p)
			return
		}
		w.bit(1, p)
	}
}

// bestMode returns the mode whose prediction is nearest to the source.
func (p *vp8Plane) bestMode(mbx, mby int) int {
	best, least := 0, 1<<30
	for mode := range 4 {
		p.predict(mbx, mby, mode)
		sum := 0
		for i := range p.size * p.size {
			at := p.origin(mbx, mby) + i/p.size*p.stride + i%p.size
			sum += abs(p.source[at] - p.output[at])
		}
		if sum < least {
			best, least = mode, sum
		}
	}
	return best
}

// origin returns the index of a macroblock's first sample.
func (p *vp8Plane) origin(mbx, mby int) int {
	return (mby*p.size+1)*p.stride + mbx*p.size + 1
}

// predict fills a macroblock of the output from the samples around it.
func (p *vp8Plane) predict(mbx, mby, mode int) {
	at := p.origin(mbx, mby)
	dc := p.average(mbx, mby)
	for y := range p.size {
		left := p.output[at+y*p.stride-1]
		for x := range p.size {
			above := p.output[at-p.stride+x]
			v := dc
			switch mode {
			case predictV:
				v = above
			case predictH:
				v = left
			case predictTM:
				v = clamp8(left + above - p.corner(mbx, mby))
			}
			p.output[at+y*p.stride+x] = v
		}
	}
}

// corner returns the sample above and left of a macroblock.
func (p *vp8Plane) corner(mbx, mby int) int {
	return p.output[p.origin(mbx, mby)-p.stride-1]
}

// average returns the mean of the samples above and on the left, as far as they
// belong to the picture.
func (p *vp8Plane) average(mbx, mby int) int {
	at := p.origin(mbx, mby)
	sum, n := 0, 0
	for i := range p.size {
		if mby > 0 {
			sum, n = sum+p.output[at-p.stride+i], n+1
		}
		if mbx > 0 {
			sum, n = sum+p.output[at+i*p.stride-1], n+1
		}
	}
	if n == 0 {
		return 128
	}
	return (sum + n/2) / n
}

// block returns the index of the first sample of the i-th 4x4 block.
func (p *vp8Plane) block(mbx, mby, i int) int {
	across := p.size / 4
	return p.origin(mbx, mby) + i/across*4*p.stride + i%across*4
}

// difference returns what the prediction of a block lacks.
func (p *vp8Plane) difference(mbx, mby, i int) [16]int {
	at := p.block(mbx, mby, i)
	var out [16]int
	for j := range out {
		k := at + j/4*p.stride + j%4
		out[j] = p.source[k] - p.output[k]
	}
	return out
}

// add completes a block of the output.
func (p *vp8Plane) add(mbx, mby, i int, residual [16]int) {
	at := p.block(mbx, mby, i)
	for j, v := range residual {
		k := at + j/4*p.stride + j%4
		p.output[k] = clamp8(p.output[k] + v)
	}
}

func clamp8(v int) int { return min(max(v, 0), 255) }
