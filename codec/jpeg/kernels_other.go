//go:build !amd64 || purego

package jpeg

// There are no kernels, and package simd never says that there are.

func fdctPairs(blocks *uint16, nonzero *uint64, pix *byte, stride, pairs, second, next int, quant *uint16) {
	panic("no kernel")
}

func writeBlocks(dst *byte, acc uint64, free int, blocks *uint16, nonzero *uint64, n int, plan *int32, perMCU int, codes *uint32, pred *int32) (written int, accOut uint64, freeOut int, bad bool) {
	panic("no kernel")
}

func readRun(b *byte, limit uint64, first, last *uint64, to *uint8) (done int) {
	panic("no kernel")
}
