package tiff

import (
	"bytes"
	"encoding/binary"
	"image"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/image/ccitt"
)

// faxWriter codes rows as T.4 and T.6 say, the obvious way.
type faxWriter struct{ bitWriter }

func (w *faxWriter) code(s string) {
	for _, c := range s {
		w.put(int(c-'0'), 1)
	}
}

func (w *faxWriter) run(n int, black bool) {
	table := strings.Fields(whiteCodes + longCodes)
	if black {
		table = strings.Fields(blackCodes + longCodes)
	}
	for ; n >= 2560+64; n -= 2560 {
		w.code(table[63+2560/64])
	}
	if n >= 64 {
		w.code(table[63+n/64])
	}
	w.code(table[n%64])
}

// next returns the first pixel from x on that has another colour than the one before it. Before the first all is white.
func next(row []bool, x int) int {
	for ; x < len(row); x++ {
		if row[x] != (x > 0 && row[x-1]) {
			break
		}
	}
	return x
}

func (w *faxWriter) row1D(row []bool) {
	for x, black := 0, false; x < len(row); black = !black {
		end := x
		for end < len(row) && row[end] == black {
			end++
		}
		w.run(end-x, black)
		x = end
	}
}

func (w *faxWriter) row2D(row, above []bool) {
	vertical := map[int]string{0: "1", 1: "011", 2: "000011", 3: "0000011", -1: "010", -2: "000010", -3: "0000010"}
	for a0, black := -1, false; a0 < len(row); {
		a1 := max(a0, 0)
		for a1 < len(row) && row[a1] == black {
			a1++
		}
		b1 := next(above, a0+1)
		for b1 < len(row) && above[b1] == black {
			b1 = next(above, b1+1)
		}
		b2 := next(above, min(b1+1, len(row)))
		switch code, near := vertical[a1-b1]; {
		case b2 < a1:
			w.code("0001")
			a0 = b2
		case near:
			w.code(code)
			a0, black = a1, !black
		default:
			a2 := a1
			for a2 < len(row) && row[a2] != black {
				a2++
			}
			w.code("001")
			w.run(a1-max(a0, 0), black)
			w.run(a2-a1, !black)
			a0 = a2
		}
	}
}

// scan returns rows that look like a scan: mostly white, rows like the ones above.
func scan(w, h int, seed uint64) [][]bool {
	r := rand.New(rand.NewPCG(seed, 3))
	rows := make([][]bool, h)
	for y := range rows {
		row := make([]bool, w)
		if y > 0 && r.IntN(4) > 0 {
			copy(row, rows[y-1])
		}
		for range r.IntN(4) {
			from, black := r.IntN(w), r.IntN(2) == 0
			for x := from; x < min(w, from+1+r.IntN(1+r.IntN(w))); x++ {
				row[x] = black
			}
		}
		rows[y] = row
	}
	return rows
}

func TestFax(t *testing.T) {
	const eol = "000000000001"
	for _, width := range []int{1, 7, 8, 33, 1728, 6000} {
		rows := scan(width, 60, uint64(width))
		pack := func(row func(w *faxWriter, y int)) []byte {
			w := &faxWriter{}
			for y := range rows {
				row(w, y)
			}
			return w.bytes()
		}
		above := func(y int) []bool {
			if y == 0 {
				return make([]bool, width)
			}
			return rows[y-1]
		}
		align := func(w *faxWriter, to int) {
			for w.n%to != 0 {
				w.code("0")
			}
		}
		g4 := pack(func(w *faxWriter, y int) { w.row2D(rows[y], above(y)) })
		for name, c := range map[string]struct {
			compression int
			options     uint64
			data        []byte
		}{
			"G4":      {compFax4, 0, g4},
			"RLE":     {compRLE, 0, pack(func(w *faxWriter, y int) { w.row1D(rows[y]); align(w, 8) })},
			"RLE-W":   {compRLEW, 0, pack(func(w *faxWriter, y int) { w.row1D(rows[y]); align(w, 16) })},
			"G3":      {compFax3, 0, pack(func(w *faxWriter, y int) { w.code(eol); w.row1D(rows[y]) })},
			"G3 bare": {compFax3, 0, pack(func(w *faxWriter, y int) { w.row1D(rows[y]) })},
			"G3 filled": {compFax3, 4, pack(func(w *faxWriter, y int) {
				for w.n%8 != 4 {
					w.code("0")
				}
				w.code(eol)
				w.row1D(rows[y])
			})},
			"G3 2D": {compFax3, 1, pack(func(w *faxWriter, y int) {
				if w.code(eol); y%4 == 0 {
					w.code("1")
					w.row1D(rows[y])
				} else {
					w.code("0")
					w.row2D(rows[y], above(y))
				}
			})},
		} {
			for _, reversed := range []bool{false, true} {
				strip, fillOrder := bytes.Clone(c.data), uint64(1)
				if reversed {
					reverse(strip)
					fillOrder = 2
				}
				m, _ := decode(t, build(binary.LittleEndian, false, page{where: tagStripOffsets, blocks: [][]byte{strip}, tags: []tag{
					{id: 256, values: []uint64{uint64(width)}}, {id: 257, values: []uint64{60}}, {id: 259, values: []uint64{uint64(c.compression)}},
					{id: 262, values: []uint64{whiteIsZero}}, {id: 266, values: []uint64{fillOrder}}, {id: 292, values: []uint64{c.options}},
				}}))
				for y, row := range rows {
					for x, black := range row {
						if (m.(*image.Gray).GrayAt(x, y).Y == 0) != black {
							t.Fatalf("%s of %d pixels, reversed %v: pixel %d, %d is wrong", name, width, reversed, x, y)
						}
					}
				}
			}
		}
		other, err := io.ReadAll(ccitt.NewReader(bytes.NewReader(g4), ccitt.MSB, ccitt.Group4, width, 60, nil))
		if err != nil { // its black is 0
			t.Fatalf("x/image does not read what this test writes: %v", err)
		}
		for y, row := range rows {
			for x, black := range row {
				if (other[y*((width+7)/8)+x/8]>>(7-x%8)&1 == 0) != black {
					t.Fatalf("x/image reads pixel %d, %d otherwise", x, y)
				}
			}
		}
	}
}
