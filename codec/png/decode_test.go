package png

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	stdpng "image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/internal/fuzztest"
)

// fixture reads a file of testdata/images.
func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "images", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// fixtures are of every colour type, some with tRNS, and one is interlaced.
var fixtures = []string{"png_rgb8.png", "png_rgba8.png", "png_gray8.png", "png_gray16.png", "png_gray_alpha8.png", "png_rgb16.png", "png_rgba16.png",
	"png_gray1.png", "png_palette.png", "png_palette4.png", "png_palette_trns.png", "png_colour_key.png", "png_interlaced.png", "png_icc.png"}

// split returns the chunks of a file, and joined puts them together.
func split(data []byte) []chunk { return slices.Collect(chunks(data)) }

func joined(list []chunk) []byte {
	out := []byte(Signature)
	for _, c := range list {
		out = AppendChunk(out, c.name, c.data)
	}
	return out
}

func decode(data []byte, salvage bool) (*Picture, error) {
	return Decode(context.Background(), data, Options{Salvage: salvage})
}

func TestWholeFiles(t *testing.T) {
	for _, name := range fixtures {
		data := fixture(t, name)
		want, err := stdpng.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		for _, salvage := range []bool{false, true} {
			p, err := decode(data, salvage)
			if err != nil || p.Damage != nil || p.Beyond {
				t.Errorf("%s: %+v, %v", name, p, err)
				continue
			}
			samePixels(t, name, want, p.Image)
		}
		// The repaired file is the same picture, whatever its type.
		f, ok := scan(data)
		if !ok || f.damage != nil {
			t.Errorf("%s: %v", name, f.damage)
			continue
		}
		got, err := stdpng.Decode(f.repaired(t.Context()))
		if err != nil || f.damage != nil {
			t.Errorf("%s, repaired: %v, %v", name, err, f.damage)
			continue
		}
		samePixels(t, name+", repaired", want, got)
	}
}

// What surrounds the picture may be lost without any pixel.
func TestDamageBesideThePicture(t *testing.T) {
	data := fixture(t, "png_rgb8.png")
	want, err := stdpng.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	end := len(data) - 12
	text := AppendChunk(nil, "tEXt", []byte("Comment\x00on"))
	bad := slices.Clone(text)
	bad[len(bad)-1]++
	long := slices.Clone(text)
	long[0] = 0x7f
	for what, c := range map[string]struct {
		data []byte
		want string
	}{
		"no IEND":                      {data[:end], fmt.Sprintf("the file ends without IEND at offset %d", end)},
		"half an IEND":                 {data[:end+5], fmt.Sprintf("the file ends within a chunk at offset %d", end)},
		"IEND without its checksum":    {data[:end+10], fmt.Sprintf("the chunk IEND breaks off at offset %d", end)},
		"a long IEND":                  {AppendChunk(data[:end:end], "IEND", []byte("x")), fmt.Sprintf("the chunk IEND is not empty at offset %d", end)},
		"a bad checksum behind":        {slices.Insert(slices.Clone(data), end, bad...), fmt.Sprintf("the chunk tEXt has a wrong checksum at offset %d", end)},
		"a bad checksum before":        {slices.Insert(slices.Clone(data), 33, bad...), "the chunk tEXt has a wrong checksum at offset 33"},
		"a bad length behind":          {slices.Insert(slices.Clone(data), end, long...), fmt.Sprintf("the chunk tEXt breaks off at offset %d", end)},
		"a bad length before":          {slices.Insert(slices.Clone(data), 33, long...), "the chunk tEXt breaks off at offset 33"},
		"garbage behind":               {slices.Insert(slices.Clone(data), end, []byte("\x00\x01\x02 12345\xff\xfe\xfd")...), fmt.Sprintf("no chunk at offset %d", end)},
		"a chunk cut short at the end": {append(data[:end:end], text[:15]...), fmt.Sprintf("the chunk tEXt breaks off at offset %d", end)},
	} {
		_, err := decode(c.data, false)
		var format *FormatError
		if !errors.As(err, &format) || format.Hopeless || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", what, err, c.want)
		}
		p, err := decode(c.data, true)
		if err != nil || p.Damage.Error() != c.want {
			t.Errorf("%s, salvaged: %+v, %v", what, p, err)
			continue
		}
		samePixels(t, what, want, p.Image)
	}
}

// A file that breaks off gives its first rows; the rest is empty.
func TestFilesThatBreakOff(t *testing.T) {
	for _, name := range fixtures {
		data := fixture(t, name)
		whole, err := stdpng.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		before, empty := 0, exact(whole.At(0, 0))
		empty.R, empty.G, empty.B = 0, 0, 0
		for n := 40; n < len(data); n += 1 + len(data)/40 {
			_, err := decode(data[:n], false)
			var format *FormatError
			if !errors.As(err, &format) {
				t.Fatalf("%s, %d bytes: %v", name, n, err)
			}
			p, err := decode(data[:n], true)
			if format.Hopeless != (err != nil) {
				t.Errorf("%s, %d bytes: %v, salvaged: %v", name, n, format, err)
			}
			if err != nil {
				continue
			}
			if p.Damage == nil || p.Damage.Offset > int64(n) {
				t.Errorf("%s, %d bytes: %v", name, n, p.Damage)
			}
			if name == "png_interlaced.png" {
				continue
			}
			if rows := sameRows(whole, p.Image); rows < before {
				t.Errorf("%s: %d rows of %d bytes, %d of fewer", name, rows, n, before)
			} else {
				before = rows
			}
		}
		if whole.Bounds().Dy()-before > whole.Bounds().Dy()/20 && name != "png_interlaced.png" {
			t.Errorf("%s: only %d rows were ever read", name, before)
		}
	}
}

// sameRows counts the rows at the top that two pictures have in common.
func sameRows(a, b image.Image) int {
	r := a.Bounds()
	for y := range r.Dy() {
		for x := range r.Dx() {
			if exact(a.At(x, y)) != exact(b.At(x, y)) {
				return y
			}
		}
	}
	return r.Dy()
}

func TestWhatIsMissingIsEmpty(t *testing.T) {
	for name, want := range map[string]color.NRGBA64{
		"png_rgba8.png": {}, "png_rgba16.png": {}, "png_gray_alpha8.png": {},
		"png_rgb8.png": {A: 0xffff}, "png_gray16.png": {A: 0xffff}, "png_gray1.png": {A: 0xffff},
	} {
		data := fixture(t, name)
		p, err := decode(data[:len(data)*2/3], true)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		b := p.Image.Bounds()
		if got := exact(p.Image.At(b.Max.X-1, b.Max.Y-1)); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

// Adam7 gives the whole picture coarsely after the first passes.
func TestInterlacedPassesThatMiss(t *testing.T) {
	data := fixture(t, "png_interlaced.png")
	whole, err := stdpng.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	p, err := decode(data[:len(data)*4/10], true)
	if err != nil {
		t.Fatal(err)
	}
	b := whole.Bounds()
	for y := 0; y < b.Dy(); y += 4 {
		for x := 0; x < b.Dx(); x += 4 {
			if exact(p.Image.At(x, y)) != exact(whole.At(x, y)) {
				t.Fatalf("pixel %d,%d of the first passes is missing", x, y)
			}
		}
	}
	if got := p.Image.At(1, b.Dy()-2); exact(got) != (color.NRGBA64{A: 0xffff}) {
		t.Errorf("a pixel of a pass that is missing is %v", got)
	}
}

// raw is a PNG of gray rows, compressed by z.
func raw(width, height int, idat ...[]byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(width))
	b = binary.BigEndian.AppendUint32(b, uint32(height))
	list := []chunk{{name: "IHDR", data: append(b, 8, 0, 0, 0, 0)}}
	for _, d := range idat {
		list = append(list, chunk{name: "IDAT", data: d})
	}
	return joined(append(list, chunk{name: "IEND"}))
}

func deflated(rows string) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write([]byte(rows))
	_ = z.Close()
	return b.Bytes()
}

func TestDamageOfThePicture(t *testing.T) {
	rows := "\x00ab\x00cd\x00ef"
	good := deflated(rows)
	poke := func(at int, v byte) []byte {
		out := slices.Clone(good)
		out[(at+len(out))%len(out)] ^= v
		return out
	}
	const idat = 33 + 8 // where the data of the first IDAT begin
	apart := split(raw(2, 3, good[:5], good[5:]))
	apart = slices.Insert(apart, 2, chunk{name: "tEXt", data: []byte("a\x00b")})
	badFilter := deflated("\x00ab\x07cd\x00ef")
	for what, c := range map[string]struct {
		data []byte
		want string
		pix  string
	}{
		"a wrong checksum":    {raw(2, 3, poke(-1, 1)), fmt.Sprintf("the picture has a wrong checksum at offset %d", idat+len(good)-4), "abcdef"},
		"a damaged head":      {raw(2, 3, poke(0, 1)), fmt.Sprintf("the compressed picture has a damaged head at offset %d", idat), "abcdef"},
		"too many rows":       {raw(2, 2, good), fmt.Sprintf("more data than the picture has at offset %d", idat+len(good)-4), "abcd"},
		"too few rows":        {raw(2, 4, good), fmt.Sprintf("the picture breaks off at offset %d", idat+len(good)-4), "abcdef\x00\x00"},
		"bytes behind":        {raw(2, 3, append(slices.Clone(good), make([]byte, 1<<14)...)), fmt.Sprintf("more data than the picture has at offset %d", idat+len(good)), "abcdef"},
		"an unknown filter":   {raw(2, 3, badFilter), "filter 7 before this", "ab\x00\x00\x00\x00"},
		"an empty IDAT":       {raw(2, 3, nil), fmt.Sprintf("the picture breaks off at offset %d", idat), "\x00\x00\x00\x00\x00\x00"},
		"chunks that part it": {joined(apart), fmt.Sprintf("an IDAT chunk stands apart from the others at offset %d", 33+17+15), "abcdef"},
		"a second header":     {slices.Insert(raw(2, 3, poke(-1, 1)), 33+12+len(good), AppendChunk(nil, "IHDR", []byte("\x00\x01\x00\x00\x00\x01\x00\x00\x08\x00\x00\x00\x00"))...), fmt.Sprintf("the picture has a wrong checksum at offset %d", idat+len(good)-4), "abcdef"},
	} {
		_, err := decode(c.data, false)
		var format *FormatError
		if !errors.As(err, &format) || format.Hopeless || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", what, err, c.want)
		}
		p, err := decode(c.data, true)
		if err != nil || !strings.HasPrefix(p.Damage.Error(), c.want) {
			t.Errorf("%s, salvaged: %+v, %v", what, p, err)
			continue
		}
		if m, ok := p.Image.(*image.Gray); !ok || string(m.Pix) != c.pix {
			t.Errorf("%s: %q, want %q", what, p.Image.(*image.Gray).Pix, c.pix)
		}
	}
}

func TestHopelessFiles(t *testing.T) {
	data := fixture(t, "png_palette.png")
	badHeader := slices.Clone(data)
	badHeader[29]++
	list := split(data)
	noPalette := slices.DeleteFunc(slices.Clone(list), func(c chunk) bool { return c.name == "PLTE" })
	noPicture := slices.DeleteFunc(slices.Clone(list), func(c chunk) bool { return c.name == "IDAT" })
	for want, data := range map[string][]byte{
		"the PNG is invalid: not a PNG file":      []byte("this is no picture"),
		"the PNG is invalid: invalid checksum":    badHeader,
		"the PNG is invalid: chunk out of order":  joined(noPalette),
		"the PNG ends too early":                  data[:33],
		"the PNG is invalid: chunk out of order ": joined(noPicture),
	} {
		for _, salvage := range []bool{false, true} {
			_, err := decode(data, salvage)
			var format *FormatError
			if !errors.As(err, &format) || !format.Hopeless || err.Error() != strings.TrimSpace(want) {
				t.Errorf("%v, want %s", err, want)
			}
		}
	}
}

func TestIndexBeyondThePalette(t *testing.T) {
	p, err := decode(fixture(t, "broken/palette_index.png"), false)
	if err != nil || !p.Beyond {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestTheContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	data := fixture(t, "png_rgb8.png")
	for _, data := range [][]byte{data, data[:len(data)/2]} {
		if _, err := Decode(ctx, data, Options{Salvage: true}); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}

// A changed byte is an error, or it changes nothing that is shown.
func TestNoDamagePasses(t *testing.T) {
	for _, name := range []string{"png_palette4.png", "png_palette_trns.png", "png_gray1.png"} {
		data := fixture(t, name)
		want, err := stdpng.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(data); i += 1 + i/200 { // all of the chunks at the start
			bad := slices.Clone(data)
			bad[i] ^= 1 << (i % 8)
			p, err := decode(bad, false)
			if err == nil {
				samePixels(t, fmt.Sprintf("%s, byte %d", name, i), want, p.Image)
				continue
			}
			if _, err := decode(bad, true); err != nil && !errors.As(err, new(*FormatError)) && !errors.As(err, new(UnsupportedError)) {
				t.Errorf("%s, byte %d: %v", name, i, err)
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	fuzztest.Seeds(f, ".png")
	for _, name := range append([]string{"broken/truncated.png", "broken/palette_index.png"}, fixtures...) {
		if data := fixture(f, name); len(data) <= fuzztest.MaxSeed {
			f.Add(data[:len(data)*2/3])
		}
	}
	f.Fuzz(checkDecode)
}
