package tiff

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"reflect"
	"testing"

	xtiff "golang.org/x/image/tiff"

	"github.com/imgpar/imgpar/codec/ifd"
)

// fill sets pixels to colours of all kinds: gray ones or not, opaque or not.
func fill(m draw.Image, gray, opaque bool) draw.Image {
	r := rand.New(rand.NewPCG(1, 2))
	b := m.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.NRGBA64{uint16(r.Uint32()), uint16(x * 999), uint16(y * 999), uint16(r.Uint32())}
			if gray {
				c.G, c.B = c.R, c.R
			}
			if opaque {
				c.A = 0xffff
			}
			m.Set(x, y, c)
		}
	}
	return m
}

func written(t testing.TB, d Description, pages ...image.Image) []byte {
	t.Helper()
	buf := bytes.NewBuffer([]byte("before"))
	w := NewWriter(buf)
	for _, m := range pages {
		if err := w.WritePage(m, d); err != nil {
			t.Fatal(err)
		}
	}
	return buf.Bytes()[len("before"):]
}

func TestWriteAndRead(t *testing.T) {
	r := image.Rect(0, 0, 150, 411) // of several strips
	pal := image.NewPaletted(r, color.Palette{color.RGBA{1, 2, 3, 255}, color.RGBA{255, 0, 9, 255}, color.Gray{7}})
	for i := range pal.Pix {
		pal.Pix[i] = uint8(i % 3)
	}
	for name, m := range map[string]image.Image{
		"gray": fill(image.NewGray(r), true, true), "gray 16": fill(image.NewGray16(r), true, true),
		"RGB": fill(image.NewRGBA(r), false, true), "RGB of NRGBA": fill(image.NewNRGBA(r), false, true),
		"RGB 16": fill(image.NewRGBA64(r), false, true), "associated": fill(image.NewRGBA(r), false, false),
		"unassociated": fill(image.NewNRGBA(r), false, false), "associated 16": fill(image.NewRGBA64(r), false, false),
		"unassociated 16": fill(image.NewNRGBA64(r), false, false), "gray and alpha": fill(image.NewNRGBA(r), true, false),
		"gray and alpha 16": fill(image.NewNRGBA64(r), true, false), "palette": pal,
	} {
		for _, mayGray := range []bool{false, true} {
			data := written(t, Description{Gray: mayGray}, m)
			got, notes := decode(t, data)
			if len(notes) > 0 {
				t.Errorf("%s: notes %q", name, notes)
			}
			samePixels(t, name, m, got)
			if kept := reflect.TypeOf(got) == reflect.TypeOf(m); !kept && name != "RGB of NRGBA" {
				t.Errorf("%s: %T became %T", name, m, got)
			}
			p := open(t, data).Pages[0]
			if gray := p.Colors == 1; gray != (name[0] == 'g' || name == "palette") && mayGray {
				t.Errorf("%s: %d colours", name, p.Colors)
			}
			if p.Colors == 1 && p.Alpha && !mayGray {
				t.Errorf("%s became gray unasked", name)
			}
			if other, err := xtiff.Decode(bytes.NewReader(data)); p.Samples == 2 {
				continue // which that package does not know
			} else if err != nil {
				t.Errorf("%s: x/image: %v", name, err)
			} else {
				samePixels(t, name+", read by x/image", m, other)
			}
		}
	}
}

func samePixels(t *testing.T, name string, want, got image.Image) {
	t.Helper()
	b, at := got.Bounds(), want.Bounds().Min
	if b.Size() != want.Bounds().Size() {
		t.Fatalf("%s: %v, want %v", name, b, want.Bounds())
	}
	for y := range b.Dy() {
		for x := range b.Dx() {
			r, g, bl, a := got.At(b.Min.X+x, b.Min.Y+y).RGBA()
			r2, g2, b2, a2 := want.At(at.X+x, at.Y+y).RGBA()
			if r != r2 || g != g2 || bl != b2 || a != a2 {
				t.Fatalf("%s: pixel %d, %d: %x, want %x", name, x, y, []uint32{r, g, bl, a}, []uint32{r2, g2, b2, a2})
			}
		}
	}
}

// A part of a picture has other bytes between its rows, and fewer behind the last.
func TestWritePartOfAPicture(t *testing.T) {
	whole := fill(image.NewRGBA(image.Rect(0, 0, 50, 40)), false, true).(*image.RGBA)
	part := whole.SubImage(image.Rect(20, 10, 50, 40))
	got, _ := decode(t, written(t, Description{}, part))
	samePixels(t, "part", part, got)
}

func TestWriteSeveralPages(t *testing.T) {
	a, b := fill(image.NewGray(image.Rect(0, 0, 9, 5)), true, true), fill(image.NewRGBA(image.Rect(0, 0, 4, 8)), false, true)
	f := open(t, written(t, Description{}, a, b, a))
	if len(f.Pages) != 3 {
		t.Fatalf("%d pages", len(f.Pages))
	}
	for i, want := range []image.Image{a, b, a} {
		got, _, err := f.Pages[i].Decode(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		samePixels(t, "page", want, got)
	}
}

func TestDirectoriesBelow(t *testing.T) {
	text := func(tag uint16, s string) ifd.Entry {
		return ifd.Entry{Tag: tag, Type: ifd.ASCII, Value: []byte(s + "\x00")}
	}
	d := Description{
		Tags: []ifd.Entry{text(ifd.TagArtist, "somebody")},
		EXIF: []ifd.Entry{text(36867, "2026:01:01 00:00:00")}, GPS: []ifd.Entry{text(1, "N")}, Interop: []ifd.Entry{text(1, "R98")},
	}
	f := open(t, written(t, d, fill(image.NewGray(image.Rect(0, 0, 9, 5)), true, true)))
	below := func(dir ifd.Directory, tag uint16) ifd.Directory {
		at, ok := dir.Uint(f, tag)
		if !ok {
			t.Fatalf("no tag %d", tag)
		}
		sub, err := f.ReadDirectory(f, int64(at))
		if err != nil {
			t.Fatal(err)
		}
		return sub
	}
	has := func(dir ifd.Directory, tag uint16, want string) {
		e, _ := dir.Find(tag)
		if b, err := e.Load(f, 100); string(b) != want+"\x00" {
			t.Errorf("tag %d is %q, %v; want %q", tag, b, err, want)
		}
	}
	page := f.Pages[0].Dir
	exif := below(page, ifd.TagExif)
	has(page, ifd.TagArtist, "somebody")
	has(exif, 36867, "2026:01:01 00:00:00")
	has(below(exif, ifd.TagInterop), 1, "R98")
	has(below(page, ifd.TagGPS), 1, "N")
	for i := range page.Entries[1:] {
		if page.Entries[i].Tag >= page.Entries[i+1].Tag {
			t.Errorf("tag %d before %d", page.Entries[i].Tag, page.Entries[i+1].Tag)
		}
	}
	if page.Order != binary.ByteOrder(binary.LittleEndian) {
		t.Error("not little-endian")
	}
}

func TestWhatCannotBeWritten(t *testing.T) {
	w := NewWriter(new(bytes.Buffer))
	for _, m := range []image.Image{image.NewCMYK(image.Rect(0, 0, 1, 1)), image.NewGray(image.Rect(0, 0, 0, 1))} {
		if err := w.WritePage(m, Description{}); err == nil {
			t.Errorf("%T of %v is written", m, m.Bounds())
		}
	}
	if err := checkOffset(1<<32 - 1); err != nil {
		t.Error(err)
	}
	err := checkOffset(1 << 32)
	if over := new(LimitError); !errors.As(err, &over) || err.Error() != "more than 4 GiB in a TIFF" {
		t.Errorf("%v", err)
	}
}
