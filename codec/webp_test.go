package codec

import (
	"image"
	"testing"
	"time"
)

func TestBrokenAnimatedWebPs(t *testing.T) {
	still, _ := encoded(t, painted(image.Rect(0, 0, 4, 4), box{image.Rect(0, 0, 4, 4), red}), Options{Format: WebP})
	vp8l := still[12:]
	file := func(frames ...[]byte) []byte {
		chunks := [][]byte{riffChunk("VP8X", vp8x(2, 4, 4)), riffChunk("ANIM", make([]byte, 6))}
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
