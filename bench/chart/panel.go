package chart

import (
	"fmt"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/imgpar/imgpar/bench"
)

const (
	panelWidth = 380 * vg.Inch / 72
	panelHead  = 42 * vg.Inch / 72 // title and note above the axes
	titleSize  = 13.5 * vg.Inch / 72
	noteSize   = 11 * vg.Inch / 72
)

// Section is a question, and for each load a chart that answers it.
type Section struct {
	Title  string
	Panels []Panel
}

// Panel is a chart of one load.
type Panel struct {
	Title string
	Note  string // what is drawn, in which unit, and which direction is better
	body  body
}

// body is what is below the title.
type body interface {
	height() vg.Length
	keys() []key
	draw(draw.Canvas)
}

// Sections returns the charts of a report: throughput; speed against peers, if there are
// any; memory.
func Sections(r bench.Report) []Section {
	throughput, peers, memory := Section{Title: "Throughput"}, Section{Title: "CPU time against other programs"}, Section{Title: "Peak memory"}
	for _, l := range r.Loads {
		of := fmt.Sprintf("%d files, %s megapixels", l.Files, short(float64(l.Pixels)/1e6))
		modes := newLines(l.Rows)
		throughput.add(l.Name, "files/s, higher is better"+scaleNote(modes.log())+"; "+of, modes)
		if len(l.Peers) > 0 {
			b := newPeerBars(l)
			peers.add(l.Name, "times the CPU time of imgpar, lower is better"+scaleNote(b.log())+"; "+workers(r), b)
		}
		memory.add(l.Name, "MB of all processes together, lower is better; "+workers(r), newMemoryBars(l))
	}
	var all []Section
	for _, s := range []Section{throughput, peers, memory} {
		if len(s.Panels) > 0 {
			all = append(all, s)
		}
	}
	return all
}

func scaleNote(log bool) string {
	if log {
		return ", logarithmic"
	}
	return ""
}

func workers(r bench.Report) string {
	if r.Workers == 1 {
		return "1 worker"
	}
	return fmt.Sprintf("%d workers", r.Workers)
}

func (s *Section) add(title, note string, b body) {
	s.Panels = append(s.Panels, Panel{Title: title, Note: note, body: b})
}

func (p Panel) height() vg.Length { return panelHead + p.body.height() }

// draw fills the canvas, whose height may be more than is needed, from the top.
func (p Panel) draw(c draw.Canvas) {
	title, note := bold(style(ink, titleSize, text.XLeft, text.YTop)), style(muted, noteSize, text.XLeft, text.YTop)
	width := c.Max.X - c.Min.X
	c.FillText(title, vg.Point{X: c.Min.X, Y: c.Max.Y}, fit(title, p.Title, width))
	c.FillText(note, vg.Point{X: c.Min.X, Y: c.Max.Y - 1.35*titleSize}, fit(note, p.Note, width))
	c = draw.Crop(c, 0, 0, 0, -panelHead)
	c.Min.Y = c.Max.Y - p.body.height()
	p.body.draw(c)
}
