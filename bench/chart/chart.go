// Package chart draws what a bench found out: throughput by workers and mode, speed
// against other programs, memory. All of them on one canvas by Write, or one by one, for
// a page, by Sections and Panel.SVG.
//
// It draws with the canvases of gonum/plot and lays axes out itself. Package plot would
// do that too, but it registers all of its fonts and every format of file when a process
// starts, and this package is part of a program that starts a process for each worker.
package chart

import (
	"fmt"
	"image/color"
	"io"
	"strings"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"github.com/imgpar/imgpar/bench"
)

const (
	margin      = 26 * vg.Inch / 72
	gutter      = 30 * vg.Inch / 72 // between panels side by side, and one below the other
	headHeight  = 56 * vg.Inch / 72
	headingSize = 16 * vg.Inch / 72
	headingRoom = 30 * vg.Inch / 72

	// pngDPI makes two pixels of each point, of which a page of a hundred percent has one
	// for each of its pixels: sharp on dense screens too.
	pngDPI = 144
)

// Write draws all charts of a report on one canvas. format is "svg" or "png".
func Write(w io.Writer, r bench.Report, format string) error {
	f := newFigure(r)
	switch format {
	case "svg":
		svg := scalable(f.width, f.height, "imgpar bench", describe(f.sections), f.draw)
		_, err := io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"+svg)
		return err
	case "png":
		_, err := f.raster(pngDPI).WriteTo(w)
		return err
	}
	return fmt.Errorf("no charts are made as %q: want svg or png", format)
}

// figure is all charts, in sections one below the other, loads side by side.
type figure struct {
	report        bench.Report
	sections      []Section
	columns       int
	width, height vg.Length
}

func newFigure(r bench.Report) figure {
	f := figure{report: r, sections: Sections(r), columns: min(2, max(1, len(r.Loads)))}
	f.width = 2*margin + panelWidth*vg.Length(f.columns) + gutter*vg.Length(f.columns-1)
	f.height = 2*margin + headHeight
	for _, s := range f.sections {
		f.height += headingRoom + legendHeight(union(s.Panels), f.width-2*margin) + gutter/2
		for _, row := range f.rows(s) {
			f.height += tallest(row) + gutter
		}
	}
	f.height -= gutter
	return f
}

func (f figure) raster(dpi int) vgimg.PngCanvas {
	c := vgimg.NewWith(vgimg.UseWH(f.width, f.height), vgimg.UseDPI(dpi), vgimg.UseBackgroundColor(color.White))
	f.draw(draw.New(c))
	return vgimg.PngCanvas{Canvas: c}
}

// rows are the panels of a section, as many in a row as there are columns.
func (f figure) rows(s Section) [][]Panel {
	var rows [][]Panel
	for p := s.Panels; len(p) > 0; p = p[min(f.columns, len(p)):] {
		rows = append(rows, p[:min(f.columns, len(p))])
	}
	return rows
}

func tallest(row []Panel) vg.Length {
	var h vg.Length
	for _, p := range row {
		h = max(h, p.height())
	}
	return h
}

func (f figure) draw(c draw.Canvas) {
	fillRect(&c, paper, c.Min.X, c.Min.Y, c.Max.X, c.Max.Y)
	c = draw.Crop(c, margin, -margin, margin, -margin)
	f.drawHead(c)
	c.Max.Y -= headHeight
	heading := bold(style(ink, headingSize, text.XLeft, text.YTop))
	for _, s := range f.sections {
		c.StrokeLine2(line(muted, 0.9), c.Min.X, c.Max.Y+8, c.Max.X, c.Max.Y+8)
		c.FillText(heading, vg.Point{X: c.Min.X, Y: c.Max.Y}, s.Title)
		c.Max.Y -= headingRoom
		keys := union(s.Panels)
		drawLegend(c, keys)
		c.Max.Y -= legendHeight(keys, c.Max.X-c.Min.X) + gutter/2
		for _, row := range f.rows(s) {
			for i, p := range row {
				left := c.Min.X + vg.Length(i)*(panelWidth+gutter)
				p.draw(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{Min: vg.Point{X: left, Y: c.Max.Y - p.height()}, Max: vg.Point{X: left + panelWidth, Y: c.Max.Y}}})
			}
			c.Max.Y -= tallest(row) + gutter
		}
	}
}

// drawHead says what it is, where and when it was measured.
func (f figure) drawHead(c draw.Canvas) {
	title, small := bold(style(ink, 20, text.XLeft, text.YTop)), style(muted, noteSize, text.XLeft, text.YTop)
	width := c.Max.X - c.Min.X
	c.FillText(title, c.Rectangle.Min.Add(vg.Point{Y: c.Max.Y - c.Min.Y}), "imgpar bench")
	c.FillText(small, vg.Point{X: c.Min.X, Y: c.Max.Y - 26}, fit(small, strings.Join(where(f.report), " · "), width))
}

// where names the machine and the day.
func where(r bench.Report) []string {
	m := r.Machine
	return []string{
		r.Date.Format("2006-01-02"), m.CPU, fmt.Sprintf("%d CPUs", m.CPUs), fmt.Sprintf("%.1f GB", float64(m.Memory)/1e9),
		m.OS + "/" + m.Arch, m.Go, "imgpar " + m.Imgpar,
	}
}
