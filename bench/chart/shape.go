package chart

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// diamond is a mark that gonum has not.
type diamond struct{}

func (diamond) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, p vg.Point) {
	r := 1.25 * s.Radius
	c.FillPolygon(s.Color, []vg.Point{{X: p.X - r, Y: p.Y}, {X: p.X, Y: p.Y + r}, {X: p.X + r, Y: p.Y}, {X: p.X, Y: p.Y - r}})
}

// hollow is a diamond that lets see what is behind it, with an edge of paper so that it
// stands out on a bar.
type hollow struct{}

func (hollow) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, p vg.Point) {
	diamond{}.DrawGlyph(c, s, p)
	s.Radius *= 0.5
	s.Color = paper
	diamond{}.DrawGlyph(c, s, p)
}

// spread is an error bar, so far up and down.
type spread struct{ half vg.Length }

func (s spread) DrawGlyph(c *draw.Canvas, g draw.GlyphStyle, p vg.Point) {
	const cap = 2.8
	pen := line(g.Color, 1.1)
	c.StrokeLine2(pen, p.X, p.Y-s.half, p.X, p.Y+s.half)
	c.StrokeLine2(pen, p.X-cap, p.Y-s.half, p.X+cap, p.Y-s.half)
	c.StrokeLine2(pen, p.X-cap, p.Y+s.half, p.X+cap, p.Y+s.half)
}

func fillRect(c *draw.Canvas, col color.Color, x0, y0, x1, y1 vg.Length) {
	c.FillPolygon(col, []vg.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}})
}

func line(col color.Color, width vg.Length, dashes ...vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: col, Width: width, Dashes: dashes}
}
