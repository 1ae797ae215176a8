//go:build !purego

package jpeg

// vector makes samples of blocks from the first on, and returns of how many.
// Those it clears. The slices are as long as row says.
func (t *inverse) vector(coefs []int16, last []uint8, dst []byte, stride int) (done int) {
	n := len(last)
	switch {
	case t.size == 8:
		return t.vector8(coefs, last, dst, stride)
	case n < 32/t.size: // less than a kernel takes at once
		return 0
	case t.size == 4:
		inverse4AVX2(&dst[0], stride, &coefs[0], n, &t.lanes)
	case t.size == 2:
		inverse2AVX2(&dst[0], stride, &coefs[0], n, &t.lanes)
	default:
		inverse1AVX2(&dst[0], stride, &coefs[0], n, &t.lanes)
	}
	clear(coefs)
	return n
}

// vector8 goes by pairs of blocks.
func (t *inverse) vector8(coefs []int16, last []uint8, dst []byte, stride int) (done int) {
	for pairs := len(last) &^ 1; done < pairs; {
		done += inverse8AVX2(&dst[8*done], stride, &coefs[64*done], &last[done], pairs-done, &t.lanes)
		if done < pairs { // a pair that the kernel does not take
			t.plain(coefs[64*done:64*done+128], last[done:done+2], dst[8*done:], stride)
			done += 2
		}
	}
	return done
}
