package resample

// The Go kernels take two rows at once. An int64 holds a sum of each: a<<32 + b, with a and b int32, so that one
// multiplication by a weight counts for both. Since a and b do not overflow at the end, it does no harm where they do on
// the way.

type sample interface{ byte | uint16 }

// depth is what depends on the bits of samples.
type depth[T sample] struct {
	bias   int64                          // what sums of the vertical pass begin with, for each of both rows
	middle func(sums []int64)             // makes int16 of them, for bytes with bias8
	end    func(a, b []T, sums []int64)   // makes samples of the sums of the horizontal pass
	alone  func(a, b []T, middle []int64) // makes samples where there is no horizontal pass
}

var (
	bits8  = depth[byte]{pair(1<<7+bias8<<8, 1<<7+bias8<<8), middle8, end8, alone8}
	bits16 = depth[uint16]{pair(1<<13-one<<15, 1<<13-one<<15), middle16, end16, alone16}
)

// bias8 is added to samples of 8 bits between the passes, so that they are not negative and both lanes can be shifted at
// once. Since the weights of a result add up to exactly one, it is bias8*one behind the horizontal pass.
const bias8 = 1 << 15

// pair packs two sums.
func pair(a, b int64) int64 { return a<<32 + b }

// split is the way back.
func split(p int64) (a, b int32) {
	b = int32(p)
	return int32((p - int64(b)) >> 32), b
}

func resample[T sample](r *Resampler, dst []T, dstStride int, src []T, srcStride, channels int, x, y *Axis, d *depth[T]) {
	width := x.out * channels
	room := (x.hi - x.lo + 2*x.pairs) * channels // the weights of a result may go on beyond its samples, with zeros
	strip := 1                                   // pairs of rows that go through the horizontal pass at once
	if channels == 1 {
		strip = 2
		r.spread(x)
	}
	r.sums = grow(r.sums, strip*room)
	r.results = grow(r.results, strip*width)
	for row := 0; row < y.out && !r.stopped(); row += 2 * strip {
		pairs := min(strip, (y.out-row+1)/2)
		for i := range pairs {
			first, second := row+2*i, min(row+2*i+1, y.out-1) // of an odd number of rows the last is made twice
			from := y.weightPairs(&r.weights, first, second)
			sums := r.sums[i*room:][:(x.hi-x.lo)*channels]
			vertical(sums, src[from*srcStride+x.lo*channels:], srcStride, r.weights, d.bias)
			d.middle(sums)
		}
		if !x.copies {
			horizontal(r, room, pairs, channels, x)
		}
		for i := range pairs {
			a, b := dst[(row+2*i)*dstStride:][:width], dst[min(row+2*i+1, y.out-1)*dstStride:][:width]
			if x.copies {
				d.alone(a, b, r.sums[i*room:][:width])
			} else {
				d.end(a, b, r.results[i*width:][:width])
			}
		}
	}
}

// horizontal makes the results of a strip.
func horizontal(r *Resampler, room, pairs, channels int, x *Axis) {
	if channels == 4 {
		horizontal4(r.results, r.sums, x)
		return
	}
	last := pairs - 1 // a strip of one pair is made twice
	horizontal1(r.results[:x.out], r.results[last*x.out:][:x.out], r.sums[:room], r.sums[last*room:][:room], r.spreadWeights, x)
}

// spread sets spreadWeights to those of x as horizontal1 reads them: of each result as many as the longest has, or one
// more, so that they are even. Go reads an int64 in one instruction, an int16 at a constant offset in two.
func (r *Resampler) spread(x *Axis) {
	n := 0
	for _, t := range x.taps {
		n = max(n, t.n+t.n&1)
	}
	r.spreadWeights = grow(r.spreadWeights, n*x.out)
	clear(r.spreadWeights)
	for i := range x.taps {
		for k, w := range x.row(i) {
			r.spreadWeights[i*n+k] = int64(w)
		}
	}
}

// weightPairs puts the weights of results i and j to w, packed, for all samples that one of both is made of. They begin
// with sample first.
func (a *Axis) weightPairs(w *[]int64, i, j int) (first int) {
	p, q := a.taps[i], a.taps[j]
	first = min(p.first, q.first)
	*w = grow(*w, max(p.first+p.n, q.first+q.n)-first)
	clear(*w)
	for k, v := range a.row(i) {
		(*w)[p.first-first+k] = int64(v) << 32
	}
	for k, v := range a.row(j) {
		(*w)[q.first-first+k] += int64(v)
	}
	return first
}

// row returns the weights of result i, for the samples from taps[i].first on.
func (a *Axis) row(i int) []int16 {
	t := a.taps[i]
	return a.weights[i*2*a.pairs+t.first&1:][:t.n]
}

// tile is how many columns the vertical pass makes at a time. Their sums fit into the cache next to the processor.
const tile = 1024

// vertical sums the rows of src, each by its weight.
func vertical[T sample](sums []int64, src []T, stride int, weights []int64, bias int64) {
	for x := 0; x < len(sums); x += tile {
		sums := sums[x:min(x+tile, len(sums))]
		w, at := weights, x
		if n := min(len(w), 6); n < 3 {
			for i := range sums {
				sums[i] = bias
			}
		} else {
			set6(sums, src[at:], stride, w[:n], bias)
			w, at = w[n:], at+n*stride
		}
		if len(w) > 0 {
			add(sums, src[at:], stride, w)
		}
	}
}

// add adds rows, each by its weight, of which there is one at least.
func add[T sample](sums []int64, src []T, stride int, weights []int64) {
	for {
		n := min(len(weights), 6)
		if n < 3 {
			add2(sums, src, stride, weights[:n])
		} else {
			add6(sums, src, stride, weights[:n])
		}
		if weights = weights[n:]; len(weights) == 0 {
			return
		}
		src = src[n*stride:]
	}
}

// rows6 returns up to six rows and their weights. Where there are less, the last row is there again, with weight 0.
func rows6[T sample](n int, src []T, stride int, weights []int64) (rows [6][]T, w [6]int64) {
	copy(w[:], weights)
	for i := range rows {
		rows[i] = src[min(i, len(weights)-1)*stride:][:n]
	}
	return rows, w
}

// set6 sums the first up to six rows.
func set6[T sample](sums []int64, src []T, stride int, weights []int64, bias int64) {
	rows, w := rows6(len(sums), src, stride, weights)
	a, b, c, d, e, f := rows[0][:len(sums)], rows[1][:len(sums)], rows[2][:len(sums)], rows[3][:len(sums)], rows[4][:len(sums)], rows[5][:len(sums)]
	w0, w1, w2, w3, w4, w5 := w[0], w[1], w[2], w[3], w[4], w[5]
	for i := range sums {
		sums[i] = bias + w0*int64(a[i]) + w1*int64(b[i]) + w2*int64(c[i]) + w3*int64(d[i]) + w4*int64(e[i]) + w5*int64(f[i])
	}
}

// add6 adds up to six rows. It is limited by how many products a processor makes.
func add6[T sample](sums []int64, src []T, stride int, weights []int64) {
	rows, w := rows6(len(sums), src, stride, weights)
	a, b, c, d, e, f := rows[0][:len(sums)], rows[1][:len(sums)], rows[2][:len(sums)], rows[3][:len(sums)], rows[4][:len(sums)], rows[5][:len(sums)]
	w0, w1, w2, w3, w4, w5 := w[0], w[1], w[2], w[3], w[4], w[5]
	for i := range sums {
		sums[i] += w0*int64(a[i]) + w1*int64(b[i]) + w2*int64(c[i]) + w3*int64(d[i]) + w4*int64(e[i]) + w5*int64(f[i])
	}
}

// add2 adds one row or two.
func add2[T sample](sums []int64, src []T, stride int, weights []int64) {
	a, b := src[:len(sums)], src[(len(weights)-1)*stride:][:len(sums)]
	w0, w1 := weights[0], int64(0)
	if len(weights) > 1 {
		w1 = weights[1]
	}
	for i := range sums {
		sums[i] += w0*int64(a[i]) + w1*int64(b[i])
	}
}

// middle8 keeps 6 of 14 bits behind the point. The magnitude of sums is below 2*one*255 (see NewAxis), so with the bias
// and what rounds they are from 0 to 2^24-1.
func middle8(sums []int64) {
	const lanes = 1<<16 - 1
	for i, s := range sums {
		sums[i] = s >> 8 & (lanes<<32 | lanes)
	}
}

func middle16(sums []int64) {
	for i, s := range sums {
		a, b := split(s)
		sums[i] = pair(int64(saturate(a>>14)), int64(saturate(b>>14)))
	}
}

// horizontal1 sums the samples of two pairs of rows, of which a and b are the source from sample lo on.
func horizontal1(sumsA, sumsB, a, b, weights []int64, x *Axis) {
	n := len(weights) / x.out
	sumsA, sumsB = sumsA[:x.out], sumsB[:x.out]
	for i, t := range x.taps[:x.out] {
		w := weights[i*n:][:n]
		a, b := a[t.first-x.lo:][:n], b[t.first-x.lo:][:n]
		var s, u int64
		k := 0
		for ; k+4 <= len(w) && k+4 <= len(a) && k+4 <= len(b); k += 4 {
			w, a, b := (*[4]int64)(w[k:k+4]), (*[4]int64)(a[k:k+4]), (*[4]int64)(b[k:k+4])
			w0, w1, w2, w3 := w[0], w[1], w[2], w[3]
			s += w0*a[0] + w1*a[1] + w2*a[2] + w3*a[3]
			u += w0*b[0] + w1*b[1] + w2*b[2] + w3*b[3]
		}
		if k+2 <= len(w) && k+2 <= len(a) && k+2 <= len(b) {
			w, a, b := (*[2]int64)(w[k:k+2]), (*[2]int64)(a[k:k+2]), (*[2]int64)(b[k:k+2])
			s += w[0]*a[0] + w[1]*a[1]
			u += w[0]*b[0] + w[1]*b[1]
		}
		sumsA[i], sumsB[i] = s, u
	}
}

// horizontal4 is horizontal1 for four channels.
func horizontal4(sums, src []int64, x *Axis) {
	for i := range len(sums) / 4 {
		v := src[(x.taps[i].first-x.lo)*4:]
		var s0, s1, s2, s3 int64
		for _, w := range x.row(i) {
			w := int64(w)
			s0 += w * v[0]
			s1 += w * v[1]
			s2 += w * v[2]
			s3 += w * v[3]
			v = v[4:]
		}
		to := sums[4*i:][:4]
		to[0], to[1], to[2], to[3] = s0, s1, s2, s3
	}
}

// end8 has 20 bits behind the point: 6 of the samples and 14 of the weights. Where the bits above those of a sample are 0
// in both lanes, neither is negative, and nothing has been borrowed from the upper one.
func end8(a, b []byte, sums []int64) {
	const (
		round = 1<<19 - bias8<<fracBits
		above = 0xf << 28
	)
	a, b = a[:len(sums)], b[:len(sums)]
	for i, s := range sums {
		s += round<<32 + round
		if uint64(s)&(above<<32|above) == 0 {
			a[i], b[i] = byte(s>>52), byte(s>>20)
			continue
		}
		p, q := split(s)
		a[i], b[i] = clamp(p>>20), clamp(q>>20)
	}
}

func end16(a, b []uint16, sums []int64) {
	a, b = a[:len(sums)], b[:len(sums)]
	for i, s := range sums {
		p, q := split(s + pair(1<<13, 1<<13))
		a[i], b[i] = uint16(saturate(p>>14))^0x8000, uint16(saturate(q>>14))^0x8000
	}
}

func alone8(a, b []byte, middle []int64) {
	a, b = a[:len(middle)], b[:len(middle)]
	for i, s := range middle {
		p, q := split(s - pair(bias8, bias8))
		a[i], b[i] = clamp((p+1<<5)>>6), clamp((q+1<<5)>>6)
	}
}

func alone16(a, b []uint16, middle []int64) {
	a, b = a[:len(middle)], b[:len(middle)]
	for i, s := range middle {
		p, q := split(s)
		a[i], b[i] = uint16(p)^0x8000, uint16(q)^0x8000
	}
}

func saturate(v int32) int32 { return min(max(v, -1<<15), 1<<15-1) }
func clamp(v int32) byte     { return byte(min(max(v, 0), 255)) }
