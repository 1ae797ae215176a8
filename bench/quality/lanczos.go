package quality

import "math"

// lobes of the Lanczos kernel.
const lobes = 3

// scaled makes a smaller plane, one side after the other. What the kernel makes of edges
// beyond 0 and 255 is cut off, as no file can hold it.
func (p plane) scaled(w, h int) plane {
	s := p.narrowed(w).transposed().narrowed(h).transposed()
	for i, v := range s.v {
		s.v[i] = min(max(v, 0), 255)
	}
	return s
}

// narrowed resamples each row to w samples. The samples that count for one lie up to
// lobes of its own widths to both sides; those beyond the edge do not exist.
func (p plane) narrowed(w int) plane {
	out := newPlane(w, p.h)
	step := float64(p.w) / float64(w)
	for x := range w {
		centre := (float64(x) + 0.5) * step
		first := max(0, int(math.Ceil(centre-lobes*step-0.5)))
		last := min(p.w-1, int(math.Floor(centre+lobes*step-0.5)))
		weights := make([]float32, last-first+1)
		var sum float64
		for i := range weights {
			sum += lanczos((float64(first+i) + 0.5 - centre) / step)
		}
		for i := range weights {
			weights[i] = float32(lanczos((float64(first+i)+0.5-centre)/step) / sum)
		}
		for y := range p.h {
			var v float32
			for i, s := range p.v[y*p.w+first:][:len(weights)] {
				v += weights[i] * s
			}
			out.v[y*w+x] = v
		}
	}
	return out
}

func lanczos(x float64) float64 {
	if x == 0 {
		return 1
	}
	if math.Abs(x) >= lobes {
		return 0
	}
	x *= math.Pi
	return lobes * math.Sin(x) * math.Sin(x/lobes) / (x * x)
}
