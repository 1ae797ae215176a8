package codec

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
)

// Limits are worth nothing if the header is read from another place than the
// decoder reads it from: these files show a small picture first and hide a
// large one.

func TestHiddenPictureInWebP(t *testing.T) {
	lossy, lossless := fixture(t, "webp_lossy.webp"), fixture(t, "webp_lossless.webp")
	vp8 := riffPart(t, lossy, "VP8 ")       // 123x81
	vp8l := riffPart(t, lossless, "VP8L")   // 75x50
	small := []byte{0x2f, 0, 0, 0, 0, 0, 0} // 1x1
	for _, c := range []struct {
		what string
		data []byte
		want string
	}{
		{"canvas before VP8", riff(riffChunk("VP8X", vp8x(0, 16, 16)), riffChunk("VP8 ", vp8)),
			"corrupt: the WebP claims 16x16 pixels but holds 123x81"},
		{"canvas before VP8L", riff(riffChunk("VP8X", vp8x(0, 16, 16)), riffChunk("VP8L", vp8l)),
			"corrupt: the WebP claims 16x16 pixels but holds 75x50"},
		{"two canvases", riff(riffChunk("VP8X", vp8x(16, 16384, 16384)), riffChunk("ALPH", []byte{0}), riffChunk("VP8X", vp8x(0, 1, 1)), riffChunk("VP8L", small)),
			"corrupt: the WebP has two VP8X chunks"},
		{"small behind large", riff(riffChunk("VP8 ", vp8), riffChunk("VP8L", small)),
			"too-large: 123x81 is 9963 pixels; --max-pixels is 100"},
		{"canvas behind", riff(riffChunk("VP8 ", vp8), riffChunk("VP8X", vp8x(0, 1, 1))),
			"too-large: 123x81 is 9963 pixels; --max-pixels is 100"},
	} {
		_, err := ReadHeader(bytes.NewReader(c.data), int64(len(c.data)), 100)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.what, err, c.want)
		}
	}
	_, err := header(fixture(t, "broken/small_canvas.webp"))
	if err == nil || !strings.Contains(err.Error(), "8192x8192") {
		t.Errorf("the fixture: %v", err)
	}
}

func TestHiddenPictureInJPEG(t *testing.T) {
	large, _ := encoded(t, colours(200, 100), Options{Format: JPEG})
	frame := func(w, h uint16) []byte {
		payload := "\x08" + string(binary.BigEndian.AppendUint16(nil, h)) + string(binary.BigEndian.AppendUint16(nil, w))
		return seg(markSOF0, payload+"\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01")
	}
	body := large[2:]
	for _, marker := range []string{"\xff\x00", "\xff\x01", "\xff\x02", "\xff\xbf", "\xff\xd0", "\xff\xd7", "\xff\xd8"} {
		// Whoever takes the marker for a segment passes over the large picture.
		over := binary.BigEndian.AppendUint16([]byte(marker), uint16(2+len(body)))
		data := insert(large, 2, over)
		if len(body)+2 > 1<<16-1 {
			t.Fatal("the picture is too large for a segment")
		}
		data = append(append(data, frame(8, 8)...), "\xff\xda"...)
		_, err := ReadHeader(bytes.NewReader(data), int64(len(data)), 100)
		if err == nil || !strings.HasPrefix(err.Error(), "too-large: 200x100") && !strings.HasPrefix(err.Error(), "corrupt: JPEG marker") {
			t.Errorf("%x: %v", marker, err)
		}
	}
}

func TestHiddenPictureInPNG(t *testing.T) {
	small, _ := encoded(t, colours(8, 8), Options{Format: PNG})
	large, _ := encoded(t, colours(200, 100), Options{Format: PNG})
	data := insert(small, behindIHDR, large[8:])
	want := `corrupt: the PNG has chunk "IHDR" where another belongs`
	if _, err := header(data); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
