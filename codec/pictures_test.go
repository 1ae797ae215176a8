package codec

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"os"
	"path/filepath"
	"testing"

	"github.com/imgpar/imgpar/codec/ifd"
)

// The pictures and files that the tests work on.

// paint fills a picture with smooth colours, or grays, and, if it can hold
// them, with three steps of transparency.
func paint(m draw.Image, alphas ...uint8) draw.Image {
	b := m.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.NRGBA{R: uint8(5 * x), G: uint8(4 * y), B: uint8(2*x + 2*y), A: 255}
			if len(alphas) > 0 {
				c.A = alphas[(x/8+y/8)%len(alphas)]
			}
			m.Set(x, y, c)
		}
	}
	return m
}

// paint16 is paint with values that 8 bits cannot hold.
func paint16(m draw.Image, alphas ...uint16) draw.Image {
	b := m.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.NRGBA64{R: uint16(1311*x + 7), G: uint16(1023*y + 3), B: uint16(500*x + 501*y), A: 0xffff}
			if len(alphas) > 0 {
				c.A = alphas[(x/8+y/8)%len(alphas)]
			}
			m.Set(x, y, c)
		}
	}
	return m
}

func colours(w, h int) *image.RGBA { return paint(image.NewRGBA(image.Rect(0, 0, w, h))).(*image.RGBA) }

// encoded writes img, and fails the test if that cannot be done.
func encoded(t testing.TB, img image.Image, o Options) (data []byte, notes []string) {
	t.Helper()
	var buf bytes.Buffer
	notes, err := Encode(&buf, img, o)
	if err != nil {
		t.Fatalf("encode %T as %s: %v", img, o.Format, err)
	}
	return buf.Bytes(), notes
}

// decoded reads data, and fails the test if that cannot be done.
func decoded(t testing.TB, data []byte) *Picture {
	t.Helper()
	p, err := Decode(context.Background(), data, DecodeOptions{MaxPixels: MaxPixels})
	if err != nil {
		t.Fatalf("decode: %v", err)
	}
	return p
}

func header(data []byte) (Header, error) {
	return ReadHeader(bytes.NewReader(data), int64(len(data)), MaxPixels)
}

// fixture reads a file of testdata/images.
func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", "images", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// insert returns data with parts put in at offset at.
func insert(data []byte, at int, parts ...[]byte) []byte {
	out := bytes.Clone(data[:at])
	for _, p := range parts {
		out = append(out, p...)
	}
	return append(out, data[at:]...)
}

// seg is a JPEG marker segment.
func seg(marker byte, payload string) []byte {
	out := []byte{0xff, marker}
	out = binary.BigEndian.AppendUint16(out, uint16(2+len(payload)))
	return append(out, payload...)
}

// withSegments puts segments behind the SOI of a small JPEG.
func withSegments(t testing.TB, parts ...[]byte) []byte {
	t.Helper()
	data, _ := encoded(t, colours(16, 8), Options{Format: JPEG})
	return insert(data, 2, parts...)
}

// pngChunk is a PNG chunk.
func pngChunk(name, data string) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	out = append(append(out, name...), data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// Offsets in a PNG where chunks may be put.
const behindIHDR = 8 + 25

func beforeIEND(data []byte) int { return len(data) - 12 }

// riff is a WebP of the given chunks.
func riff(chunks ...[]byte) []byte {
	body := append([]byte("WEBP"), bytes.Join(chunks, nil)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func riffChunk(name string, data []byte) []byte {
	out := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(data)))
	out = append(out, data...)
	if len(data)%2 == 1 {
		out = append(out, 0)
	}
	return out
}

// riffPart cuts a chunk's data out of a WebP.
func riffPart(t testing.TB, data []byte, name string) []byte {
	t.Helper()
	for off := 12; off+8 <= len(data); {
		n := int(binary.LittleEndian.Uint32(data[off+4:]))
		if string(data[off:off+4]) == name {
			return data[off+8 : off+8+n]
		}
		off += 8 + n + n&1
	}
	t.Fatalf("no chunk %s", name)
	return nil
}

// vp8x is the data of a VP8X chunk.
func vp8x(flags byte, w, h int) []byte {
	w, h = w-1, h-1
	return []byte{flags, 0, 0, 0, byte(w), byte(w >> 8), byte(w >> 16), byte(h), byte(h >> 8), byte(h >> 16)}
}

// Types of TIFF fields.
const (
	tiffShort = 3
	tiffLong  = 4
)

// exifWith is a block of EXIF that has an orientation, between two other tags.
func exifWith(order binary.AppendByteOrder, kind uint16, orientation uint32) []byte {
	out := []byte("II*\x00\x08\x00\x00\x00")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		out = []byte("MM\x00*\x00\x00\x00\x08")
	}
	out = order.AppendUint16(out, 3)
	entry := func(tag, kind uint16, value uint32) {
		out = order.AppendUint16(out, tag)
		out = order.AppendUint16(out, kind)
		out = order.AppendUint32(out, 1)
		if kind == tiffShort {
			out = order.AppendUint16(out, uint16(value))
			out = order.AppendUint16(out, 0)
		} else {
			out = order.AppendUint32(out, value)
		}
	}
	entry(256, tiffShort, 4711)
	entry(ifd.TagOrientation, kind, orientation)
	entry(296, tiffShort, 2)
	return order.AppendUint32(out, 0)
}

// profile is what passes for an ICC profile of that colour space.
func profile(space string, size int) []byte {
	p := make([]byte, size)
	for i := range p {
		p[i] = byte(i ^ i>>8)
	}
	copy(p[16:], space)
	return p
}
