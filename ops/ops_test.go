package ops

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"math"
	"strings"
	"testing"

	"github.com/disintegration/imaging"
	"pgregory.net/rapid"
)

// everyOp holds each operation at least once, on each of its ways.
var everyOp = Pipeline{
	Gray{},
	Gray{Luma: BT709},
	Resize{Width: 5},
	Resize{Height: 3, Filter: Linear},
	Resize{},
	Resize{Width: 9, Height: 9, Enlarge: true, Filter: CatmullRom},
	Resize{Width: 3, Height: 2, Mode: Fill, Filter: Box},
	Resize{Width: 3, Height: 2, Mode: Exact, Filter: Nearest},
	Resize{Width: 4, Linear: true},
	Thumb{Size: 4},
	Crop{Width: 3, Height: 3, Gravity: Center},
	Crop{Width: 300, Height: 300},
	Rotate{Degrees: 90},
	Rotate{Degrees: -180},
	Rotate{Degrees: 630},
	Rotate{Degrees: 360},
	Rotate{Degrees: 30, Background: White},
	Rotate{Degrees: -1e300, Background: Transparent},
	Flip{},
	Flip{Vertical: true},
	Orient{},
	Blur{Sigma: 1.5},
	Blur{Sigma: 40},
	Sharpen{Sigma: 0.7},
	Sharpen{Sigma: 5},
	Adjust{Brightness: 10, Contrast: -20, Gamma: 1.5, Saturation: 300},
	Invert{},
	Convert{Format: "png"},
}

func TestEveryOpIsInThePipelineOfTests(t *testing.T) {
	for _, s := range Specs() {
		found := false
		for _, op := range everyOp {
			found = found || strings.Fields(op.String())[0] == s.Name
		}
		if !found {
			t.Errorf("%s is not tested", s.Name)
		}
	}
}

func TestApplyKeepsItsPromises(t *testing.T) {
	each(t, func(t *testing.T, p picture) {
		size := p.img.Bounds().Size()
		before := memory(p.img)
		for _, op := range everyOp {
			out := apply(t, op, p.img)
			if !bytes.Equal(memory(p.img), before) {
				t.Fatalf("%v has changed its source", op)
			}
			want := size
			if made := op.Sizes(size.X, size.Y); len(made) > 0 {
				want = made[len(made)-1]
			}
			if got := out.Bounds().Size(); got != want {
				t.Errorf("%v gives %v, want %v as Sizes says", op, got, want)
			}
			r, turning := op.(Rotate)
			corners := turning && math.Mod(r.Degrees, 90) != 0 && r.Background == Transparent
			if strings.HasPrefix(p.name, "Gray") && !strings.HasPrefix(typeOf(out), "*image.Gray") && !corners {
				t.Errorf("%v makes %T of a gray picture", op, out)
			}
			if _, straight := out.(*image.NRGBA); straight && opaque(p.img) && typeOf(p.img) != typeOf(out) && !corners {
				t.Errorf("%v makes %T of an opaque picture", op, out)
			}
		}
	})
}

func TestExactOpsKeepTheType(t *testing.T) {
	keep := Pipeline{Crop{Width: 2, Height: 2}, Rotate{Degrees: 90}, Flip{}, Flip{Vertical: true}}
	for _, p := range pictures(8, 8) {
		if _, ok := p.img.(foreign); ok || strings.Contains(p.name, "Ratio41") || strings.Contains(p.name, "part (3,5)") {
			continue
		}
		for _, op := range keep {
			if _, crop := op.(Crop); !crop && strings.HasPrefix(p.name, "NYCbCrA") {
				continue
			}
			out := apply(t, op, p.img)
			if want, got := typeOf(p.img), typeOf(out); got != want {
				t.Errorf("%v of %s gives %s", op, p.name, got)
			}
		}
	}
}

func TestPicturesWithoutPixels(t *testing.T) {
	for _, size := range []image.Point{{0, 0}, {0, 5}, {5, 0}} {
		for _, p := range pictures(size.X, size.Y) {
			for _, op := range everyOp {
				out, err := op.Apply(p.img)
				if _, crop := op.(Crop); crop {
					if err == nil || !strings.HasPrefix(err.Error(), "nothing of that is inside of the picture") {
						t.Errorf("%v of %s: %v", op, p.name, err)
					}
					continue
				}
				for _, made := range op.Sizes(size.X, size.Y) {
					if made.X != 0 && made.Y != 0 {
						t.Errorf("%v of %v makes %v", op, size, made)
					}
				}
				if err != nil || !out.Bounds().Empty() {
					t.Errorf("%v of %s %v: %v, %v", op, p.name, size, out.Bounds(), err)
				}
			}
		}
	}
}

func TestPaletteIndexOutOfRange(t *testing.T) {
	img := image.NewPaletted(image.Rect(0, 0, 40, 30), color.Palette{color.Black, color.White, color.Black, color.White})
	img.Pix[40*29+39] = 9
	part := img.SubImage(image.Rect(20, 20, 40, 30))
	for _, op := range everyOp {
		for _, src := range []image.Image{img, part} {
			if _, err := op.Apply(src); err == nil || err.Error() != "palette index 9 of 4 colours" {
				t.Errorf("%v: %v", op, err)
			}
		}
	}
	if got := Upright(img, 3).(*image.Paletted).Pix[0]; got != 9 {
		t.Errorf("Upright has moved %d, want 9", got)
	}
	blank := image.NewPaletted(image.Rect(0, 0, 1, 1), nil)
	if _, err := (Blur{Sigma: 1}).Apply(blank); err == nil || err.Error() != "palette index 0 of 0 colours" {
		t.Error(err)
	}
}

func TestMemoryThatIsTooShort(t *testing.T) {
	short := &image.NRGBA{Pix: make([]byte, 4*12-1), Stride: 16, Rect: image.Rect(0, 0, 4, 3)}
	for _, op := range []Op{Gray{}, Gray{BT709}, Invert{}, Blur{Sigma: 1}, Blur{Sigma: 50}, Sharpen{Sigma: 1}, Adjust{Gamma: 2}, Rotate{Degrees: 1}, Resize{Width: 2}, Resize{Width: 2, Filter: Nearest}, Thumb{Size: 2, Linear: true}} {
		_, err := op.Apply(short)
		if err == nil || err.Error() != "the picture's memory is too short for 4x3 pixels" {
			t.Errorf("%v: %v", op, err)
		}
	}
}

func TestApplyRefusesWhatParseRefuses(t *testing.T) {
	src := image.NewGray(image.Rect(0, 0, 9, 9))
	for op, want := range map[Op]string{
		Resize{Width: -5}:               "resize: width -5: want a whole number of pixels from 1 to 65535",
		Resize{Filter: 9}:               "resize: filter #9: want lanczos, catmullrom, linear, box or nearest",
		Resize{Mode: Fill, Width: 3}:    "resize: fill without both sides: want a width and a height",
		Gray{Luma: 2}:                   "gray: luma #2: want bt601 or bt709",
		Thumb{}:                         "thumb: size 0: want a whole number of pixels from 1 to 65535",
		Crop{Width: 1}:                  "crop: geometry 1x0+0+0: want WxH or WxH+X+Y in pixels, W and H from 1, all at most 65535",
		Rotate{Degrees: math.Inf(1)}:    "rotate: angle +Inf: want a finite number of degrees",
		Blur{Sigma: math.NaN()}:         "blur: sigma NaN: want a number from 0.01 to 1000",
		Sharpen{}:                       "sharpen: sigma 0: want a number from 0.01 to 1000",
		Adjust{Contrast: 101, Gamma: 2}: "adjust: contrast 101: want a number from -100 to 100",
	} {
		if _, err := op.Apply(src); err == nil || err.Error() != want {
			t.Errorf("%#v: %v, want %s", op, err, want)
		}
	}
}

func TestGray(t *testing.T) {
	each(t, func(t *testing.T, p picture) {
		out := apply(t, Gray{}, p.img)
		transparent := !opaque(p.img)
		if f, ok := p.img.(foreign); ok {
			transparent = !opaque(f.Image)
		}
		deep := strings.Contains(p.name, "64") || strings.HasPrefix(p.name, "Gray16")
		want := map[bool]map[bool]string{
			false: {false: "*image.Gray", true: "*image.Gray16"}, true: {false: "*image.NRGBA", true: "*image.NRGBA64"},
		}[transparent][deep]
		if typeOf(out) != want {
			t.Fatalf("%s, want %s", typeOf(out), want)
		}
		if !strings.HasPrefix(p.name, "Gray") && out.Bounds().Min != (image.Point{}) {
			t.Fatalf("bounds %v do not begin at 0,0", out.Bounds())
		}
		for y := range out.Bounds().Dy() {
			for x := range out.Bounds().Dx() {
				if got, want := nrgba64At(out, x, y), slowGray(p.img, x, y, deep); got != want {
					t.Fatalf("pixel %d,%d is %v, want %v", x, y, got, want)
				}
			}
		}
	})
}

func slowGray(img image.Image, x, y int, deep bool) color.NRGBA64 {
	weigh := func(r, g, b uint64) uint64 { return (19595*r + 38470*g + 7471*b + 32768) >> 16 }
	var v uint64
	a := nrgba64At(img, x, y).A
	switch c := at(img, x, y).(type) {
	case color.Gray16:
		v = uint64(c.Y)
	case color.YCbCr:
		v = uint64(c.Y) * 257
	case color.NYCbCrA:
		v = uint64(c.Y) * 257
	default:
		if deep {
			n := nrgba64At(img, x, y)
			v = weigh(uint64(n.R), uint64(n.G), uint64(n.B))
		} else {
			n := nrgbaAt(img, x, y)
			v, a = weigh(uint64(n.R), uint64(n.G), uint64(n.B))*257, uint16(n.A)*257
		}
	}
	c := color.NRGBA64{uint16(v), uint16(v), uint16(v), a}
	if deep {
		return color.NRGBA64Model.Convert(c).(color.NRGBA64)
	}
	n := color.NRGBA{uint8(v >> 8), uint8(v >> 8), uint8(v >> 8), uint8(a >> 8)}
	return color.NRGBA64Model.Convert(n).(color.NRGBA64)
}

func TestGrayOfPureColours(t *testing.T) {
	for c, want := range map[color.NRGBA]uint8{ // 0.299, 0.587 and 0.114 of 255, to nearest
		{255, 0, 0, 255}: 76, {0, 255, 0, 255}: 150, {0, 0, 255, 255}: 29, {255, 255, 255, 255}: 255, {0, 0, 0, 255}: 0,
	} {
		src := image.NewNRGBA(image.Rect(0, 0, 1, 1))
		src.SetNRGBA(0, 0, c)
		if got := apply(t, Gray{}, src).(*image.Gray).Pix[0]; got != want {
			t.Errorf("%v: %d, want %d", c, got, want)
		}
	}
	for c, want := range map[color.NRGBA]uint8{ // 0.2126, 0.7152 and 0.0722 of 255
		{255, 0, 0, 255}: 54, {0, 255, 0, 255}: 182, {0, 0, 255, 255}: 18, {255, 255, 255, 255}: 255, {0, 0, 0, 255}: 0,
	} {
		src := image.NewNRGBA(image.Rect(0, 0, 1, 1))
		src.SetNRGBA(0, 0, c)
		if got := apply(t, Gray{BT709}, src).(*image.Gray).Pix[0]; got != want {
			t.Errorf("%v by BT.709: %d, want %d", c, got, want)
		}
	}
}

// The weights of ITU-R BT.709, in 8 and in 16 bits. A YCbCr picture goes through RGB.
func TestGrayByBT709(t *testing.T) {
	each(t, func(t *testing.T, p picture) {
		if strings.HasPrefix(p.name, "Gray") {
			return
		}
		src := slowStraight(p.img)
		out := apply(t, Gray{BT709}, p.img)
		if want := typeOf(apply(t, Gray{}, src)); typeOf(out) != want {
			t.Fatalf("%T, want %s", out, want)
		}
		for y := range out.Bounds().Dy() {
			for x := range out.Bounds().Dx() {
				n, got := nrgba64Of(at(src, x, y)), nrgba64Of(at(out, x, y))
				want := 0.2126*float64(n.R) + 0.7152*float64(n.G) + 0.0722*float64(n.B)
				limit := 0.52 // half a step, and what weights of 16 bits miss
				if !isDeep(src) {
					limit *= 257
				}
				if d := math.Abs(float64(got.R) - want); d > limit+0.5 || got.A != n.A || got.G != got.R || got.B != got.R {
					t.Fatalf("pixel %d,%d of %v is %v, want %.1f", x, y, n, got, want)
				}
			}
		}
	})
	for _, k := range lumaWeights {
		if k.r+k.g+k.b != 1<<16 {
			t.Errorf("%v do not add up to one", k)
		}
	}
}

func TestInvert(t *testing.T) {
	each(t, func(t *testing.T, p picture) {
		out := apply(t, Invert{}, p.img)
		deep := strings.Contains(p.name, "64") || strings.HasPrefix(p.name, "Gray16")
		for y := range out.Bounds().Dy() {
			for x := range out.Bounds().Dx() {
				if deep {
					n := nrgba64At(p.img, x, y)
					if c, ok := at(p.img, x, y).(color.NRGBA64); ok {
						n = c
					}
					want := color.NRGBA64Model.Convert(color.NRGBA64{^n.R, ^n.G, ^n.B, n.A})
					if got := nrgba64At(out, x, y); got != want {
						t.Fatalf("pixel %d,%d is %v, want %v", x, y, got, want)
					}
					continue
				}
				n := nrgbaAt(p.img, x, y)
				want := color.NRGBAModel.Convert(color.NRGBA{^n.R, ^n.G, ^n.B, n.A})
				if got := nrgbaAt(out, x, y); got != want {
					t.Fatalf("pixel %d,%d is %v, want %v", x, y, got, want)
				}
			}
		}
	})
}

func TestCrop(t *testing.T) {
	each(t, func(t *testing.T, p picture) {
		w, h := p.img.Bounds().Dx(), p.img.Bounds().Dy()
		for _, r := range []image.Rectangle{image.Rect(0, 0, w, h), image.Rect(w/2, h/3, w, h), image.Rect(0, 0, 1, h)} {
			out := apply(t, Crop{Width: r.Dx(), Height: r.Dy(), X: r.Min.X, Y: r.Min.Y}, p.img)
			if out.Bounds().Size() != r.Size() {
				t.Fatalf("size %v, want %v", out.Bounds().Size(), r.Size())
			}
			for y := range r.Dy() {
				for x := range r.Dx() {
					if got, want := nrgbaAt(out, x, y), nrgbaAt(p.img, r.Min.X+x, r.Min.Y+y); got != want {
						t.Fatalf("pixel %d,%d is %v, want %v", x, y, got, want)
					}
				}
			}
		}
	})
}

func TestCropPlaces(t *testing.T) {
	for text, want := range map[string]image.Rectangle{ // of 100x80
		"crop 10x20":                         image.Rect(45, 30, 55, 50),
		"crop 10x20+3+4":                     image.Rect(3, 4, 13, 24),
		"crop 10x20 gravity=northwest":       image.Rect(0, 0, 10, 20),
		"crop 10x20 gravity=north":           image.Rect(45, 0, 55, 20),
		"crop 10x20+3+4 gravity=northeast":   image.Rect(87, 4, 97, 24),
		"crop 10x20 gravity=west":            image.Rect(0, 30, 10, 50),
		"crop 10x20+3+4 gravity=east":        image.Rect(87, 34, 97, 54),
		"crop 10x20 gravity=southwest":       image.Rect(0, 60, 10, 80),
		"crop 10x20+0+4 gravity=south":       image.Rect(45, 56, 55, 76),
		"crop 10x20+3+4 gravity=southeast":   image.Rect(87, 56, 97, 76),
		"crop 10x20-3-4":                     image.Rect(0, 0, 7, 16),
		"crop 50x50+90+70":                   image.Rect(90, 70, 100, 80),
		"crop 500x20":                        image.Rect(0, 30, 100, 50),
		"crop 65535x65535":                   image.Rect(0, 0, 100, 80),
		"crop gravity=south geometry=100x10": image.Rect(0, 70, 100, 80),
	} {
		p, err := Parse(text)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := apply(t, p[0], image.NewGray(image.Rect(0, 0, 100, 80))).Bounds(); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
	_, err := Crop{Width: 10, Height: 10, X: 100}.Apply(image.NewGray(image.Rect(0, 0, 100, 80)))
	if want := "nothing of that is inside of the picture, which is 100x80"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestResizeDimensions(t *testing.T) {
	for _, c := range []struct {
		text         string
		w, h         int
		wantW, wantH int
	}{
		{"resize w=800", 4000, 3000, 800, 600},
		{"resize h=600", 4000, 3000, 800, 600},
		{"resize w=800 h=800", 4000, 3000, 800, 600},
		{"resize w=800 h=800", 3000, 4000, 600, 800},
		{"resize w=800", 6000, 4001, 800, 533}, // 533.47
		{"resize w=100", 1000, 15, 100, 2},     // 1.5 rounds up
		{"resize w=100", 1000, 14, 100, 1},     // 1.4
		{"resize w=10", 65535, 1, 10, 1},       // 0.0002 is at least 1
		{"resize", 4000, 3000, 1600, 1200},     //
		{"resize", 1600, 1600, 1600, 1600},     //
		{"resize w=800", 640, 480, 640, 480},   // never larger
		{"resize h=481", 640, 480, 640, 480},   //
		{"resize w=9 h=9999", 8, 7, 8, 7},      //
		{"resize w=1280 enlarge", 640, 480, 1280, 960},
		{"resize enlarge", 160, 120, 1600, 1200},
		{"resize w=300 h=200 fill", 4000, 3000, 300, 200},
		{"resize w=300 h=200 fill", 3000, 4000, 300, 200},
		{"resize w=300 h=200 fill", 240, 500, 240, 160},
		{"resize w=300 h=200 fill", 500, 100, 150, 100},
		{"resize w=1 h=3 fill", 9, 4, 1, 3},
		{"resize w=300 h=200 fill enlarge", 30, 50, 300, 200},
		{"resize w=300 h=200 exact", 400, 400, 300, 200},
		{"resize w=300 h=200 exact", 200, 400, 200, 200},
		{"resize w=300 h=200 exact enlarge", 20, 40, 300, 200},
		{"thumb", 4000, 3000, 256, 256},
		{"thumb 100", 90, 3000, 90, 90},
		{"thumb 300", 30, 20, 20, 20},
		{"resize w=65535 enlarge", 1, 65535, 65535, math.MaxInt32},
		{"resize w=65535 h=65535", 65535, 65534, 65535, 65534},
		{"resize w=65534", 65535, 65535, 65534, 65534},
		{"resize w=65535 h=65534 fill enlarge", 65534, 65535, 65535, 65534},
	} {
		p, err := Parse(c.text)
		if err != nil {
			t.Error(err)
			continue
		}
		got := image.Pt(c.w, c.h)
		if made := p[0].Sizes(c.w, c.h); len(made) > 0 {
			got = made[len(made)-1]
		}
		if got != image.Pt(c.wantW, c.wantH) {
			t.Errorf("%s of %dx%d: %v, want %dx%d", c.text, c.w, c.h, got, c.wantW, c.wantH)
		}
	}
}

func TestSizesNamesIntermediatePictures(t *testing.T) {
	for text, want := range map[string][]image.Point{ // of 400x300
		"resize w=100":                {{400, 92}, {400, 92}, {400, 92}, {100, 75}}, // (16 + 6) * 4 + 4 rows
		"resize w=100 filter=linear":  {{400, 76}, {400, 76}, {400, 76}, {100, 75}},
		"resize w=100 filter=nearest": {{400, 300}, {100, 75}},
		"resize w=100 h=300 exact":    {{400, 26}, {400, 26}, {400, 26}, {100, 300}},
		"resize w=9 h=9 fill":         {{400, 300}, {400, 300}, {400, 300}, {9, 9}},
		"resize w=300 h=300 fill":     {{300, 300}},
		"resize":                      nil,
		"rotate 90":                   {{400, 300}, {300, 400}},
		"rotate 0":                    nil,
		"orient":                      nil,
		"convert png":                 nil,
	} {
		p, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		got := p[0].Sizes(400, 300)
		if len(got) != len(want) {
			t.Errorf("%s: %v, want %v", text, got, want)
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%s: %v, want %v", text, got, want)
			}
		}
	}
}

// TestAgainstImaging holds operations of our own against those of package imaging, fed pixel by pixel. It works on 8 bits,
// and its rotation in floating point.
func TestAgainstImaging(t *testing.T) {
	for op, c := range map[Op]struct {
		reference func(image.Image) *image.NRGBA
		tolerance int
	}{
		Resize{Width: 5, Height: 5, Mode: Exact, Filter: Nearest, Enlarge: true}: {func(n image.Image) *image.NRGBA {
			return imaging.Resize(n, 5, 5, imaging.NearestNeighbor)
		}, 0},
		Rotate{Degrees: 30, Background: White}: {func(n image.Image) *image.NRGBA { return imaging.Rotate(n, -30, color.White) }, 1},
		Rotate{Degrees: -400, Background: color.NRGBA{1, 200, 3, 40}}: {func(n image.Image) *image.NRGBA {
			return imaging.Rotate(n, 400, color.NRGBA{1, 200, 3, 40})
		}, 1},
		Adjust{Brightness: 10, Contrast: -20, Gamma: 1.5}: {func(n image.Image) *image.NRGBA {
			return imaging.AdjustGamma(imaging.AdjustContrast(imaging.AdjustBrightness(n, 10), -20), 1.5)
		}, 0},
	} {
		for _, size := range sizes {
			for _, p := range pictures(size.X, size.Y) {
				if _, nearest := op.(Resize); isDeep(p.img) && !nearest {
					continue // see depth_test.go
				}
				want := c.reference(slowNRGBA(p.img))
				t.Run(op.String()+" "+p.name, func(t *testing.T) { near(t, apply(t, op, p.img), want, c.tolerance) })
			}
		}
	}
}

// Package imaging cuts a Gaussian at three sigma, and rounds to 8 bits between its passes.
func TestBlurAgainstImaging(t *testing.T) {
	for _, sigma := range []float64{0.4, 1.5, 7, 15} {
		for name, src := range softTypes(90, 60) {
			t.Run(fmt.Sprintf("%v of %s", sigma, name), func(t *testing.T) {
				near(t, apply(t, Blur{sigma}, src), imaging.Blur(slowNRGBA(src), sigma), 2)
				near(t, apply(t, Sharpen{sigma}, src), imaging.Sharpen(slowNRGBA(src), sigma), 3)
			})
		}
	}
}

func TestSizesOfInvalidOps(t *testing.T) {
	for _, op := range []Op{Resize{Mode: Fill}, Resize{Mode: Exact, Width: -5}, Thumb{}, Crop{Width: -1, Height: 5}} {
		made := op.Sizes(40, 30)
		if last := made[len(made)-1]; last.X > 1 && last.Y > 1 {
			t.Errorf("%#v makes %v", op, made)
		}
	}
}

func TestSaturation(t *testing.T) {
	colours := image.NewNRGBA(image.Rect(0, 0, 64, 64))
	for i := range 64 * 64 {
		copy(colours.Pix[4*i:], []byte{uint8(i * 7), uint8(i * 13 >> 2), uint8(i >> 4), uint8(255 - i&1)})
	}
	for _, percent := range []float64{-100, -30, 25, 100} {
		got := apply(t, Adjust{Saturation: percent}, colours)
		near(t, got, imaging.AdjustSaturation(colours, percent), 1) // the formulas round at different places
	}
	red := image.NewNRGBA(image.Rect(0, 0, 1, 1))
	copy(red.Pix, []byte{120, 100, 100, 255}) // saturation 1/11 at lightness 110
	got := nrgbaAt(apply(t, Adjust{Saturation: 500}, red), 0, 0)
	if want := (color.NRGBA{170, 50, 50, 255}); got != want { // six times the distance from 110
		t.Errorf("%v, want %v", got, want)
	}
}

func TestRotateIsClockwise(t *testing.T) {
	src := image.NewGray(image.Rect(0, 0, 3, 2))
	copy(src.Pix, []byte{1, 2, 3, 4, 5, 6})
	for degrees, want := range map[float64][]byte{
		90: {4, 1, 5, 2, 6, 3}, 180: {6, 5, 4, 3, 2, 1}, 270: {3, 6, 2, 5, 1, 4}, -90: {3, 6, 2, 5, 1, 4},
		450: {4, 1, 5, 2, 6, 3}, 0: {1, 2, 3, 4, 5, 6}, -720: {1, 2, 3, 4, 5, 6}, 1e-20: {1, 2, 3, 4, 5, 6},
	} {
		if got := apply(t, Rotate{Degrees: degrees}, src).(*image.Gray); !bytes.Equal(got.Pix, want) {
			t.Errorf("%v degrees: %v, want %v", degrees, got.Pix, want)
		}
	}
	src = image.NewGray(image.Rect(0, 0, 101, 101))
	src.SetGray(50, 0, color.Gray{255}) // at twelve o'clock
	out := apply(t, Rotate{Degrees: 45, Background: Black}, src).(*image.Gray)
	brightest := 0
	for i, v := range out.Pix {
		if v > out.Pix[brightest] {
			brightest = i
		}
	}
	if x, y := brightest%out.Stride, brightest/out.Stride; x < out.Rect.Dx()/2+30 || y > out.Rect.Dy()/2-30 {
		t.Errorf("twelve o'clock is at %d,%d of %v, want the upper right", x, y, out.Rect.Max)
	}
}

func TestGrayOnColouredBackground(t *testing.T) {
	src := image.NewGray(image.Rect(0, 0, 10, 10))
	out := apply(t, Rotate{Degrees: 45, Background: color.NRGBA{200, 0, 0, 255}}, src)
	if got, want := nrgbaAt(out, 0, 0), (color.NRGBA{200, 0, 0, 255}); got != want {
		t.Errorf("corner %v, want %v", got, want)
	}
}

func TestTurns(t *testing.T) {
	source := []func(x, y, w, h int) (u, v int){ // of w x h, by EXIF orientation
		1: func(x, y, w, h int) (int, int) { return x, y },
		2: func(x, y, w, h int) (int, int) { return w - 1 - x, y },
		3: func(x, y, w, h int) (int, int) { return w - 1 - x, h - 1 - y },
		4: func(x, y, w, h int) (int, int) { return x, h - 1 - y },
		5: func(x, y, w, h int) (int, int) { return y, x },
		6: func(x, y, w, h int) (int, int) { return y, h - 1 - x },
		7: func(x, y, w, h int) (int, int) { return w - 1 - y, h - 1 - x },
		8: func(x, y, w, h int) (int, int) { return w - 1 - y, x },
	}
	each(t, func(t *testing.T, p picture) {
		w, h := p.img.Bounds().Dx(), p.img.Bounds().Dy()
		before := memory(p.img)
		for o := 1; o <= 8; o++ {
			out := Upright(p.img, o)
			size := image.Pt(w, h)
			if o > 4 {
				size = image.Pt(h, w)
			}
			if out.Bounds().Size() != size {
				t.Fatalf("orientation %d: size %v, want %v", o, out.Bounds().Size(), size)
			}
			for y := range size.Y {
				for x := range size.X {
					u, v := source[o](x, y, w, h)
					if typeOf(out) == typeOf(p.img) {
						if got, want := at(out, x, y), at(p.img, u, v); got != want {
							t.Fatalf("orientation %d: pixel %d,%d is %v, want %v", o, x, y, got, want)
						}
					} else if got, want := nrgbaAt(out, x, y), nrgbaAt(p.img, u, v); got != want {
						t.Fatalf("orientation %d: pixel %d,%d is %v, want %v", o, x, y, got, want)
					}
				}
			}
		}
		for _, o := range []int{-1, 0, 1, 9, math.MaxInt32} {
			if Upright(p.img, o) != p.img {
				t.Errorf("orientation %d changes the picture", o)
			}
		}
		if !bytes.Equal(memory(p.img), before) {
			t.Error("the source has changed")
		}
	})
}

func TestSizesAreWhatApplyGives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 60).Draw(t, "w"), rapid.IntRange(1, 60).Draw(t, "h")
		op := randomOp(t, 70)
		src := image.NewGray(image.Rect(0, 0, w, h))
		want := src.Rect.Size()
		if made := op.Sizes(w, h); len(made) > 0 {
			want = made[len(made)-1]
		}
		out, err := op.Apply(src)
		if err != nil {
			if _, crop := op.(Crop); crop && want == (image.Point{}) {
				return
			}
			t.Fatal(err)
		}
		if got := out.Bounds().Size(); got != want {
			t.Fatalf("%v of %dx%d gives %v, Sizes says %v", op, w, h, got, want)
		}
		if r, ok := op.(Resize); ok && !r.Enlarge && (want.X > w || want.Y > h) {
			t.Fatalf("%v enlarges %dx%d to %v", op, w, h, want)
		}
	})
}
