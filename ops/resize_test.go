package ops

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/disintegration/imaging"
	"github.com/imgpar/imgpar/resample"
)

// soft returns a picture without overshoots: waves and some noise, 60 to 195 in each channel and, if alpha is set, in
// the alpha channel too.
func soft(w, h int, alpha bool) *image.NRGBA {
	rnd := rand.New(rand.NewPCG(uint64(w), uint64(h)))
	n := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			for c := range 4 {
				wave := 60 * math.Sin(float64(x*(c+1))/9+float64(y)/7)
				n.Pix[n.PixOffset(x, y)+c] = byte(127 + wave + float64(rnd.IntN(16)-8))
			}
			if !alpha {
				n.Pix[n.PixOffset(x, y)+3] = 255
			}
		}
	}
	return n
}

// softTypes are types of picture whose pixels are those of a soft picture.
func softTypes(w, h int) map[string]image.Image {
	solid, clear := soft(w, h, false), soft(w, h, true)
	into := func(dst draw.Image, src image.Image) image.Image {
		draw.Draw(dst, dst.Bounds(), src, src.Bounds().Min, draw.Src)
		return dst
	}
	r := image.Rect(0, 0, w, h)
	moved := image.NewNRGBA(image.Rect(-3, 2, w+5, h+9))
	draw.Draw(moved, image.Rect(1, 4, 1+w, 4+h), clear, image.Point{}, draw.Src)
	all := map[string]image.Image{
		"NRGBA": clear, "opaque NRGBA": solid, "part": moved.SubImage(image.Rect(1, 4, 1+w, 4+h)),
		"RGBA": into(image.NewRGBA(r), clear), "opaque RGBA": into(image.NewRGBA(r), solid),
		"NRGBA64": into(image.NewNRGBA64(r), clear), "opaque NRGBA64": into(image.NewNRGBA64(r), solid),
		"RGBA64": into(image.NewRGBA64(r), clear), "opaque RGBA64": into(image.NewRGBA64(r), solid),
		"Gray": into(image.NewGray(r), solid), "Gray16": into(image.NewGray16(r), solid),
		"Alpha": into(image.NewAlpha(r), clear), "foreign": foreign{clear},
	}
	return all
}

var resizeReferences = map[Resize]imaging.ResampleFilter{
	{Width: 19, Height: 31, Mode: Exact, Enlarge: true}:                     imaging.Lanczos,
	{Width: 100, Height: 7, Mode: Exact, Enlarge: true, Filter: CatmullRom}: imaging.CatmullRom,
	{Width: 64, Height: 20, Mode: Exact, Enlarge: true, Filter: Linear}:     imaging.Linear,
	{Width: 21, Height: 48, Mode: Exact, Enlarge: true, Filter: Box}:        imaging.Box,
}

// Package imaging rounds to 8 bits between its passes, which makes up to two levels; what is nearly transparent it
// rounds more, so that alpha is not below 60 here.
func TestResizeAgainstImaging(t *testing.T) {
	for _, size := range []image.Point{{64, 48}, {63, 47}, {200, 150}, {1, 40}, {40, 1}} {
		for name, src := range softTypes(size.X, size.Y) {
			for op, k := range resizeReferences {
				t.Run(fmt.Sprintf("%v of %s %v", op, name, size), func(t *testing.T) {
					near(t, apply(t, op, src), imaging.Resize(slowNRGBA(src), op.Width, op.Height, k), 3)
				})
			}
		}
	}
}

// chroma holds how many pixels a sample covers each way.
var chroma = map[image.YCbCrSubsampleRatio]image.Point{
	image.YCbCrSubsampleRatio444: {X: 1, Y: 1}, image.YCbCrSubsampleRatio422: {X: 2, Y: 1},
	image.YCbCrSubsampleRatio420: {X: 2, Y: 2}, image.YCbCrSubsampleRatio440: {X: 1, Y: 2},
	image.YCbCrSubsampleRatio411: {X: 4, Y: 1}, image.YCbCrSubsampleRatio410: {X: 4, Y: 2},
}

// A plane of a YCbCr picture is scaled as if it were a gray picture of its own, where it covers just the picture.
func TestResizeOfPlanes(t *testing.T) {
	for ratio, covers := range chroma {
		w, h := 96, 64
		src := image.NewYCbCr(image.Rect(0, 0, w, h), ratio)
		for i, p := range [][]byte{src.Y, src.Cb, src.Cr} {
			n := soft(w, h, false)
			for j := range p {
				p[j] = n.Pix[4*j+i]
			}
		}
		out := apply(t, Resize{Width: 36, Height: 28, Mode: Exact}, src).(*image.YCbCr)
		if out.SubsampleRatio != ratio {
			t.Errorf("%v became %v", ratio, out.SubsampleRatio)
		}
		gray := func(pix []byte, w, h int) image.Image {
			return &image.Gray{Pix: pix, Stride: w, Rect: image.Rect(0, 0, w, h)}
		}
		cw, ch, ow, oh := w/covers.X, h/covers.Y, 36/covers.X, 28/covers.Y
		near(t, gray(out.Y, 36, 28), imaging.Resize(gray(src.Y, w, h), 36, 28, imaging.Lanczos), 1)
		near(t, gray(out.Cb, ow, oh), imaging.Resize(gray(src.Cb, cw, ch), ow, oh, imaging.Lanczos), 1)
		near(t, gray(out.Cr, ow, oh), imaging.Resize(gray(src.Cr, cw, ch), ow, oh, imaging.Lanczos), 1)
	}
}

// Colour must stay where the luma is, also where sides are odd, and a part begins within a chroma sample.
func TestChromaStaysInPlace(t *testing.T) {
	const slope = 0.5 // levels a pixel
	for ratio, covers := range chroma {
		for _, c := range []struct {
			part image.Rectangle
			op   Resize
		}{
			{image.Rect(0, 0, 200, 160), Resize{Width: 100}},
			{image.Rect(0, 0, 199, 157), Resize{Width: 101, Height: 67, Mode: Exact}},
			{image.Rect(3, 5, 199, 158), Resize{Width: 77}},
			{image.Rect(1, 2, 98, 111), Resize{Width: 153, Enlarge: true}},
			{image.Rect(2, 1, 197, 160), Resize{Width: 51, Height: 51, Mode: Fill}},
		} {
			whole := image.NewYCbCr(image.Rect(0, 0, 200, 160), ratio)
			for y := range 160 {
				for x := range 200 {
					whole.Y[whole.YOffset(x, y)] = byte(20 + slope*float64(x) + 0.5)
				}
			}
			for y := range 160 / covers.Y {
				for x := range 200 / covers.X {
					at := y*whole.CStride + x
					whole.Cb[at] = byte(20 + slope*((float64(x)+0.5)*float64(covers.X)-0.5) + 0.5)
					whole.Cr[at] = byte(20 + slope*((float64(y)+0.5)*float64(covers.Y)-0.5) + 0.5)
				}
			}
			src := whole.SubImage(c.part).(*image.YCbCr)
			out := apply(t, c.op, src).(*image.YCbCr)
			part, size := c.op.plan(src.Rect.Dx(), src.Rect.Dy())
			scaleX, scaleY := float64(part.Dx())/float64(size.X), float64(part.Dy())/float64(size.Y)
			left, top := float64(c.part.Min.X+part.Min.X), float64(c.part.Min.Y+part.Min.Y)
			margin := 4 * (1 + int(1/min(scaleX, scaleY))) // edges are flat outside
			for y := margin; y < (size.Y-1)/covers.Y-margin; y++ {
				for x := margin; x < (size.X-1)/covers.X-margin; x++ {
					wantX := 20 + slope*(left+(float64(x)+0.5)*float64(covers.X)*scaleX-0.5)
					wantY := 20 + slope*(top+(float64(y)+0.5)*float64(covers.Y)*scaleY-0.5)
					cb, cr := float64(out.Cb[y*out.CStride+x]), float64(out.Cr[y*out.CStride+x])
					if math.Abs(cb-wantX) > 1 || math.Abs(cr-wantY) > 1 {
						t.Fatalf("%v, %v of %v: chroma %d,%d is %v %v, want %.2f %.2f", ratio, c.op, c.part, x, y, cb, cr, wantX, wantY)
					}
				}
			}
		}
	}
}

func TestResizeKeepsTheType(t *testing.T) {
	for _, p := range pictures(20, 12) {
		for _, op := range []Op{Resize{Width: 7}, Resize{Width: 7, Linear: true}, Thumb{Size: 5}, Resize{Width: 30, Enlarge: true}} {
			out := apply(t, op, p.img)
			linear := op == Resize{Width: 7, Linear: true}
			solid := opaque(p.img)
			if f, ok := p.img.(foreign); ok {
				solid = opaque(f.Image)
			}
			want := map[bool]string{false: "*image.NRGBA", true: "*image.RGBA"}[solid]
			switch p.img.(type) {
			case *image.Gray, *image.Gray16:
				want = typeOf(p.img)
			case *image.YCbCr, *image.CMYK:
				if !linear {
					want = typeOf(p.img)
				}
			case *image.NRGBA64, *image.RGBA64:
				want = map[bool]string{false: "*image.NRGBA64", true: "*image.RGBA64"}[solid]
			}
			if got := typeOf(out); got != want {
				t.Errorf("%v of %s gives %s, want %s", op, p.name, got, want)
			}
			if y, ok := out.(*image.YCbCr); ok && y.SubsampleRatio != p.img.(*image.YCbCr).SubsampleRatio {
				t.Errorf("%v of %s gives %v", op, p.name, y.SubsampleRatio)
			}
		}
	}
}

// Filters read beyond the part that they scale.
func TestFillIsCutFromTheWhole(t *testing.T) {
	for name, src := range softTypes(160, 60) {
		fill := apply(t, Resize{Width: 30, Height: 30, Mode: Fill}, src)
		all := apply(t, Resize{Width: 80, Height: 30, Mode: Exact}, src)
		t.Run(name, func(t *testing.T) { near(t, fill, cut(all, image.Rect(25, 0, 55, 30)), 1) })
	}
}

// A pattern of black and white looks as bright as the gray that reflects half of the light, which in sRGB is
// 1.055 * 0.5^(1/2.4) - 0.055 = 0.735, or 188 of 255. The mean of the values is 127.5.
func TestLinearLight(t *testing.T) {
	board := image.NewGray(image.Rect(0, 0, 64, 64))
	for i := range board.Pix {
		board.Pix[i] = byte(255 * ((i + i/64) % 2))
	}
	r := board.Rect
	ycc := image.NewYCbCr(r, image.YCbCrSubsampleRatio420)
	copy(ycc.Y, board.Pix)
	for i := range ycc.Cb {
		ycc.Cb[i], ycc.Cr[i] = 128, 128
	}
	paletted := image.NewPaletted(r, color.Palette{color.Black, color.White})
	for i, v := range board.Pix {
		paletted.Pix[i] = v & 1
	}
	for _, src := range []image.Image{board, ycc, paletted, foreign{board}, image.NewGray16(r), image.NewRGBA(r), image.NewNRGBA(r),
		image.NewCMYK(r), image.NewRGBA64(r), image.NewNRGBA64(r)} {
		if dst, ok := src.(draw.Image); ok && src != image.Image(paletted) {
			draw.Draw(dst, r, board, image.Point{}, draw.Src)
		}
		for op, want := range map[Op]int{
			Resize{Width: 1, Linear: true}: 188, Thumb{Size: 1, Linear: true}: 188, Resize{Width: 1, Linear: true, Filter: Box}: 188,
			Resize{Width: 1}: 128, Thumb{Size: 1}: 128,
		} {
			got := nrgbaAt(apply(t, op, src), 0, 0)
			for _, v := range []uint8{got.R, got.G, got.B} {
				if max(int(v)-want, want-int(v)) > 1 || want == 188 && v != 188 || got.A != 255 {
					t.Errorf("%v of %T: %v, want %d", op, src, got, want)
				}
			}
		}
	}
}

func TestCurve(t *testing.T) {
	c := sRGB()
	for v, want := range map[int]uint16{0: 0, 255: 65535, 1: 20, 10: 199, 11: 219, 128: 14146, 188: 32957} { // IEC 61966-2-1, by hand
		if got := c.light[v*257]; got != want {
			t.Errorf("the light of %d is %d, want %d", v, got, want)
		}
	}
	for v := range uint32(256) {
		if got := eight(c.toCode(c.toLight(v * 257))); got != byte(v) {
			t.Errorf("%d comes back as %d", v, got)
		}
	}
	for v := range uint32(1 << 16) {
		if got, want := eight(v), math.Round(float64(v)/257); float64(got) != want {
			t.Fatalf("%d is %d, want %v", v, got, want)
		}
	}
	for i := 1; i < 1<<16; i++ {
		if c.light[i] < c.light[i-1] || c.coded[i] < c.coded[i-1] {
			t.Fatalf("the curve falls at %d", i)
		}
	}
}

// Flat pictures stay as they are, in every type and light.
func TestResizeOfFlatPictures(t *testing.T) {
	for _, c := range []color.NRGBA64{{0, 0, 0, 65535}, {65535, 65535, 65535, 65535}, {12345, 777, 50001, 65535}, {40000, 30000, 257, 30000}} {
		for _, linear := range []bool{false, true} {
			deep := image.NewNRGBA64(image.Rect(0, 0, 50, 40))
			draw.Draw(deep, deep.Rect, image.NewUniform(c), image.Point{}, draw.Src)
			want := deep.NRGBA64At(0, 0)
			got := apply(t, Resize{Width: 33, Height: 77, Mode: Exact, Enlarge: true, Linear: linear}, deep)
			tolerance := 2
			if linear {
				tolerance = 8 // dark values have fewer steps of light
			}
			for _, at := range []image.Point{{0, 0}, {32, 76}, {17, 40}} {
				g := nrgba64At(got, at.X, at.Y)
				for _, d := range []int{int(g.R) - int(want.R), int(g.G) - int(want.G), int(g.B) - int(want.B), int(g.A) - int(want.A)} {
					if max(d, -d) > tolerance {
						t.Errorf("linear %v, pixel %v is %v, want %v", linear, at, g, want)
					}
				}
			}
			n := slowNRGBA(deep)
			near(t, apply(t, Resize{Width: 33, Linear: linear}, n), apply(t, Crop{Width: 33, Height: 26}, n), 1)
		}
	}
}

// What cannot be seen does not colour what can.
func TestTransparentPixelsDoNotBleed(t *testing.T) {
	src := image.NewNRGBA(image.Rect(0, 0, 40, 10))
	for x := range 40 {
		for y := range 10 {
			c := color.NRGBA{200, 100, 50, 255}
			if x%4 >= 2 {
				c = color.NRGBA{0, 255, 0, 0}
			}
			src.SetNRGBA(x, y, c)
		}
	}
	for _, linear := range []bool{false, true} {
		out := apply(t, Resize{Width: 10, Filter: Box, Linear: linear}, src).(*image.NRGBA)
		for x := range 10 {
			if got, want := out.NRGBAAt(x, 0), (color.NRGBA{200, 100, 50, 128}); got != want {
				t.Errorf("linear %v: pixel %d is %v, want %v", linear, x, got, want)
			}
		}
	}
}

// Sizes names all rows that are held.
func TestBandHeight(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		f, h, out := Filter(rnd.IntN(4)), 1+rnd.IntN(900), 1+rnd.IntN(300)
		part := 1 + rnd.IntN(h)
		from := rnd.IntN(h - part + 1)
		a := resample.NewAxis(resampleFilters[f], h, resample.Span{From: float64(from), To: float64(from + part)}, out)
		for row := 0; row < out; row += deepBand {
			_, lo, hi := a.Cut(row, min(row+deepBand, out))
			if most := bandHeight(f, part, out, h); hi-lo > most {
				t.Fatalf("%v, %d of %d rows to %d: rows %d to %d are held, at most %d are foreseen", f, part, h, out, lo, hi, most)
			}
		}
	}
}

func TestLargeBandsAreNotKept(t *testing.T) {
	s := scaler{band: make([]uint16, keepBand+1)}
	if s.trim(); s.band != nil {
		t.Errorf("a band of %d samples is kept", cap(s.band))
	}
	s.band = make([]uint16, keepBand)
	if s.trim(); len(s.band) != keepBand {
		t.Error("a band of usual size is not kept")
	}
}

func TestNearestKeepsTheType(t *testing.T) {
	for _, p := range pictures(9, 8) {
		out := apply(t, Resize{Width: 4, Height: 5, Mode: Exact, Filter: Nearest}, p.img)
		if _, _, _, bytes := blankLike(p.img, image.Rectangle{}); bytes > 0 && typeOf(out) != typeOf(p.img) {
			t.Errorf("%s became %T", p.name, out)
		}
		for y := range 5 {
			for x := range 4 {
				if got, want := nrgbaAt(out, x, y), nrgbaAt(p.img, int((float64(x)+0.5)*9/4), int((float64(y)+0.5)*8/5)); got != want {
					t.Fatalf("%s: pixel %d,%d is %v, want %v", p.name, x, y, got, want)
				}
			}
		}
	}
}

// Apply may run on several goroutines; their memory is their own.
func TestApplyAtOnce(t *testing.T) {
	src := soft(120, 90, true)
	for _, op := range []Op{Resize{Width: 50}, Blur{1}, Blur{20}, Sharpen{2}, Rotate{Degrees: 10}} {
		want := apply(t, op, src)
		results := make(chan image.Image)
		for range 8 {
			go func() {
				var out image.Image
				for range 20 {
					out, _ = op.Apply(src)
				}
				results <- out
			}()
		}
		for range 8 {
			near(t, <-results, want, 0)
		}
	}
}
