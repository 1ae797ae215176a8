package codec

import (
	"bytes"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/imgpar/imgpar/codec/meta"
	"github.com/imgpar/imgpar/codec/webp"
	"github.com/imgpar/imgpar/internal/fuzztest"
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

// box is a part of a picture in one colour.
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
				switch frames[i].Image.(type) {
				case *image.CMYK, *image.RGBA, *image.RGBA64: // that become other types, and are rounded
					continue
				}
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
	wide := image.NewNRGBA(image.Rect(0, 0, webp.MaxSide+1, 1))
	want := "too-large: 16384x1 pixels; a side of a WebP is at most 16383"
	if _, err := EncodeFrames(new(bytes.Buffer), given(Frame{Image: wide}), Options{Format: WebP}); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if _, err := Encode(new(bytes.Buffer), wide, Options{Format: WebP}); err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
	if _, err := Encode(new(bytes.Buffer), image.NewGray(image.Rect(0, 0, 1, webp.MaxSide)), Options{Format: WebP}); err != nil {
		t.Error(err)
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
		defer fuzztest.Bound(t, data, 512<<20)()
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
			if format == WebP && max(h.Width, h.Height) > webp.MaxSide {
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
				switch frames[i].Image.(type) {
				case *image.CMYK, *image.RGBA, *image.RGBA64: // that become other types, and are rounded
					continue
				}
				if !slices.Equal(shown(got[i].Image), shown(frames[i].Image)) {
					t.Errorf("%s: frame %d differs", format, i)
				}
			}
		}
	})
}
