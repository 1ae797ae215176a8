package ops

import (
	"context"
	"errors"
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// randomOp draws an operation whose values are all valid, with no side above most.
func randomOp(t *rapid.T, most int) Op {
	side := rapid.IntRange(1, most)
	sigma := rapid.Float64Range(MinSigma, 20)
	percent := rapid.Float64Range(-100, 100)
	switch rapid.SampledFrom(Specs()).Draw(t, "op").Name {
	case "gray":
		return Gray{Luma(rapid.IntRange(0, len(lumaNames)-1).Draw(t, "luma"))}
	case "resize":
		r := Resize{
			Mode:    Mode(rapid.IntRange(0, len(modeNames)-1).Draw(t, "mode")),
			Filter:  Filter(rapid.IntRange(0, len(filterNames)-1).Draw(t, "filter")),
			Enlarge: rapid.Bool().Draw(t, "enlarge"),
			Linear:  rapid.Bool().Draw(t, "linear"),
			Width:   side.Draw(t, "width"),
			Height:  side.Draw(t, "height"),
		}
		if r.Mode == Fit && rapid.Bool().Draw(t, "free") {
			r.Height = 0
		}
		return r
	case "thumb":
		return Thumb{side.Draw(t, "size"), rapid.Bool().Draw(t, "linear")}
	case "crop":
		offset := rapid.IntRange(-most, most)
		return Crop{side.Draw(t, "width"), side.Draw(t, "height"), offset.Draw(t, "x"), offset.Draw(t, "y"),
			Gravity(rapid.IntRange(0, len(gravityNames)-1).Draw(t, "gravity"))}
	case "rotate":
		c := rapid.Custom(func(t *rapid.T) color.NRGBA {
			return color.NRGBA{rapid.Byte().Draw(t, "r"), rapid.Byte().Draw(t, "g"), rapid.Byte().Draw(t, "b"), rapid.Byte().Draw(t, "a")}
		})
		degrees := rapid.OneOf(rapid.Float64Range(-720, 720), rapid.SampledFrom([]float64{0, 90, 180, 270, -90, 1e300}))
		return Rotate{degrees.Draw(t, "degrees") + 0, rapid.OneOf(c, rapid.SampledFrom([]color.NRGBA{White, Black, Transparent})).Draw(t, "c")}
	case "flip":
		return Flip{rapid.Bool().Draw(t, "vertical")}
	case "orient":
		return Orient{}
	case "blur":
		return Blur{sigma.Draw(t, "sigma")}
	case "sharpen":
		return Sharpen{sigma.Draw(t, "sigma")}
	case "adjust":
		a := Adjust{Brightness: percent.Draw(t, "b") + 0, Contrast: percent.Draw(t, "c") + 0}
		a.Saturation = rapid.Float64Range(-100, 500).Draw(t, "s") + 0
		if a.Gamma = rapid.Float64Range(MinGamma, MaxGamma).Draw(t, "g"); a.Gamma == 1 {
			a.Gamma = 0
		}
		return a
	case "invert":
		return Invert{}
	}
	return Convert{rapid.SampledFrom([]string{"jpeg", "png", "tiff", "x3f"}).Draw(t, "format")}
}

func TestTextFormGivesThePipelineBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p Pipeline
		for range rapid.IntRange(1, 5).Draw(t, "steps") {
			p = append(p, randomOp(t, MaxSide))
		}
		text := p.String()
		back, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(p, back); diff != "" {
			t.Fatalf("%q: %s", text, diff)
		}
		if again := back.String(); again != text {
			t.Fatalf("%q prints as %q", text, again)
		}
	})
}

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"gray":                                 "gray",
		"gray luma=bt601":                      "gray",
		"gray luma=bt709":                      "gray luma=bt709",
		"  resize  width=800 |gray|blur ":      "resize w=800 | gray | blur",
		"resize height=600 w=800 filter=box":   "resize w=800 h=600 filter=box",
		"resize filter=lanczos fit":            "resize",
		"resize h=1 w=2 fill enlarge":          "resize w=2 h=1 fill enlarge",
		"resize h=1 w=2 fill=false exact=true": "resize w=2 h=1 exact",
		"thumb":                                "thumb",
		"thumb 256":                            "thumb",
		"thumb size=64":                        "thumb 64",
		"thumb linear size=64":                 "thumb 64 linear",
		"resize linear enlarge=true w=7":       "resize w=7 enlarge linear",
		"crop 100x100+10+10":                   "crop 100x100+10+10",
		"crop 100x100+0+0":                     "crop 100x100+0+0",
		"crop 100x100 gravity=center":          "crop 100x100",
		"crop 100x100 gravity=northwest":       "crop 100x100+0+0",
		"crop 1x2-3+4 gravity=south":           "crop 1x2-3+4 gravity=south",
		"rotate 090":                           "rotate 90",
		"rotate -0":                            "rotate 0",
		"rotate -12.50 background=#FFF000":     "rotate -12.5 background=#fff000",
		"rotate angle=1 background=#ffffffff":  "rotate 1",
		"rotate 1 background=#00000000":        "rotate 1 background=transparent",
		"rotate 1 background=#12345678":        "rotate 1 background=#12345678",
		"flip direction=v":                     "flip v",
		"sharpen 0.5":                          "sharpen 0.5",
		"adjust gamma=1":                       "adjust brightness=0",
		"adjust saturation=500 brightness=-1":  "adjust brightness=-1 saturation=500",
		"convert JPG":                          "convert jpeg",
		"convert tif":                          "convert tiff",
		"orient | flip h | invert":             "orient | flip h | invert",
	} {
		p, err := Parse(text)
		if err != nil || p.String() != want {
			t.Errorf("%q: %q, %v, want %q", text, p, err, want)
		}
	}
}

func TestParseRefusesNonsense(t *testing.T) {
	const names = "gray, resize, thumb, crop, rotate, flip, orient, blur, sharpen, adjust, invert or convert"
	const resizeNames = "width (w), height (h), fit, fill, exact, filter, enlarge or linear"
	const side = "a whole number of pixels from 1 to 65535"
	const sigma = "a number from 0.01 to 1000"
	const colour = "white, black, transparent, #rrggbb or #rrggbbaa"
	const place = "WxH or WxH+X+Y in pixels, W and H from 1, all at most 65535"
	for text, want := range map[string]string{
		"":                              "no operation: want operations separated by |, such as resize w=800 | gray",
		" \t":                           "no operation: want operations separated by |, such as resize w=800 | gray",
		"gray ||":                       "step 2 is empty: want " + names,
		"|gray":                         "step 1 is empty: want " + names,
		"Gray":                          "unknown operation Gray: want " + names,
		"wash":                          "unknown operation wash: want " + names,
		"w=800":                         "unknown operation w=800: want " + names,
		"gray\x00":                      `unknown operation "gray\x00": want ` + names,
		"gray 5":                        "gray: unknown parameter 5: want luma",
		"gray x=5":                      "gray: unknown parameter x: want luma",
		"resize 800":                    "resize: unknown parameter 800: want " + resizeNames,
		"resize size=800":               "resize: unknown parameter size: want " + resizeNames,
		"resize =800":                   `resize: unknown parameter "": want ` + resizeNames,
		"resize w":                      "resize: width without a value: want " + side,
		"resize width=-1":               "resize: width -1: want " + side,
		"resize w=0":                    "resize: width 0: want " + side,
		"resize w=70000":                "resize: width 70000: want " + side,
		"resize w=1.5":                  "resize: width 1.5: want " + side,
		"resize h=99999999999999999999": "resize: height 99999999999999999999: want " + side,
		"resize w=":                     `resize: width "": want ` + side,
		"resize w=8 width=9":            "resize: width is given twice: want it once",
		"resize fill=yes w=1 h=1":       "resize: fill yes: want true or false",
		"resize fill fill w=1 h=1":      "resize: fill is given twice: want it once",
		"resize fill exact w=1 h=1":     "resize: more than one mode: want one of fit, fill or exact",
		"resize exact h=5":              "resize: exact without both sides: want a width and a height",
		"resize fill":                   "resize: fill without both sides: want a width and a height",
		"resize filter=lanczos4":        "resize: filter lanczos4: want lanczos, catmullrom, linear, box or nearest",
		"thumb 0":                       "thumb: size 0: want " + side,
		"thumb 5 6":                     "thumb: unknown parameter 6: want size or linear",
		"thumb 5 size=6":                "thumb: size is given twice: want it once",
		"crop":                          "crop: no geometry: want " + place,
		"crop 5":                        "crop: geometry 5: want " + place,
		"crop 5x0":                      "crop: geometry 5x0: want " + place,
		"crop 70000x5":                  "crop: geometry 70000x5: want " + place,
		"crop 5x5+1":                    "crop: geometry 5x5+1: want " + place,
		"crop 5x5+70000+0":              "crop: geometry 5x5+70000+0: want " + place,
		"crop 5x5 gravity=up": "crop: gravity up: want northwest, north, northeast, west, center, east, southwest, " +
			"south or southeast",
		"rotate":                     "rotate: no angle: want a finite number of degrees",
		"rotate inf":                 "rotate: angle inf: want a finite number of degrees",
		"rotate NaN":                 "rotate: angle NaN: want a finite number of degrees",
		"rotate 1e999":               "rotate: angle 1e999: want a finite number of degrees",
		"rotate left":                "rotate: angle left: want a finite number of degrees",
		"rotate 5 background=red":    "rotate: background red: want " + colour,
		"rotate 5 background=ffffff": "rotate: background ffffff: want " + colour,
		"rotate 5 background=#ff":    "rotate: background #ff: want " + colour,
		"rotate 5 background=":       `rotate: background "": want ` + colour,
		"flip":                       "flip: no direction: want h or v",
		"flip x":                     "flip: direction x: want h or v",
		"blur NaN":                   "blur: sigma NaN: want " + sigma,
		"blur 0":                     "blur: sigma 0: want " + sigma,
		"blur -1":                    "blur: sigma -1: want " + sigma,
		"blur 1001":                  "blur: sigma 1001: want " + sigma,
		"blur +Inf":                  "blur: sigma +Inf: want " + sigma,
		"sharpen 1e-300":             "sharpen: sigma 1e-300: want " + sigma,
		"adjust":                     "adjust: nothing to adjust: want brightness, contrast, gamma or saturation",
		"adjust brightness=101":      "adjust: brightness 101: want a number from -100 to 100",
		"adjust contrast=-101":       "adjust: contrast -101: want a number from -100 to 100",
		"adjust gamma=0":             "adjust: gamma 0: want a number from 0.01 to 10",
		"adjust saturation=501":      "adjust: saturation 501: want a number from -100 to 500",
		"convert":                    "convert: no format: want the name of a format, such as png",
		"convert .png":               "convert: format .png: want the name of a format, such as png",
		"orient 3":                   "orient: unknown parameter 3: want no parameter at all",
		"invert yes=no":              "invert: unknown parameter yes: want no parameter at all",
	} {
		_, err := Parse(text)
		var usage *UsageError
		if !errors.As(err, &usage) || err.Error() != want {
			t.Errorf("%q: %v\nwant %s", text, err, want)
		}
	}
}

func TestBuild(t *testing.T) {
	crop, ok := Lookup("crop")
	if !ok {
		t.Fatal("crop is not there")
	}
	op, err := crop.Build(Values{"geometry": "5x6", "gravity": "east"})
	if want := (Crop{Width: 5, Height: 6, Gravity: East}); err != nil || op != want {
		t.Errorf("%v, %v, want %v", op, err, want)
	}
	_, err = crop.Build(Values{"geometry": "5x6", "zoom": "2", "size": "3"})
	if want := "crop: unknown parameter size: want geometry or gravity"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if _, ok := Lookup("wash"); ok {
		t.Error("wash is there")
	}
}

// TestSpecs holds what the command line relies on.
func TestSpecs(t *testing.T) {
	for _, s := range Specs() {
		names := map[string]bool{}
		if s.Summary == "" {
			t.Errorf("%s has no summary", s.Name)
		}
		for i, p := range s.Params {
			if p.Usage == "" || p.Allowed == "" || (p.Kind == Word) != (len(p.Words) > 0) {
				t.Errorf("%s %s is not described", s.Name, p.Name)
			}
			if p.Operand && i > 0 {
				t.Errorf("%s %s is an operand but not first", s.Name, p.Name)
			}
			for _, name := range []string{p.Name, p.Short} {
				if name != "" && names[name] {
					t.Errorf("%s has two parameters %s", s.Name, name)
				}
				names[name] = true
			}
		}
	}
}

func TestFormat(t *testing.T) {
	for text, want := range map[string]string{
		"gray": "", "convert png": "png", "convert png | gray | convert jpg | blur": "jpeg",
	} {
		p, err := Parse(text)
		if err != nil || p.Format() != want {
			t.Errorf("%s: %q, %v, want %q", text, p.Format(), err, want)
		}
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		text   string
		w, h   int
		lim    Limits
		result image.Point
		peak   int64
		err    string
	}{
		{"gray", 100, 80, Limits{}, image.Pt(100, 80), 2 * 8000, ""},
		{"gray luma=bt709", 100, 80, Limits{}, image.Pt(100, 80), 3 * 8000, ""},
		{"blur 2", 100, 80, Limits{}, image.Pt(100, 80), 2*8000 + 3*100*34, ""},
		{"blur 5", 100, 80, Limits{}, image.Pt(100, 80), 3*8000 + 3*100*58, ""},
		{"sharpen 50", 100, 80, Limits{}, image.Pt(100, 80), 5 * 8000, ""},
		{"orient", 100, 80, Limits{}, image.Pt(100, 80), 8000, ""},
		{"resize w=50", 100, 80, Limits{}, image.Pt(50, 40), 8000 + 3*100*48 + 50*40, ""},
		{"crop 10x10 | blur", 100, 80, Limits{}, image.Pt(10, 10), 8000 + 400, ""},
		{"resize w=200 enlarge | crop 10x10 | blur", 100, 80, Limits{}, image.Pt(10, 10), 8000 + 3*100*26 + 200*160, ""},
		{"gray", 100, 80, Limits{MaxSide: 100, MaxPixels: 8000}, image.Pt(100, 80), 16000, ""},
		{"gray", 100, 80, Limits{MaxSide: 99}, image.Point{}, 0, "the picture is 100x80: a side is at most 99"},
		{"gray", 100, 80, Limits{MaxPixels: 7999}, image.Point{}, 0, "the picture is 100x80: a picture has at most 7999 pixels"},
		{"gray", 0, 80, Limits{}, image.Point{}, 0, "the picture is 0x80: a side is at least 1"},
		{"gray", 65536, 1, Limits{MaxSide: math.MaxInt}, image.Point{}, 0, "the picture is 65536x1: a side is at most 65535"},
		{"resize w=200 enlarge", 1, 65535, Limits{}, image.Point{}, 0,
			"resize w=200 enlarge would make a picture of 200x13107000: a side is at most 65535"},
		{"gray | resize w=60000 h=60000 enlarge | resize w=1", 100, 100, Limits{MaxPixels: 268_000_000}, image.Point{}, 0,
			"resize w=60000 h=60000 enlarge would make a picture of 60000x60000: a picture has at most 268000000 pixels"},
		{"resize w=65535 h=1 exact enlarge", 1, 65535, Limits{MaxPixels: 1 << 20}, image.Pt(65535, 1), 5 * 65535, ""},
		{"crop 5x5+100+0", 100, 80, Limits{}, image.Point{}, 0,
			"crop 5x5+100+0 would make a picture of 0x0: a side is at least 1"},
		{"rotate 45", 65535, 65535, Limits{}, image.Point{}, 0,
			"rotate 45 would make a picture of 92680x92680: a side is at most 65535"},
		{"rotate 90", 65535, 65535, Limits{}, image.Pt(65535, 65535), 3 * 65535 * 65535, ""},
	} {
		p, err := Parse(c.text)
		if err != nil {
			t.Fatal(err)
		}
		result, peak, err := p.Check(c.w, c.h, c.lim)
		var limit *LimitError
		if c.err != "" && (!errors.As(err, &limit) || err.Error() != c.err) || c.err == "" && err != nil {
			t.Errorf("%s: %v\nwant %s", c.text, err, c.err)
		}
		if result != c.result || peak != c.peak {
			t.Errorf("%s: %v, peak %d, want %v, peak %d", c.text, result, peak, c.result, c.peak)
		}
	}
}

func TestPipelineApply(t *testing.T) {
	src := image.NewRGBA(image.Rect(0, 0, 40, 30))
	p := Pipeline{Resize{Width: 20}, Rotate{Degrees: 90}, Gray{}}
	out, err := p.Apply(t.Context(), src)
	if err != nil || out.Bounds() != image.Rect(0, 0, 15, 20) {
		t.Errorf("%v, %v", out.Bounds(), err)
	}
	if out, err := (Pipeline{}).Apply(t.Context(), src); out != src || err != nil {
		t.Errorf("an empty pipeline gives %v, %v", out, err)
	}
	_, err = Pipeline{Gray{}, Crop{Width: 5, Height: 5, X: 50}}.Apply(t.Context(), src)
	if want := "crop 5x5+50+0: nothing of that is inside of the picture, which is 40x30"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// canceller is an operation of a caller's own, which cancels the pipeline it is in.
type canceller struct {
	Gray
	cancel func()
}

func (c canceller) Apply(src image.Image) (image.Image, error) {
	c.cancel()
	return src, nil
}

type mustNotRun struct {
	Gray
	t *testing.T
}

func (m mustNotRun) Apply(src image.Image) (image.Image, error) {
	m.t.Error("an operation has run after the context was cancelled")
	return src, nil
}

func TestPipelineStopsBetweenOperations(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	out, err := Pipeline{canceller{cancel: cancel}, mustNotRun{t: t}}.Apply(ctx, image.NewGray(image.Rect(0, 0, 1, 1)))
	if out != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v, want %v", out, err, context.Canceled)
	}
}

func FuzzParse(f *testing.F) {
	for _, op := range everyOp {
		f.Add(op.String())
	}
	f.Add("resize width=800 h=6 fill | rotate 1e3 background=#Ff00aa | convert TIF")
	f.Add("gray || crop 1x1-5+7 gravity=east\t|adjust gamma=0x1p-2 contrast=-0")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse(text)
		if err != nil {
			var usage *UsageError
			if !errors.As(err, &usage) || usage.Problem == "" || usage.Want == "" {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		printed := p.String()
		back, err := Parse(printed)
		if err != nil {
			t.Fatalf("%q printed as %q: %v", text, printed, err)
		}
		if diff := cmp.Diff(p, back); diff != "" || back.String() != printed {
			t.Fatalf("%q printed as %q, then %q: %s", text, printed, back, diff)
		}
		if _, _, err := p.Check(65535, 3, Limits{}); err != nil {
			var limit *LimitError
			if !errors.As(err, &limit) {
				t.Fatalf("%q: %v", text, err)
			}
		}
	})
}
