package transform

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/codec/jpeg"
	"github.com/imgpar/imgpar/ops"
)

// JPEGs that the tests of the route by planes work on.

// scene gives the value of a component at a place of a picture, in pixels.
type scene func(component int, x, y float64) float64

// photo is a scene like those of photos: a gradient, shapes with edges two
// pixels wide, and some texture.
func photo(rnd *rand.Rand, w, h int) scene {
	type shape struct {
		x, y, r float64
		level   [3]float64
	}
	side := float64(max(w, h))
	shapes := make([]shape, 6)
	for i := range shapes {
		shapes[i] = shape{rnd.Float64() * float64(w), rnd.Float64() * float64(h), (0.1 + 0.3*rnd.Float64()) * side, [3]float64{}}
		for c := range shapes[i].level {
			shapes[i].level[c] = 60 + 140*rnd.Float64()
		}
	}
	slope, period, angle := rnd.Float64(), 5+15*rnd.Float64(), rnd.Float64()*math.Pi
	across, down := 2*math.Pi/period*math.Cos(angle), 2*math.Pi/period*math.Sin(angle)
	return func(c int, x, y float64) float64 {
		v := 90 + 60*(slope*x/float64(w)+(1-slope)*y/float64(h))
		for _, s := range shapes {
			far := (x-s.x)*(x-s.x) + (y-s.y)*(y-s.y)
			if far >= (s.r+1)*(s.r+1) {
				continue
			}
			v += (s.level[c] - v) * min(1, (s.r+1-math.Sqrt(far))/2)
		}
		if c == 0 {
			v += 5 * math.Sin(x*across+y*down)
		}
		return v
	}
}

// factors are the sampling factors of components.
type factors [][2]int

// samplings that pictures come in, and some that they hardly do.
var samplings = []factors{
	{{1, 1}},
	{{2, 2}},
	{{1, 1}, {1, 1}, {1, 1}},
	{{2, 1}, {1, 1}, {1, 1}},
	{{2, 2}, {1, 1}, {1, 1}},
	{{1, 2}, {1, 1}, {1, 1}},
	{{4, 1}, {1, 1}, {1, 1}},
	{{4, 2}, {1, 1}, {1, 1}},
	{{1, 4}, {1, 1}, {1, 1}},
	{{3, 1}, {1, 1}, {1, 1}},
	{{2, 2}, {2, 1}, {1, 2}},
	{{3, 2}, {2, 1}, {1, 1}},
	{{1, 1}, {2, 2}, {2, 2}},
	{{2, 2}, {1, 2}, {1, 2}},
}

// photoFile is a JPEG of a scene, which is w x h pixels as stored.
func photoFile(t testing.TB, s scene, w, h int, f factors, quality, orientation int) []byte {
	t.Helper()
	p := &jpeg.Planes{Width: w, Height: h, Color: jpeg.YCbCr}
	if len(f) == 1 {
		p.Color = jpeg.Gray
	}
	hmax, vmax := 1, 1
	for _, c := range f {
		hmax, vmax = max(hmax, c[0]), max(vmax, c[1])
	}
	for i, c := range f {
		pl := jpeg.Plane{H: c[0], V: c[1], Width: (w*c[0] + hmax - 1) / hmax, Height: (h*c[1] + vmax - 1) / vmax}
		pl.Stride = pl.Width
		for y := range pl.Height {
			for x := range pl.Width {
				v := s(i, (float64(x)+0.5)*float64(hmax)/float64(c[0]), (float64(y)+0.5)*float64(vmax)/float64(c[1]))
				pl.Pix = append(pl.Pix, uint8(max(0, min(255, math.Round(v)))))
			}
		}
		p.Planes = append(p.Planes, pl)
	}
	exif := []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00?\x00\x00\x00\x00\x00\x00\x00")
	exif[24] = uint8(orientation)
	data, err := jpeg.Encode(nil, p, jpeg.EncodeOptions{Quality: quality, Segments: []jpeg.Segment{{Marker: 0xe1, Data: exif}}})
	must(t, err)
	return data
}

// planar makes a picture by planes, as it is before it is encoded.
func planar(t testing.TB, w *Worker, data []byte, p ops.Pipeline, format codec.Format) (*codec.Picture, image.Image) {
	t.Helper()
	pic, img, err := w.byPlanes(t.Context(), w.on(t, data, p, format))
	must(t, err)
	return pic, img
}

// on is the task of a pipeline on data.
func (w *Worker) on(t testing.TB, data []byte, p ops.Pipeline, format codec.Format) task {
	t.Helper()
	w.in = data
	j := todo("", "", p.String())
	j.Format = string(format)
	made, err := w.task(j, p)
	must(t, err)
	return made
}
