package chart

import (
	"slices"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	keySize  = 11 * vg.Inch / 72 // of the text
	keyPitch = 16 * vg.Inch / 72 // from line to line
	keySign  = 18 * vg.Inch / 72 // room for what is explained
)

// key explains a sign: a mark, with a line through it or alone, or an area's colour.
type key struct {
	label string
	look
	line, dashed, area bool
}

// union returns the keys of all panels of a section, each label once.
func union(panels []Panel) []key {
	var all []key
	for _, p := range panels {
		for _, k := range p.body.keys() {
			if !slices.ContainsFunc(all, func(have key) bool { return have.label == k.label }) {
				all = append(all, k)
			}
		}
	}
	return all
}

// legend lays keys out in lines that are no wider than the canvas; where puts them.
func legend(keys []key, width vg.Length, where func(k key, x vg.Length, line int)) (lines int) {
	s := style(ink, keySize, text.XLeft, text.YCenter)
	x, n := vg.Length(0), 0
	for _, k := range keys {
		w := keySign + 4 + s.Width(k.label)
		if x > 0 && x+w > width {
			x, n = 0, n+1
		}
		where(k, x, n)
		x += w + 14
	}
	if len(keys) == 0 {
		return 0
	}
	return n + 1
}

func legendHeight(keys []key, width vg.Length) vg.Length {
	return keyPitch * vg.Length(legend(keys, width, func(key, vg.Length, int) {}))
}

func drawLegend(c draw.Canvas, keys []key) {
	s := style(ink, keySize, text.XLeft, text.YCenter)
	legend(keys, c.Max.X-c.Min.X, func(k key, x vg.Length, n int) {
		x, y := c.Min.X+x, c.Max.Y-keyPitch*(vg.Length(n)+0.5)
		switch {
		case k.area:
			fillRect(&c, k.color, x+3, y-4.5, x+keySign-3, y+4.5)
		case k.dashed:
			c.StrokeLine2(line(k.color, 0.9, 4, 3), x, y, x+keySign, y)
		case k.line:
			c.StrokeLine2(line(k.color, 1.8), x, y, x+keySign, y)
		}
		if k.shape != nil && !k.area {
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: k.color, Radius: markRadius, Shape: k.shape}, vg.Point{X: x + keySign/2, Y: y})
		}
		c.FillText(s, vg.Point{X: x + keySign + 4, Y: y + 1}, fit(s, k.label, c.Max.X-x-keySign-4))
	})
}
