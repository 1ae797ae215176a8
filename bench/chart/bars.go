package chart

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/imgpar/imgpar/bench"
)

const (
	barPitch = 20 * vg.Inch / 72 // from one bar to the next
	barThick = 12 * vg.Inch / 72
	barText  = 11.5 * vg.Inch / 72

	// logFrom is how many times the least ratio the greatest must be to be drawn on a
	// logarithmic scale.
	logFrom = 10
)

// bars are one below the other, the best first.
type bars struct {
	rows  []bar
	ratio bool // to imgpar, which is 1
	key   []key
}

type bar struct {
	label string
	value float64
	text  string // of the value
	color color.RGBA
	own   bool    // imgpar's
	mark  float64 // another figure on the same scale; 0: none
}

// newPeerBars compares the CPU time of peers, and as marks their wall time, with imgpar's.
func newPeerBars(l bench.Load) bars {
	b := bars{ratio: true, key: []key{
		{label: "imgpar", look: look{color: blue}, area: true},
		{label: "peer", look: look{color: gray}, area: true},
		{label: "peer that needs less than imgpar", look: look{color: orange}, area: true},
		{label: "the same of wall time", look: look{ink, hollow{}}},
	}}
	b.rows = append(b.rows, bar{label: "imgpar", value: 1, text: "1", color: blue, own: true})
	for _, p := range l.Peers {
		r := bar{label: p.Name, value: p.CPURatio, text: short(p.CPURatio) + "×", color: gray, mark: p.WallRatio}
		if r.value < 1 {
			r.color = orange
		}
		if p.OK < l.OK {
			r.text += fmt.Sprintf(" (%d of %d files)", p.OK, l.OK)
		}
		b.rows = append(b.rows, r)
	}
	b.sort()
	return b
}

// newMemoryBars compares the peak memory of imgpar's modes, each on its most workers,
// and of peers. Every bar has its name beside it, so that there is no key.
func newMemoryBars(l bench.Load) bars {
	var b bars
	last := map[string]bench.Row{}
	var modes []string
	for _, r := range l.Rows {
		have, seen := last[r.Mode]
		if !seen {
			modes = append(modes, r.Mode)
		}
		if !seen || r.Workers > have.Workers {
			last[r.Mode] = r
		}
	}
	for _, m := range modes {
		r := last[m]
		b.rows = append(b.rows, bar{label: m, value: r.Peak, text: short(r.Peak) + " MB", color: lookOf(m).color, own: true})
	}
	for _, p := range l.Peers {
		b.rows = append(b.rows, bar{label: p.Name, value: p.Peak, text: short(p.Peak) + " MB", color: gray})
	}
	b.sort()
	return b
}

// sort puts what was not measured last.
func (b bars) sort() {
	for i, r := range b.rows {
		if !known(r.value) {
			b.rows[i].value, b.rows[i].text = math.Inf(1), "not measured"
		}
		if !known(r.mark) {
			b.rows[i].mark = 0
		}
	}
	slices.SortStableFunc(b.rows, func(x, y bar) int { return cmp.Compare(x.value, y.value) })
}

func (b bars) height() vg.Length { return vg.Length(len(b.rows))*barPitch + 2*tickSize }

func (b bars) keys() []key { return b.key }

// extremes are those of all that is to be drawn.
func (b bars) extremes() (lo, hi float64) {
	lo, hi = most, least
	for _, r := range b.rows {
		for _, v := range []float64{r.value, r.mark} {
			if known(v) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	return lo, max(lo, hi)
}

func (b bars) log() bool {
	lo, hi := b.extremes()
	return b.ratio && hi/lo > logFrom
}

func (b bars) draw(c draw.Canvas) {
	name, value := style(ink, barText, text.XRight, text.YCenter), style(ink, barText, text.XLeft, text.YCenter)
	labels, values := vg.Length(0), vg.Length(0)
	for _, r := range b.rows {
		labels = max(labels, bold(name).Width(printable(r.label)))
		values = max(values, bold(value).Width(r.text))
	}
	labels = min(labels, 0.4*(c.Max.X-c.Min.X))
	s := b.axis(&c, c.Min.X+labels+6, max(c.Max.X-values-8, c.Min.X+labels+40))
	for i, r := range b.rows {
		y := c.Max.Y - barPitch*(vg.Length(i)+0.5)
		name, value := name, value
		if r.own {
			name, value = bold(name), bold(value)
		}
		c.FillText(name, vg.Point{X: c.Min.X + labels, Y: y + 1}, fit(name, r.label, labels))
		end := s.from
		if known(r.value) {
			end = b.drawBar(&c, r, s, y)
		}
		fillRect(&c, paper, end+3, y-barText/2, end+7+value.Width(r.text), y+barText/2) // no grid line crosses it
		c.FillText(value, vg.Point{X: end + 5, Y: y + 1}, r.text)
	}
}

// drawBar draws a bar with its middle at y and tells where it ends. On a logarithmic
// scale, where there is no zero, bars begin at 1: those of peers that need less than
// imgpar go to the left.
func (b bars) drawBar(c *draw.Canvas, r bar, s scale, y vg.Length) (end vg.Length) {
	from := s.from
	if s.log {
		from = s.at(1)
	}
	to := s.at(r.value)
	if s.log && r.own {
		from, to = from-2, to+2 // has no length, but is to be seen
	}
	fillRect(c, r.color, from, y-barThick/2, to, y+barThick/2)
	end = max(from, to)
	if r.mark > 0 {
		at := s.at(r.mark)
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: ink, Radius: markRadius, Shape: hollow{}}, vg.Point{X: at, Y: y})
		end = max(end, at+1.25*markRadius)
	}
	return end
}

// axis draws the lines of round values behind the bars, and what they are.
func (b bars) axis(c *draw.Canvas, from, to vg.Length) scale {
	lo, hi := b.extremes()
	s := scale{from: from, to: to, log: b.log()}
	ticks := steps(hi, 4)
	if s.log {
		ticks = decades(lo, hi)
	}
	s.min, s.max = ticks[0], ticks[len(ticks)-1]
	bottom := c.Max.Y - barPitch*vg.Length(len(b.rows)) - 2
	below := style(muted, tickSize, text.XCenter, text.YTop)
	free := from - 100
	for _, t := range ticks {
		x := s.at(t)
		c.StrokeLine2(line(grid, 0.8), x, bottom, x, c.Max.Y)
		if half := below.Width(round(t)) / 2; x-half > free { // a label that would touch the last is left out
			c.FillText(below, vg.Point{X: x, Y: bottom - 2}, round(t))
			free = x + half + 5
		}
	}
	if b.ratio {
		c.StrokeLine2(line(blue, 1), s.at(1), bottom, s.at(1), c.Max.Y)
	}
	return s
}
