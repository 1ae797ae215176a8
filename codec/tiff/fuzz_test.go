package tiff

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/internal/fuzztest"
)

// fuzzPixels keeps the memory of one picture small.
const fuzzPixels = 1 << 16

// fuzzMemory is what a page takes beside its pixels: tables of decompressors.
const fuzzMemory = 16 << 20

func FuzzDecode(f *testing.F) {
	for _, c := range []int{compNone, compLZW, compDeflate, compPackBits, compZstd} {
		for _, bits := range []int{1, 8, 12, 16, 32} {
			f.Add(spec{w: 20, h: 17, n: 3, bits: bits, photometric: photoRGB, compression: c, predictor: 2, tileW: 16, tileH: 16, planar: bits == 8}.noise(1).file())
			f.Add(spec{w: 20, h: 17, n: 1, bits: bits, photometric: whiteIsZero, compression: c, rows: 5, order: binary.BigEndian, big: true}.noise(1).file())
		}
	}
	f.Add(written(f, Description{}, image.NewNRGBA(image.Rect(0, 0, 20, 20)), image.NewGray16(image.Rect(0, 0, 9, 9))))
	fuzztest.Seeds(f, ".tif", ".tiff")
	f.Fuzz(func(t *testing.T, data []byte) {
		done := fuzztest.Bound(t, data, 8<<20)
		file, err := Open(bytes.NewReader(data), int64(len(data)))
		done()
		if err != nil {
			known(t, err)
			return
		}
		for _, p := range file.Pages[:min(3, len(file.Pages))] {
			_ = p.Variant()
			checkPage(t, data, p)
		}
	})
}

// FuzzBlock has a file around a strip or tile that is not the fuzzer's to break.
func FuzzBlock(f *testing.F) {
	packed := func(s spec) []byte {
		s.w, s.h, s.n, s.bits = 20, 17, max(1, s.n), max(8, s.bits)
		s = s.noise(3)
		return s.pack(s.block(0, 0, s.w, s.h, []int{0}))
	}
	f.Add(packed(spec{compression: compLZW}), uint8(20), uint8(17), uint8(0), uint8(0))
	f.Add(packed(spec{compression: compPackBits}), uint8(20), uint8(17), uint8(1), uint8(0))
	f.Add(packed(spec{compression: compDeflate}), uint8(20), uint8(17), uint8(2), uint8(1))
	f.Add(packed(spec{compression: compZstd}), uint8(20), uint8(17), uint8(3), uint8(2))
	f.Add(packed(spec{}), uint8(20), uint8(17), uint8(4), uint8(4))
	for c := range uint8(5) {
		f.Add([]byte{0x26, 0xa0, 0x9b, 0x35, 0x48, 0x00, 0x10, 0x01, 0xff, 0x00, 0x4d}, uint8(40), uint8(9), 5+c, uint8(0))
	}
	if jpeg, err := os.ReadFile("../../testdata/images/jpeg_420.jpg"); err == nil {
		f.Add(jpeg, uint8(64), uint8(64), uint8(10), uint8(0))
	} else {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, block []byte, w, h, kind, how uint8) {
		s := spec{w: max(1, int(w)), h: max(1, int(h)), n: 1 + 2*int(how>>3&1), bits: []int{8, 16, 1, 4, 2, 32, 12, 64}[how&7], photometric: 1}
		if s.n == 3 {
			s.photometric = photoRGB
		}
		var more []tag
		switch kind % 11 {
		case 0:
			s.compression = compLZW
		case 1:
			s.compression = compPackBits
		case 2:
			s.compression = compDeflate
		case 3:
			s.compression = compZstd
		case 4:
			s.compression = compNone
		case 5, 6:
			s.compression = compFax3
			more = []tag{{id: tagT4Options, values: []uint64{uint64(kind%11) - 5 + uint64(how>>5&4)}}}
		case 7:
			s.compression = compFax4
		case 8:
			s.compression = compRLE
		case 9:
			s.compression = compRLEW
		case 10:
			s.compression = compJPEG
			if s.n == 3 {
				s.photometric = photoYCbCr
			}
		}
		if k := kind % 11; k >= 5 && k <= 9 {
			s.bits, s.n, s.photometric = 1, 1, whiteIsZero
		}
		p := page{where: tagStripOffsets, blocks: [][]byte{block}, tags: append(more,
			tag{id: 256, values: []uint64{uint64(s.w)}}, tag{id: 257, values: []uint64{uint64(s.h)}}, tag{id: 259, values: []uint64{uint64(s.compression)}},
			tag{id: 262, values: []uint64{uint64(s.photometric)}}, tag{id: 277, values: []uint64{uint64(s.n)}}, tag{id: 278, values: []uint64{uint64(s.h)}},
			tag{id: 317, values: []uint64{1 + uint64(how>>4&3)%3}}, tag{id: 266, values: []uint64{1 + uint64(how>>6&1)}})}
		bits := make([]uint64, s.n)
		for i := range bits {
			bits[i] = uint64(s.bits)
		}
		p.tags = append(p.tags, tag{id: 258, values: bits})
		slices.SortFunc(p.tags, func(a, b tag) int { return int(a.id) - int(b.id) })
		data := build(binary.LittleEndian, false, p)
		file, err := Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		checkPage(t, data, file.Pages[0])
	})
}

// checkPage decodes a page, and sees that it is as large as its directory says, and
// took no more memory than was foreseen.
func checkPage(t *testing.T, data []byte, p *Page) {
	t.Helper()
	if err := p.Check(); err != nil {
		known(t, err)
		return
	}
	if int64(p.Width)*int64(p.Height) > fuzzPixels {
		return
	}
	foreseen := p.DecodeBytes()
	if foreseen < 0 || foreseen > 256<<20 {
		t.Errorf("%d bytes for %dx%d", foreseen, p.Width, p.Height)
	}
	most := 2*foreseen + 16*int64(len(data)) + fuzzMemory
	if p.compression == compZstd || p.compression == compZstdPrivate {
		most += 2 * 64 << 20 // a window that is larger than usual, see doc.go
	}
	defer fuzztest.Bound(t, data, most)()
	m, _, err := p.Decode(context.Background())
	if err != nil {
		known(t, err)
	} else if b := m.Bounds(); b != image.Rect(0, 0, p.Width, p.Height) {
		t.Errorf("%v for %dx%d", b, p.Width, p.Height)
	}
}

// known fails the test for an error that is of no kind that callers know.
func known(t *testing.T, err error) {
	t.Helper()
	var (
		bad  *FormatError
		gone *UnsupportedError
		over *LimitError
	)
	if !errors.As(err, &bad) && !errors.As(err, &gone) && !errors.As(err, &over) || errors.Is(err, io.EOF) {
		t.Errorf("%T: %v", err, err)
	}
	if strings.ContainsAny(err.Error(), "\n\r") {
		t.Errorf("more than a line: %q", err)
	}
}
