package codec

import (
	"bytes"
	"compress/lzw"
	"image"
	"image/color"
	"image/color/palette"
	"image/gif"
	"slices"
	"strings"
	"testing"
	"time"

	igif "github.com/imgpar/imgpar/codec/gif"
	"github.com/imgpar/imgpar/codec/meta"
)

// wholeGIF is a GIF by the standard library.
func wholeGIF(t testing.TB, size image.Point, loop int, frames []*image.Paletted, disposals []byte) []byte {
	t.Helper()
	g := &gif.GIF{Image: frames, Disposal: disposals, LoopCount: loop, Config: image.Config{Width: size.X, Height: size.Y, ColorModel: color.Palette(palette.Plan9)}}
	for i := range frames {
		g.Delay = append(g.Delay, 7*i)
	}
	var buf bytes.Buffer
	if err := gif.EncodeAll(&buf, g); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// flatFrame is a frame of one colour at r.
func flatFrame(r image.Rectangle, c color.NRGBA) *image.Paletted {
	m := image.NewPaletted(r, color.Palette{none, red, green, blue})
	for i := range m.Pix {
		m.Pix[i] = uint8(m.Palette.Index(c))
	}
	return m
}

// What is left of frames, by each disposal: none, background, previous.
func TestGIFFramesAreDisposedOf(t *testing.T) {
	whole, left, top := image.Rect(0, 0, 4, 4), image.Rect(0, 0, 2, 4), image.Rect(0, 0, 4, 2)
	for disposal, want := range map[byte]*image.NRGBA{
		0:                      painted(whole, box{whole, red}, box{left, green}, box{top, blue}),
		gif.DisposalNone:       painted(whole, box{whole, red}, box{left, green}, box{top, blue}),
		gif.DisposalBackground: painted(whole, box{whole, red}, box{left, none}, box{top, blue}),
		gif.DisposalPrevious:   painted(whole, box{whole, red}, box{top, blue}),
	} {
		data := wholeGIF(t, whole.Size(), 0, []*image.Paletted{flatFrame(whole, red), flatFrame(left, green), flatFrame(top, blue)}, []byte{gif.DisposalNone, disposal, 0})
		got := framesIn(t, data)
		if len(got) != 3 {
			t.Fatalf("%d frames", len(got))
		}
		for i, want := range []*image.NRGBA{painted(whole, box{whole, red}), painted(whole, box{whole, red}, box{left, green}), want} {
			if !slices.Equal(shown(got[i].Image), shown(want)) {
				t.Errorf("disposal %d: frame %d differs", disposal, i)
			}
			if got[i].Delay != time.Duration(70*i)*time.Millisecond {
				t.Errorf("disposal %d: frame %d lasts %v", disposal, i, got[i].Delay)
			}
		}
	}
}

func TestGIFHolesShowWhatIsBelow(t *testing.T) {
	whole := image.Rect(0, 0, 4, 4)
	second := flatFrame(whole, blue)
	second.SetColorIndex(1, 1, 0)
	got := framesIn(t, wholeGIF(t, whole.Size(), 0, []*image.Paletted{flatFrame(whole, red), second}, make([]byte, 2)))
	want := painted(whole, box{whole, blue}, box{image.Rect(1, 1, 2, 2), red})
	if !slices.Equal(shown(got[1].Image), shown(want)) {
		t.Error("the second frame differs")
	}
}

// A GIF says how often it is repeated behind the first time, or nothing.
func TestHowOftenAGIFIsPlayed(t *testing.T) {
	r := image.Rect(0, 0, 2, 2)
	for loop, want := range map[int]int{0: 0, -1: 1, 1: 2, 65535: 65536} {
		data := wholeGIF(t, r.Size(), loop, []*image.Paletted{flatFrame(r, red), flatFrame(r, blue)}, make([]byte, 2))
		h, err := header(data)
		if err != nil || h.Loop != want || !h.Animated || h.Frames != 2 {
			t.Errorf("loop count %d: %+v, %v; want %d", loop, h, err, want)
		}
	}
	if h, err := header(wholeGIF(t, r.Size(), 0, []*image.Paletted{flatFrame(r, red)}, make([]byte, 1))); err != nil || h.Animated || h.Loop != 0 {
		t.Errorf("a still: %+v, %v", h, err)
	}
}

func TestGIFAlphaAndVariant(t *testing.T) {
	whole, part := image.Rect(0, 0, 4, 4), image.Rect(1, 1, 3, 3)
	opaque := func(r image.Rectangle) *image.Paletted {
		m := image.NewPaletted(r, color.Palette{red, blue})
		return m
	}
	for what, c := range map[string]struct {
		frames    []*image.Paletted
		disposals []byte
		want      bool
	}{
		"opaque":                  {[]*image.Paletted{opaque(whole), opaque(part)}, []byte{1, 1}, false},
		"opaque, holes later":     {[]*image.Paletted{opaque(whole), flatFrame(part, none)}, []byte{1, 3}, false},
		"holes":                   {[]*image.Paletted{flatFrame(whole, none)}, []byte{0}, true},
		"small":                   {[]*image.Paletted{opaque(part)}, []byte{0}, true},
		"cleared":                 {[]*image.Paletted{opaque(whole), opaque(part)}, []byte{2, 1}, true},
		"nothing comes back":      {[]*image.Paletted{opaque(whole), opaque(part)}, []byte{3, 1}, true},
		"cleared, but it is over": {[]*image.Paletted{opaque(whole)}, []byte{2}, false},
	} {
		if h, err := header(wholeGIF(t, whole.Size(), 0, c.frames, c.disposals)); err != nil || h.Alpha != c.want || h.Variant != "GIF89a" {
			t.Errorf("%s: %+v, %v", what, h, err)
		}
	}
	if h, err := header(fixture(t, "gif_interlaced.gif")); err != nil || h.Variant != "GIF89a, interlaced" {
		t.Errorf("%+v, %v", h, err)
	}
}

// gifParts are a canvas of 4x4 and blocks.
func gifParts(blocks ...string) []byte {
	return []byte("GIF89a\x04\x00\x04\x00\x80\x00\x00\xff\x00\x00\x00\x00\xff" + strings.Join(blocks, ""))
}

// gifBlue is an image block of blue pixels.
func gifBlue(x, y, w, h byte) string {
	var data bytes.Buffer
	z := lzw.NewWriter(&data, lzw.LSB, 2)
	_, _ = z.Write(bytes.Repeat([]byte{1}, int(w)*int(h)))
	_ = z.Close()
	return string([]byte{0x2c, x, 0, y, 0, w, 0, h, 0, 0, 2, byte(data.Len())}) + data.String() + "\x00"
}

func TestGIFsThatAreNotQuiteRight(t *testing.T) {
	whole := gifBlue(0, 0, 4, 4)
	for what, c := range map[string]struct {
		data   []byte
		frames int
		note   string // of the last frame
		err    string
	}{
		"nothing":              {gifParts(";"), 0, "", ""},
		"no trailer":           {gifParts(whole, whole), 2, "the file ends without a trailer", ""},
		"text behind":          {gifParts(whole, whole, "text"), 2, "not read: what follows the last frame is no GIF", ""},
		"beyond the canvas":    {gifParts(whole, gifBlue(2, 3, 9, 9), ";"), 2, "what is beyond the canvas was cut off", ""},
		"off the canvas":       {gifParts(whole, gifBlue(7, 7, 1, 1), ";"), 2, "what is beyond the canvas was cut off", ""},
		"no pixels":            {gifParts(whole, gifBlue(1, 1, 0, 2), ";"), 2, "", ""},
		"broken descriptor":    {gifParts(whole, whole[:5]), 1, "", "corrupt: the gif ends too early"},
		"broken data":          {gifParts(whole, whole[:len(whole)-3]), 1, "", "corrupt: gif: "},
		"too few pixels":       {gifParts(whole, strings.Replace(whole, "\x04\x00\x04\x00", "\x04\x00\x05\x00", 1), ";"), 1, "", "corrupt: gif: "},
		"no colour table":      {append([]byte("GIF89a\x04\x00\x04\x00\x00\x00\x00"), whole+";"...), 0, "", "corrupt: gif: "},
		"a far larger frame":   {gifParts(whole, "\x2c\x00\x00\x00\x00\x30\x75\x30\x75\x00\x02\x01\x00\x00;"), 0, "", "too-large: a frame has 900000000 pixels; --max-pixels is 268402689"},
		"broken before frames": {gifParts("!\xf9\x04"), 0, "", ""},
	} {
		frames, err := tryFrames(t, c.data, MaxPixels)
		if len(frames) != c.frames || (err == nil) != (c.err == "") || err != nil && !strings.HasPrefix(err.Error(), c.err) {
			t.Errorf("%s: %d frames, %v; want %d, %q", what, len(frames), err, c.frames, c.err)
			continue
		}
		if n := len(frames); n > 0 && c.err == "" && strings.Join(frames[n-1].Notes, "") != c.note {
			t.Errorf("%s: notes %q, want %q", what, frames[n-1].Notes, c.note)
		}
	}
	if _, err := Decode(t.Context(), gifParts(";"), DecodeOptions{MaxPixels: MaxPixels}); err == nil || err.Error() != "corrupt: the GIF holds no picture" {
		t.Errorf("no picture: %v", err)
	}
	p := decoded(t, gifParts(gifBlue(2, 2, 9, 9), ";"))
	want := painted(image.Rect(0, 0, 4, 4), box{image.Rect(2, 2, 4, 4), blue})
	if !slices.Equal(shown(p.Image), shown(want)) || !slices.Equal(p.Notes, []string{"what is beyond the canvas was cut off"}) {
		t.Errorf("a still beyond its canvas: %q", p.Notes)
	}
}

func TestGIFMetadata(t *testing.T) {
	packet := strings.Repeat("<?xpacket?> and so on", 40)
	trailer := []byte{1}
	for i := range 256 {
		trailer = append(trailer, byte(255-i))
	}
	blocks := func(data string) string {
		var out strings.Builder
		for ; len(data) > 0; data = data[min(len(data), 200):] {
			n := min(len(data), 200)
			out.WriteByte(byte(n))
			out.WriteString(data[:n])
		}
		return out.String() + "\x00"
	}
	profile := string(profile("RGB ", 700))
	whole := gifBlue(0, 0, 4, 4)
	data := gifParts("!\xfe"+blocks("a comment"), "!\xff\x0bXMP DataXMP"+packet+string(trailer)+"\x00", "!\xff\x0bICCRGBG1012"+blocks(profile), whole, whole, "!\xfe"+blocks(packet), ";")
	for what, m := range map[string]meta.Data{"Decode": decoded(t, data).Metadata, "Frames": framesIn(t, data)[0].Metadata} {
		if string(m.XMP) != packet || string(m.ICC) != profile || len(m.Comments) != 2 || string(m.Comments[0]) != "a comment" || string(m.Comments[1]) != packet || m.Other != nil {
			t.Errorf("%s: XMP %q, profile of %d bytes, comments %q, others %q", what, m.XMP, len(m.ICC), m.Comments, m.Other)
		}
	}
	long := gifParts(whole, "!\xfe"+blocks(strings.Repeat("x", maxTextChunk+1)), ";")
	if m := decoded(t, long).Metadata; len(m.Comments) != 0 || !slices.Equal(m.Other, []string{"comment"}) {
		t.Errorf("%d comments, others %q", len(m.Comments), m.Other)
	}
}

func TestLimitsOfAnimations(t *testing.T) {
	one := gifBlue(0, 0, 1, 1)
	many := func(n int) []byte { return gifParts(strings.Repeat(one, n), ";") }
	if h, err := header(many(MaxFrames + 5)); err != nil || h.Frames != MaxFrames {
		t.Errorf("%d frames, %v", h.Frames, err)
	}
	if _, err := tryFrames(t, many(MaxFrames+1), MaxPixels); err == nil || err.Error() != "too-large: more than 10000 frames" {
		t.Error(err)
	}
	if got, err := tryFrames(t, many(maxFramePixels), 16); err != nil || len(got) != maxFramePixels {
		t.Errorf("%d frames, %v", len(got), err)
	}
	want := "too-large: 17 frames of 4x4 are 272 pixels; an animation has at most 16 times --max-pixels"
	if _, err := tryFrames(t, many(maxFramePixels+1), 16); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	large := strings.Repeat(gifBlue(0, 0, 16, 16), 17)
	want = "too-large: frames of 4352 pixels together; an animation has at most 16 times --max-pixels"
	if _, err := tryFrames(t, gifParts(large, ";"), 256); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if _, err := header(gifParts(strings.Repeat("!\xfe\x00", igif.MaxBlocks+1), one, ";")); err == nil || err.Error() != "too-large: more than 100000 GIF blocks" {
		t.Error(err)
	}
}

// Another reader sees the same in our GIFs.
func TestOurGIFsByTheStandardLibrary(t *testing.T) {
	for name, frames := range animations() {
		data, _ := written(t, frames, Options{Format: GIF, Loop: 1})
		g, err := gif.DecodeAll(bytes.NewReader(data))
		if err != nil || len(g.Image) != len(frames) || len(frames) > 1 && g.LoopCount != -1 {
			t.Errorf("%s: %d frames, %v", name, len(g.Image), err)
		}
	}
}

// What does not change is not dithered anew.
func TestStillPartsOfAnAnimationDoNotShimmer(t *testing.T) {
	size := image.Rect(0, 0, 64, 64)
	m := paint(image.NewNRGBA(size)).(*image.NRGBA)
	next := kept(Frame{Image: m}).Image.(*image.NRGBA)
	for y := range 20 {
		for x := range 20 {
			next.SetNRGBA(x+30, y+30, color.NRGBA{uint8(9 * x), uint8(9 * y), uint8(x * y), 255})
		}
	}
	data, notes := written(t, []Frame{{Image: m}, {Image: next}, {Image: m}}, Options{Format: GIF})
	if !slices.Equal(notes, []string{noteColours}) {
		t.Errorf("notes %q", notes)
	}
	got := framesIn(t, data)
	for i := range got {
		for y := range 64 {
			for x := range 64 {
				if image.Pt(x, y).In(image.Rect(30, 30, 50, 50)) {
					continue
				}
				if a, b := got[0].Image.At(x, y), got[i].Image.At(x, y); a != b {
					t.Fatalf("frame %d: pixel %d,%d is %v, was %v", i, x, y, b, a)
				}
			}
		}
	}
}
