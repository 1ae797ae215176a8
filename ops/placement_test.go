package ops

import (
	"image"
	"image/color"
	"testing"

	"pgregory.net/rapid"
)

// coordinates returns a picture whose pixels tell where they are.
func coordinates(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetNRGBA(x, y, color.NRGBA{uint8(x), uint8(y), uint8(x>>8 | y>>8<<4), 255})
		}
	}
	return m
}

// The part that Place names, turned as it says, is the picture that the first
// operation that scales is given, and the dimensions of the result are those of
// the pipeline.
func TestPlaceIsWhatApplyDoes(t *testing.T) {
	placed := 0
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 40).Draw(t, "w"), rapid.IntRange(1, 40).Draw(t, "h")
		orientation := rapid.IntRange(0, 9).Draw(t, "orientation")
		var p Pipeline
		moving := rapid.Custom(func(t *rapid.T) Op { return randomOp(t, 50) }).Filter(func(op Op) bool {
			switch op := op.(type) {
			case Gray, Flip, Orient, Crop, Resize, Thumb, Convert:
				return true
			case Rotate:
				return op.Turn() != 0
			}
			return false
		})
		p = append(p, rapid.SliceOfN(moving, 0, 5).Draw(t, "moves")...)
		p = append(p, Resize{Width: rapid.IntRange(1, 30).Draw(t, "width")})
		p = append(p, rapid.SliceOfN(moving, 0, 3).Draw(t, "rest")...)
		at, ok := p.Place(w, h, orientation)
		if !ok {
			return
		}
		placed++
		src := coordinates(w, h)
		want, scaled, gray := Upright(src, orientation), false, false
		for _, op := range p[:len(p)-len(at.Rest)] {
			if _, isGray := op.(Gray); isGray {
				gray = true
				continue
			}
			if thumb, ok := op.(Thumb); ok {
				op = thumb.resize()
			}
			if r, ok := op.(Resize); ok { // cut only
				size := want.Bounds().Size()
				part, to := r.plan(size.X, size.Y)
				if scaled = to != part.Size(); scaled && at.Filter != resampleFilters[r.Filter] {
					t.Fatalf("filter %v, want %v", at.Filter, r.Filter)
				}
				want = cut(want, part)
				continue
			}
			var err error
			if want, err = op.Apply(want); err != nil {
				t.Fatal(err)
			}
		}
		if !scaled || gray != at.Gray {
			t.Fatalf("scaled %v, gray %v, but %v", scaled, gray, at.Gray)
		}
		got := Upright(cut(src, at.Part), at.Turn)
		if got.Bounds().Size() != want.Bounds().Size() {
			t.Fatalf("a part of %v, want %v", got.Bounds().Size(), want.Bounds().Size())
		}
		b, c := want.Bounds().Min, got.Bounds().Min
		for y := range got.Bounds().Dy() {
			for x := range got.Bounds().Dx() {
				if have, is := got.At(c.X+x, c.Y+y), want.At(b.X+x, b.Y+y); have != is {
					t.Fatalf("pixel %d,%d is %v, want %v", x, y, have, is)
				}
			}
		}
		mapped := Upright(image.NewGray(image.Rectangle{Max: at.Size}), at.Turn).Bounds().Size()
		if mapped != at.Shown() {
			t.Fatalf("shown as %v, want %v", at.Shown(), mapped)
		}
		shown := Upright(src, orientation).Bounds().Size()
		whole, _, err := p.Check(shown.X, shown.Y, Limits{})
		if err != nil {
			return // cropped to nothing behind the scaling
		}
		rest, _, err := at.Rest.Check(mapped.X, mapped.Y, Limits{})
		if err != nil || rest != whole {
			t.Fatalf("a result of %v (%v), want %v", rest, err, whole)
		}
	})
	if placed < 5 {
		t.Errorf("only %d pipelines were placed", placed)
	}
}

func TestPlace(t *testing.T) {
	for _, c := range []struct {
		pipeline    string
		w, h        int
		orientation int
		part        image.Rectangle
		size        image.Point
		turn        int
		gray        bool
		rest        string
	}{
		{"resize w=100", 400, 300, 1, image.Rect(0, 0, 400, 300), image.Pt(100, 75), 1, false, ""},
		{"resize w=150", 400, 300, 6, image.Rect(0, 0, 400, 300), image.Pt(200, 150), 6, false, ""},
		{"orient | resize w=100 | gray | flip h | sharpen 1", 400, 300, 1, image.Rect(0, 0, 400, 300), image.Pt(100, 75), 2, true, "sharpen"},
		{"rotate 90 | resize w=30", 400, 300, 8, image.Rect(0, 0, 400, 300), image.Pt(30, 23), 1, false, ""},
		{"crop 200x100+10+20 | resize w=100", 400, 300, 1, image.Rect(10, 20, 210, 120), image.Pt(100, 50), 1, false, ""},
		{"crop 200x100+10+20 | resize w=100", 400, 300, 3, image.Rect(190, 180, 390, 280), image.Pt(100, 50), 3, false, ""},
		{"crop 200x100+10+20 | resize w=100", 400, 300, 6, image.Rect(20, 90, 120, 290), image.Pt(50, 100), 6, false, ""},
		{"thumb 50", 400, 300, 1, image.Rect(50, 0, 350, 300), image.Pt(50, 50), 1, false, ""},
		{"gray | resize w=500 | resize w=40 | crop 9x9", 400, 300, 1, image.Rect(0, 0, 400, 300), image.Pt(40, 30), 1, true, "crop 9x9"},
		{"resize w=800 h=600 fill | resize w=20", 400, 400, 1, image.Rect(0, 50, 400, 350), image.Pt(20, 15), 1, false, ""},
		{"resize w=800 enlarge", 400, 300, 1, image.Rect(0, 0, 400, 300), image.Pt(800, 600), 1, false, ""},
	} {
		p, err := Parse(c.pipeline)
		if err != nil {
			t.Fatal(err)
		}
		at, ok := p.Place(c.w, c.h, c.orientation)
		if !ok || at.Part != c.part || at.Size != c.size || at.Turn != c.turn || at.Gray != c.gray || at.Rest.String() != c.rest {
			t.Errorf("%s of orientation %d: %v %+v", c.pipeline, c.orientation, ok, at)
		}
	}
	for _, text := range []string{
		"gray", "rotate 90 | crop 10x10", "blur 1 | resize w=10", "rotate 45 | resize w=10", "resize w=400", "resize",
		"resize w=10 filter=nearest", "resize w=10 linear", "thumb 9 linear", "crop 10x10+500+0 | resize w=5", "thumb 300", "resize w=900 | blur 1 | resize w=10",
	} {
		p, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if at, ok := p.Place(400, 300, 1); ok {
			t.Errorf("%s is placed: %+v", text, at)
		}
	}
}

// Samples of one byte go where pixels of four go, which are turned one by one.
func TestTurnSamples(t *testing.T) {
	for w := 1; w < 40; w++ {
		for h := 1; h < 40; h += 1 + w%3 {
			stride := w + h%5
			src, wide := make([]byte, stride*(h-1)+w), image.NewNRGBA(image.Rect(0, 0, w, h))
			for i := range src {
				src[i] = uint8(i*7 + i>>8)
				if x := i % stride; x < w {
					wide.Pix[wide.PixOffset(x, i/stride)] = src[i]
				}
			}
			for o := 1; o <= 8; o++ {
				got := make([]byte, w*h)
				TurnSamples(got, src, w, h, stride, o)
				want := Upright(wide, o).(*image.NRGBA)
				for i, v := range got {
					if want.Pix[4*i] != v {
						t.Fatalf("%dx%d, orientation %d: sample %d is %d, want %d", w, h, o, i, v, want.Pix[4*i])
					}
				}
			}
		}
	}
}

// Only the luma of BT.601 can be taken before pixels are made of a picture.
func TestPlaceOfGray(t *testing.T) {
	for text, want := range map[string]string{
		"gray | resize w=5":                            "",
		"resize w=5 | gray | flip h | blur":            "blur",
		"resize w=5 | flip h | gray luma=bt709":        "gray luma=bt709",
		"resize w=5 | gray luma=bt709 | gray | flip h": "gray luma=bt709 | gray | flip h",
	} {
		p, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if at, ok := p.Place(40, 30, 1); !ok || at.Rest.String() != want {
			t.Errorf("%s: %v, what remains is %q, want %q", text, ok, at.Rest, want)
		}
	}
	p := Pipeline{Gray{BT709}, Resize{Width: 5}}
	if at, ok := p.Place(40, 30, 1); ok {
		t.Errorf("%v is placed: %+v", p, at)
	}
}
