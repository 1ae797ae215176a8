package codec

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"runtime"
	"slices"
	"testing"

	"github.com/imgpar/imgpar/codec/jpeg"
	"github.com/imgpar/imgpar/codec/meta"
)

// allocated returns the bytes of memory that do takes, what is garbage at once included.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// claim returns a file of a format whose header claims w x h pixels, made from
// that of a small picture, and padded with zeros to a size.
func claim(t *testing.T, f Format, w, h, size int) []byte {
	t.Helper()
	var data []byte
	if f != WebP {
		data, _ = encoded(t, colours(16, 8), Options{Format: f})
	}
	be, le := binary.BigEndian, binary.LittleEndian
	switch f {
	case JPEG:
		at := bytes.Index(data, []byte{0xff, markSOF0})
		be.PutUint16(data[at+5:], uint16(h))
		be.PutUint16(data[at+7:], uint16(w))
	case PNG:
		ihdr := append([]byte(nil), data[16:29]...)
		be.PutUint32(ihdr, uint32(w))
		be.PutUint32(ihdr[4:], uint32(h))
		data = insert(data[:8], 8, pngChunk("IHDR", string(ihdr)), data[behindIHDR:])
	case GIF:
		le.PutUint16(data[6:], uint16(w))
		le.PutUint16(data[8:], uint16(h))
	case BMP:
		le.PutUint32(data[18:], uint32(w))
		le.PutUint32(data[22:], uint32(h))
	case TIFF:
		start := le.Uint32(data[4:])
		for i, v := range []int{w, h} {
			e := data[start+2+12*uint32(i):]
			le.PutUint16(e[2:], tiffLong)
			le.PutUint32(e[8:], uint32(v))
		}
	case WebP:
		vp8l := []byte{0x2f, 0, 0, 0, 0, 0, 0, 0}
		le.PutUint32(vp8l[1:], uint32(w-1)|uint32(h-1)<<14)
		data = riff(riffChunk("VP8L", vp8l))
	}
	return append(data, make([]byte, max(0, size-len(data)))...)
}

func TestSideLimit(t *testing.T) {
	const enough = 1 << 18 // bytes, for 65,536 pixels of any format
	for _, f := range []Format{PNG, BMP, TIFF} {
		for _, c := range []struct{ w, h int }{{MaxSide + 1, 1}, {1, MaxSide + 1}} {
			want := fmt.Sprintf("too-large: %dx%d pixels; a side is at most 65535", c.w, c.h)
			if _, err := header(claim(t, f, c.w, c.h, enough)); err == nil || err.Error() != want {
				t.Errorf("%s: %v, want %s", f, err, want)
			}
		}
	}
	for _, f := range []Format{JPEG, PNG, GIF, BMP, TIFF} {
		for _, c := range []struct{ w, h int }{{MaxSide, 1}, {1, MaxSide}} {
			if h, err := header(claim(t, f, c.w, c.h, enough)); err != nil || h.Width != c.w || h.Height != c.h {
				t.Errorf("%s of %dx%d: %dx%d, %v", f, c.w, c.h, h.Width, h.Height, err)
			}
		}
	}
}

func TestPixelLimit(t *testing.T) {
	for _, f := range []Format{JPEG, PNG, GIF, BMP, TIFF, WebP} {
		data := claim(t, f, 100, 50, 1<<15)
		r, size := bytes.NewReader(data), int64(len(data))
		if _, err := ReadHeader(r, size, 5000); err != nil {
			t.Errorf("%s: %v", f, err)
		}
		want := "too-large: 100x50 is 5000 pixels; --max-pixels is 4999"
		if _, err := ReadHeader(r, size, 4999); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", f, err, want)
		}
	}
	if MaxPixels != 16383*16383 {
		t.Errorf("MaxPixels is %d", MaxPixels)
	}
}

func TestZeroSides(t *testing.T) {
	for _, f := range []Format{PNG, GIF, BMP, TIFF} {
		want := "corrupt: the header claims a width of 0 and a height of 7 pixels"
		if _, err := header(claim(t, f, 0, 7, 0)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", f, err, want)
		}
	}
	want := "corrupt: the header claims a width of -3 and a height of 7 pixels"
	if _, err := header(claim(t, BMP, -3, 7, 0)); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// A few bytes that claim many pixels are refused before memory is taken for
// these; what can just be true is not.
func TestClaimsThatDoNotFitIntoTheFile(t *testing.T) {
	for _, c := range []struct {
		f         Format
		perKiB    int // pixels that 1024 bytes can stand for
		headBytes int
	}{
		{JPEG, 512 * 1024, 0},
		{PNG, 1032 * 1024 / 4, 0}, // colours writes a PNG of 8 bits and no alpha: 3 bytes a pixel
		{BMP, 1024 / 3, 0},
	} {
		const w = 1024
		size := 8 << 10
		h := 8 * c.perKiB / w
		if _, err := header(claim(t, c.f, w, h, size)); err != nil {
			t.Errorf("%s of %dx%d in %d bytes: %v", c.f, w, h, size, err)
		}
		h = 2*h + 2
		want := fmt.Sprintf("corrupt: the header claims %dx%d pixels, which do not fit into %d bytes", w, h, size)
		if _, err := header(claim(t, c.f, w, h, size)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", c.f, err, want)
		}
	}
}

// The densest files that encoders make stay below what is believed.
func TestFlatPicturesFitTheirFiles(t *testing.T) {
	flat := image.NewRGBA(image.Rect(0, 0, 3000, 2000)) // transparent, which is white in JPEG
	for _, f := range []Format{JPEG, PNG} {
		data, _ := encoded(t, flat, Options{Format: f, Quality: 1})
		if h, err := header(data); err != nil || h.Width != 3000 || h.Height != 2000 {
			t.Errorf("%s of %d bytes: %dx%d, %v", f, len(data), h.Width, h.Height, err)
		}
	}
}

func TestScanLimit(t *testing.T) {
	jpg := fixture(t, "jpeg_progressive_grayscale.jpg")
	last := bytes.LastIndex(jpg, []byte{0xff, markSOS})
	tail := jpg[last : len(jpg)-2] // one refining scan: the same again changes the picture, and is out of order
	const own = 6                  // scans
	with := func(n int) []byte { return insert(jpg, len(jpg)-2, bytes.Repeat(tail, n-own)) }
	o := DecodeOptions{MaxPixels: MaxPixels}
	if _, err := Decode(t.Context(), with(500), o); !IsDamaged(err) {
		t.Errorf("500 scans: %v", err)
	}
	want := "too-large: more than 500 scans"
	for what, data := range map[string][]byte{"501 scans": with(501), "bomb": fixture(t, "broken/scan_bomb.jpg")} {
		for _, o.Salvage = range []bool{false, true} {
			if _, err := Decode(t.Context(), data, o); err == nil || err.Error() != want {
				t.Errorf("%s: %v, want %s", what, err, want)
			}
		}
	}
}

func TestTooManySegments(t *testing.T) {
	data := withSegments(t, bytes.Repeat(seg(markCOM, ""), maxSegments))
	want := "too-large: more than 100000 JPEG segments and stray bytes before the picture"
	if _, err := header(data); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	png, _ := encoded(t, colours(16, 8), Options{Format: PNG})
	chunks := bytes.Repeat(pngChunk("tEXt", ""), maxSegments)
	want = "too-large: more than 100000 PNG chunks before the picture"
	if _, err := header(insert(png, behindIHDR, chunks)); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if _, err := header(insert(png, beforeIEND(png), chunks)); err != nil {
		t.Errorf("chunks behind the picture: %v", err)
	}
}

// Blocks of resources are joined in memory that grows with their length, not with its square.
func TestIPTCInManySegments(t *testing.T) {
	many := func(n, size int) *jpeg.File {
		s := jpeg.Segment{Marker: markAPP13, Data: append([]byte(iptcPrefix), make([]byte, size)...)}
		f := &jpeg.File{}
		for range n {
			f.Segments = append(f.Segments, s)
		}
		return f
	}
	var m meta.Data
	f := many(50_000, 100)
	if n := allocated(func() { m = jpegMetadata(f) }); n > 64<<20 {
		t.Errorf("%d bytes of memory for %d of IPTC", n, len(m.IPTC))
	}
	if len(m.IPTC) != 50_000*100 || m.Other != nil {
		t.Errorf("%d bytes, not kept: %q", len(m.IPTC), m.Other)
	}
	f = many(1000, 60_000)
	if n := allocated(func() { m = jpegMetadata(f) }); n > 128<<20 {
		t.Errorf("%d bytes of memory", n)
	}
	if m.IPTC != nil || fmt.Sprint(m.Other) != "[large IPTC]" {
		t.Errorf("%d bytes, not kept: %q", len(m.IPTC), m.Other)
	}
}

// What is not carried is named, but not by 90,000 names, each of which is looked for among the others.
func TestManyNamesOfWhatIsNotCarried(t *testing.T) {
	const most = 101
	png, _ := encoded(t, colours(16, 8), Options{Format: PNG})
	var chunks []byte
	f := &jpeg.File{}
	for i := range 90_000 {
		name := fmt.Sprintf("x%c%c%c", 'a'+i/2600%26, 'a'+i/100%26, 'a'+i%26)
		chunks = append(chunks, pngChunk(name, "")...)
		f.Segments = append(f.Segments, jpeg.Segment{Marker: markAPP0, Data: fmt.Appendf(nil, "name%d", i)})
	}
	f.Segments = append(f.Segments, jpeg.Segment{Marker: markAPP2, Data: []byte(mpfPrefix)})
	if m := pngMetadata(bytes.NewReader(insert(png, behindIHDR, chunks))); len(m.Other) != most || m.Other[most-1] != "others" {
		t.Errorf("PNG: %d names", len(m.Other))
	}
	m := jpegMetadata(f)
	if len(m.Other) != most+1 || m.Other[most-1] != "others" || m.Other[most] != meta.FurtherPictures {
		t.Errorf("JPEG: %d names", len(m.Other))
	}
}

func TestTooManyChunksOfAnAnimation(t *testing.T) {
	const most = 1 << 20
	r := image.Rect(0, 0, 2, 1)
	data := apng(t, 2, fctl(0, r, 0, 0), bytes.Repeat(pngChunk("IDAT", ""), most))
	want := "too-large: more than 1048576 APNG chunks"
	if _, err := tryFrames(t, data, MaxPixels); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// pages is a TIFF of gray pages of these sizes, of whose pixels there are none, and which share n bytes of XMP.
func pages(n int, sizes ...image.Point) []byte {
	le := binary.LittleEndian
	out := append([]byte("II*\x00\x00\x00\x00\x00"), bytes.Repeat([]byte{' '}, n)...)
	next := 4
	for _, size := range sizes {
		le.PutUint32(out[next:], uint32(len(out)))
		tags := [][2]uint32{{256, uint32(size.X)}, {257, uint32(size.Y)}, {258, 8}, {259, 1}, {262, 1}, {273, 8}, {277, 1}, {278, uint32(size.Y)}, {279, uint32(size.X * size.Y)}}
		out = le.AppendUint16(out, uint16(len(tags)+1))
		for _, t := range tags {
			out = le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(out, uint16(t[0])), tiffLong), 1), t[1])
		}
		out = le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(out, 700), 1), uint32(n)), 8)
		next = len(out)
		out = le.AppendUint32(out, 0)
	}
	return out
}

// Pages may share a packet of XMP. Each has its own in the output, which is held in memory: 10,000 of 16 MB, say.
func TestPagesThatShareMetadata(t *testing.T) {
	const size = 1 << 20
	file := pages(size, slices.Repeat([]image.Point{{4, 4}}, 1000)...)
	var err error
	n := allocated(func() {
		in := Frames(t.Context(), file, DecodeOptions{MaxPixels: MaxPixels})
		_, err = EncodeFrames(new(bytes.Buffer), in, Options{Format: TIFF})
	})
	want := "too-large: 65 pages of 1000 have more than 67108864 bytes of metadata"
	if err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if most := uint64(600 << 20); n > most {
		t.Errorf("%d bytes of memory", n)
	}
	if _, err := tryFrames(t, pages(size, slices.Repeat([]image.Point{{4, 4}}, 64)...), MaxPixels); err != nil {
		t.Errorf("64 pages: %v", err)
	}
}

func TestTheLargestPage(t *testing.T) {
	for _, c := range []struct {
		sizes  []image.Point
		w, h   int
		decode int64 // bytes at least
	}{
		{[]image.Point{{10, 20}}, 10, 20, 200},
		{[]image.Point{{1, 1}, {3000, 2000}, {70000, 1}, {20, 10}}, 3000, 2000, 6_000_000},
	} {
		h, err := header(pages(10, c.sizes...))
		if err != nil {
			t.Fatal(err)
		}
		w, ht, n := h.LargestPage()
		if w != c.w || ht != c.h || n < c.decode || n > c.decode+(1<<20) {
			t.Errorf("%v: %dx%d, %d bytes", c.sizes, w, ht, n)
		}
	}
	h, err := header(fixture(t, "png_rgb8.png"))
	if w, ht, n := h.LargestPage(); err != nil || w != h.Width || ht != h.Height || n != h.DecodeBytes(0) {
		t.Errorf("PNG: %dx%d, %d bytes, %v", w, ht, n, err)
	}
}
