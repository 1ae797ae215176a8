package gif

import (
	"testing"

	"github.com/imgpar/imgpar/bench/corpus/scene"
)

// BenchmarkPaletted finds 256 colours for a picture that has thousands.
func BenchmarkPaletted(b *testing.B) {
	const w, h = 600, 450
	img := scene.RGBA(1, w, h)
	b.SetBytes(w * h) // reads as MP/s
	b.ReportAllocs()
	for b.Loop() {
		Paletted(img)
	}
}
