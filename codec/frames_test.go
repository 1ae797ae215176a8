package codec

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/color/palette"
	"image/gif"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/imgpar/imgpar/codec/meta"
)

// framesIn returns all frames of a file, in memory of their own.
func framesIn(t testing.TB, data []byte) []Frame {
	t.Helper()
	out, err := tryFrames(t, data, MaxPixels)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func tryFrames(t testing.TB, data []byte, maxPixels int64) (out []Frame, err error) {
	for f, err := range Frames(t.Context(), data, DecodeOptions{MaxPixels: maxPixels}) {
		if err != nil {
			return out, err
		}
		out = append(out, kept(f))
	}
	return out, nil
}

// kept gives a frame memory of its own.
func kept(f Frame) Frame {
	switch m := f.Image.(type) {
	case *image.NRGBA:
		f.Image = &image.NRGBA{Pix: slices.Clone(m.Pix), Stride: m.Stride, Rect: m.Rect}
	case *image.NRGBA64:
		f.Image = &image.NRGBA64{Pix: slices.Clone(m.Pix), Stride: m.Stride, Rect: m.Rect}
	}
	return f
}

// given hands over frames in one memory, as Frames does.
func given(frames ...Frame) iter.Seq2[Frame, error] {
	return func(yield func(Frame, error) bool) {
		for _, f := range frames {
			again := kept(f)
			if !yield(again, nil) {
				return
			}
			switch m := again.Image.(type) { // what is not to be looked at any more
			case *image.NRGBA:
				clear(m.Pix)
			case *image.NRGBA64:
				clear(m.Pix)
			}
		}
	}
}

func written(t testing.TB, frames []Frame, o Options) (data []byte, notes []string) {
	t.Helper()
	var buf bytes.Buffer
	notes, err := EncodeFrames(&buf, given(frames...), o)
	if err != nil {
		t.Fatal(err)
	}
	return buf.Bytes(), notes
}

// shown is a picture as people see it: nothing has no colour.
func shown(img image.Image) []color.NRGBA64 {
	out := snapshot(img)
	for i, c := range out {
		if c.A == 0 {
			out[i] = color.NRGBA64{}
		}
	}
	return out
}

// stillOf is a canvas with boxes of colours on it, of which transparent ones are
// holes.
type box struct {
	image.Rectangle
	colour color.NRGBA
}

func painted(size image.Rectangle, boxes ...box) *image.NRGBA {
	m := image.NewNRGBA(size)
	for _, b := range boxes {
		for y := b.Min.Y; y < b.Max.Y; y++ {
			for x := b.Min.X; x < b.Max.X; x++ {
				m.SetNRGBA(x, y, b.colour)
			}
		}
	}
	return m
}

var (
	red   = color.NRGBA{255, 0, 0, 255}
	green = color.NRGBA{0, 200, 0, 255}
	blue  = color.NRGBA{0, 0, 255, 255}
	none  = color.NRGBA{}
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
	pix := bytes.Repeat([]byte{1}, int(w)*int(h))
	return string([]byte{gifImageSep, x, 0, y, 0, w, 0, h, 0, 0}) + string(appendPixels(nil, pix, 2))
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
		"a far larger frame":   {gifParts(whole, "\x2c\x00\x00\x00\x00\x30\x75\x30\x75\x00\x02\x01\x00\x00;"), 1, "", "too-large: a frame of 30000x30000 is 900000000 pixels; --max-pixels is 268402689"},
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
	if _, err := header(gifParts(strings.Repeat("!\xfe\x00", maxSegments+1), one, ";")); err == nil || err.Error() != "too-large: more than 100000 GIF blocks" {
		t.Error(err)
	}
}

// animations whose frames every format that holds some must give back.
func animations() map[string][]Frame {
	r := rand.New(rand.NewPCG(9, 9))
	size := image.Rect(0, 0, 23, 17)
	frames := func(images ...*image.NRGBA) (out []Frame) {
		for i, m := range images {
			out = append(out, Frame{Image: m, Orientation: 1, Delay: time.Duration(30*i) * time.Millisecond})
		}
		return out
	}
	at := func(x, y int) image.Rectangle { return image.Rect(x, y, x+5, y+4) }
	noise := make([]*image.NRGBA, 12) // of holes, and of boxes that come and go
	for i := range noise {
		noise[i] = image.NewNRGBA(size)
		if i > 0 {
			copy(noise[i].Pix, noise[i-1].Pix)
		}
		for range 40 {
			c := color.NRGBA{uint8(r.IntN(200)), 7, uint8(i), 255}
			if r.IntN(2) == 0 {
				c = none
			}
			noise[i].SetNRGBA(r.IntN(23), r.IntN(17), c)
		}
	}
	busy := make([]*image.NRGBA, 4) // 256 colours in each frame, others in the next
	for i := range busy {
		busy[i] = image.NewNRGBA(image.Rect(0, 0, 16, 16))
		for k := range 256 {
			busy[i].SetNRGBA(k%16, k/16, color.NRGBA{uint8(k), uint8(99 * i), uint8(k * k), 255})
		}
	}
	return map[string][]Frame{
		"one frame": frames(painted(size, box{size, red})),
		"a sprite": frames(
			painted(size, box{size, red}, box{at(0, 0), blue}), painted(size, box{size, red}, box{at(9, 3), blue}),
			painted(size, box{size, red}, box{at(18, 13), blue})),
		"a sprite on nothing": frames(
			painted(size, box{at(0, 0), blue}), painted(size, box{at(3, 3), green}), painted(size, box{at(18, 13), blue})),
		"nothing in between": frames(painted(size, box{size, red}), painted(size), painted(size, box{at(2, 2), green})),
		"nothing at first":   frames(painted(size), painted(size, box{at(2, 2), green}), painted(size)),
		"the same again":     frames(painted(size, box{size, red}), painted(size, box{size, red}), painted(size, box{size, red})),
		"a hole that moves": frames(
			painted(size, box{size, red}, box{at(0, 0), none}), painted(size, box{size, red}, box{at(9, 3), none}), painted(size, box{size, red})),
		"noise":        frames(noise...),
		"many colours": frames(busy...),
	}
}

func TestAnimationsComeBackAsTheyWere(t *testing.T) {
	for name, frames := range animations() {
		for _, f := range []Format{GIF, PNG, WebP} {
			data, notes := written(t, frames, Options{Format: f, Loop: 3})
			if len(notes) > 0 {
				t.Errorf("%s as %s: %q", name, f, notes)
			}
			got := framesIn(t, data)
			if len(got) != len(frames) {
				t.Errorf("%s as %s: %d frames of %d", name, f, len(got), len(frames))
				continue
			}
			for i := range frames {
				if !slices.Equal(shown(got[i].Image), shown(frames[i].Image)) {
					t.Errorf("%s as %s: frame %d differs", name, f, i)
				}
				if got[i].Delay != frames[i].Delay {
					t.Errorf("%s as %s: frame %d lasts %v, want %v", name, f, i, got[i].Delay, frames[i].Delay)
				}
			}
			h, err := header(data)
			if err != nil || f != PNG && (h.Frames != len(frames) || h.Animated != (len(frames) > 1) || h.Animated && h.Loop != 3) {
				t.Errorf("%s as %s: %+v, %v", name, f, h, err)
			}
		}
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

func TestOnlyWhatChangesIsWritten(t *testing.T) {
	size := image.Rect(0, 0, 200, 200)
	back := image.NewNRGBA(size)
	r := rand.New(rand.NewPCG(1, 1))
	for y := range 200 {
		for x := range 200 {
			back.SetNRGBA(x, y, color.NRGBA{uint8(r.IntN(9) * 20), uint8(r.IntN(9) * 20), 0, 255})
		}
	}
	frames := []Frame{{Image: back}}
	for i := range 9 {
		m := kept(frames[0]).Image.(*image.NRGBA)
		for k := range 10 {
			m.SetNRGBA(20*i+k, 100, blue)
		}
		frames = append(frames, Frame{Image: m})
	}
	for _, f := range []Format{GIF, PNG, WebP} {
		one, _ := written(t, frames[:1], Options{Format: f})
		ten, _ := written(t, frames, Options{Format: f})
		if len(ten) > len(one)+len(one)/4 {
			t.Errorf("%s: %d bytes for one frame, %d for ten", f, len(one), len(ten))
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

func TestNotesOfAnimations(t *testing.T) {
	size := image.Rect(0, 0, 5, 5)
	half := painted(size, box{size, color.NRGBA{9, 9, 9, 77}})
	deep := paint16(image.NewNRGBA64(size))
	for _, c := range []struct {
		frame Frame
		f     Format
		want  []string
	}{
		{Frame{Image: half}, GIF, []string{noteHalf}},
		{Frame{Image: half}, PNG, nil},
		{Frame{Image: half}, WebP, nil},
		{Frame{Image: deep}, GIF, []string{NoteShallow}},
		{Frame{Image: deep}, PNG, nil},
		{Frame{Image: deep}, WebP, []string{NoteShallow}},
		{Frame{Image: painted(size), Delay: 75 * time.Millisecond}, GIF, []string{"delays rounded to 1/100 s"}},
		{Frame{Image: painted(size), Delay: 75 * time.Millisecond}, WebP, nil},
		{Frame{Image: painted(size), Delay: time.Second / 30}, PNG, nil},
		{Frame{Image: painted(size), Delay: time.Second / 30}, WebP, []string{"delays rounded to 1/1000 s"}},
		{Frame{Image: painted(size), Delay: time.Second/30 + 12345}, PNG, []string{"delays rounded to 1/1000 s"}},
		{Frame{Image: painted(size), Metadata: meta.Data{XMP: []byte("x")}}, GIF, []string{"not kept: XMP"}},
	} {
		second := c.frame
		second.Metadata = meta.Data{}
		if _, notes := written(t, []Frame{c.frame, second}, Options{Format: c.f}); !slices.Equal(notes, c.want) {
			t.Errorf("%T, %v as %s: %q, want %q", c.frame.Image, c.frame.Delay, c.f, notes, c.want)
		}
	}
}

// Rounding takes nothing from the time that all frames take together.
func TestRoundedDelaysAddUp(t *testing.T) {
	var frames []Frame
	for range 40 {
		frames = append(frames, Frame{Image: painted(image.Rect(0, 0, 2, 2)), Delay: 33_333_333})
	}
	for _, f := range []Format{GIF, WebP} {
		data, _ := written(t, frames, Options{Format: f})
		sum := time.Duration(0)
		for _, f := range framesIn(t, data) {
			sum += f.Delay
		}
		if d := sum - 40*33_333_333; d.Abs() > 10*time.Millisecond {
			t.Errorf("%s: %v", f, sum)
		}
	}
}

func TestFramesThatCannotBeWritten(t *testing.T) {
	broken := errors.New("broken")
	a, b := Frame{Image: painted(image.Rect(0, 0, 2, 2))}, Frame{Image: painted(image.Rect(0, 0, 3, 2))}
	for _, f := range []Format{GIF, PNG, WebP} {
		for want, frames := range map[string]iter.Seq2[Frame, error]{
			"unsupported: an animation of no frames":                         given(),
			"unsupported: an animation with frames of 2x2 and of 3x2 pixels": given(a, a, b),
			"broken": func(yield func(Frame, error) bool) { _ = yield(a, nil) && yield(Frame{}, broken) },
		} {
			if _, err := EncodeFrames(new(bytes.Buffer), frames, Options{Format: f}); err == nil || err.Error() != want {
				t.Errorf("%s: %v, want %s", f, err, want)
			}
		}
	}
	if _, err := EncodeFrames(new(bytes.Buffer), given(a), Options{Format: JPEG}); err == nil || err.Error() != "unsupported: several pictures in one jpeg" {
		t.Error(err)
	}
	wide := image.NewNRGBA(image.Rect(0, 0, maxWebPSide+1, 1))
	want := "too-large: 16384x1 pixels; a side of a WebP is at most 16383"
	if _, err := EncodeFrames(new(bytes.Buffer), given(Frame{Image: wide}), Options{Format: WebP}); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if _, err := Encode(new(bytes.Buffer), wide, Options{Format: WebP}); err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
	if _, err := Encode(new(bytes.Buffer), image.NewGray(image.Rect(0, 0, 1, maxWebPSide)), Options{Format: WebP}); err != nil {
		t.Error(err)
	}
}

// apng returns a PNG of 4x4 with the chunks of an animation in place of its
// picture.
func apng(t testing.TB, frames uint32, chunks ...[]byte) []byte {
	t.Helper()
	data, _ := encoded(t, painted(image.Rect(0, 0, 4, 4), box{image.Rect(0, 0, 4, 4), red}), Options{Format: PNG})
	out := insert(data[:behindIHDR], behindIHDR, pngChunk("acTL", string(actl(frames, 2))))
	return append(append(out, bytes.Join(chunks, nil)...), pngChunk("IEND", "")...)
}

func fctl(sequence uint32, r image.Rectangle, dispose, blend byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, sequence)
	for _, v := range []int{r.Dx(), r.Dy(), r.Min.X, r.Min.Y} {
		out = binary.BigEndian.AppendUint32(out, uint32(v))
	}
	return pngChunk("fcTL", string(append(out, 0, 1, 0, 0, dispose, blend))) // 1/100 s: a denominator of 0
}

// pixelData returns the IDAT of a picture of the type that apng's has.
func pixelData(t testing.TB, r image.Rectangle, c color.NRGBA) string {
	t.Helper()
	data, _ := encoded(t, painted(r.Sub(r.Min), box{r.Sub(r.Min), c}), Options{Format: PNG})
	at := bytes.Index(data, []byte("IDAT"))
	return string(data[at+4:][:binary.BigEndian.Uint32(data[at-4:])])
}

func TestAPNGFramesAreDisposedOf(t *testing.T) {
	whole, left, top := image.Rect(0, 0, 4, 4), image.Rect(0, 0, 2, 4), image.Rect(0, 0, 4, 2)
	fdat := func(sequence uint32, data string) []byte {
		return pngChunk("fdAT", string(binary.BigEndian.AppendUint32(nil, sequence))+data)
	}
	for dispose, want := range []*image.NRGBA{
		painted(whole, box{whole, red}, box{left, green}, box{top, blue}),
		painted(whole, box{whole, red}, box{left, none}, box{top, blue}),
		painted(whole, box{whole, red}, box{top, blue}),
	} {
		g := pixelData(t, left, green)
		file := apng(t, 3, fctl(0, whole, 0, 0), pngChunk("IDAT", pixelData(t, whole, red)),
			fctl(1, left, byte(dispose), 1), fdat(2, g[:5]), fdat(3, g[5:]),
			fctl(4, top, 0, 0), fdat(5, pixelData(t, top, blue)))
		got := framesIn(t, file)
		for i, want := range []*image.NRGBA{painted(whole, box{whole, red}), painted(whole, box{whole, red}, box{left, green}), want} {
			if !slices.Equal(shown(got[i].Image), shown(want)) || got[i].Delay != 10*time.Millisecond {
				t.Errorf("dispose_op %d: frame %d differs, or lasts %v", dispose, i, got[i].Delay)
			}
		}
	}
	// Of a default image that is no frame, only its own decoder hears.
	file := apng(t, 1, pngChunk("IDAT", pixelData(t, whole, red)), fctl(0, whole, 0, 0), fdat(1, pixelData(t, whole, blue)))
	if got := framesIn(t, file); len(got) != 1 || !slices.Equal(shown(got[0].Image), shown(painted(whole, box{whole, blue}))) {
		t.Errorf("%d frames", len(got))
	}
	if p := decoded(t, file); !slices.Equal(shown(p.Image), shown(painted(whole, box{whole, red}))) {
		t.Error("the default image differs")
	}
}

func TestBrokenAPNGs(t *testing.T) {
	whole := image.Rect(0, 0, 4, 4)
	idat := pngChunk("IDAT", pixelData(t, whole, red))
	first := fctl(0, whole, 0, 0)
	bad := slices.Clone(first)
	bad[len(bad)-1]++
	for want, data := range map[string][]byte{
		"corrupt: the APNG claims 2 frames but holds 1":                           apng(t, 2, first, idat),
		"corrupt: the APNG claims 1 frames but holds 2":                           apng(t, 1, first, idat, fctl(1, whole, 0, 0)),
		"corrupt: the APNG has sequence number 1 where 0 belongs":                 apng(t, 1, fctl(1, whole, 0, 0), idat),
		"corrupt: the APNG has a frame of 5x4 at 0,0 on a canvas of 4x4":          apng(t, 1, fctl(0, image.Rect(0, 0, 5, 4), 0, 0), idat),
		"corrupt: the APNG has a frame of 0x4 at 0,0 on a canvas of 4x4":          apng(t, 1, fctl(0, image.Rect(0, 0, 0, 4), 0, 0), idat),
		"corrupt: the APNG has a frame of 4x4 at 4294967295,0 on a canvas of 4x4": apng(t, 1, fctl(0, image.Rect(-1, 0, 3, 4), 0, 0), idat),
		"corrupt: the APNG has frame data where none belong":                      apng(t, 1, pngChunk("fdAT", "\x00\x00\x00\x00x"), first, idat),
		"corrupt: the APNG has an fcTL of 3 bytes":                                apng(t, 1, pngChunk("fcTL", "abc"), idat),
		"corrupt: the PNG has a chunk fcTL with a wrong checksum":                 apng(t, 1, bad, idat),
		"corrupt: the png ends too early":                                         apng(t, 1, first, idat[:len(idat)-9])[:120],
	} {
		if _, err := tryFrames(t, data, MaxPixels); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestBrokenAnimatedWebPs(t *testing.T) {
	still, _ := encoded(t, painted(image.Rect(0, 0, 4, 4), box{image.Rect(0, 0, 4, 4), red}), Options{Format: WebP})
	vp8l := still[12:]
	file := func(frames ...[]byte) []byte {
		chunks := [][]byte{riffChunk("VP8X", vp8x(webpAnimation, 4, 4)), riffChunk("ANIM", make([]byte, 6))}
		for _, f := range frames {
			chunks = append(chunks, riffChunk("ANMF", f))
		}
		return riff(chunks...)
	}
	frame := func(x, w byte, data []byte) []byte {
		return append([]byte{x, 0, 0, 0, 0, 0, w - 1, 0, 0, 3, 0, 0, 10, 0, 0, 0}, data...)
	}
	if got := framesIn(t, file(frame(0, 4, vp8l), frame(0, 4, vp8l))); len(got) != 2 || got[1].Delay != 10*time.Millisecond {
		t.Errorf("%d frames", len(got))
	}
	for want, data := range map[string][]byte{
		"corrupt: the WebP has a frame of 3 bytes":                        file([]byte("abc")),
		"corrupt: the WebP has a frame at (2,0)-(6,4) on a canvas of 4x4": file(frame(1, 4, vp8l)),
		"corrupt: the WebP has a frame of 3x4 that holds 4x4 pixels":      file(frame(0, 3, vp8l)),
		"corrupt: the WebP has a frame of 4x4 that holds 0x0 pixels":      file(frame(0, 4, nil)),
		"corrupt: the WebP holds no picture":                              file(),
		"corrupt: the WebP has frames but is no animation":                riff(riffChunk("ANMF", frame(0, 4, vp8l))),
		"corrupt: the webp ends too early":                                file(frame(0, 4, vp8l))[:70],
	} {
		if _, err := tryFrames(t, data, MaxPixels); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// Checksums of frames that PIL 9.4 (with libwebp 1.2) composes of these fixtures, RGBA, with nothing in
// holes.
func TestFramesAsOthersComposeThem(t *testing.T) {
	for name, want := range map[string][]uint32{
		"gif_animated.gif":   {0xb2117f23, 0x987b5fa0, 0xe970cc58},
		"webp_animated.webp": {0x9db28b47, 0x0d4cabc0},
	} {
		var got []uint32
		for _, f := range framesIn(t, fixture(t, name)) {
			pix := slices.Clone(f.Image.(*image.NRGBA).Pix)
			for i := 0; i < len(pix); i += 4 {
				if pix[i+3] == 0 {
					clear(pix[i : i+4])
				}
			}
			got = append(got, crc32.ChecksumIEEE(pix))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %#x, want %#x", name, got, want)
		}
	}
}

// over, by the definition, in floating point.
func TestOverByItsDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for range 100_000 {
		s, d := r.Uint64(), r.Uint64()
		for size, top := range map[int]float64{4: 255, 8: 65535} {
			sb, db := binary.LittleEndian.AppendUint64(nil, s)[:size], binary.LittleEndian.AppendUint64(nil, d)[:size]
			get := func(b []byte, k int) float64 {
				if size == 8 {
					return float64(binary.BigEndian.Uint16(b[2*k:]))
				}
				return float64(b[k])
			}
			a, b := get(sb, 3)/top, get(db, 3)/top
			alpha := a + b*(1-a)
			got := slices.Clone(db)
			if size == 8 {
				over16(got, sb)
			} else {
				over8(got, sb)
			}
			for k := range 4 {
				want := alpha * top
				if k < 3 {
					if alpha == 0 {
						continue
					}
					want = (get(sb, k)*a + get(db, k)*b*(1-a)) / alpha
				}
				if diff := get(got, k) - want; diff > 0.501 || diff < -0.501 {
					t.Fatalf("%x over %x is %x: channel %d should be %v", sb, db, got, k, want)
				}
			}
		}
	}
}

func FuzzFrames(f *testing.F) {
	seeds(f)
	for name, frames := range animations() {
		for _, format := range []Format{GIF, PNG, WebP} {
			if name != "many colours" {
				data, _ := written(f, frames, Options{Format: format})
				f.Add(data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var frames []Frame
		h, _ := ReadHeader(bytes.NewReader(data), int64(len(data)), fuzzPixels)
		for f, err := range Frames(t.Context(), data, DecodeOptions{MaxPixels: fuzzPixels}) {
			if err != nil {
				return
			}
			if b := f.Image.Bounds(); b != image.Rect(0, 0, h.Width, h.Height) {
				t.Fatalf("a frame of %v in %+v", b, h)
			}
			if len(frames) < 8 {
				frames = append(frames, kept(f))
			}
		}
		if len(frames) == 0 {
			return
		}
		for _, format := range []Format{GIF, PNG, WebP} {
			if format == WebP && max(h.Width, h.Height) > maxWebPSide {
				continue
			}
			data, notes := written(t, frames, Options{Format: format})
			got := framesIn(t, data)
			if len(got) != len(frames) {
				t.Fatalf("%s: %d frames of %d", format, len(got), len(frames))
			}
			if len(notes) > 0 {
				continue
			}
			for i := range got {
				if !slices.Equal(shown(got[i].Image), shown(frames[i].Image)) {
					t.Errorf("%s: frame %d differs", format, i)
				}
			}
		}
	})
}
