package transform

import (
	"math/rand/v2"
	"testing"

	"github.com/imgpar/imgpar/codec/jpeg"
	"github.com/imgpar/imgpar/internal/job"
)

// Each sample is the mean of those that it covers, at every width and stride.
func TestReducedIsTheMean(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	for _, n := range []int{2, 4, 8} {
		for width := 1; width <= 70; width++ {
			p := jpeg.Plane{H: 2, V: 1, Width: width, Height: 1 + rnd.IntN(20), Stride: (width+7)/8*8 + 8*rnd.IntN(2)}
			p.Pix = make([]byte, p.Stride*((p.Height+7)/8*8))
			for i := range p.Pix {
				p.Pix[i] = byte(rnd.IntN(256))
				if width%5 == 0 {
					p.Pix[i] = 255
				}
			}
			got := reduced(&p, n)
			if got.H != 2 || got.V != 1 || got.Width != (width+n-1)/n || got.Height != (p.Height+n-1)/n || len(got.Pix) != got.Stride*got.Height {
				t.Fatalf("%d x %d by %d: %+v", width, p.Height, n, got)
			}
			for y := range got.Height {
				for x := range got.Width {
					sum := 0
					for v := range n {
						for u := range n {
							sum += int(p.Pix[(n*y+v)*p.Stride+n*x+u])
						}
					}
					if want := byte((sum + n*n/2) / (n * n)); got.Pix[y*got.Stride+x] != want {
						t.Fatalf("%d x %d by %d: %d at %d, %d, want %d", width, p.Height, n, got.Pix[y*got.Stride+x], x, y, want)
					}
				}
			}
		}
	}
}

// What is made of reduced planes is, nearly, what is made of those that were
// decoded as small: 40 dB and more.
func TestReducedPlanesAreLikeDecodedOnes(t *testing.T) {
	folder(t)
	noisyFile(t, "in.jpg", 90)
	small := []aim{{"resize w=100", "png"}, {"resize w=55 | rotate 90", "png"}, {"gray | thumb 20", "png"}}
	var alone [][]byte
	for i, a := range small {
		_, f := made(t, new(Worker), outputsOf("in.jpg", "alone"+string(rune('0'+i)), a))
		alone = append(alone, f[0])
	}
	ends, together := made(t, new(Worker), outputsOf("in.jpg", "o", append(small, aim{"invert", "png"})...))
	for i := range small {
		if d := lumaPSNR(t, together[i], alone[i]); ends[i].Outcome != job.OK || d < 40 {
			t.Errorf("%v: %.1f dB", small[i], d)
		}
	}
}
