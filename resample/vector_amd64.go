//go:build !purego

package resample

// Strips of the kernels in assembly have eight rows of one channel, or two of four: eight samples of each column, so
// that the horizontal pass multiplies a column with one weight. Two neighbouring columns lie together in memory, as
// VPMADDWD wants them: eight times a sample and the next one of its row.

// vector is the memory of the kernels in assembly.
type vector struct {
	rows    []int16 // of the strip, after the vertical pass
	pairs   []int16 // the same by pairs of columns, 16 values for each
	bytes   []byte  // of strips that are not whole, or too narrow
	uint16s []uint16
}

// least is how many columns the kernels for the vertical pass take at once.
const least = 32

type assembly[T sample] struct {
	vertical    func(dst *int16, src *T, stride int, weights *int16, taps, n int)
	horizontal1 func(dst *T, stride int, src *int16, first *int32, weights *int16, pairs, n int)
	horizontal4 func(dst *T, stride int, src *int16, first *int32, weights *int16, pairs, n int)
	narrow      func(dst []T, src []int16)
}

var (
	avxBytes  = assembly[byte]{verticalBytes, horizontalBytes1, horizontalBytes4, narrow8}
	avxUint16 = assembly[uint16]{verticalUint16, horizontalUint16x1, horizontalUint16x4, narrow16}
)

// vectorBytes reports false for what is too narrow for the kernels.
func (r *Resampler) vectorBytes(dst []byte, dstStride int, src []byte, srcStride, channels int, x, y *Axis) bool {
	return vectorise(r, &r.vector.bytes, &avxBytes, dst, dstStride, src, srcStride, channels, x, y)
}

func (r *Resampler) vectorUint16(dst []uint16, dstStride int, src []uint16, srcStride, channels int, x, y *Axis) bool {
	return vectorise(r, &r.vector.uint16s, &avxUint16, dst, dstStride, src, srcStride, channels, x, y)
}

func vectorise[T sample](r *Resampler, spare *[]T, k *assembly[T], dst []T, dstStride int, src []T, srcStride, channels int, x, y *Axis) bool {
	columns := (x.hi - x.lo) * channels
	if columns < least {
		return false
	}
	v := &r.vector
	lo := x.lo &^ 1 // where pairs begin
	skip := (x.lo - lo) * channels
	rowStride := (skip + columns + 31) &^ 31
	height := lanes / channels
	v.rows = grow(v.rows, height*rowStride)
	v.pairs = grow(v.pairs, (rowStride/channels/2+x.pairs)*2*lanes)
	for row := 0; row < y.out && !r.stopped(); row += height {
		n := min(height, y.out-row)
		strip := dst[row*dstStride:]
		for i := range n {
			from := src[y.taps[row+i].first*srcStride+x.lo*channels:]
			down(k.vertical, v.rows[i*rowStride+skip:][:columns], from, srcStride, y.row(row+i))
		}
		if x.copies {
			for i := range n {
				k.narrow(strip[i*dstStride:][:columns], v.rows[i*rowStride+skip:])
			}
			continue
		}
		pairs, horizontal, block := pair1, k.horizontal1, lanes
		if channels == 4 {
			pairs, horizontal, block = pair4, k.horizontal4, lanes/2
		}
		pairs(&v.pairs[0], &v.rows[0], rowStride, rowStride/channels)
		if n == height && x.out >= block {
			across(horizontal, strip, dstStride, v.pairs, x, channels, block)
			continue
		}
		stride := max(x.out, block) * channels
		*spare = grow(*spare, height*stride)
		across(horizontal, *spare, stride, v.pairs, x, channels, block)
		for i := range n {
			copy(strip[i*dstStride:][:x.out*channels], (*spare)[i*stride:])
		}
	}
	return true
}

// down makes a row, the last columns of it twice where they are no multiple of what the kernel takes.
func down[T sample](kernel func(*int16, *T, int, *int16, int, int), to []int16, from []T, stride int, weights []int16) {
	n := len(to)
	_ = from[(len(weights)-1)*stride+n-1]
	whole := n &^ (least - 1)
	kernel(&to[0], &from[0], stride, &weights[0], len(weights), whole)
	if whole < n {
		kernel(&to[n-least], &from[n-least], stride, &weights[0], len(weights), least)
	}
}

// across makes the results of a strip, the last ones of them twice where they are no multiple of what the kernel takes.
func across[T sample](kernel func(*T, int, *int16, *int32, *int16, int, int), to []T, stride int, pairs []int16, x *Axis, channels, block int) {
	_ = to[(lanes/channels-1)*stride+max(x.out, block)*channels-1]
	whole := max(x.out&^(block-1), block)
	kernel(&to[0], stride, &pairs[0], &x.starts[0], &x.weights[0], x.pairs, whole)
	if last := x.out - block; last+block > whole {
		kernel(&to[last*channels], stride, &pairs[0], &x.starts[last], &x.weights[last*2*x.pairs], x.pairs, block)
	}
}

func narrow8(dst []byte, src []int16) {
	n := len(dst)
	_ = src[n-1]
	whole := n &^ (least - 1)
	narrowBytes(&dst[0], &src[0], whole)
	if whole < n {
		narrowBytes(&dst[n-least], &src[n-least], least)
	}
}

func narrow16(dst []uint16, src []int16) {
	src = src[:len(dst)]
	for i, v := range src {
		dst[i] = uint16(v) ^ 0x8000
	}
}
