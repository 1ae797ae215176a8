package chart

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/color"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/bench"
)

// example is an invented report, with peers that are slower and one that is faster.
func example(t *testing.T) bench.Report {
	t.Helper()
	r, err := bench.ReadReport("../testdata/example.json")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func write(t *testing.T, r bench.Report, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r, format); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// texts parses strictly and returns the contents of the text elements.
func texts(t *testing.T, svg []byte) []string {
	t.Helper()
	var all []string
	d := xml.NewDecoder(bytes.NewReader(svg))
	within := ""
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, svg)
		}
		switch e := token.(type) {
		case xml.StartElement:
			within = e.Name.Local
			for _, a := range e.Attr {
				if strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") {
					t.Fatalf("<%s %s=%q>", within, a.Name.Local, a.Value)
				}
			}
		case xml.EndElement:
			within = ""
		case xml.CharData:
			if within == "text" {
				all = append(all, string(e))
			}
		}
	}
}

func TestSVGNamesEverybody(t *testing.T) {
	r := example(t)
	all := strings.Join(texts(t, write(t, r, "svg")), "\n")
	want := []string{"imgpar bench", r.Machine.CPU, "2026-11-22", "higher is better", "lower is better", "MB of all processes", "files/s", "workers", "(47 of 48 files)"}
	for _, l := range r.Loads {
		want = append(want, l.Name)
		for _, row := range l.Rows {
			want = append(want, row.Mode)
		}
		for _, p := range l.Peers {
			want = append(want, p.Name, short(p.CPURatio)+"×", short(p.Peak)+" MB")
		}
	}
	for _, w := range want {
		if !strings.Contains(all, w) {
			t.Errorf("the chart does not say %q", w)
		}
	}
}

func TestPNG(t *testing.T) {
	r := example(t)
	m, err := png.Decode(bytes.NewReader(write(t, r, "png")))
	if err != nil {
		t.Fatal(err)
	}
	f := newFigure(r)
	if w, h := int(math.Round(f.width.Dots(pngDPI))), int(math.Round(f.height.Dots(pngDPI))); m.Bounds().Dx() != w || m.Bounds().Dy() != h {
		t.Errorf("%v, want %d x %d", m.Bounds(), w, h)
	}
	count := map[color.Color]int{}
	for y := 0; y < m.Bounds().Dy(); y += 3 { // a ninth of the pixels, to be quick
		for x := 0; x < m.Bounds().Dx(); x += 3 {
			count[color.RGBAModel.Convert(m.At(x, y))]++
		}
	}
	for name, c := range map[string]color.RGBA{
		"paper": paper, "ink": ink, "muted": muted, "grid": grid, "blue": blue, "vermillion": vermillion, "green": green, "orange": orange, "gray": gray,
	} {
		if count[c] < 30 {
			t.Errorf("%d pixels are %s", count[c], name)
		}
	}
}

func TestPanels(t *testing.T) {
	r := example(t)
	var titles []string
	for _, s := range Sections(r) {
		titles = append(titles, s.Title)
		if len(s.Panels) != len(r.Loads) {
			t.Errorf("%s: %d panels of %d loads", s.Title, len(s.Panels), len(r.Loads))
		}
		for i, p := range s.Panels {
			svg := p.SVG()
			all := strings.Join(texts(t, []byte(svg)), "\n")
			if !strings.Contains(all, r.Loads[i].Name) || !strings.Contains(all, p.Note) {
				t.Errorf("%s: no title or note in\n%s", s.Title, all)
			}
			if !strings.Contains(svg, `aria-label="`+r.Loads[i].Name+": ") || !strings.Contains(svg, "fill:var(--chart-ink,#1F2328)") {
				t.Errorf("%s: neither described nor themable: %.300s", s.Title, svg)
			}
		}
	}
	if len(titles) != 3 {
		t.Errorf("sections: %q", titles)
	}
}

func TestNoPeersNoPanel(t *testing.T) {
	r := example(t)
	r.Loads[1].Peers = nil
	if s := Sections(r); len(s) != 3 || len(s[1].Panels) != len(r.Loads)-1 {
		t.Errorf("a load without peers has a panel of them: %v", s)
	}
	for i := range r.Loads {
		r.Loads[i].Peers = nil
	}
	for _, s := range Sections(r) {
		if strings.Contains(s.Title, "other programs") {
			t.Errorf("section %q without peers", s.Title)
		}
	}
	if all := strings.Join(texts(t, write(t, r, "svg")), "\n"); strings.Contains(all, "other programs") {
		t.Error("a chart of no peers")
	}
}

func TestUnknownFormat(t *testing.T) {
	if err := Write(io.Discard, example(t), "gif"); err == nil || !strings.Contains(err.Error(), `"gif"`) {
		t.Errorf("error %v", err)
	}
}

// odd are reports that a bench should not, or seldom, make.
func odd(t *testing.T) map[string]bench.Report {
	t.Helper()
	reports := map[string]bench.Report{"empty": {}, "a load without rows": {Loads: []bench.Load{{Name: "gray"}}}}
	change := func(name string, f func(*bench.Load)) {
		r := example(t)
		for i := range r.Loads {
			f(&r.Loads[i])
		}
		reports[name] = r
	}
	change("one row", func(l *bench.Load) { l.Rows = l.Rows[:1] })
	change("one worker", func(l *bench.Load) { l.Rows = []bench.Row{l.Rows[0], l.Rows[1], l.Rows[3]} })
	for _, v := range []float64{0, -1, math.NaN(), math.Inf(1), math.SmallestNonzeroFloat64, math.MaxFloat64, least, most} {
		change(fmt.Sprintf("all are %g", v), func(l *bench.Load) { setAll(l, v) })
		change(fmt.Sprintf("the last is %g", v), func(l *bench.Load) {
			last := bench.Load{Rows: l.Rows[len(l.Rows)-1:], Peers: l.Peers[len(l.Peers)-1:]}
			setAll(&last, v)
		})
	}
	change("128 workers", func(l *bench.Load) {
		for _, n := range []int{4, 8, 16, 32, 64, 128} {
			for _, r := range l.Rows[1:5:5] {
				if r.Workers == 2 {
					f := math.Pow(float64(n)/2, 0.9)
					r.Workers = n
					s := r.FilesPerSecond
					r.FilesPerSecond = bench.Stat{Median: s.Median * f, Min: s.Min * f * 0.9, Max: s.Max * f * 1.05}
					l.Rows = append(l.Rows, r)
				}
			}
		}
	})
	change("names", func(l *bench.Load) {
		l.Name = `<script>alert("1")</script> & ' ` + "\x00\x1b\u202e\xff\n" + strings.Repeat("long ", 40)
		for i := range l.Rows {
			l.Rows[i].Mode = fmt.Sprint(l.Rows[i].Mode, l.Name)
		}
		for i := range l.Peers {
			l.Peers[i].Name = l.Name
		}
	})
	change("40 peers", func(l *bench.Load) {
		for i := range 40 {
			l.Peers = append(l.Peers, bench.Peer{Name: fmt.Sprint("peer ", i), OK: l.OK - i, CPURatio: 0.3 * float64(i), WallRatio: 2, Figures: bench.Figures{Peak: float64(i * i)}})
		}
	})
	return reports
}

func setAll(l *bench.Load, v float64) {
	for i := range l.Rows {
		l.Rows[i].FilesPerSecond = bench.Stat{Median: v, Min: v, Max: v, Spread: v}
		l.Rows[i].Peak = v
	}
	for i := range l.Peers {
		l.Peers[i].CPURatio, l.Peers[i].WallRatio, l.Peers[i].Peak = v, v, v
	}
}

func TestOddReports(t *testing.T) {
	for name, r := range odd(t) {
		t.Run(name, func(t *testing.T) {
			texts(t, write(t, r, "svg"))
			for _, s := range Sections(r) {
				for _, p := range s.Panels {
					texts(t, []byte(p.SVG()))
				}
			}
			if b := newFigure(r).raster(pngDPI / 6).Image().Bounds(); b.Empty() { // small, to be quick
				t.Error("an empty picture")
			}
		})
	}
}
