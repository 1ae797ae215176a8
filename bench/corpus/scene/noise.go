package scene

import "sync"

// hash mixes three numbers into one that looks random (the finalizer of MurmurHash3, three times).
func hash(seed, y, x uint32) uint32 { return mix(mix(mix(seed+0x9e3779b9)^y) ^ x) }

func mix(h uint32) uint32 {
	h = (h ^ h>>16) * 0x85ebca6b
	h = (h ^ h>>13) * 0xc2b2ae35
	return h ^ h>>16
}

// dice are thrown in a row, the same for the same seed.
type dice struct{ seed, throws uint32 }

// roll returns 0 to sides-1.
func (d *dice) roll(sides int) int {
	d.throws++
	return int(uint64(hash(d.seed, 1<<31, d.throws)) * uint64(sides) >> 32)
}

const tileSide = 1024

// tile is values about zero that go on from one edge at the other.
type tile [tileSide][tileSide]int8

// Both are made when the first picture is, since most processes take none.
var (
	textureTile = sync.OnceValue(func() *tile { return newTile(1, 20, 24, 24, 18, 10) }) // leaves, stones, cloth
	noiseTile   = sync.OnceValue(func() *tile { return newTile(2, 20, 24) })             // as it is left by what is made of a sensor's raw samples
)

// newTile adds noise of cells with sides of 1, 2, 4... pixels, each with an amplitude of its own.
func newTile(seed uint32, amplitudes ...int32) *tile {
	t := new(tile)
	for n, amplitude := range amplitudes {
		side := int32(1) << n
		corner := func(y, x int32) int32 { // -amplitude to amplitude, most of them small
			h := hash(seed<<8+uint32(n), uint32(y%(tileSide>>n)), uint32(x%(tileSide>>n)))
			return (int32(h&0xffff) + int32(h>>16) - 0xffff) * amplitude >> 16
		}
		for y := range int32(tileSide) {
			row, fy := &t[y], y%side
			for x := int32(0); x < tileSide; x += side {
				left := corner(y>>n, x>>n)*(side-fy) + corner(y>>n+1, x>>n)*fy
				right := corner(y>>n, x>>n+1)*(side-fy) + corner(y>>n+1, x>>n+1)*fy
				for fx := range side {
					row[x+fx] += int8((left*(side-fx) + right*fx) >> (2 * n))
				}
			}
		}
	}
	return t
}
