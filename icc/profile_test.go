package icc

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestNamesAndSpaces(t *testing.T) {
	mluc := func(texts ...string) []byte { // language, then text
		n := len(texts) / 2
		b := join([]byte("mluc\x00\x00\x00\x00"), u32(uint32(n), 12))
		at := 16 + 12*n
		var all []byte
		for i := 0; i < len(texts); i += 2 {
			text := unicodeText(texts[i+1])[28:]
			b = join(b, []byte(texts[i]), u32(uint32(len(text)), uint32(at+len(all))))
			all = append(all, text...)
		}
		return append(b, all...)
	}
	desc := func(b []byte) []byte { return build(v2, "mntrRGB XYZ ", []tag{{"desc", b}}) }
	for _, c := range []struct {
		data        []byte
		name, space string
	}{
		{find(t, "Adobe RGB"), "Adobe RGB", "RGB"},
		{find(t, "CMYK mAB"), "CMYK mAB", "CMYK"},
		{find(t, "gray v4"), "gray v4", "GRAY"},
		{find(t, "DisplayP3-v4"), "sP3", "RGB"},
		{desc(mluc("deDE", "Anzeige", "enGB", "Display ½", "enUS", "other")), "Display ½", "RGB"},
		{desc(mluc("deDE", "Anzeige", "frFR", "écran")), "Anzeige", "RGB"},
		{desc(mluc("enUS", strings.Repeat("long ", 40))), strings.TrimSpace(strings.Repeat("long ", 20)), "RGB"},
		{desc(textDescription("two\nlines \x1b[31m")), "two lines [31m", "RGB"},
		{desc([]byte("desc\x00\x00\x00\x00\xff\xff\xff\xffcut")), "cut", "RGB"},
		{desc([]byte("text\x00\x00\x00\x00plain\x00")), "plain", "RGB"},
		{desc([]byte("mluc\x00\x00\x00\x00\xff\xff\xff\xff\x00\x00\x00\x0cenUS\xff\xff\xff\xff\xff\xff\xff\xff")), "", "RGB"},
		{desc([]byte("what\x00\x00\x00\x00no name")), "", "RGB"},
		{build(v2, "mntrRGB XYZ ", nil), "", "RGB"},
	} {
		p := parsed(t, c.data)
		if p.Name() != c.name || p.Space() != c.space {
			t.Errorf("%q, %q, want %q, %q", p.Name(), p.Space(), c.name, c.space)
		}
	}
}

// Bytes that are set in a good profile, and what is wrong with it then.
func TestWhatIsNoProfile(t *testing.T) {
	good := find(t, "Adobe RGB")
	with := func(at int, v uint32) []byte {
		b := slices.Clone(good)
		binary.BigEndian.PutUint32(b[at:], v)
		return b
	}
	for _, c := range []struct {
		data []byte
		want string
	}{
		{nil, "icc: a profile of 0 bytes"},
		{good[:131], "icc: a profile of 131 bytes"},
		{make([]byte, maxSize+1), "icc: a profile of 16777217 bytes; at most 16777216 are read"},
		{with(36, 0), "icc: the profile has no signature"},
		{with(128, maxTags+1), "icc: 257 tags in 480 bytes; at most 256 are read"},
		{good[:150], "icc: 9 tags in 150 bytes; at most 256 are read"},
	} {
		_, err := Parse(c.data)
		if own := new(FormatError); !errors.As(err, &own) || err.Error() != c.want {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}

// Tags that are not there in full are in nobody's way who does not need them.
func TestTagsBeyondTheEnd(t *testing.T) {
	good := find(t, "Adobe RGB")
	want := transform(t, good)
	for i := range int(binary.BigEndian.Uint32(good[128:])) {
		for _, broken := range [][2]uint32{{1 << 31, 20}, {0xffffffff, 0xffffffff}, {200, 7}, {uint32(len(good) - 3), 20}} {
			b, at := slices.Clone(good), 132+12*i
			name := string(b[at : at+4])
			binary.BigEndian.PutUint32(b[at+4:], broken[0])
			binary.BigEndian.PutUint32(b[at+8:], broken[1])
			p := parsed(t, b)
			got, err := p.ToSRGB()
			if name == "desc" || name == "cprt" || name == "wtpt" {
				if err != nil || got.pixels.(*shaped).affine != want.pixels.(*shaped).affine {
					t.Errorf("%s at %d: %v, or other colours", name, broken, err)
				}
			} else if format := new(FormatError); !errors.As(err, &format) {
				t.Errorf("%s at %d: %v", name, broken, err)
			}
			if name == "desc" && p.Name() != "" {
				t.Errorf("at %d: name %q", broken, p.Name())
			}
		}
	}
}

func TestWhatIsNotConverted(t *testing.T) {
	shaped := func(curve []byte) []byte { return matrixProfile(v2, "", adobe, curve) }
	lut := func(b []byte) []byte { return tableProfile(v2, "", "CMYKLab ", b) }
	good := lut16(4, 3, identity(), same, lab16)
	with := func(b []byte, at int, v byte) []byte {
		b = slices.Clone(b)
		b[at] = v
		return b
	}
	mAB := aToB(4, times(4, curv()), grid(4, 3, 2, table(4, 3, lab16v4)), nil, nil, times(3, curv()))
	for _, c := range []struct {
		data        []byte
		unsupported bool
		want        string
	}{
		{build(v2, "linkRGB CMYK", nil), true, "icc: a device link is not supported"},
		{build(v2, "abstLab Lab ", nil), true, "icc: an abstract profile is not supported"},
		{build(v2, "nmclRGB Lab ", nil), true, "icc: a profile of named colours is not supported"},
		{build(v2, "spacLab Lab ", nil), true, `icc: the colour space "Lab" is not supported`},
		{build(v2, "prtr6CLRLab ", nil), true, `icc: the colour space "6CLR" is not supported`},
		{build(v2, "mntrRGB XYZ ", nil), true, "icc: a profile without curves and tables for RGB is not supported"},
		{shaped(para(5, 1)), true, "icc: a parametric curve of type 5 is not supported"},
		{shaped([]byte("wavy\x00\x00\x00\x00\x00\x00\x00\x00")), true, `icc: a curve of type "wavy" is not supported`},
		{shaped([]byte("curv\x00\x00\x00\x00\xff\xff\xff\xff")), false, "icc: a curve of 4294967295 points in 12 bytes"},
		{shaped(para(4, 1)), false, "icc: a parametric curve is cut short"},
		{shaped([]byte("curv\x00\x00\x00\x00")), false, "icc: a curve is cut short"},
		{lut(append([]byte("mpet"), make([]byte, 40)...)), true, `icc: a table of type "mpet" is not supported`},
		{lut(with(good, 3, '3')), true, `icc: a table of type "mft3" is not supported`},
		{tableProfile(v2, "", "CMYKLuv ", good), true, `icc: a table to "Luv" is not supported`},
		{lut(good[:20]), false, `icc: tag "A2B0" has 20 bytes`},
		{lut(good[:50]), false, "icc: a table is cut short"},
		{lut(good[:len(good)-1]), false, "icc: a table of 33 numbers in 65 bytes"},
		{lut(with(good, 8, 3)), false, `icc: tag "A2B0" goes from 3 channels to 3, the profile from CMYK to Lab`},
		{lut(with(good, 10, 1)), false, "icc: a table of [1 1 1 1] points"},
		{lut(with(good, 10, 255)), false, "icc: a table of [255 255 255 255] points"},
		{lut(with(good, 49, 1)), false, "icc: a table with curves of 1 and 33 points"},
		{lut(with(good, 50, 255)), false, "icc: a table with curves of 17 and 65313 points"},
		{lut(with(mAB, 24, 255)), false, "icc: a part at offset 4278190148 of a table of 624 bytes"},
		{lut(with(mAB, 27, 0)), false, "icc: no table for 4 channels"},
		{lut(with(mAB, 68+16, 3)), false, "icc: a table whose numbers are not of 1 or 2 bytes"},
		{lut(mAB[:180]), false, "icc: a part at offset 576 of a table of 180 bytes"},
	} {
		_, err := parsed(t, c.data).ToSRGB()
		var format *FormatError
		var missing *UnsupportedError
		if err == nil || err.Error() != c.want || errors.As(err, &missing) != c.unsupported || errors.As(err, &format) == c.unsupported {
			t.Errorf("%v, want %q", err, c.want)
		}
		if p := parsed(t, c.data); p.IsSRGB() {
			t.Errorf("%s: taken for sRGB", c.want)
		}
		if gray, err := parsed(t, c.data).Gray(); err == nil {
			t.Errorf("%s: a profile for gray of %d bytes", c.want, len(gray))
		}
	}
}

func TestIsSRGB(t *testing.T) {
	srgb := map[string]bool{"sRGB by 26 points": true, "sRGB-v2-nano": true, "sRGB-v2-micro": true, "sRGB-v4": true, "sGrey-v2-nano": true, "gray v4": true}
	for _, f := range fixtures(t) {
		if got := parsed(t, f.data).IsSRGB(); got != srgb[f.name] {
			t.Errorf("%s: %v", f.name, got)
		}
	}
	for what, curve := range map[string][]byte{"gamma 2.2": curv(563), "BT.709": para(3, 1/0.45, 1/1.099, 0.099/1.099, 1/4.5, 0.081)} {
		if parsed(t, matrixProfile(v4, what, primary, curve)).IsSRGB() {
			t.Errorf("%s with the primaries of sRGB: taken for it", what)
		}
	}
}

func TestTheOrderOfWays(t *testing.T) {
	table := lut16(3, 5, identity(), same, lab16)
	both := tableProfile(v2, "", "RGB Lab ", table)
	second := build(v2, "scnrRGB Lab ", []tag{{"A2B1", table}})
	a, b := transform(t, both), transform(t, second)
	pix := raw(colours(3), 4, 8, binary.BigEndian)
	x, y := slices.Clone(pix), slices.Clone(pix)
	if a.pixels.row8(x, pix) != nil || b.pixels.row8(y, pix) != nil {
		t.Fatal("not converted")
	}
	// Black is not scaled without a table for the perceptual intent, so it is not the same, but near.
	for i := range x {
		if d := int(x[i]) - int(y[i]); d > 30 || d < -30 {
			t.Fatalf("pixel %d: %d by A2B0, %d by A2B1", i/4, x[i], y[i])
		}
	}
	// A matrix goes before A2B1.
	tags := []tag{{"A2B1", table}}
	for i, c := range []string{"r", "g", "b"} {
		tags = append(tags, tag{c + "XYZ", xyzTag([3]float64{adobe[0][i], adobe[1][i], adobe[2][i]})}, tag{c + "TRC", curv(563)})
	}
	c, d := transform(t, build(v2, "mntrRGB XYZ ", tags)), transform(t, find(t, "Adobe RGB"))
	if c.pixels.row8(x, pix) != nil || d.pixels.row8(y, pix) != nil || !slices.Equal(x, y) {
		t.Error("a matrix beside A2B1 is not used")
	}
}
