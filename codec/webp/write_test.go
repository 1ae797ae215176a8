package webp

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"io"
	"testing"
	"time"

	"github.com/imgpar/imgpar/codec/meta"
)

// chunkOf is a chunk, by its definition.
func chunkOf(name string, data []byte) []byte {
	out := append(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(data))), data...)
	return append(out, make([]byte, len(data)%2)...)
}

func riff(chunks ...[]byte) []byte {
	body := append([]byte("WEBP"), bytes.Join(chunks, nil)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func vp8x(flags byte) []byte { return chunkOf("VP8X", []byte{flags, 0, 0, 0, 74, 0, 0, 49, 0, 0}) }

func TestContainer(t *testing.T) {
	pixels := chunkOf("VP8L", []byte("abc"))
	m := meta.Data{EXIF: []byte("exif"), XMP: []byte("xmp"), ICC: []byte("profile")}
	if got, want := container(pixels, 75, 50, 0, m), riff(vp8x(0x2c), chunkOf("ICCP", m.ICC), pixels, chunkOf("EXIF", m.EXIF), chunkOf("XMP ", m.XMP)); !bytes.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if plain := container(pixels, 75, 50, flagAlpha, meta.Data{}); !bytes.Equal(plain, riff(pixels)) {
		t.Errorf("without metadata: %q", plain)
	}
	if moving := container(pixels, 75, 50, flagAnimation|flagAlpha, meta.Data{}); !bytes.Equal(moving, riff(vp8x(0x12), pixels)) {
		t.Errorf("animated: %q", moving)
	}
}

func file(data []byte) *io.SectionReader {
	return io.NewSectionReader(bytes.NewReader(data), 0, int64(len(data)))
}

func solid(r image.Rectangle, c color.NRGBA) *image.NRGBA {
	m := image.NewNRGBA(r)
	for i := 0; i < len(m.Pix); i += 4 {
		copy(m.Pix[i:], []uint8{c.R, c.G, c.B, c.A})
	}
	return m
}

// Delays are rounded so that their sum stays.
func TestWriterWritesWhatOpenReads(t *testing.T) {
	var buf bytes.Buffer
	w := NewWriter(&buf, 6, 4, 3, meta.Data{XMP: []byte("xmp")})
	parts := []image.Rectangle{image.Rect(0, 0, 6, 4), image.Rect(2, 2, 5, 3), image.Rect(4, 0, 6, 4)}
	for i, r := range parts {
		exact := w.Add(solid(r, color.NRGBA{uint8(50 * i), 1, 2, 255}), 10*time.Millisecond+600*time.Microsecond*time.Duration(i))
		if exact != (i == 0) {
			t.Errorf("frame %d: exact %v", i, exact)
		}
	}
	w.Close()
	f, err := Open(file(buf.Bytes()), 2)
	if err != nil || f.Err() != nil || !f.Animated || f.Frames != 2 || f.Plays != 3 || f.Width != 6 || f.Height != 4 || f.Coding != Lossless || string(f.Metadata(100).XMP) != "xmp" {
		t.Fatalf("of two frames: %+v, %v", f, err)
	}
	if f, err = Open(file(buf.Bytes()), 10); err != nil || f.Frames != 3 {
		t.Fatalf("%+v, %v", f, err)
	}
	for i, ms := range []int{10, 11, 11} {
		p, img, err := f.Frame(i)
		if err != nil || p.Rectangle != parts[i] || p.Over || p.Delay != time.Duration(ms)*time.Millisecond || img.At(0, 0) != (color.NRGBA{uint8(50 * i), 1, 2, 255}) {
			t.Errorf("frame %d: %+v, %v", i, p, err)
		}
	}
}

func TestMostChunks(t *testing.T) {
	var buf bytes.Buffer
	Encode(&buf, solid(image.Rect(0, 0, 2, 2), color.NRGBA{1, 2, 3, 4}), meta.Data{})
	many := bytes.Repeat(chunkOf("more", nil), MaxChunks)
	if f, err := Open(file(append(buf.Bytes(), many...)), 1); err != nil || f.Err() != ErrChunks {
		t.Errorf("behind the picture: %v, %v", f, err)
	}
	if _, err := Open(file(append(riff(), append(many, buf.Bytes()[12:]...)...)), 1); err != ErrChunks {
		t.Errorf("before the picture: %v", err)
	}
}
