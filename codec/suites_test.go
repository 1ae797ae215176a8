package codec

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var suites = filepath.Join("..", "testdata", "suites")

// golden is what a suite's goldens.txt says of a picture.
type golden struct{ size, hash string }

// goldens reads the list of a suite.
func goldens(t *testing.T, suite string) map[string]golden {
	t.Helper()
	f, err := os.Open(filepath.Join(suites, suite, "goldens.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	list := map[string]golden{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		part := strings.Fields(lines.Text())
		if len(part) < 3 {
			t.Fatalf("%s: %q", suite, lines.Text())
		}
		list[part[0]] = golden{part[1], part[2]}
	}
	return list
}

// suiteFiles returns the names and the bytes of a suite's pictures.
func suiteFiles(t *testing.T, suite, pattern string) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(suites, suite, pattern))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, name := range names {
		if files[filepath.Base(name)], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// goldenOf is what goldens.txt would say of a picture: see goldens.py there.
func goldenOf(img image.Image) golden {
	b := img.Bounds()
	var raw []byte
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			var p color.NRGBA64
			switch c := img.At(x, y).(type) { // the model would multiply by alpha
			case color.NRGBA64:
				p = c
			case color.NRGBA:
				p = color.NRGBA64{R: uint16(c.R) * 257, G: uint16(c.G) * 257, B: uint16(c.B) * 257, A: uint16(c.A) * 257}
			default:
				p = color.NRGBA64Model.Convert(c).(color.NRGBA64)
			}
			for _, v := range []uint16{p.R, p.G, p.B, p.A} {
				raw = binary.BigEndian.AppendUint16(raw, v)
			}
		}
	}
	sum := sha256.Sum256(raw)
	return golden{fmt.Sprintf("%dx%d", b.Dx(), b.Dy()), hex.EncodeToString(sum[:])}
}

func TestPngSuite(t *testing.T) {
	want := goldens(t, "pngsuite")
	good, bad := 0, 0
	for name, data := range suiteFiles(t, "pngsuite", "*.png") {
		p, err := Decode(t.Context(), data, DecodeOptions{MaxPixels: MaxPixels})
		if strings.HasPrefix(name, "x") {
			bad++
			if own := new(Error); !errors.As(err, &own) {
				t.Errorf("%s: %v, want an *Error", name, err)
			}
			continue
		}
		good++
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := goldenOf(p.Image); got != want[name] {
			t.Errorf("%s: %v, want %v", name, got, want[name])
		}
		if len(p.Notes) > 0 {
			t.Errorf("%s: notes %q", name, p.Notes)
		}
		again, _ := encoded(t, p.Image, Options{Format: PNG})
		if got := goldenOf(decoded(t, again).Image); got != want[name] {
			t.Errorf("%s, written again: %v, want %v", name, got, want[name])
		}
	}
	if good != 161 || bad != 14 || len(want) != good {
		t.Errorf("%d good pictures, %d bad, %d goldens", good, bad, len(want))
	}
}

// What the names of PngSuite say of depth and colour is in the headers.
func TestHeadersOfPngSuite(t *testing.T) {
	channels := map[byte]int{'0': 1, '2': 3, '3': 1, '4': 2, '6': 4}
	for name, data := range suiteFiles(t, "pngsuite", "*[ni][02346][agcp][01][12468].png") {
		if name[0] == 'x' {
			continue
		}
		h, err := header(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		bits := int(name[6]-'0')*10 + int(name[7]-'0')
		trns := strings.HasPrefix(name, "t") && name != "tp0n0g08.png" && name != "tp0n2c08.png" && name != "tp0n3p08.png"
		alpha := name[4] == '4' || name[4] == '6' || trns
		if h.Bits != bits || h.Channels != channels[name[4]] || h.Alpha != alpha || strings.Contains(h.Variant, "interlaced") != (name[3] == 'i') ||
			strings.Contains(h.Variant, "palette") != (name[4] == '3') {
			t.Errorf("%s: %+v", name, h)
		}
	}
}

func TestBmpSuite(t *testing.T) {
	want := goldens(t, "bmp")
	files := suiteFiles(t, "bmp", "*.bmp")
	const out = "pixels that the file leaves out have its first colour"
	notes := map[string]string{
		"pal4rlecut.bmp": "1946 " + out, "pal4rletrns.bmp": "416 " + out, "rle_overflow.bmp": "2 " + out,
		"V3_A1_R5_G5_B5.bmp": NoteNoAlpha, "V3_A1_R5_G5_B5_Top_Down.bmp": NoteNoAlpha, "V3_A4_R4_G4_B4.bmp": NoteNoAlpha, "V3_A4_R4_G4_B4_Top_Down.bmp": NoteNoAlpha,
		"rgb32-111110.bmp": "11 bits a channel became 8", "rgba16-1924.bmp": "9 bits a channel became 8", "rgba32-61754.bmp": "17 bits a channel became 8",
	}
	for name, data := range files {
		p, err := Decode(t.Context(), data, DecodeOptions{MaxPixels: MaxPixels})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := goldenOf(p.Image); got != want[name] {
			t.Errorf("%s: %v, want %v", name, got, want[name])
		}
		if got := strings.Join(p.Notes, "; "); got != notes[name] {
			t.Errorf("%s: notes %q, want %q", name, got, notes[name])
		}
		if profile := name == "rgb24prof2.bmp"; (p.Metadata.ICC != nil) != profile {
			t.Errorf("%s: a profile of %d bytes", name, len(p.Metadata.ICC))
		}
	}
	bad := suiteFiles(t, "bmp/bad", "*.bmp")
	for name, data := range bad {
		_, err := Decode(t.Context(), data, DecodeOptions{MaxPixels: MaxPixels})
		if own := new(Error); !errors.As(err, &own) {
			t.Errorf("%s: %v, want an *Error", name, err)
		}
	}
	if len(files) != 52 || len(want) != 52 || len(bad) != 11 {
		t.Errorf("%d good pictures, %d goldens, %d bad", len(files), len(want), len(bad))
	}
}
