package resample

// The Go kernels take two rows at once. An int64 holds a sum of each: a<<32 + b, with a and b int32, so that one
// multiplication by a weight counts for both. Since a and b do not overflow at the end, it does no harm where they do on
// the way.

type sample interface{ byte | uint16 }

// depth is what depends on the bits of samples.
type depth[T sample] struct {
	bias   int64                          // what sums of the vertical pass begin with, for each of both rows
	middle func(sums []int64)             // makes int16 of them
	end    func(a, b []T, sums []int64)   // makes samples of the sums of the horizontal pass
	alone  func(a, b []T, middle []int64) // makes samples where there is no horizontal pass
}

var (
	bits8  = depth[byte]{pair(1<<7, 1<<7), middle8, end8, alone8}
	bits16 = depth[uint16]{pair(1<<13-one<<15, 1<<13-one<<15), middle16, end16, alone16}
)

// pair packs two sums.
func pair(a, b int64) int64 { return a<<32 + b }

// split is the way back.
func split(p int64) (a, b int32) {
	b = int32(p)
	return int32((p - int64(b)) >> 32), b
}

func resample[T sample](r *Resampler, dst []T, dstStride int, src []T, srcStride, channels int, x, y *Axis, d *depth[T]) {
	width := x.out * channels
	lo := x.lo &^ 1 // kernels read the source by pairs, which begin at even samples
	r.sums = grow(r.sums, (x.hi-lo+2*x.pairs)*channels)
	r.results = grow(r.results, width)
	for row := 0; row < y.out; row += 2 {
		a := dst[row*dstStride:][:width]
		b := a // of an odd number of rows the last is made twice
		second := row
		if row+1 < y.out {
			b, second = dst[(row+1)*dstStride:][:width], row+1
		}
		first := y.weightPairs(&r.weights, row, second)
		sums := r.sums[(x.lo-lo)*channels:][:(x.hi-x.lo)*channels]
		vertical(sums, src[first*srcStride+x.lo*channels:], srcStride, r.weights, d.bias)
		d.middle(sums)
		if x.copies {
			d.alone(a, b, sums)
			continue
		}
		if channels == 1 {
			horizontal1(r.results, r.sums, x)
		} else {
			horizontal4(r.results, r.sums, x)
		}
		d.end(a, b, r.results)
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
		for i := range sums {
			sums[i] = bias
		}
		at := x
		for w := weights; len(w) > 0; {
			n := min(len(w), 6)
			if n < 3 {
				add2(sums, src[at:], stride, w[:n])
			} else {
				add6(sums, src[at:], stride, w[:n])
			}
			w, at = w[n:], at+n*stride
		}
	}
}

// add6 adds up to six rows. It is limited by how many products a processor makes.
func add6[T sample](sums []int64, src []T, stride int, weights []int64) {
	var rows [6][]T
	var w [6]int64
	copy(w[:], weights)
	for i := range rows {
		rows[i] = src[min(i, len(weights)-1)*stride:][:len(sums)]
	}
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

// middle8 keeps 6 of 14 bits behind the point. Sums are below 2^23, so this fits int16.
func middle8(sums []int64) {
	for i, s := range sums {
		a, b := split(s)
		sums[i] = pair(int64(a>>8), int64(b>>8))
	}
}

func middle16(sums []int64) {
	for i, s := range sums {
		a, b := split(s)
		sums[i] = pair(int64(saturate(a>>14)), int64(saturate(b>>14)))
	}
}

// horizontal1 sums the samples of a row. Sample 0 of src is sample lo of the source, or the even one before it.
func horizontal1(sums, src []int64, x *Axis) {
	n, lo := 2*x.pairs, x.lo&^1
	for i := range sums {
		w := x.weights[i*n:][:n]
		v := src[x.taps[i].first&^1-lo:][:n]
		var s int64
		k := 0
		for ; k+4 <= len(w) && k+4 <= len(v); k += 4 {
			w, v := (*[4]int16)(w[k:k+4]), (*[4]int64)(v[k:k+4])
			s += int64(w[0])*v[0] + int64(w[1])*v[1] + int64(w[2])*v[2] + int64(w[3])*v[3]
		}
		for ; k < len(w); k++ {
			s += int64(w[k]) * v[k]
		}
		sums[i] = s
	}
}

// horizontal4 is horizontal1 for four channels.
func horizontal4(sums, src []int64, x *Axis) {
	lo := x.lo &^ 1
	for i := range len(sums) / 4 {
		v := src[(x.taps[i].first-lo)*4:]
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

// end8 has 20 bits behind the point: 6 of the samples and 14 of the weights.
func end8(a, b []byte, sums []int64) {
	a, b = a[:len(sums)], b[:len(sums)]
	for i, s := range sums {
		p, q := split(s + pair(1<<19, 1<<19))
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
		p, q := split(s)
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
