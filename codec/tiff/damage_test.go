package tiff

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// plainGray is a small picture in two strips.
func plainGray(compression int) spec {
	return spec{w: 40, h: 30, n: 1, bits: 8, photometric: blackIsZero, compression: compression, rows: 15}.noise(4)
}

// Whatever is missing of a strip is an error, not black.
func TestShortStrips(t *testing.T) {
	for _, c := range []int{compNone, compLZW, compDeflate, compPackBits, compZstd} {
		s := plainGray(c)
		whole := s.file()
		f := open(t, whole)
		if err := f.Pages[0].findBlocks(); err != nil {
			t.Fatal(err)
		}
		e, ok := f.Pages[0].Dir.Find(tagStripByteCounts)
		if !ok {
			t.Fatal("no counts")
		}
		for i, n := range f.Pages[0].size {
			for _, less := range []uint64{n / 2, 1, 0} {
				if i == 0 && c == compNone && less == n {
					continue
				}
				data := bytes.Clone(whole)
				binary.LittleEndian.PutUint16(data[e.At+int64(2*i):], uint16(less))
				err := failure(data)
				if bad := new(FormatError); !errors.As(err, &bad) || !strings.HasPrefix(err.Error(), fmt.Sprintf("strip %d ", i)) {
					t.Errorf("%s, strip %d of %d bytes: %v", compressionNames[c], i, less, err)
				}
			}
		}
	}
}

func TestDamagedStrips(t *testing.T) {
	le := binary.LittleEndian
	deflated := plainGray(compDeflate).file()
	wrongSum := bytes.Clone(deflated)
	f := open(t, deflated)
	if err := f.Pages[0].findBlocks(); err != nil {
		t.Fatal(err)
	}
	wrongSum[f.Pages[0].offsets[0]+f.Pages[0].size[0]-1] ^= 1
	one := func(compression int, w uint64, strip string, more ...tag) []byte {
		return build(le, false, page{where: tagStripOffsets, blocks: [][]byte{[]byte(strip)}, tags: append([]tag{
			{id: 256, values: []uint64{w}}, {id: 257, values: []uint64{1}}, {id: 259, values: []uint64{uint64(compression)}}, {id: 262, values: []uint64{0}},
		}, more...)})
	}
	eight := tag{id: 258, values: []uint64{8}}
	for want, data := range map[string][]byte{
		"strip 0 is damaged: zlib: invalid checksum":            wrongSum,
		"strip 0 is damaged: zlib: invalid header":              one(compDeflate, 8, "nonsense"),
		"strip 0: LZW code 300 behind a clear code":             one(compLZW, 80, string(codes(lzwClear, 300)), eight),
		"strip 0: LZW code 300 of 258":                          one(compLZW, 80, string(codes(lzwClear, 1, 300)), eight),
		"strip 0 ends too early":                                one(compLZW, 80, string(codes(lzwClear, 1, lzwEnd)), eight),
		"strip 0: a run of 9 pixels in a row of 8":              one(compRLE, 8, "\xa7\x00\x00"), // white 8 would be 10011; 10100 is 9
		"strip 0: a run of no length":                           one(compRLE, 8, "\x00\x00\x00\x00"),
		"strip 0: a change of colour at pixel 9 of 8 behind -1": one(compFax4, 8, "\x60\x00\x00"), // VR1
		"strip 0: a row that ends too early":                    one(compFax4, 8, "\x00\x10\x01\x00"),
		"CCITT compression in uncompressed mode":                one(compFax4, 8, "\x03\x00\x00\x00"),
		"CCITT G4 in uncompressed mode":                         one(compFax4, 8, "\x80", tag{id: 293, values: []uint64{2}}),
		"strip 0: JPEG damaged: no SOI marker at offset 0":      one(compJPEG, 8, "nonsense", eight),
	} {
		if err := failure(data); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// codes packs LZW codes of 9 bits.
func codes(c ...int) []byte {
	w := &bitWriter{}
	for _, v := range c {
		w.put(v, 9)
	}
	return w.bytes()
}

func TestRefusedByName(t *testing.T) {
	base := spec{w: 4, h: 4, n: 1, bits: 8, photometric: blackIsZero}.noise(1)
	with := func(change func(*spec)) []byte {
		s := base
		change(&s)
		s.samples = make([]uint64, s.w*s.h*s.n)
		return s.file()
	}
	// set changes the value of a tag that is there, or adds one.
	set := func(id uint16, v ...uint64) []byte {
		return with(func(s *spec) { s.more = []tag{{id: id, values: v}} })
	}
	raw := build(binary.LittleEndian, false, page{tags: []tag{
		{id: 254, values: []uint64{1}}, {id: 256, values: []uint64{4}}, {id: 257, values: []uint64{4}}, {id: 330, values: []uint64{8}},
	}})
	for want, data := range map[string][]byte{
		"old-style JPEG compression":                     with(func(s *spec) { s.compression = compOldJPEG }),
		"WebP compression":                               with(func(s *spec) { s.compression = 50001 }),
		"LZMA compression":                               with(func(s *spec) { s.compression = 34925 }),
		"compression 4711":                               with(func(s *spec) { s.compression = 4711 }),
		"CIELab colours":                                 with(func(s *spec) { s.photometric = 8 }),
		"raw samples of a sensor (CFA)":                  with(func(s *spec) { s.photometric = 32803 }),
		"photometric interpretation 99":                  with(func(s *spec) { s.photometric = 99 }),
		"signed samples, whose black is defined nowhere": with(func(s *spec) { s.format = formatInt }),
		"complex numbers as samples":                     with(func(s *spec) { s.format, s.bits = 6, 64 }),
		"floating point of 24 bits":                      with(func(s *spec) { s.format, s.bits = formatFloat, 24 }),
		"inks other than CMYK":                           with(func(s *spec) { s.n, s.photometric, s.more = 4, photoCMYK, []tag{{id: 332, values: []uint64{2}}} }),
		"YCbCr of 16 bits":                               with(func(s *spec) { s.n, s.photometric, s.bits = 3, photoYCbCr, 16 }),
		"sampled chroma in separate planes":              with(func(s *spec) { s.n, s.photometric, s.planar = 3, photoYCbCr, true }),
		"JPEG of 12 bits":                                with(func(s *spec) { s.bits, s.compression = 12, compJPEG }),
		"a raw photo, whose picture is in a SubIFD":      raw,
		"48 bits a sample":                               with(func(s *spec) { s.bits = 48 }),
	} {
		err := failure(data)
		if gone := new(UnsupportedError); !errors.As(err, &gone) || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	for want, data := range map[string][]byte{
		"a palette picture without its colours":       with(func(s *spec) { s.photometric = photoPalette }),
		"a colour map of other than 256 colours":      with(func(s *spec) { s.photometric, s.more = photoPalette, []tag{{id: 320, values: []uint64{1, 2, 3}}} }),
		"1 samples a pixel for 3 colours":             with(func(s *spec) { s.photometric = photoRGB }),
		"samples of 0 bits":                           with(func(s *spec) { s.bits = 0 }),
		"predictor 3":                                 set(317, 3),
		"predictor 9":                                 set(317, 9),
		"chroma sampled 3x1":                          with(func(s *spec) { s.n, s.photometric, s.more = 3, photoYCbCr, []tag{{id: 530, values: []uint64{3, 1}}} }),
		"CCITT G4 compression of 1 samples of 8 bits": with(func(s *spec) { s.compression = compFax4 }),
	} {
		err := failure(data)
		if bad := new(FormatError); !errors.As(err, &bad) || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestLimits(t *testing.T) {
	le := binary.LittleEndian
	v := func(id uint16, values ...uint64) tag { return tag{id: id, values: values} }
	one := func(tags ...tag) []byte {
		return build(le, false, page{tags: append(tags, v(262, 1), v(258, 8), v(273, 8))})
	}
	for want, data := range map[string][]byte{
		"65 samples a pixel; at most 64 are read":           one(v(256, 4), v(257, 4), v(277, 65)),
		"4194305 strips or tiles; at most 4194304 are read": one(v(256, 1), v(257, 4194305), v(278, 1)),
		"rows of 83886080 bytes; at most 67108864 are read": one(v(256, 1<<20), v(257, 1), v(277, 10), v(258, 64)),
		"tiles of 1100000x1 pixels for a picture of 8x8":    one(v(256, 8), v(257, 8), v(322, 1100000), v(323, 1)),
	} {
		err := failure(data)
		if over := new(LimitError); !errors.As(err, &over) || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	many := make([]page, MaxDirectories+1)
	for i := range many {
		many[i] = page{tags: []tag{v(256, 1)}}
	}
	if _, err := Open(bytes.NewReader(build(le, false, many[1:]...)), 1<<30); err != nil {
		t.Errorf("%d directories: %v", MaxDirectories, err)
	}
	want := "more than 10000 directories"
	if _, err := Open(bytes.NewReader(build(le, false, many...)), 1<<30); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestChains(t *testing.T) {
	le := binary.LittleEndian
	s := plainGray(compNone)
	loop := s.file()
	le.PutUint32(loop[len(loop)-4:], le.Uint32(loop[4:]))
	outside := s.file()
	le.PutUint32(outside[len(outside)-4:], 1<<30)
	for want, data := range map[string][]byte{
		"the chain of directories is a loop":             loop,
		"directory 2 is cut off, or outside of the file": outside,
		"the TIFF ends too early":                        []byte("II*\x00"),
		"not a TIFF structure":                           []byte("GIF89a, and more"),
		"the TIFF has no directory":                      []byte("II*\x00\x00\x00\x00\x00"),
	} {
		err := failure(data)
		if bad := new(FormatError); !errors.As(err, &bad) || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// Smaller copies and masks are no pages, unless there is nothing else.
func TestPages(t *testing.T) {
	v := func(id uint16, n uint64) tag { return tag{id: id, values: []uint64{n}} }
	picture := func(w uint64, tags ...tag) page { return page{tags: append(tags, v(256, w), v(257, 1), v(262, 1))} }
	f := open(t, build(binary.BigEndian, true, picture(5), picture(1, v(254, 1)), picture(6, v(254, 2)), picture(2, v(254, 4)), picture(3, v(255, 2)), picture(7)))
	var got []string
	for _, p := range f.Pages {
		got = append(got, fmt.Sprint(p.Width, p.LeftOut))
	}
	if want := "[5 [reduced copy] 6 [transparency mask reduced copy] 7 []]"; fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
	f = open(t, build(binary.BigEndian, false, picture(5, v(254, 1)), picture(6, v(254, 1))))
	if len(f.Pages) != 1 || f.Pages[0].Width != 5 || fmt.Sprint(f.Pages[0].LeftOut) != "[reduced copy]" {
		t.Errorf("only copies: %d pages, %v", len(f.Pages), f.Pages[0].LeftOut)
	}
}

// Strips may be without their sizes: those that are not compressed have the bytes of their rows, others end where the
// next begins.
func TestMissingSizes(t *testing.T) {
	for _, c := range []int{compNone, compLZW, compDeflate} {
		s := plainGray(c)
		data := s.file()
		e, _ := open(t, data).Pages[0].Dir.Find(tagStripByteCounts)
		at := bytes.Index(data, []byte{0x17, 0x01, 3, 0}) // the tag and its type
		if at < 0 || e.Count != 2 {
			t.Fatal("no entry")
		}
		binary.LittleEndian.PutUint16(data[at:], 60000)
		m, _ := decode(t, data)
		s.check(t, m)
	}
}

func TestTheContextEndsDecoding(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := open(t, plainGray(compLZW).file()).Pages[0].Decode(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestFileCutAnywhere(t *testing.T) {
	data := spec{w: 30, h: 20, n: 3, bits: 8, photometric: photoRGB, compression: compLZW, rows: 6}.noise(4).file()
	for n := range len(data) - 4 { // the offset of a next directory may be missing
		if err := failure(data[:n]); err == nil {
			t.Fatalf("%d bytes of %d are enough", n, len(data))
		}
	}
}

func TestVariant(t *testing.T) {
	s := spec{w: 20, h: 20, n: 3, bits: 32, format: formatFloat, photometric: photoRGB, planar: true, tileW: 16, tileH: 16, order: binary.BigEndian, big: true, compression: compLZW}.noise(1)
	if got, want := open(t, s.file()).Pages[0].Variant(), "LZW, floating point, tiled, planar, big-endian, BigTIFF"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
