package codec

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"slices"
	"testing"
	"time"
)

// apng returns a PNG of 4x4 with the chunks of an animation in place of its
// picture.
func apng(t testing.TB, frames uint32, chunks ...[]byte) []byte {
	t.Helper()
	data, _ := encoded(t, painted(image.Rect(0, 0, 4, 4), box{image.Rect(0, 0, 4, 4), red}), Options{Format: PNG})
	out := insert(data[:behindIHDR], behindIHDR, pngChunk("acTL", string(binary.BigEndian.AppendUint64(nil, uint64(frames)<<32|2))))
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
