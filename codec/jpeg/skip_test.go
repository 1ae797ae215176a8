package jpeg

import (
	"math/rand/v2"
	"testing"
)

// skipTestTables has codes of all lengths, and categories that need more bits
// than an entry may consume.
func skipTestTables(t *testing.T) (dc, ac *huffman) {
	t.Helper()
	return table(t, []uint8{0, 1, 2, 3, 11, 4, 5, 6, 7, 8, 9, 10}, 2, 2, 3, 4, 9, 11, 11, 11, 11, 11, 11, 14),
		table(t, []uint8{0x01, 0x00, 0x11, 0xf0, 0x05, 0xf2, 0x0f, 0x0e}, 2, 2, 3, 4, 5, 8, 9, 16)
}

// Every entry of the skip tables must say what reading symbol by symbol says.
func TestSkipTables(t *testing.T) {
	dc, ac := skipTestTables(t)
	skip, start, diffs := ac.skipTable(), startTable(dc, ac), dc.diffTable()
	for i := range uint64(1 << skipBits) {
		top := i << (64 - skipBits)
		if used := checkEntry(t, i, skip[i], ac, top, 0, 0); used == 0 {
			if code, extra, _, ok := ac.acSymbol(top); ok && code <= skipBits && code+extra <= maxEntryBits {
				t.Fatalf("entry %012b is slow, its symbol has %d and %d bits", i, code, extra)
			}
		}
		diff, n := dc.diff(top)
		if used := checkEntry(t, i, start[i], ac, top, uint(n), 1); used == 0 {
			if _, l := dc.decode(top); l != 0 && l <= skipBits && n <= maxEntryBits {
				t.Fatalf("start %012b is slow, its symbol has %d bits", i, n)
			}
		}
		if e := diffs[i]; e == 0 {
			if _, l := dc.decode(top); l != 0 && n <= skipBits {
				t.Fatalf("there is no difference for %012b, which has %d bits", i, n)
			}
		} else if int32(e>>4) != diff || int32(e&15) != n {
			t.Fatalf("%012b is a difference of %d in %d bits, want %d in %d", i, e>>4, e&15, diff, n)
		}
	}
}

// checkEntry reads the symbols of an entry behind its first so many bits and
// coefficients, and returns the bits that it consumes.
func checkEntry(t *testing.T, i uint64, e uint16, ac *huffman, bits uint64, used uint, k int) uint {
	t.Helper()
	want := uint(e >> atShift)
	if want > maxEntryBits {
		t.Fatalf("entry %012b uses %d bits", i, want)
	}
	if want == 0 {
		if e != longCode {
			t.Fatalf("entry %012b is %x", i, e)
		}
		return 0
	}
	flags := uint16(0)
	for bits <<= used; used < want; {
		code, extra, a, _ := ac.acSymbol(bits)
		if flags != 0 || used+code > skipBits {
			t.Fatalf("entry %012b goes too far", i)
		}
		used += code + extra
		bits <<= code + extra
		if a == eob {
			flags = blockEnd
		} else {
			k += a
		}
	}
	if e != skipEntry(used, k, flags) {
		t.Fatalf("entry %012b: %x, want %d bits, %d coefficients, flags %d", i, e, used, k, flags)
	}
	return used
}

// Blocks with codes of any length, with and without end-of-block.
func TestBlocksOfLongCodes(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 1))
	dc, ac := skipTestTables(t)
	tables := []scanComp{{0, dc, ac}, {1, dc, ac}}
	for _, dense := range []int{1, 5, 30, 300} {
		p := makePicture(t, r, tables, sampling{2, 1, 3}, 300, 300, 0, dense)
		got, _, err := p.walkAll(false)
		if err != nil || len(got) != len(p.ends) {
			t.Fatalf("up to %d symbols: %d blocks, want %d: %v", dense, len(got), len(p.ends), err)
		}
		one := blockReader{tables: new(skipperCache).get(tables[0]), low: lowests[8]}
		b, at, ok := append(p.data, make([]byte, slack)...), uint64(0), false
		for i := range got {
			if got[i] != p.ends[i] {
				t.Fatalf("up to %d symbols: block %d ends at %d, want %d", dense, i, got[i], p.ends[i])
			}
			if at, ok = one.skip(b, at); !ok || int(at) != p.ends[i] {
				t.Fatalf("up to %d symbols: block %d is skipped to %d, want %d", dense, i, at, p.ends[i])
			}
		}
	}
}
