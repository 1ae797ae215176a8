package tiff

import (
	"encoding/binary"
	"errors"
	"runtime"
	"testing"
)

// taken returns the bytes of memory that do takes, what is garbage at once included.
func taken(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func wantLimit(t *testing.T, err error, want string) {
	t.Helper()
	if over := new(LimitError); !errors.As(err, &over) || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// overlapping is a chain of n directories of 65,535 entries each, of which each begins few bytes behind the one before:
// all of their entries would be 3 MB a directory.
func overlapping(n int) []byte {
	const entries, each = 65535, 12
	le := binary.LittleEndian
	data := le.AppendUint32([]byte("II*\x00"), 8)
	data = append(data, make([]byte, each*(entries+n)+8)...)
	for i := range n {
		at := 8 + each*i
		le.PutUint16(data[at:], entries)
		le.PutUint32(data[at+2+each*entries:], uint32(at+each))
	}
	return data
}

func TestDirectoriesThatOverlapTakeNoMemory(t *testing.T) {
	data := overlapping(2000) // 6 GB of entries in 800 KB
	n := taken(func() {
		wantLimit(t, failure(data), "more than 1048576 tags in 17 directories")
	})
	if most := uint64(1 << 30); n > most {
		t.Errorf("%d bytes of memory for a file of %d", n, len(data))
	}
	if err := failure(overlapping(16)); errors.As(err, new(*LimitError)) {
		t.Errorf("16 directories: %v", err)
	}
}

// A frame of Zstandard says how far it refers back. That is memory for each plane.
func TestWindowsOfPlanes(t *testing.T) {
	empty := func(exponent byte) []byte { // RFC 8878, 3.1.1: a window of 1 KiB << exponent, and a last block of no bytes
		return append([]byte{0x28, 0xb5, 0x2f, 0xfd, 0, exponent << 3}, 1, 0, 0)
	}
	file := func(planes int, exponent byte) []byte {
		p := page{where: tagStripOffsets}
		for id, v := range map[uint16]uint64{256: 1, 257: 1, 258: 8, 259: compZstd, 262: 1, 277: uint64(planes), 284: 2} {
			p.tags = append(p.tags, tag{id: id, values: []uint64{v}})
		}
		for range planes {
			p.blocks = append(p.blocks, empty(exponent))
		}
		return build(binary.LittleEndian, false, p)
	}
	for _, c := range []struct {
		planes   int
		exponent byte // of a KiB
		fits     bool
	}{{1, 16, true}, {1, 17, false}, {2, 15, true}, {2, 16, false}, {64, 13, true}, {64, 14, false}} {
		err := failure(file(c.planes, c.exponent))
		if over := errors.As(err, new(*LimitError)) || errors.As(err, new(*UnsupportedError)); over == c.fits {
			t.Errorf("%d planes with windows of %d KiB: %v", c.planes, 1<<c.exponent, err)
		}
	}
}

// JPEGs in tiles may be the same bytes, but not so often that reading them has no end.
func TestTilesThatShareAJPEG(t *testing.T) {
	const tiles, size = 10_000, 1 << 20
	shared := func(n uint64) []byte {
		at, sizes := tag{id: tagTileOffsets}, tag{id: tagTileByteCounts}
		for range tiles {
			at.values, sizes.values = append(at.values, 8), append(sizes.values, n)
		}
		p := page{tags: []tag{at, sizes}}
		for id, v := range map[uint16]uint64{256: 1600, 257: 1600, 258: 8, 259: compJPEG, 262: 1, 277: 1, 322: 16, 323: 16} {
			p.tags = append(p.tags, tag{id: id, values: []uint64{v}})
		}
		return append(build(binary.LittleEndian, false, p), make([]byte, size)...)
	}
	data := shared(size)
	n := taken(func() {
		err := failure(data)
		if !errors.As(err, new(*LimitError)) {
			t.Errorf("%v", err)
		}
	})
	if n > 16<<20 {
		t.Errorf("%d bytes of memory", n)
	}
	if err := failure(shared(1000)); errors.As(err, new(*LimitError)) {
		t.Errorf("small ones: %v", err)
	}
}

func TestRowsOfManySamples(t *testing.T) {
	le := binary.LittleEndian
	v := func(id uint16, values ...uint64) tag { return tag{id: id, values: values} }
	data := build(le, false, page{tags: []tag{v(256, 1<<20), v(257, 1), v(258, 1), v(262, 1), v(273, 8), v(277, 9)}})
	n := taken(func() { wantLimit(t, failure(data), "rows of 9437184 samples; at most 8388608 are read") })
	if n > 1<<20 {
		t.Errorf("%d bytes of memory", n)
	}
}

// What refers back in Zstandard is in the estimate.
func TestTheEstimateOfZstandard(t *testing.T) {
	for _, planes := range []int{1, 3} {
		s := spec{w: 20, h: 10, n: planes, bits: 8, photometric: photoRGB, planar: planes > 1}
		if planes == 1 {
			s.photometric = blackIsZero
		}
		size := func(compression int) int64 {
			s := s
			s.compression = compression
			return open(t, s.noise(1).file()).Pages[0].DecodeBytes()
		}
		if n := size(compZstd) - size(compDeflate); n != int64(planes)*minWindow {
			t.Errorf("%d planes: %d bytes", planes, n)
		}
	}
}
