package transform

import (
	"fmt"
	"image"
	"testing"

	"github.com/imgpar/imgpar/codec/jpeg"
	"github.com/imgpar/imgpar/ops"
)

// What is done to the planes of 12 megapixels in 4:2:0 once they are decoded.
func BenchmarkScale(b *testing.B) {
	const width, height = 4000, 3000
	for _, c := range []struct{ to, turn int }{{1200, 1}, {1200, 6}, {400, 1}, {150, 1}} {
		b.Run(fmt.Sprintf("%d/turn=%d", c.to, c.turn), func(b *testing.B) {
			at := ops.Placement{Part: image.Rect(0, 0, width, height), Size: image.Pt(c.to, c.to*3/4), Turn: c.turn}
			src := source{most: image.Pt(2, 2), scale: chooseScale(at)}
			for i, f := range []int{2, 1, 1} {
				w, h := width*f/2/src.scale, height*f/2/src.scale
				pix := make([]byte, w*h)
				for j := range pix {
					pix[j] = uint8(j * (i + 3) >> 4)
				}
				src.planes = append(src.planes, jpeg.Plane{H: f, V: f, Width: w, Height: h, Stride: w, Pix: pix})
			}
			var s scaler
			for b.Loop() {
				s.scale(src, at, false)
			}
		})
	}
}
