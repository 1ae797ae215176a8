package resample

import "math"

// A blur by a wide Gaussian has no detail, so it is enough to make every step-th sample of it, and to interpolate. A cubic
// through samples that lie h apart (Keys 1981) misses at most h^3/62 of the third derivative, which for values from 0 to 1
// is at most 0.76/sigma^3. With four steps to a standard deviation that is 1/5000 of the range.
//
// Weights have 16 bits behind the point and are not negative, so a sum of samples of 16 bits is below 2^32, and two of
// them fit into one int64 as in generic.go, but as numbers without a sign.
const (
	stepsPerSigma = 4
	fineBits      = 16
	margin        = 2 // samples of the coarse picture before and behind the source, which the cubic reaches for
)

// Shrink is the weights with which the samples of a coarse picture are made along one direction: those of a Gaussian
// blur of the source, every Step samples of it. It does not change and may be used by many goroutines.
type Shrink struct {
	In, Out int // samples of the source and of the coarse picture
	Step    int // samples of the source from one of the coarse picture to the next

	first []int      // sample of the source that a result begins with
	rows  [][]uint32 // weights of each; away from the edges all results share them
}

// NewShrink returns the weights for in samples and a Gaussian with a standard deviation of sigma samples, which is cut
// at edges as that of NewGaussian. It panics as that does.
func NewShrink(in int, sigma float64) *Shrink {
	checkGaussian(in, sigma)
	s := &Shrink{In: in, Step: max(1, int(sigma/stepsPerSigma))}
	s.Out = (in+s.Step-1)/s.Step + 2*margin
	s.first, s.rows = make([]int, s.Out), make([][]uint32, s.Out)
	between := (s.Step - 1) % 2 // of an even step, results stand midway between two samples
	bell, reach := newBell(sigma, float64(between)/2), int(math.Ceil(gaussReach*sigma))
	var whole []uint32
	for i := range s.Out {
		low := (i-margin)*s.Step + (s.Step-1)/2 // the last sample that is not behind the result
		first, last := low-reach, low+between+reach
		cut := first < 0 || last >= in
		if !cut && whole != nil {
			s.first[i], s.rows[i] = first, whole
			continue
		}
		first, last = min(max(first, 0), in-1), max(min(last, in-1), 0)
		w := make([]float64, last-first+1)
		for x := first; x <= last; x++ {
			if d := max(low-x, x-low-between); d < len(bell) { // else it is the only one
				w[x-first] = bell[d]
			}
		}
		s.first[i], s.rows[i] = first, fineWeights(w)
		if !cut {
			whole = s.rows[i]
		}
	}
	return s
}

// fineWeights makes weights of 16 bits. A Gaussian that vanishes before it meets the source has its nearest sample.
func fineWeights(w []float64) []uint32 {
	sum := 0.0
	for _, v := range w {
		sum += v
	}
	if sum == 0 {
		w[0] = 1
	}
	normalise(w)
	return quantise([]uint32(nil), w, 1<<fineBits)
}

// Back returns the weights that make the blurred samples, as many as the source has, of those of the coarse picture.
func (s *Shrink) Back() *Axis {
	return NewAxis(CatmullRom, s.Out, Span{margin, margin + float64(s.In)/float64(s.Step)}, s.In)
}

// end returns the sample behind the last one that result i is made of.
func (s *Shrink) end(i int) int { return s.first[i] + len(s.rows[i]) }

// weight returns that of sample x in result i.
func (s *Shrink) weight(i, x int) int64 {
	if k := x - s.first[i]; k >= 0 && k < len(s.rows[i]) {
		return int64(s.rows[i][k])
	}
	return 0
}

// block is how many rows of the source are read at once.
const block = 12

// keepSums is the most sums that a shrinker holds on to between pictures: 16 MB.
const keepSums = 2 << 20

// shrinker is the memory for rows, and for sums of the results that are not complete.
type shrinker struct {
	source  []uint16
	weights []int64
	open    []openPair
	spare   [][]int64
}

// openPair is two rows of the coarse picture, which are as wide as the source still: 2i and 2i+1, the second of which
// may be missing.
type openPair struct {
	i    int
	sums []int64
}

// Shrink writes the coarse picture, whose rows follow each other without gaps, to dst. read is asked for each row of the
// source once, in order, and fills a slice of x.In samples with channels, 1 or 4, each. The first error that it returns
// ends the work.
func (r *Resampler) Shrink(dst []uint16, channels int, x, y *Shrink, read func(row []uint16, y int) error) error {
	width, made := x.In*channels, x.Out*channels
	s := &r.shrinker
	s.source = grow(s.source, block*width)
	defer func() { // also of what an error has left
		for _, p := range s.open {
			s.spare = append(s.spare, p.sums)
		}
		s.open = s.open[:0]
		if len(s.spare)*width > keepSums {
			s.spare = nil
		}
	}()
	next := 0 // the first result that has not been begun
	for begin := 0; begin < y.In; begin += block {
		end := min(begin+block, y.In)
		for row := begin; row < end; row++ {
			if err := read(s.source[(row-begin)*width:][:width], row); err != nil {
				return err
			}
		}
		for ; next < y.Out && y.first[next] < end; next += 2 {
			s.begin(next/2, width)
		}
		for _, p := range s.open {
			s.sum(p, y, begin, end, width)
		}
		for len(s.open) > 0 && y.end(min(2*s.open[0].i+1, y.Out-1)) <= end {
			p := s.open[0]
			shrinkRows(dst[2*p.i*made:][:made], dst[min(2*p.i+1, y.Out-1)*made:][:made], p.sums, channels, x)
			s.open, s.spare = append(s.open[:0], s.open[1:]...), append(s.spare, p.sums)
		}
	}
	return nil
}

// begin opens pair i.
func (s *shrinker) begin(i, width int) {
	var sums []int64
	if last := len(s.spare) - 1; last >= 0 {
		sums, s.spare = s.spare[last], s.spare[:last]
	}
	sums = grow(sums, width)
	for j := range sums {
		sums[j] = 1<<(fineBits-1)<<32 + 1<<(fineBits-1)
	}
	s.open = append(s.open, openPair{i, sums})
}

// sum adds the rows of the source from begin up to, but not including, end to those of a pair.
func (s *shrinker) sum(p openPair, y *Shrink, begin, end, width int) {
	a, b := 2*p.i, min(2*p.i+1, y.Out-1) // of an odd number of rows the last is made twice
	lo, hi := max(begin, y.first[a]), min(end, y.end(b))
	if lo >= hi {
		return
	}
	s.weights = s.weights[:0]
	for row := lo; row < hi; row++ {
		s.weights = append(s.weights, y.weight(a, row)<<32+y.weight(b, row))
	}
	for x := 0; x < width; x += tile {
		add(p.sums[x:min(x+tile, width)], s.source[(lo-begin)*width+x:], width, s.weights)
	}
}

// shrinkRows makes the results of two rows from their sums.
func shrinkRows(a, b []uint16, sums []int64, channels int, x *Shrink) {
	const lanes, round = 0xffff<<32 + 0xffff, 1<<(fineBits-1)<<32 + 1<<(fineBits-1)
	for i, s := range sums {
		sums[i] = s >> fineBits & lanes
	}
	for i, row := range x.rows {
		v := sums[x.first[i]*channels:][:len(row)*channels]
		if channels == 1 {
			s := int64(round)
			for k, w := range row {
				s += int64(w) * v[k]
			}
			a[i], b[i] = uint16(s>>(32+fineBits)), uint16(s>>fineBits)
			continue
		}
		s0, s1, s2, s3 := int64(round), int64(round), int64(round), int64(round)
		for _, w := range row {
			w, p := int64(w), (*[4]int64)(v)
			s0, s1, s2, s3 = s0+w*p[0], s1+w*p[1], s2+w*p[2], s3+w*p[3]
			v = v[4:]
		}
		for c, s := range [4]int64{s0, s1, s2, s3} {
			a[4*i+c], b[4*i+c] = uint16(s>>(32+fineBits)), uint16(s>>fineBits)
		}
	}
}
