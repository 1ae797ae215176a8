//go:build !amd64 || purego

package jpeg

// There are no kernels, and package simd never says that there are.

func fdctPairs(blocks *uint16, nonzero *uint64, pix *byte, stride, pairs, second, next int, quant *uint16) {
	panic("no kernel")
}
