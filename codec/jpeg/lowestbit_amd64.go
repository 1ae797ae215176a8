//go:build !amd64.v3

package jpeg

// lowestBit returns the number of the lowest bit set in v, which is not 0. The
// bits package would do it with BSF, as TZCNT needs GOAMD64=v3, and BSF is so
// slow on many processors that encoding as a whole takes a sixth longer.
//
// Every window of 6 bits in deBruijn is another one, so what is on top of it
// tells how far it was shifted.
func lowestBit(v uint64) uint { return uint(deBruijnBit[v&-v*deBruijn>>58]) }

const deBruijn uint64 = 0x03f79d71b4ca8b09

var deBruijnBit = func() (t [64]uint8) {
	for i := range t {
		t[deBruijn<<i>>58] = uint8(i)
	}
	return t
}()
