package chart

import (
	"slices"
	"strconv"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/imgpar/imgpar/bench"
)

const (
	linesHeight = 190 * vg.Inch / 72 // of axes and what is between them
	dodge       = 7 * vg.Inch / 72   // between marks of different modes on as many workers
	wideDodge   = 28 * vg.Inch / 72  // the same where there is but one number of workers
	linearUpTo  = 8                  // workers: more of them, and scales are logarithmic, or the first few would be one blot
	markRadius  = 3.6 * vg.Inch / 72
	tickSize    = 11 * vg.Inch / 72 // of the text at axes
)

// lines are files a second by workers, for each mode.
type lines struct {
	modes   []mode
	ideal   float64 // files a second for each worker, if more workers cost nothing
	workers int     // the most
	low     float64 // the least of all that is drawn
	top     float64 // and the most
}

type mode struct {
	name   string
	points []point
}

type point struct {
	workers int
	bench.Stat
}

func newLines(rows []bench.Row) lines {
	l := lines{low: most}
	for _, r := range rows {
		if r.Mode == "sequential" && known(r.FilesPerSecond.Median) {
			l.ideal = r.FilesPerSecond.Median
		}
	}
	for _, r := range rows {
		if r.Workers < 1 || !known(r.FilesPerSecond.Median) {
			continue
		}
		i := slices.IndexFunc(l.modes, func(m mode) bool { return m.name == r.Mode })
		if i < 0 {
			i = len(l.modes)
			l.modes = append(l.modes, mode{name: r.Mode})
		}
		l.modes[i].points = append(l.modes[i].points, point{r.Workers, r.FilesPerSecond})
		l.workers = max(l.workers, r.Workers)
		for _, v := range []float64{r.FilesPerSecond.Median, r.FilesPerSecond.Min, r.FilesPerSecond.Max} {
			if known(v) {
				l.low, l.top = min(l.low, v), max(l.top, v)
			}
		}
	}
	if l.workers == 1 {
		l.ideal = 0 // there is nothing to scale
	}
	l.top = max(l.top, l.ideal*float64(l.workers))
	for _, m := range l.modes {
		slices.SortFunc(m.points, func(a, b point) int { return a.workers - b.workers })
	}
	return l
}

func (l lines) log() bool { return l.workers > linearUpTo }

func (l lines) height() vg.Length { return linesHeight }

func (l lines) keys() []key {
	var keys []key
	for _, m := range l.modes {
		keys = append(keys, key{label: m.name, look: lookOf(m.name), line: len(m.points) > 1})
	}
	if l.ideal > 0 {
		keys = append(keys, key{label: "ideal: sequential × workers", look: look{color: muted}, line: true, dashed: true})
	}
	if len(l.modes) > 0 {
		keys = append(keys, key{label: "slowest to fastest round", look: look{color: muted, shape: spread{3.6}}})
	}
	return keys
}

func (l lines) draw(c draw.Canvas) {
	if len(l.modes) == 0 {
		c.FillText(style(muted, tickSize, text.XCenter, text.YCenter), c.Center(), "not measured")
		return
	}
	x, y := l.axes(&c)
	if l.ideal > 0 {
		c.StrokeLine2(line(muted, 0.9, 4, 3), x.at(1), y.at(l.ideal), x.at(float64(l.workers)), y.at(l.ideal*float64(l.workers)))
	}
	apart := dodge
	if l.workers == 1 {
		apart = wideDodge
	}
	for i, m := range l.modes {
		l.drawMode(&c, m, apart*(vg.Length(i)-vg.Length(len(l.modes)-1)/2), x, y)
	}
}

// axes draws them, with horizontal lines behind the data.
func (l lines) axes(c *draw.Canvas) (x, y scale) {
	ticks := steps(l.top, 4)
	if l.log() {
		ticks = decades(l.low, l.top)
	}
	right := style(muted, tickSize, text.XRight, text.YCenter)
	wide := vg.Length(0)
	for _, t := range ticks {
		wide = max(wide, right.Width(round(t)))
	}
	left, bottom := c.Min.X+wide+6, c.Min.Y+2.6*tickSize
	y = scale{min: ticks[0], max: ticks[len(ticks)-1], log: l.log(), from: bottom, to: c.Max.Y - tickSize/2}
	free := bottom - tickSize
	for _, t := range ticks {
		c.StrokeLine2(line(grid, 0.8), left, y.at(t), c.Max.X, y.at(t))
		if y.at(t) >= free { // a label that would touch the last is left out
			c.FillText(right, vg.Point{X: left - 5, Y: y.at(t) + 1}, round(t))
			free = y.at(t) + 1.2*tickSize
		}
	}
	c.StrokeLine2(line(muted, 0.9), left, bottom, c.Max.X, bottom)

	x = scale{min: 1, max: float64(l.workers), log: l.log(), from: left + 26, to: c.Max.X - 26}
	if l.workers == 1 {
		x.min, x.max = 0, 2
	}
	below := style(muted, tickSize, text.XCenter, text.YTop)
	for _, n := range l.counts() {
		c.StrokeLine2(line(muted, 0.9), x.at(float64(n)), bottom, x.at(float64(n)), bottom-3)
		c.FillText(below, vg.Point{X: x.at(float64(n)), Y: bottom - 5}, strconv.Itoa(n))
	}
	c.FillText(below, vg.Point{X: (left + c.Max.X) / 2, Y: bottom - 5 - 1.15*tickSize}, "workers")
	return x, y
}

// counts are the numbers of workers that the axis names: all, or the powers of two.
func (l lines) counts() []int {
	var counts []int
	for n := 1; n <= l.workers; {
		counts = append(counts, n)
		if l.log() {
			n *= 2
		} else {
			n++
		}
	}
	return counts
}

// drawMode draws a line through the medians, marks, and from the slowest to the fastest
// round a bar. All of it is shifted, so that modes do not hide each other.
func (l lines) drawMode(c *draw.Canvas, m mode, shift vg.Length, x, y scale) {
	look := lookOf(m.name)
	var at []vg.Point
	for _, p := range m.points {
		at = append(at, vg.Point{X: x.at(float64(p.workers)) + shift, Y: y.at(p.Median)})
	}
	if len(at) > 1 {
		c.StrokeLines(line(look.color, 1.8), at)
	}
	for i, p := range m.points {
		if known(p.Min) && known(p.Max) {
			half := (y.at(p.Max) - y.at(p.Min)) / 2
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: look.color, Shape: spread{half}}, vg.Point{X: at[i].X, Y: y.at(p.Min) + half})
		}
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: look.color, Radius: markRadius, Shape: look.shape}, at[i])
	}
}
