package chart

import (
	"math"
	"testing"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/imgpar/imgpar/bench"
)

// placed remembers where texts are. Charts turn and move nothing, so that points are
// those of the canvas.
type placed struct {
	*vgsvg.Canvas
	texts []placedText
}

type placedText struct {
	text string
	box  vg.Rectangle
}

func (p *placed) FillString(f font.Face, at vg.Point, txt string) {
	e := f.Extents()
	height := 0.7 * e.Ascent // capitals and digits
	p.texts = append(p.texts, placedText{txt, vg.Rectangle{Min: at, Max: vg.Point{X: at.X + f.Width(txt), Y: at.Y + height}}})
}

// TestNothingOverlaps holds every text of every chart against all others and the edges.
func TestNothingOverlaps(t *testing.T) {
	reports := odd(t)
	reports["example"] = example(t)
	for name, r := range reports {
		t.Run(name, func(t *testing.T) {
			f := newFigure(r)
			c := &placed{Canvas: vgsvg.NewWith(vgsvg.UseWH(f.width, f.height))}
			f.draw(draw.New(c))
			if want := 2 + 2*len(f.sections); len(c.texts) < want {
				t.Errorf("%d texts, want at least %d", len(c.texts), want)
			}
			for i, a := range c.texts {
				if a.box.Min.X < 0 || a.box.Max.X > f.width || a.box.Min.Y < 0 || a.box.Max.Y > f.height {
					t.Errorf("%q is beyond the canvas: %v", a.text, a.box)
				}
				for _, b := range c.texts[i+1:] {
					if a.box.Min.X < b.box.Max.X && b.box.Min.X < a.box.Max.X && a.box.Min.Y < b.box.Max.Y && b.box.Min.Y < a.box.Max.Y {
						t.Errorf("%q at %v overlaps %q at %v", a.text, a.box, b.text, b.box)
					}
				}
			}
		})
	}
}

func TestPeersThatNeedLess(t *testing.T) {
	b := newPeerBars(bench.Load{OK: 1, Peers: []bench.Peer{
		{Name: "slow", OK: 1, CPURatio: 40}, {Name: "half", OK: 1, CPURatio: 0.5}, {Name: "unknown", OK: 1, CPURatio: math.NaN()}, {Name: "twice", OK: 1, CPURatio: 2},
	}})
	var order []string
	for _, r := range b.rows {
		order = append(order, r.label)
	}
	if want := []string{"half", "imgpar", "twice", "slow", "unknown"}; len(order) != 5 || [5]string(order) != [5]string(want) {
		t.Fatalf("order %q, want %q", order, want)
	}
	if b.rows[0].color != orange || b.rows[1].color != blue || b.rows[2].color != gray {
		t.Error("a peer that needs less is not told from the others")
	}
	if b.rows[4].text != "not measured" {
		t.Errorf("NaN is told as %q", b.rows[4].text)
	}
	c := draw.New(vgsvg.NewWith(vgsvg.UseWH(panelWidth, 200)))
	s := b.axis(&c, 0, 300)
	if less, more := s.at(1)-s.at(0.5), s.at(2)-s.at(1); !s.log || math.Abs(float64(less-more)) > 1e-9 || less < 10 {
		t.Errorf("half as much is a bar of %v, twice as much one of %v", less, more)
	}
}

func TestRatiosNearOneAreLinear(t *testing.T) {
	b := newPeerBars(bench.Load{Peers: []bench.Peer{{Name: "a", CPURatio: 0.9}, {Name: "b", CPURatio: 4}}})
	c := draw.New(vgsvg.NewWith(vgsvg.UseWH(panelWidth, 200)))
	if s := b.axis(&c, 0, 300); s.log || s.min != 0 || s.at(2)*2 != s.at(4) {
		t.Errorf("scale %+v", s)
	}
}

func TestScales(t *testing.T) {
	for _, c := range []struct {
		max  float64
		want []float64
	}{
		{302, []float64{0, 100, 200, 300, 400}}, {100, []float64{0, 50, 100}}, {0.37, []float64{0, 0.1, 0.2, 0.3, 0.4}}, {8, []float64{0, 2, 4, 6, 8}},
	} {
		if got := steps(c.max, 4); !near(got, c.want) {
			t.Errorf("steps(%v) = %v, want %v", c.max, got, c.want)
		}
	}
	for _, c := range []struct {
		min, max float64
		want     []float64
	}{
		{0.7, 34, []float64{0.5, 1, 2, 5, 10, 20, 50}}, {1, 12, []float64{1, 2, 5, 10, 20}}, {1, 10, []float64{1, 2, 5, 10}},
		{0.3, 5000, []float64{0.1, 1, 10, 100, 1000, 10000}},
	} {
		if got := decades(c.min, c.max); !near(got, c.want) {
			t.Errorf("decades(%v, %v) = %v, want %v", c.min, c.max, got, c.want)
		}
	}
	// Of any range that can be drawn there are some round values, which enclose it.
	for e := -9; e <= 15; e++ {
		v := math.Pow(10, float64(e))
		if s := steps(v, 4); len(s) < 2 || len(s) > 7 || s[len(s)-1] < v*(1-1e-9) {
			t.Errorf("steps(%g) = %v", v, s)
		}
		if d := decades(least, v); len(d) < 1 || len(d) > 12 || d[0] > least*(1+1e-9) || d[len(d)-1] < v*(1-1e-9) {
			t.Errorf("decades(%g, %g) = %v", least, v, d)
		}
	}
}

func near(got, want []float64) bool {
	if len(got) != len(want) {
		return false
	}
	for i := range got {
		if math.Abs(got[i]-want[i]) > 1e-9*(1+math.Abs(want[i])) {
			return false
		}
	}
	return true
}

func TestShort(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 0.0042: "0.0042", 0.834: "0.83", 6.74: "6.74", 24: "24", 33.71: "33.7", 277.4: "277", 2774: "2774", 21_345: "21.3k", 999_600: "1.00M", 12_300_000: "12.3M",
	} {
		if got := short(v); got != want {
			t.Errorf("short(%v) = %q, want %q", v, got, want)
		}
	}
	for v, want := range map[float64]string{0: "0", 0.5: "0.5", 20: "20", 100: "100", 10_000: "10k"} {
		if got := round(v); got != want {
			t.Errorf("round(%v) = %q, want %q", v, got, want)
		}
	}
}
