package transform

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/disintegration/imaging"
	"pgregory.net/rapid"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/jfif"
	"github.com/imgpar/imgpar/ops"
)

// components returns the samples of a picture upright, each component in full
// size, as package image repeats them.
func components(img image.Image, orientation int) []*image.Gray {
	b := img.Bounds()
	out := []*image.Gray{image.NewGray(b)}
	switch m := img.(type) {
	case *image.Gray:
		out[0] = m
	case *image.YCbCr:
		out = append(out, image.NewGray(b), image.NewGray(b))
		for y := b.Min.Y; y < b.Max.Y; y++ {
			for x := b.Min.X; x < b.Max.X; x++ {
				at, c := out[0].PixOffset(x, y), m.COffset(x, y)
				out[0].Pix[at], out[1].Pix[at], out[2].Pix[at] = m.Y[m.YOffset(x, y)], m.Cb[c], m.Cr[c]
			}
		}
	}
	for i := range out {
		out[i] = ops.Upright(out[i], orientation).(*image.Gray)
	}
	return out
}

// difference of samples: the mean of the absolute, and of the square.
type difference struct{ mean, square float64 }

func (d difference) psnr() float64 { return 10 * math.Log10(255*255/max(d.square, 1e-6)) }

// shared is how many pixels each way share a chroma sample.
func shared(r image.YCbCrSubsampleRatio) image.Point {
	if p, ok := jfif.Sharing(r); ok {
		return p
	}
	return one
}

// differences compares each plane of got with a component of full size, of
// which chroma samples are held against the mean of the pixels that share them.
func differences(t testing.TB, got image.Image, want []*image.Gray) []difference {
	t.Helper()
	size := want[0].Rect.Size()
	planes, share, strides := [][]byte{}, one, [3]int{}
	switch m := got.(type) {
	case *image.Gray:
		planes, strides[0] = [][]byte{m.Pix}, m.Stride
	case *image.YCbCr:
		planes, share, strides = [][]byte{m.Y, m.Cb, m.Cr}, shared(m.SubsampleRatio), [3]int{m.YStride, m.CStride, m.CStride}
	}
	if got.Bounds() != (image.Rectangle{Max: size}) || len(planes) != len(want) {
		t.Fatalf("the result is %T of %v, want %d components of %v", got, got.Bounds(), len(want), size)
	}
	var out []difference
	for i, pix := range planes {
		s := share
		if i == 0 {
			s = one
		}
		n := samples(size, s)
		var d difference
		for y := range n.Y {
			for x := range n.X {
				r := image.Rect(x*s.X, y*s.Y, (x+1)*s.X, (y+1)*s.Y).Intersect(want[i].Rect)
				sum := 0
				for v := r.Min.Y; v < r.Max.Y; v++ {
					for u := r.Min.X; u < r.Max.X; u++ {
						sum += int(want[i].Pix[v*want[i].Stride+u])
					}
				}
				e := float64(pix[y*strides[i]+x]) - float64(sum)/float64(area(r.Size()))
				d.mean += math.Abs(e) / float64(area(n))
				d.square += e * e / float64(area(n))
			}
		}
		out = append(out, d)
	}
	return out
}

// spread is figures of many pictures.
type spread []float64

func (s spread) at(q float64) float64 {
	return slices.Sorted(slices.Values(s))[int(q*float64(len(s)-1))]
}

func (s spread) String() string {
	return fmt.Sprintf("%d: least %.2f, 1%% %.2f, median %.2f, 99%% %.2f, most %.2f", len(s), s.at(0), s.at(0.01), s.at(0.5), s.at(0.99), s.at(1))
}

// randomJPEG is one of any sampling, quality and orientation, small ones more
// often than large ones; every twentieth is a fixture, for progressive scans.
func randomJPEG(t testing.TB, rnd *rand.Rand, most int) []byte {
	if rnd.IntN(20) == 0 {
		names := []string{"jpeg_progressive_420.jpg", "jpeg_progressive_444.jpg", "jpeg_progressive_grayscale.jpg", "jpeg_restart_420.jpg", "jpeg_separate_scans_420.jpg"}
		data, err := os.ReadFile(fixture(names[rnd.IntN(len(names))]))
		must(t, err)
		return data
	}
	side := func() int { return 1 + int(float64(most-1)*math.Pow(rnd.Float64(), 3)) }
	w, h := side(), side()
	return photoFile(t, photo(rnd, w, h), w, h, samplings[rnd.IntN(len(samplings))], 50+rnd.IntN(51), 1+rnd.IntN(8))
}

// The picture that is made by planes is, nearly, the one that full decoding,
// turning and Lanczos make of each component: for results of 64 pixels and more
// the luma's median difference is 0.15 of 255 levels (52 to 57 dB by scale), and
// the worst of 2,000 pictures has 41 dB at scales of 1 and 2, 40 dB at 4 and 37 dB
// at 8. Of smaller ones a few samples at edges decide.
func TestScaledIsLikeDecodedAndResized(t *testing.T) {
	count := 2000
	if testing.Short() || raceEnabled {
		count = 150
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	var w Worker
	var luma, chroma, tiny spread
	scales := map[int]spread{}
	for range count {
		data := randomJPEG(t, rnd, 600)
		full := read(t, data)
		width, height := full.Displayed()
		shrink, aspect := math.Pow(24, rnd.Float64()), math.Pow(1.5, rnd.Float64()-0.5)
		r := ops.Resize{
			Width:  max(1, min(int(float64(width)/shrink*aspect), width)),
			Height: max(1, min(int(float64(height)/shrink/aspect), height)),
			Mode:   ops.Exact,
		}
		if r.Width == width && r.Height == height {
			continue
		}
		pic, got := planar(t, &w, data, ops.Pipeline{r}, "")
		want := components(full.Image, full.Orientation)
		for i := range want {
			want[i] = red(imaging.Resize(want[i], r.Width, r.Height, imaging.Lanczos))
		}
		d := differences(t, got, want)
		if r.Width*r.Height < 64 {
			for _, c := range d {
				tiny = append(tiny, c.mean)
			}
			continue
		}
		luma = append(luma, d[0].mean)
		at, _ := ops.Pipeline{r}.Place(pic.Width, pic.Height, pic.Orientation)
		scales[chooseScale(at)] = append(scales[chooseScale(at)], d[0].psnr())
		for _, c := range d[1:] {
			chroma = append(chroma, c.mean)
		}
	}
	t.Logf("luma, mean difference of %v", luma)
	t.Logf("chroma, mean difference of %v", chroma)
	t.Logf("tiny, mean difference of %v", tiny)
	for _, c := range []struct {
		scale         int
		least, median float64 // dB
	}{{1, 40, 55}, {2, 40, 53}, {4, 39, 52}, {8, 36, 48}} {
		p := scales[c.scale]
		t.Logf("at 1/%d, dB of %v", c.scale, p)
		if p.at(0) < c.least || p.at(0.5) < c.median {
			t.Errorf("at 1/%d: want at least %v dB, %v in the middle", c.scale, c.least, c.median)
		}
	}
	if luma.at(0.5) > 0.25 || luma.at(1) > 2.5 {
		t.Error("the luma differs more than it should")
	}
	if chroma.at(0.5) > 0.4 || chroma.at(1) > 10 {
		t.Error("the chroma differs more than it should")
	}
	if tiny.at(0.5) > 0.6 || tiny.at(0.99) > 20 || tiny.at(1) > 60 {
		t.Error("tiny pictures differ more than they should")
	}
}

// red is the first channel of a gray picture.
func red(m *image.NRGBA) *image.Gray {
	out := image.NewGray(m.Rect)
	for i := range out.Pix {
		out.Pix[i] = m.Pix[4*i]
	}
	return out
}

// dot is a scene of a bright dot, some pixels wide, on flat ground.
func dot(x0, y0, wide float64) scene {
	return func(_ int, x, y float64) float64 {
		d := math.Hypot(x-x0, y-y0) / wide
		return 64 + 160*math.Exp(-d*d/2)
	}
}

// centroid is the middle of what is brighter or darker than the ground, in
// pixels of which share each way have a sample together.
func centroid(pix []byte, stride int, size, share image.Point) (x, y float64) {
	ground, sum := float64(pix[0]), 0.0
	for v := range size.Y {
		for u := range size.X {
			e := float64(pix[v*stride+u]) - ground
			x += e * (float64(u) + 0.5) * float64(share.X)
			y += e * (float64(v) + 0.5) * float64(share.Y)
			sum += e
		}
	}
	return x / sum, y / sum
}

// shown is where a place of a stored picture is seen, both in parts of its
// sides (Exif 2.32, tag 0x0112).
func shown(orientation int, x, y float64) (float64, float64) {
	return [...]float64{1: x, 1 - x, 1 - x, x, y, 1 - y, 1 - y, y}[orientation], [...]float64{1: y, y, 1 - y, 1 - y, x, x, 1 - x, 1 - x}[orientation]
}

// A dot does not move: its middle lies within 0.05 pixels of the result where
// it belongs, in luma and chroma, at every scale, however the picture is turned
// and cut, and where chroma samples reach beyond its edge.
func TestNothingMoves(t *testing.T) {
	const width, height = 603, 450
	x0, y0 := 271.3, 240.8
	used := samplings
	if testing.Short() || raceEnabled {
		used = samplings[4:6]
	}
	var w Worker
	var most [9]float64
	for _, f := range used {
		data := photoFile(t, dot(x0, y0, 25), width, height, f, 97, 1)
		tag := bytes.Index(data, []byte("Exif")) + 24
		for n := range 8 * 4 * 2 {
			orientation, scale, cropped := 1+n%8, 1<<(n/8%4), n >= 32
			data[tag] = uint8(orientation)
			u, v := shown(orientation, x0/width, y0/height)
			size := image.Pt(width, height)
			if orientation > 4 {
				size = image.Pt(height, width)
			}
			u, v = u*float64(size.X), v*float64(size.Y)
			var p ops.Pipeline
			if cropped {
				p = append(p, ops.Crop{Width: size.X - 20, Height: size.Y - 16, X: 7, Y: 13})
				u, v, size = u-7, v-13, size.Sub(image.Pt(20, 16))
			}
			to := image.Pt(int(float64(size.X)/1.7/float64(scale)), int(float64(size.Y)/1.75/float64(scale)))
			p = append(p, ops.Resize{Width: to.X, Height: to.Y, Mode: ops.Exact})
			pic, img := planar(t, &w, data, p, "")
			at, _ := p.Place(pic.Width, pic.Height, pic.Orientation)
			if pic.Orientation != orientation || chooseScale(at) != scale {
				t.Fatalf("orientation %d, want %d; a scale of %d, want %d", pic.Orientation, orientation, chooseScale(at), scale)
			}
			u, v = u*float64(to.X)/float64(size.X), v*float64(to.Y)/float64(size.Y)
			check := func(what string, pix []byte, stride int, share image.Point) {
				x, y := centroid(pix, stride, samples(to, share), share)
				most[scale] = max(most[scale], math.Abs(x-u), math.Abs(y-v))
				if math.Abs(x-u) > 0.05 || math.Abs(y-v) > 0.05 {
					t.Errorf("%v at 1/%d of orientation %d, cropped %v: %s at %.3f, %.3f, want %.3f, %.3f",
						f, scale, orientation, cropped, what, x, y, u, v)
				}
			}
			switch m := img.(type) {
			case *image.Gray:
				check("gray", m.Pix, m.Stride, one)
			case *image.YCbCr:
				check("luma", m.Y, m.YStride, one)
				check("Cb", m.Cb, m.CStride, shared(m.SubsampleRatio))
				check("Cr", m.Cr, m.CStride, shared(m.SubsampleRatio))
			}
		}
	}
	t.Logf("farthest at 1/1, 1/2, 1/4, 1/8: %.3f %.3f %.3f %.3f pixels", most[1], most[2], most[4], most[8])
}

// Both routes give pictures of the same size and, nearly, the same pixels,
// whatever stands before and behind the scaling.
func TestPlanesAndPixelsAgree(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	var files [][]byte
	for range 40 {
		files = append(files, randomJPEG(t, rnd, 300))
	}
	var w Worker
	var far spread
	rapid.Check(t, func(r *rapid.T) {
		data := files[rapid.IntRange(0, len(files)-1).Draw(r, "file")]
		p := slices.Concat(
			rapid.SliceOfN(rapid.Custom(movingOp), 0, 4).Draw(r, "before"),
			ops.Pipeline{rapid.Custom(scalingOp).Draw(r, "scaling")},
			rapid.SliceOfN(rapid.Custom(anyOp), 0, 3).Draw(r, "behind"))
		format := rapid.SampledFrom([]codec.Format{"", codec.PNG}).Draw(r, "format")
		t1 := w.on(t, data, p, format)
		_, want, wantErr := w.byPixels(t.Context(), t1)
		_, got, err := w.byPlanes(t.Context(), t1)
		var needs *codec.NeedsPixelsError
		if errors.As(err, &needs) {
			return
		}
		if err != nil || wantErr != nil {
			if fmt.Sprint(err) != fmt.Sprint(wantErr) {
				r.Fatalf("%v by planes, %v by pixels", err, wantErr)
			}
			return
		}
		if got.Bounds().Size() != want.Bounds().Size() {
			r.Fatalf("%v by planes, %v by pixels", got.Bounds(), want.Bounds())
		}
		if _, gray := want.(*image.Gray); gray {
			if _, gray := got.(*image.Gray); !gray {
				r.Fatalf("%T by planes, %T by pixels", got, want)
			}
		}
		// Chroma is shared, or repeated, at other times on both ways.
		d := distance(imaging.Grayscale(want), imaging.Grayscale(got))
		far = append(far, d)
		// Where a few pixels are left, perhaps to be enlarged again, any of them
		// decides.
		pic, _ := codec.OpenPlanes(data, t1.read)
		at, _ := p.Place(pic.Width, pic.Height, pic.Orientation)
		least := min(at.Part.Dx(), at.Part.Dy(), at.Size.X, at.Size.Y, got.Bounds().Dx(), got.Bounds().Dy())
		if d > 10 && least >= 16 || d > 60 {
			r.Fatalf("%.1f levels away", d)
		}
	})
	t.Logf("difference of %v", far)
	if len(far) < 3 {
		t.Errorf("only %d pipelines went by planes", len(far))
	}
	if far.at(0.5) > 1 {
		t.Error("the routes differ more than they should")
	}
}

func movingOp(t *rapid.T) ops.Op {
	switch rapid.IntRange(0, 4).Draw(t, "op") {
	case 0:
		return ops.Gray{}
	case 1:
		return ops.Flip{Vertical: rapid.Bool().Draw(t, "vertical")}
	case 2:
		return ops.Rotate{Degrees: 90 * float64(rapid.IntRange(-4, 4).Draw(t, "quarters")), Background: ops.White}
	case 3:
		return ops.Orient{}
	}
	return ops.Crop{
		Width: rapid.IntRange(1, 300).Draw(t, "w"), Height: rapid.IntRange(1, 300).Draw(t, "h"),
		X: rapid.IntRange(-40, 40).Draw(t, "x"), Y: rapid.IntRange(-40, 40).Draw(t, "y"),
		Gravity: ops.Gravity(rapid.IntRange(0, 8).Draw(t, "gravity")),
	}
}

func scalingOp(t *rapid.T) ops.Op {
	if rapid.Bool().Draw(t, "thumb") {
		return ops.Thumb{Size: rapid.IntRange(1, 200).Draw(t, "size")}
	}
	return ops.Resize{
		Width: rapid.IntRange(1, 300).Draw(t, "w"), Height: rapid.IntRange(1, 300).Draw(t, "h"),
		Mode: ops.Mode(rapid.IntRange(0, 2).Draw(t, "mode")), Enlarge: rapid.Bool().Draw(t, "enlarge"),
		Filter: ops.Filter(rapid.IntRange(0, 3).Draw(t, "filter")),
	}
}

func anyOp(t *rapid.T) ops.Op {
	switch rapid.IntRange(0, 3).Draw(t, "op") {
	case 0:
		return ops.Invert{}
	case 1:
		return scalingOp(t)
	}
	return movingOp(t)
}
