package codec

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/imgpar/imgpar/codec/meta"
	"github.com/imgpar/imgpar/icc"
)

// iccFixture is a real profile.
func iccFixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "icc", "testdata", name+".icc"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// adobeRGB is a profile for wide colours, with a gamma of 2.2.
func adobeRGB() []byte {
	column := func(x, y, z uint32) []byte { return u32s("XYZ ", 0, x, y, z) }
	curve := []byte("curv\x00\x00\x00\x00\x00\x00\x00\x01\x02\x33")
	return profileOf("RGB ", map[string][]byte{
		"desc": []byte("desc\x00\x00\x00\x00\x00\x00\x00\x0aWide open\x00"),
		"rXYZ": column(0x9c18, 0x4fa5, 0x04fc), "gXYZ": column(0x348d, 0xa02c, 0x0f95), "bXYZ": column(0x2631, 0x102f, 0xbe9c),
		"rTRC": curve, "gTRC": curve, "bTRC": curve,
	})
}

func u32s(name string, v ...uint32) []byte {
	b := []byte(name)
	for _, v := range v {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}

// profileOf returns a profile of version 2 with these tags.
func profileOf(space string, tags map[string][]byte) []byte {
	h := make([]byte, 128, 1024)
	h[8] = 2
	copy(h[12:], "mntr"+space+"XYZ ")
	copy(h[36:], "acsp")
	h = binary.BigEndian.AppendUint32(h, uint32(len(tags)))
	var data []byte
	for name, b := range tags {
		h = append(h, u32s(name, uint32(132+12*len(tags)+len(data)), uint32(len(b)))...)
		data = append(append(data, b...), make([]byte, -len(b)&3)...)
	}
	return append(h, data...)
}

// From a file with a profile to another one, in each mode.
func TestProfileModes(t *testing.T) {
	wide, p3 := adobeRGB(), iccFixture(t, "DisplayP3-v4")
	grayOf := func(p []byte) []byte {
		parsed, err := icc.Parse(p)
		if err != nil {
			t.Fatal(err)
		}
		gray, err := parsed.Gray()
		if err != nil {
			t.Fatal(err)
		}
		return gray
	}
	for _, f := range []Format{JPEG, PNG} {
		for _, c := range []struct {
			what    string
			profile []byte
			mode    ProfileMode
			kept    []byte
			notes   []string
			changed bool
		}{
			{"none, kept", nil, KeepProfile, nil, nil, false},
			{"none, to sRGB", nil, ToSRGB, nil, nil, false},
			{"none, stripped", nil, StripProfile, nil, nil, false},
			{"wide, kept", wide, KeepProfile, wide, nil, false},
			{"wide, to sRGB", wide, ToSRGB, nil, []string{"colours converted to sRGB from Wide open"}, true},
			{"wide, stripped", wide, StripProfile, nil, []string{"profile removed: Wide open"}, false},
			{"P3, to sRGB", p3, ToSRGB, nil, []string{"colours converted to sRGB from sP3"}, true},
			{"sRGB, to sRGB", iccFixture(t, "sRGB-v4"), ToSRGB, nil, []string{"profile removed: sRGB, which is sRGB"}, false},
			{"broken, to sRGB", profile("RGB ", 400), ToSRGB, profile("RGB ", 400), []string{"colours not converted: RGB ICC profile: the profile has no signature"}, false},
			{"broken, stripped", profile("RGB ", 400), StripProfile, nil, []string{"profile removed: RGB ICC profile"}, false},
		} {
			data, _ := encoded(t, colours(40, 30), Options{Format: f, Quality: 100, Metadata: meta.Data{ICC: c.profile}})
			p := decoded(t, data)
			before := rgbOf(p.Image)
			out, notes := encoded(t, p.Image, Options{Format: PNG, Metadata: p.Metadata, Carry: Carry{Profile: c.mode}})
			q := decoded(t, out)
			if !bytes.Equal(q.Metadata.ICC, c.kept) || !slices.Equal(notes, c.notes) {
				t.Errorf("%s, %s: a profile of %d bytes, notes %q", f, c.what, len(q.Metadata.ICC), notes)
			}
			if !bytes.Equal(rgbOf(p.Image), before) {
				t.Errorf("%s, %s: the picture itself changed", f, c.what)
			}
			if changed := !bytes.Equal(rgbOf(q.Image), before); changed != c.changed {
				t.Errorf("%s, %s: changed is %v", f, c.what, changed)
			}
		}
		// Gray pictures with a profile for colours.
		for _, c := range []struct {
			what    string
			profile []byte
			mode    ProfileMode
			kept    []byte
			notes   []string
			changed bool
		}{
			{"wide, kept", wide, KeepProfile, grayOf(wide), []string{"profile for gray made of Wide open"}, false},
			{"wide, to sRGB", wide, ToSRGB, nil, []string{"colours converted to sRGB from Wide open"}, true},
			{"gray, kept", grayOf(wide), KeepProfile, grayOf(wide), nil, false},
			{"gray, to sRGB", grayOf(wide), ToSRGB, nil, []string{"colours converted to sRGB from Gray of Wide open"}, true},
			{"P3, kept", p3, KeepProfile, nil, []string{"profile removed: sP3, whose grays are those of sRGB"}, false},
			{"P3, to sRGB", p3, ToSRGB, nil, []string{"colours converted to sRGB from sP3"}, false},
			{"broken, kept", profile("RGB ", 400), KeepProfile, nil, []string{"not kept: RGB ICC profile"}, false},
			{"broken, to sRGB", profile("RGB ", 400), ToSRGB, nil, []string{"colours not converted: RGB ICC profile: the profile has no signature", "not kept: RGB ICC profile"}, false},
			{"no curve, kept", profileOf("RGB ", nil), KeepProfile, nil, []string{"not kept: RGB ICC profile: a profile without curves and tables for RGB is not supported"}, false},
		} {
			img := paint(image.NewGray(canvas))
			out, notes := encoded(t, img, Options{Format: f, Quality: 100, Metadata: meta.Data{ICC: c.profile}, Carry: Carry{Profile: c.mode}})
			q := decoded(t, out)
			if _, ok := q.Image.(*image.Gray); !ok || !bytes.Equal(q.Metadata.ICC, c.kept) || !slices.Equal(notes, c.notes) {
				t.Errorf("gray %s, %s: %T, a profile of %d bytes, notes %q", f, c.what, q.Image, len(q.Metadata.ICC), notes)
				continue
			}
			far := 0
			for i, v := range gray(q.Image).Pix {
				was := gray(img).Pix[i]
				far = max(far, int(v)-int(was), int(was)-int(v))
			}
			if changed := far > 2; changed != c.changed { // quality 100 is not exact
				t.Errorf("gray %s, %s: values changed by %d", f, c.what, far)
			}
		}
	}
}

// rgbOf are the pixels of a picture as 8 bits without transparency.
func rgbOf(img image.Image) []byte { return rgba(img).Pix }

// The colours are those that Little CMS 2.14 gives, and 16 bits stay 16 bits.
func TestColoursInSRGB(t *testing.T) {
	deep := image.NewRGBA64(image.Rect(0, 0, 3, 1))
	deep.Set(0, 0, color.RGBA64{0x8000, 0x4000, 0x2000, 0xffff})
	deep.Set(1, 0, color.RGBA64{0x1000, 0xf000, 0x8000, 0xffff})
	deep.Set(2, 0, color.RGBA64{0xffff, 0xffff, 0xffff, 0xffff})
	data, notes := encoded(t, deep, Options{Format: PNG, Metadata: meta.Data{ICC: iccFixture(t, "DisplayP3-v4")}, Carry: Carry{Profile: ToSRGB}})
	if want := []string{"colours converted to sRGB from sP3"}; !slices.Equal(notes, want) {
		t.Errorf("%q", notes)
	}
	img := decoded(t, data).Image
	if !IsDeep(img) {
		t.Fatalf("a %T", img)
	}
	for x, want := range littleCMS {
		r, g, b, _ := img.At(x, 0).RGBA()
		for i, v := range []uint32{r, g, b} {
			if d := int(v) - want[i]; d > 40 || d < -40 {
				t.Errorf("pixel %d: %d, %d, %d, want %d", x, r, g, b, want)
				break
			}
		}
	}
}

var littleCMS = [][3]int{{35247, 15213, 5425}, {0, 62559, 29200}, {65535, 65535, 65535}}

func TestIsForeign(t *testing.T) {
	for what, c := range map[string]struct {
		profile []byte
		want    bool
	}{
		"none": {nil, false}, "broken": {profile("RGB ", 400), false}, "wide": {adobeRGB(), true}, "no curve": {profileOf("RGB ", nil), false},
		"P3": {iccFixture(t, "DisplayP3-v4"), true}, "sRGB": {iccFixture(t, "sRGB-v2-nano"), false}, "gray of sRGB": {iccFixture(t, "sGrey-v2-nano"), false},
		"CMYK": {iccFixture(t, "CGATS001Compat-v2-micro"), true},
	} {
		if got := isForeign(c.profile); got != c.want {
			t.Errorf("%s: %v", what, got)
		}
	}
}

func TestGrayProfileOfAProfile(t *testing.T) {
	if gray, notes := grayProfile(profile("GRAY", 300)); !bytes.Equal(gray, profile("GRAY", 300)) || notes != nil {
		t.Errorf("one for gray: %d bytes, %q", len(gray), notes)
	}
	gray, notes := grayProfile(iccFixture(t, "CGATS001Compat-v2-micro"))
	if want := []string{"not kept: uCMY: gray of CMYK is not supported"}; gray != nil || !slices.Equal(notes, want) {
		t.Errorf("one for inks: %d bytes, %q", len(gray), notes)
	}
}

// withProfile puts a profile into a JPEG.
func withProfile(data, profile []byte) []byte {
	return insert(data, 2, seg(markAPP2, iccPrefix+"\x01\x01"+string(profile)))
}

// Inks become what their profile says; without one that can be used they are taken for ideal ones.
func TestInksByTheirProfile(t *testing.T) {
	swop := iccFixture(t, "CGATS001Compat-v2-micro")
	for _, name := range []string{"jpeg_cmyk.jpg", "jpeg_ycck.jpg"} {
		plain := decoded(t, fixture(t, name))
		inks, ok := plain.Image.(*image.CMYK)
		if !ok {
			t.Fatalf("%s: %T", name, plain.Image)
		}
		for _, c := range []struct {
			what    string
			profile []byte
			note    string
			rgb     bool
		}{
			{"its own", swop, "CMYK converted by its profile uCMY", true},
			{"for RGB", adobeRGB(), "CMYK converted without its colour profile Wide open: it is for RGB", false},
			{"broken", profile("CMYK", 300), "CMYK converted without its colour profile CMYK ICC profile: the profile has no signature", false},
		} {
			p := decoded(t, withProfile(fixture(t, name), c.profile))
			if !slices.Equal(p.Notes, []string{c.note}) || p.Metadata.ICC != nil {
				t.Errorf("%s, %s: %q, a profile of %d bytes", name, c.what, p.Notes, len(p.Metadata.ICC))
			}
			if _, ok := p.Image.(*image.RGBA); ok != c.rgb {
				t.Errorf("%s, %s: %T", name, c.what, p.Image)
			}
			if c.rgb {
				parsed, err := icc.Parse(swop)
				if err != nil {
					t.Fatal(err)
				}
				tr, err := parsed.ToSRGB()
				if err != nil {
					t.Fatal(err)
				}
				if want, err := tr.Apply(t.Context(), inks); err != nil || !bytes.Equal(want.(*image.RGBA).Pix, p.Image.(*image.RGBA).Pix) {
					t.Errorf("%s: other colours, %v", name, err)
				}
			}
		}
	}
}

func TestTheContextEndsTheConversionOfInks(t *testing.T) {
	left := 1
	p := &Picture{Image: image.NewCMYK(image.Rect(0, 0, 4, 100)), Metadata: meta.Data{ICC: iccFixture(t, "CGATS001Compat-v2-micro")}}
	if err := p.convertInks(dying{t.Context(), &left, context.Canceled}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// A profile for grays that a file of colours cannot have is not just left out:
// its grays would be seen darker or lighter.
func TestGrayProfileBesideColoursIsConverted(t *testing.T) {
	profile, err := grayOf(adobeRGB())
	if err != nil {
		t.Fatal(err)
	}
	m := image.NewGray(image.Rect(0, 0, 4, 4))
	for i := range m.Pix {
		m.Pix[i] = 20
	}
	p := image.NewPaletted(m.Rect, color.Palette{color.Gray{20}})
	for _, c := range []struct {
		img   image.Image
		f     Format
		stays bool
	}{{m, WebP, false}, {p, PNG, false}, {p, TIFF, false}, {m, PNG, true}, {m, TIFF, true}, {m, JPEG, true}} {
		data, notes := encoded(t, c.img, Options{Format: c.f, Metadata: meta.Data{ICC: profile}})
		pic := decoded(t, data)
		r, _, _, _ := pic.Image.At(1, 1).RGBA()
		if same := r>>8 == 20; same != c.stays || (pic.Metadata.ICC != nil) != c.stays || (len(notes) == 0) != c.stays {
			t.Errorf("%T to %s: 20 became %d, profile %t, notes %q", c.img, c.f, r>>8, pic.Metadata.ICC != nil, notes)
		}
	}
}

// What was gray gets no colour from a profile whose white is a little beside D50,
// as that of many a wide space is.
func TestGrayStaysGrayInSRGB(t *testing.T) {
	profile := bytes.Replace(adobeRGB(), u32s("", 0xa02c), u32s("", 0xa06c), 1)
	n := image.NewNRGBA(image.Rect(0, 0, 256, 1))
	p := image.NewPaletted(n.Rect, nil)
	for i := range 256 {
		c := color.NRGBA{uint8(i), uint8(i), uint8(i), uint8(255 - i/2)}
		n.SetNRGBA(i, 0, c)
		p.Palette, p.Pix[i] = append(p.Palette, color.NRGBA{c.R, c.R, c.R, 255}), c.R
	}
	for _, img := range []image.Image{n, p} {
		out, _, err := inSRGB(img, profile)
		if err != nil {
			t.Fatal(err)
		}
		for x := range 256 {
			if c := color.NRGBAModel.Convert(out.At(x, 0)).(color.NRGBA); c.R != c.G || c.G != c.B {
				t.Fatalf("%T: %d became %v", img, x, c)
			}
		}
	}
}

func grayOf(profile []byte) ([]byte, error) {
	p, err := icc.Parse(profile)
	if err != nil {
		return nil, err
	}
	return p.Gray()
}

// The frames of an animation are of colours, whatever these are: a profile for
// colours stays as it is, one for grays has to be converted.
func TestProfilesOfGrayAnimations(t *testing.T) {
	wide := adobeRGB()
	curve, err := grayOf(wide)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []Format{PNG, WebP} {
		for _, c := range []struct {
			profile, want []byte
			notes         []string
		}{
			{wide, wide, nil},
			{curve, nil, []string{"colours converted to sRGB from Gray of Wide open"}},
		} {
			gray, clear := image.NewGray(image.Rect(0, 0, 3, 3)), image.NewNRGBA(image.Rect(0, 0, 3, 3))
			gray.Pix[0], clear.Pix[3] = 20, 9
			frames := []Frame{{Image: clear, Metadata: meta.Data{ICC: c.profile}}, {Image: gray}}
			data, notes := written(t, frames, Options{Format: f})
			if got := framesIn(t, data)[0].Metadata.ICC; !bytes.Equal(got, c.want) || !slices.Equal(notes, c.notes) {
				t.Errorf("%s with %s: a profile of %d bytes, notes %q", f, nameOf(c.profile), len(got), notes)
			}
		}
	}
}

func TestPicturesWithoutColours(t *testing.T) {
	r := image.Rect(0, 0, 4, 4)
	grays, colours := image.NewNRGBA(r), image.NewNRGBA(r)
	colours.Pix[0] = 1
	for what, c := range map[string]struct {
		img  image.Image
		want bool
	}{
		"transparent grays":        {grays, true},
		"a transparent colour":     {colours, false},
		"gray of 16 bits":          {image.NewGray16(r), true},
		"a palette of grays":       {image.NewPaletted(r, color.Palette{color.Gray{9}}), true},
		"a palette of colours":     {image.NewPaletted(r, color.Palette{color.Gray{9}, color.RGBA{9, 8, 9, 255}}), false},
		"YCbCr, whatever is in it": {image.NewYCbCr(r, image.YCbCrSubsampleRatio444), false},
	} {
		if got := IsGray(c.img); got != c.want {
			t.Errorf("%s: %v", what, got)
		}
	}
}
