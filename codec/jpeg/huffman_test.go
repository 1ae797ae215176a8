package jpeg

import "testing"

// table builds a Huffman table of codes of given lengths.
func table(t *testing.T, symbols []uint8, lengths ...int) *huffman {
	t.Helper()
	h := &huffman{symbols: symbols}
	for _, l := range lengths {
		h.counts[l-1]++
	}
	if !h.assign() {
		t.Fatalf("codes of lengths %v do not fit", lengths)
	}
	return h
}

func TestDecodeEverySymbol(t *testing.T) {
	symbols := []uint8{5, 0, 17, 33, 240, 9, 2}
	lengths := []int{1, 3, 3, 4, 9, 12, 16}
	h := table(t, symbols, lengths...)
	codes := []uint64{0b0, 0b100, 0b101, 0b1100, 0b110100000, 0b110100001000, 0b1101000010010000}
	for i, want := range symbols {
		got, l := h.decode(codes[i] << (64 - lengths[i]))
		if got != want || l != uint(lengths[i]) {
			t.Errorf("code %b is symbol %d of %d bits, want %d of %d", codes[i], got, l, want, lengths[i])
		}
	}
	if _, l := h.decode(^uint64(0)); l != 0 {
		t.Errorf("a code that is not there has %d bits", l)
	}
}

// The code of all ones is not to be used: writers pad with ones.
func TestTooManyCodes(t *testing.T) {
	for _, lengths := range [][]int{{1, 1}, {1, 2, 2}, {1, 2, 3, 3}, {2, 2, 2, 2}} {
		h := &huffman{symbols: make([]uint8, len(lengths))}
		for _, l := range lengths {
			h.counts[l-1]++
		}
		if h.assign() {
			t.Errorf("codes of lengths %v were taken", lengths)
		}
	}
}

// An optimised table has codes only for the differences that its file needs.
// What the gray file needs besides is appended, and the codes that the copied
// bits hold stay as they are.
func TestAppendedCategories(t *testing.T) {
	for _, h := range []*huffman{
		table(t, []uint8{3}, 1),
		table(t, []uint8{3, 4, 5}, 2, 2, 2),
		table(t, []uint8{0, 1, 2, 3, 4}, 1, 2, 3, 4, 5),
		table(t, []uint8{}),
	} {
		c := newDCCoder(h)
		var diffs []int32
		for cat := range maxCategory + 1 {
			low := int32(1) << cat >> 1
			diffs = append(diffs, low, -low, 2*low-1, 1-2*low)
		}
		diffs = append(diffs, 0)
		w := bitWriter{b: make([]byte, 4000)}
		for _, d := range diffs {
			if !c.put(&w, d) {
				t.Fatalf("difference %d cannot be coded", d)
			}
		}
		if !c.table.assign() {
			t.Fatal("the table has too many codes now")
		}
		for i, s := range h.symbols {
			if c.table.symbols[i] != s {
				t.Error("a code of the file changed")
			}
		}
		r := bitReader{b: append(w.flush(), make([]byte, slack)...)}
		for _, want := range diffs {
			if got, _, ok := c.table.dcDiff(&r); !ok || got != want {
				t.Fatalf("difference %d reads back as %d, %v", want, got, ok)
			}
		}
	}
	// A table that is full at 16 bits has no room.
	full := table(t, []uint8{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 12}, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
	c := newDCCoder(full)
	w := bitWriter{b: make([]byte, 100)}
	if c.put(&w, 1500) {
		t.Error("a category was appended where there is no room")
	}
	if c.put(&w, 5000) {
		t.Error("a difference of category 13 was coded")
	}
}
