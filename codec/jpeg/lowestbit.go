//go:build !amd64 || amd64.v3

package jpeg

import "math/bits"

// lowestBit returns the number of the lowest bit set in v, which is not 0.
func lowestBit(v uint64) uint { return uint(bits.TrailingZeros64(v)) & 63 }
