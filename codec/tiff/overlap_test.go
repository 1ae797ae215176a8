package tiff

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	stdjpeg "image/jpeg"
	"testing"
)

// shared is a TIFF whose second page has strips of some rows, all of them the one strip of the first.
func shared(strip []byte, w, h, rows, compression int, more ...tag) []byte {
	page1 := page{where: tagStripOffsets, blocks: [][]byte{strip}, tags: pageTags(1, 1, 1, compNone)}
	n := (h + rows - 1) / rows
	at, size := make([]uint64, n), make([]uint64, n)
	for i := range at {
		at[i], size[i] = 8, uint64(len(strip))
	}
	page2 := page{tags: append(append(pageTags(w, h, rows, compression), tag{id: tagStripOffsets, values: at}, tag{id: tagStripByteCounts, values: size}), more...)}
	return build(binary.LittleEndian, false, page1, page2)
}

func pageTags(w, h, rows, compression int) []tag {
	return []tag{{id: 256, values: []uint64{uint64(w)}}, {id: 257, values: []uint64{uint64(h)}}, {id: 258, values: []uint64{8}},
		{id: 259, values: []uint64{uint64(compression)}}, {id: 262, values: []uint64{1}}, {id: 278, values: []uint64{uint64(rows)}}}
}

// Strips may be one and the same in the file, but not to read it without end: of each of these, a million bytes mean
// nothing.
func TestOverlap(t *testing.T) {
	idle := append(bytes.Repeat([]byte{0x80}, 1<<20), 0, 77) // PackBits: nothing, and a pixel
	var picture bytes.Buffer
	if err := stdjpeg.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	tables := []byte{0xff, 0xd8}
	for range 16 {
		tables = append(append(tables, 0xff, 0xfe, 0xff, 0xff), make([]byte, 65533)...) // comments
	}
	tables = append(tables, 0xff, 0xd9)
	for name, c := range map[string]struct {
		data []byte
		over bool
	}{
		"some of nothing":   {shared(idle, 1, 8, 1, compPackBits), false},
		"many of nothing":   {shared(idle, 1, 100, 1, compPackBits), true},
		"many of something": {shared(make([]byte, 1<<16), 1<<16, 1500, 1, compNone), false}, // all of them pixels
		"JPEGs":             {shared(picture.Bytes(), 8, 8000, 8, compJPEG), false},
		"JPEGs with tables": {shared(picture.Bytes(), 8, 8000, 8, compJPEG, tag{id: tagJPEGTables, bytes: tables}), true},
	} {
		f, err := Open(bytes.NewReader(c.data), int64(len(c.data)))
		if err != nil || len(f.Pages) != 2 {
			t.Fatalf("%s: %v", name, err)
		}
		_, _, err = f.Pages[1].Decode(context.Background())
		var over *LimitError
		if c.over != errors.As(err, &over) || !c.over && err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
