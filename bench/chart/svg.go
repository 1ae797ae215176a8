package chart

import (
	"bytes"
	"fmt"
	"html"
	"image/color"
	"strings"
	"sync"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// SVG returns the chart with its legend as an element to be put into a page: without
// background, as wide as there is room, described for those who cannot see it. Each
// colour is a CSS variable, --chart-ink, --chart-muted, --chart-grid, --chart-paper,
// --chart-blue, ..., that a page may set.
func (p Panel) SVG() string {
	keys := p.body.keys()
	below := legendHeight(keys, panelWidth)
	const pad = 5 // for marks at the edge
	if below > 0 {
		below += 2 * pad
	}
	return themable().Replace(scalable(panelWidth+2*pad, p.height()+below+2*pad, p.Title+": "+p.Note, "", func(c draw.Canvas) {
		c = draw.Crop(c, pad, -pad, pad, -pad)
		p.draw(c)
		c.Max.Y -= p.height() + 2*pad
		drawLegend(c, keys)
	}))
}

// describe lists the charts.
func describe(sections []Section) string {
	var d strings.Builder
	for _, s := range sections {
		for _, p := range s.Panels {
			fmt.Fprintf(&d, "%s, %s: %s. ", s.Title, p.Title, p.Note)
		}
	}
	return strings.TrimSpace(d.String())
}

// scalable draws into an SVG, and makes an element of it that scales, has a title, and
// shows its text in whatever font there is as wide as it was laid out.
func scalable(w, h vg.Length, title, description string, paint func(draw.Canvas)) string {
	canvas := &measured{Canvas: vgsvg.NewWith(vgsvg.UseWH(w, h))}
	paint(draw.New(canvas))
	var buf bytes.Buffer
	if _, err := canvas.WriteTo(&buf); err != nil {
		panic(err) // a buffer takes everything
	}
	_, drawing, _ := strings.Cut(buf.String(), "<svg") // before it are an XML declaration and a comment
	_, drawing, _ = strings.Cut(drawing, ">")
	drawing = strings.ReplaceAll(drawing, "font-family:Liberation Sans;font-variant:normal;", "") // the group below has it

	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %[1]g %[2]g" role="img" aria-label="%[3]s">`, w, h, html.EscapeString(printable(title)))
	fmt.Fprintf(&b, "\n<title>%s</title>\n", html.EscapeString(printable(title)))
	if description != "" {
		fmt.Fprintf(&b, "<desc>%s</desc>\n", html.EscapeString(printable(description)))
	}
	b.WriteString(`<g font-family="'Liberation Sans',Arial,Helvetica,sans-serif">`)
	for i, part := range strings.Split(strings.TrimSuffix(strings.TrimSpace(drawing), "</svg>"), "<text ") {
		if i > 0 {
			fmt.Fprintf(&b, `<text textLength="%.5g" lengthAdjust="spacingAndGlyphs" `, canvas.widths[i-1].Points())
		}
		b.WriteString(part)
	}
	b.WriteString("</g></svg>\n")
	return b.String()
}

// measured remembers how wide each text is.
type measured struct {
	*vgsvg.Canvas
	widths []vg.Length
}

func (m *measured) FillString(f font.Face, p vg.Point, txt string) {
	m.widths = append(m.widths, f.Width(txt))
	m.Canvas.FillString(f, p, txt)
}

// themable makes variables of colours. Only browsers know these, so that a file on its own
// is left as it is.
var themable = sync.OnceValue(func() *strings.Replacer {
	var pairs []string
	for _, v := range []struct {
		name string
		c    color.RGBA
	}{
		{"paper", paper}, {"ink", ink}, {"muted", muted}, {"grid", grid}, {"blue", blue}, {"vermillion", vermillion},
		{"green", green}, {"purple", purple}, {"orange", orange}, {"gray", gray},
	} {
		hex := fmt.Sprintf("#%02X%02X%02X", v.c.R, v.c.G, v.c.B)
		for _, of := range []string{"fill:", "stroke:"} {
			pairs = append(pairs, of+hex, of+"var(--chart-"+v.name+","+hex+")")
		}
	}
	return strings.NewReplacer(pairs...)
})
