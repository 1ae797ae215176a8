package ops

import (
	"image"
	"image/color"
	"math"
	"strings"
	"testing"
)

// grayAlpha returns pictures with transparency whose colours are gray.
func grayAlpha(w, h int) []picture {
	n, deep := soft(w, h, true), image.NewNRGBA64(image.Rect(0, 0, w, h))
	for i := 0; i < len(n.Pix); i += 4 {
		n.Pix[i+1], n.Pix[i+2] = n.Pix[i], n.Pix[i]
		for c := range 4 {
			deep.Pix[2*(i+c)], deep.Pix[2*(i+c)+1] = n.Pix[i+c], n.Pix[i]
		}
		deep.Pix[2*i+7] = n.Pix[i+3]
	}
	return []picture{{"gray NRGBA", n}, {"gray NRGBA64", deep}}
}

// isGrayAlpha tells whether all pixels are gray.
func isGrayAlpha(img image.Image) bool {
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			var r, g, b uint32
			switch c := at(img, x, y).(type) {
			case color.NRGBA:
				r, g, b = uint32(c.R), uint32(c.G), uint32(c.B)
			case color.NRGBA64:
				r, g, b = uint32(c.R), uint32(c.G), uint32(c.B)
			default:
				r, g, b, _ = c.RGBA()
			}
			if r != g || g != b {
				return false
			}
		}
	}
	return true
}

// Whatever is done to a picture, in whatever type it comes: its depth, its grayness and its opacity stay.
func TestNothingIsFlattened(t *testing.T) {
	all := append(pictures(9, 8), append(pictures(1, 3), grayAlpha(9, 8)...)...)
	all = append(all, picture{"gray Paletted", grayPalette(9, 8)})
	for _, p := range all {
		if strings.HasPrefix(p.name, "foreign") { // nothing is known of them
			continue
		}
		gray, solid := isGrayAlpha(p.img), opaque(p.img)
		for _, op := range everyOp {
			out := apply(t, op, p.img)
			if isDeep(out) != isDeep(p.img) {
				t.Errorf("%v of %s gives %T", op, p.name, out)
			}
			if gray && !isGrayAlpha(out) {
				t.Errorf("%v of %s gives colours", op, p.name)
			}
			r, turned := op.(Rotate)
			if clear := turned && r.Turn() == 0 && r.Background != White; solid && !clear && !opaque(out) {
				t.Errorf("%v of %s gives transparency", op, p.name)
			}
			if !solid && opaque(out) && p.img.Bounds().Dx() > 5 && len(op.Sizes(9, 8)) > 0 {
				if _, crop := op.(Crop); !crop {
					t.Errorf("%v of %s gives an opaque picture", op, p.name)
				}
			}
		}
	}
}

func grayPalette(w, h int) image.Image {
	img := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.Gray{40}, color.NRGBA{200, 200, 200, 90}, color.Transparent})
	for i := range img.Pix {
		img.Pix[i] = byte(i % 3)
	}
	return img
}

// colours are a picture as the mean of colours wants them: multiplied by alpha, from 0 to 65535, channel by channel.
type colours struct {
	w, h int
	c    [4][]float64
}

func coloursOf(img image.Image) colours {
	s := img.Bounds().Size()
	m := colours{w: s.X, h: s.Y}
	for y := range s.Y {
		for x := range s.X {
			n := nrgba64Of(at(img, x, y))
			a := float64(n.A) / 65535
			for i, v := range []float64{float64(n.R) * a, float64(n.G) * a, float64(n.B) * a, float64(n.A)} {
				m.c[i] = append(m.c[i], v)
			}
		}
	}
	return m
}

// nrgba64Of does not multiply by alpha on its way, as the model does.
func nrgba64Of(c color.Color) color.NRGBA64 {
	switch c := c.(type) {
	case color.NRGBA64:
		return c
	case color.NRGBA:
		return color.NRGBA64{uint16(c.R) * 257, uint16(c.G) * 257, uint16(c.B) * 257, uint16(c.A) * 257}
	}
	return color.NRGBA64Model.Convert(c).(color.NRGBA64)
}

// blur is the definition, in floating point.
func (m colours) blur(sigma float64) colours {
	line := func(src []float64, n, step int) {
		line := make([]float64, n)
		for i := range n {
			sum, weights := 0.0, 0.0
			for j := range n {
				if d := float64(j - i); math.Abs(d) <= math.Ceil(4*sigma) {
					w := math.Exp(-d * d / (2 * sigma * sigma))
					sum, weights = sum+w*src[j*step], weights+w
				}
			}
			line[i] = sum / weights
		}
		for i, v := range line {
			src[i*step] = v
		}
	}
	out := colours{w: m.w, h: m.h}
	for c := range m.c {
		p := append([]float64(nil), m.c[c]...)
		for x := range m.w {
			line(p[x:], m.h, m.w)
		}
		for y := range m.h {
			line(p[y*m.w:], m.w, 1)
		}
		out.c[c] = p
	}
	return out
}

// compare fails where colours, multiplied by alpha, differ by more than tolerance of 65535.
func (m colours) compare(t *testing.T, got image.Image, tolerance float64) {
	t.Helper()
	g := coloursOf(got)
	if g.w != m.w || g.h != m.h {
		t.Fatalf("%dx%d pixels, want %dx%d", g.w, g.h, m.w, m.h)
	}
	for c := range m.c {
		for i, want := range m.c[c] {
			if d := math.Abs(g.c[c][i] - want); d > tolerance {
				t.Fatalf("channel %d of pixel %d,%d is %.1f, want %.1f", c, i%m.w, i/m.w, g.c[c][i], want)
			}
		}
	}
}

// tolerance is one level of 8 bits, or 16 of 16.
func tolerance(img image.Image) float64 {
	if isDeep(img) {
		return 16
	}
	return 257
}

func isYCbCr(img image.Image) bool {
	_, ok := img.(*image.YCbCr)
	return ok
}

func TestBlurAgainstTheDefinition(t *testing.T) {
	for _, size := range []image.Point{{31, 20}, {3, 50}, {1, 1}} {
		for _, p := range append(pictures(size.X, size.Y), grayAlpha(size.X, size.Y)...) {
			if isYCbCr(p.img) { // see TestBlurOfPlanes
				continue
			}
			m := coloursOf(slowStraight(p.img))
			if _, ok := p.img.(*image.RGBA); ok {
				m = coloursOf(p.img) // multiplied by alpha already
			}
			for _, sigma := range []float64{0.5, 2.5, 4, 15} {
				t.Run(p.name+" "+Blur{sigma}.String(), func(t *testing.T) {
					m.blur(sigma).compare(t, apply(t, Blur{sigma}, p.img), tolerance(p.img))
				})
			}
		}
	}
}

// Sharpening is done to colours as they are, where they can be seen.
func TestSharpenAgainstTheDefinition(t *testing.T) {
	for _, p := range append(pictures(31, 20), grayAlpha(31, 20)...) {
		src := slowStraight(p.img)
		for _, sigma := range []float64{0.7, 4, 15} {
			m := coloursOf(src).blur(sigma)
			out := apply(t, Sharpen{sigma}, p.img)
			for i := range m.c[3] {
				s, got := nrgba64Of(at(src, i%m.w, i/m.w)), nrgba64Of(at(out, i%m.w, i/m.w))
				blurred := m.c[3][i]
				if s.A == 0 || got.A == 0 || blurred < 10000 {
					continue
				}
				source, made := []uint16{s.R, s.G, s.B, s.A}, []uint16{got.R, got.G, got.B, got.A}
				for c := range 4 {
					soft := m.c[c][i]
					if c < 3 {
						soft *= 65535 / blurred
					}
					want := min(max(2*float64(source[c])-soft, 0), 65535)
					limit := tolerance(p.img)
					if !isDeep(p.img) {
						limit *= 1.5 // the blurred colour is rounded, and that of a premultiplied picture is
					} else if c < 3 {
						limit *= 65535 / blurred
					}
					if d := math.Abs(want - float64(made[c])); d > limit {
						t.Fatalf("sharpen %v of %s: channel %d of pixel %d,%d is %d, want %.1f", sigma, p.name, c, i%m.w, i/m.w, made[c], want)
					}
				}
			}
		}
	}
}

// rotate is the definition of a bilinear turn, of which the geometry is that of package imaging.
func (m colours) rotate(degrees float64, size image.Point, background color.NRGBA) colours {
	out := colours{w: size.X, h: size.Y}
	a := float64(background.A) * 257
	behind := [4]float64{float64(background.R) * a / 255, float64(background.G) * a / 255, float64(background.B) * a / 255, a}
	sin, cos := math.Sincos(-degrees * math.Pi / 180)
	for y := range size.Y {
		for x := range size.X {
			dx, dy := float64(x)-float64(size.X-1)/2, float64(y)-float64(size.Y-1)/2
			u, v := dx*cos-dy*sin+float64(m.w-1)/2, dx*sin+dy*cos+float64(m.h-1)/2
			x0, y0 := int(math.Floor(u)), int(math.Floor(v))
			for c := range 4 {
				sum := 0.0
				for i := range 4 {
					px, py := x0+i%2, y0+i/2
					w := (1 - math.Abs(u-float64(px))) * (1 - math.Abs(v-float64(py)))
					if px >= 0 && py >= 0 && px < m.w && py < m.h {
						sum += w * m.c[c][py*m.w+px]
					} else {
						sum += w * behind[c]
					}
				}
				out.c[c] = append(out.c[c], sum)
			}
		}
	}
	return out
}

func TestRotateAgainstTheDefinition(t *testing.T) {
	for _, size := range []image.Point{{31, 20}, {3, 50}, {1, 1}} {
		for _, p := range append(pictures(size.X, size.Y), grayAlpha(size.X, size.Y)...) {
			m := coloursOf(slowStraight(p.img))
			for _, r := range []Rotate{{30, White}, {-77.7, Transparent}, {181, color.NRGBA{10, 200, 30, 120}}, {0.01, Black}} {
				t.Run(p.name+" "+r.String(), func(t *testing.T) {
					out := apply(t, r, p.img)
					m.rotate(r.Degrees, out.Bounds().Size(), r.Background).compare(t, out, tolerance(p.img))
				})
			}
		}
	}
}

// slowStraight is what operations make of a picture of another type before they begin.
func slowStraight(img image.Image) image.Image {
	if isDeep(img) {
		return img
	}
	return slowNRGBA(img)
}

// The curves are the same formulas as those of package imaging, which works on 8 bits.
func TestAdjustOf16Bits(t *testing.T) {
	ramp := image.NewGray16(image.Rect(0, 0, 256, 256))
	for i := range 1 << 16 {
		ramp.SetGray16(i%256, i/256, color.Gray16{uint16(i)})
	}
	for _, c := range []struct {
		op   Adjust
		want func(v float64) float64
	}{
		{Adjust{Brightness: 25}, func(v float64) float64 { return v + 0.25 }},
		{Adjust{Brightness: -100}, func(v float64) float64 { return v - 1 }},
		{Adjust{Contrast: -40}, func(v float64) float64 { return 0.5 + (v-0.5)*0.6 }},
		{Adjust{Contrast: 50}, func(v float64) float64 { return 0.5 + (v-0.5)*2 }},
		{Adjust{Contrast: -100}, func(v float64) float64 { return 0.5 }},
		{Adjust{Contrast: 100}, func(v float64) float64 { return math.Floor(v + 0.5) }},
		{Adjust{Gamma: 2.2}, func(v float64) float64 { return math.Pow(v, 1/2.2) }},
		{Adjust{Gamma: 0.3}, func(v float64) float64 { return math.Pow(v, 1/0.3) }},
		{Adjust{Saturation: 90}, func(v float64) float64 { return v }},
		{Adjust{Brightness: 20, Contrast: 20, Gamma: 1.5}, func(v float64) float64 {
			v = math.Round(min(v+0.2, 1)*65535) / 65535
			v = math.Round(min(max(0.5+(v-0.5)/0.8, 0), 1)*65535) / 65535
			return math.Pow(v, 1/1.5)
		}},
	} {
		out := apply(t, c.op, ramp).(*image.Gray16)
		eight := c.op.tone()
		for i := range 1 << 16 {
			want := math.Round(min(max(c.want(float64(i)/65535), 0), 1) * 65535)
			got := out.Gray16At(i%256, i/256).Y
			if math.Abs(float64(got)-want) > 1 {
				t.Fatalf("%v of %d is %d, want %v", c.op, i, got, want)
			}
			if v := i / 257; i%257 == 0 && (c.op.Brightness == 0 || c.op.Contrast == 0) && math.Abs(float64(got)/257-float64(eight[v])) > 1.01 {
				t.Fatalf("%v of %d is %d, but of %d in 8 bits it is %d", c.op, i, got, v, eight[v])
			}
		}
	}
}

func TestSaturationOf16Bits(t *testing.T) {
	for _, c := range []struct {
		percent float64
		src     color.NRGBA64
		want    color.NRGBA64
	}{ // distances from the lightness, (max+min)/2, times 1+percent/100
		{500, color.NRGBA64{30840, 25700, 25700, 65535}, color.NRGBA64{43690, 12850, 12850, 65535}},
		{-100, color.NRGBA64{40000, 20000, 33333, 700}, color.NRGBA64{30000, 30000, 30000, 700}},
		{50, color.NRGBA64{40001, 39999, 40000, 9}, color.NRGBA64{40002, 39999, 40000, 9}},
		{500, color.NRGBA64{65535, 65535, 65000, 65535}, color.NRGBA64{65535, 65535, 65000, 65535}}, // saturated already
	} {
		src := image.NewNRGBA64(image.Rect(0, 0, 1, 1))
		src.SetNRGBA64(0, 0, c.src)
		if got := nrgba64Of(apply(t, Adjust{Saturation: c.percent}, src).At(0, 0)); got != c.want {
			t.Errorf("%v by %v %%: %v, want %v", c.src, c.percent, got, c.want)
		}
	}
}

// Of a picture with a palette the colours are adjusted, to what each pixel would be.
func TestAdjustOfPalettes(t *testing.T) {
	op := Adjust{Brightness: 10, Gamma: 1.5, Saturation: 40}
	for _, p := range pictures(9, 8) {
		if strings.Contains(p.name, "Paletted") {
			out := apply(t, op, p.img)
			near(t, out, apply(t, op, slowNRGBA(p.img)), 0)
			if typeOf(out) != "*image.Paletted" {
				t.Errorf("%s became %T", p.name, out)
			}
		}
	}
}

// What is transparent has a colour that cannot be seen, and that does not come to be seen. A red square stands in green
// that is transparent.
func TestTransparentColoursStayUnseen(t *testing.T) {
	r := image.Rect(0, 0, 40, 40)
	square := image.Rect(9, 12, 29, 31)
	n, deep := image.NewNRGBA(r), image.NewNRGBA64(r)
	paletted := image.NewPaletted(r, color.Palette{color.NRGBA{0, 255, 0, 0}, color.NRGBA{255, 0, 0, 255}})
	for y := range 40 {
		for x := range 40 {
			c := color.NRGBA{0, 255, 0, 0}
			if image.Pt(x, y).In(square) {
				c = color.NRGBA{255, 0, 0, 255}
				paletted.SetColorIndex(x, y, 1)
			}
			n.SetNRGBA(x, y, c)
			deep.SetNRGBA64(x, y, nrgba64Of(c))
		}
	}
	for _, src := range []image.Image{n, deep, paletted, n.SubImage(image.Rect(3, 5, 38, 40))} {
		for _, op := range []Op{Blur{0.6}, Blur{2}, Blur{5}, Blur{20}, Sharpen{1}, Sharpen{6}, Rotate{30, Transparent}, Rotate{-100, color.NRGBA{255, 0, 0, 255}},
			Resize{Width: 13}, Resize{Width: 13, Linear: true}, Resize{Width: 90, Enlarge: true}, Resize{Width: 21, Filter: Box}, Thumb{Size: 17}, Adjust{Gamma: 2}} {
			out := apply(t, op, src)
			seen := 0
			for y := range out.Bounds().Dy() {
				for x := range out.Bounds().Dx() {
					c := nrgba64Of(at(out, x, y))
					if c.A == 0 {
						continue
					}
					if seen++; c.G != 0 || c.B != 0 || c.R == 0 {
						t.Fatalf("%v of %T: pixel %d,%d is %v", op, src, x, y, c)
					}
				}
			}
			if seen == 0 {
				t.Errorf("%v of %T: nothing is seen", op, src)
			}
		}
	}
}

// A plane of a YCbCr picture is blurred as if it were a gray picture of its own, chroma by what sigma is in its samples.
func TestBlurOfPlanes(t *testing.T) {
	for _, p := range pictures(61, 40) {
		src, ok := p.img.(*image.YCbCr)
		if !ok {
			continue
		}
		for _, sigma := range []float64{0.9, 6, 30} {
			out := apply(t, Blur{sigma}, src).(*image.YCbCr)
			if out.SubsampleRatio != src.SubsampleRatio {
				t.Fatalf("%v became %v", src.SubsampleRatio, out.SubsampleRatio)
			}
			gray := &image.Gray{Pix: src.Y, Stride: src.YStride, Rect: atZero(src)}
			near(t, &image.Gray{Pix: out.Y, Stride: out.YStride, Rect: atZero(out)}, apply(t, Blur{sigma}, gray), 0)
			if covers := chroma[src.SubsampleRatio]; covers.X == covers.Y {
				w, h := (src.Rect.Max.X-1)/covers.X-src.Rect.Min.X/covers.X+1, (src.Rect.Max.Y-1)/covers.Y-src.Rect.Min.Y/covers.Y+1
				r := image.Rect(0, 0, w, h)
				gray := &image.Gray{Pix: src.Cr, Stride: src.CStride, Rect: r}
				coloursOf(gray).blur(sigma/float64(covers.X)).compare(t, &image.Gray{Pix: out.Cr, Stride: out.CStride, Rect: r}, 257)
			}
		}
	}
}

// It is what blurring red, green and blue gives, where colours are those of RGB and do not change from one pixel to the
// next.
func TestBlurOfPlanesIsThatOfColours(t *testing.T) {
	for ratio := range chroma {
		for _, min := range []image.Point{{}, {3, 1}, {-3, -6}} {
			src := image.NewYCbCr(image.Rect(0, 0, 80, 60).Add(min), ratio)
			for y := src.Rect.Min.Y; y < src.Rect.Max.Y; y++ {
				for x := src.Rect.Min.X; x < src.Rect.Max.X; x++ {
					src.Y[src.YOffset(x, y)] = byte(127 + 40*math.Sin(float64(x)/5+float64(y)/8))
					c := src.COffset(x, y)
					src.Cb[c], src.Cr[c] = byte(128+30*math.Sin(float64(x)/60)), byte(128+30*math.Cos(float64(y)/60))
				}
			}
			for _, sigma := range []float64{1, 5, 16} {
				near(t, apply(t, Blur{sigma}, src), apply(t, Blur{sigma}, slowNRGBA(src)), 4)
			}
		}
	}
}

// The rows of a turned picture may stand anywhere in a larger one.
func TestSubImagesAreWholePictures(t *testing.T) {
	for _, p := range pictures(12, 11) {
		if strings.Contains(p.name, "part") && !strings.Contains(p.name, "YCbCr") && !strings.HasPrefix(p.name, "foreign") && !isYCbCr(p.img) {
			whole := apply(t, Flip{}, apply(t, Flip{}, p.img)) // a copy
			for _, op := range everyOp {
				a, err := op.Apply(p.img)
				b, err2 := op.Apply(whole)
				if err != nil || err2 != nil {
					t.Fatal(err, err2)
				}
				near(t, a, b, 0)
			}
		}
	}
}
