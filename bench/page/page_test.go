package page

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/bench"
)

func example(t *testing.T) bench.Report {
	t.Helper()
	r, err := bench.ReadReport("../testdata/example.json")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// element is a node of the page, which is written so that XML can read it too.
type element struct {
	name     string
	attr     map[string]string
	children []*element
	text     string // of a text node, which has no name
}

func parse(t *testing.T, r bench.Report) *element {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r); err != nil {
		t.Fatal(err)
	}
	root := &element{name: "#document"}
	open := []*element{root}
	d := xml.NewDecoder(bytes.NewReader(b.Bytes()))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return root
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		top := open[len(open)-1]
		switch n := token.(type) {
		case xml.StartElement:
			e := &element{name: n.Name.Local, attr: map[string]string{}}
			for _, a := range n.Attr {
				e.attr[a.Name.Local] = a.Value
			}
			top.children = append(top.children, e)
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			top.children = append(top.children, &element{text: string(n)})
		}
	}
}

// all returns the elements of a name, in order; of "" every element.
func (e *element) all(name string) []*element {
	var found []*element
	if e.name != "" && (e.name == name || name == "") {
		found = append(found, e)
	}
	for _, c := range e.children {
		found = append(found, c.all(name)...)
	}
	return found
}

func (e *element) content() string {
	s := e.text
	for _, c := range e.children {
		s += c.content()
	}
	return s
}

// cells returns the body of a table.
func (e *element) cells() [][]string {
	var rows [][]string
	for _, tr := range e.all("tbody")[0].all("tr") {
		var row []string
		for _, c := range tr.children {
			if c.name != "" {
				row = append(row, c.content())
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func TestTablesHaveEveryFigure(t *testing.T) {
	r := example(t)
	tables := parse(t, r).all("table")
	for _, l := range r.Loads {
		rows := tables[0].cells()
		if len(rows) != len(l.Rows) {
			t.Fatalf("%s: %d rows, want %d", l.Name, len(rows), len(l.Rows))
		}
		for i, row := range l.Rows {
			want := []string{
				row.Mode, strconv.Itoa(row.Workers), bench.Digits(row.FilesPerSecond.Median),
				bench.Digits(row.FilesPerSecond.Min) + " to " + bench.Digits(row.FilesPerSecond.Max), percent(row.FilesPerSecond.Spread), rowRemark(l, i).Text,
				bench.Digits(row.MPPerSecond.Median), bench.Digits(row.MBPerSecond.Median), bench.Digits(row.SpeedUp) + "×", bench.Digits(row.Efficiency),
				bench.Digits(row.Wall.Median), bench.Digits(row.CPU.Median), bench.Digits(row.Peak), bench.Digits(row.TaskMicros), bench.Digits(row.P50) + ", " + bench.Digits(row.P99), "yes",
			}
			if !slices.Equal(rows[i], want) {
				t.Errorf("%s, row %d:\n%q, want\n%q", l.Name, i, rows[i], want)
			}
		}
		peers := tables[1].cells()[1:] // the first is imgpar's
		if len(peers) != len(l.Peers) {
			t.Fatalf("%s: %d peers, want %d", l.Name, len(peers), len(l.Peers))
		}
		for i, p := range l.Peers {
			want := []string{
				p.Name, p.Version, bench.Digits(p.CPU.Median), bench.Digits(p.CPURatio) + "×", bench.Digits(p.Wall.Median), bench.Digits(p.WallRatio) + "×", bench.Digits(p.Peak),
				strconv.Itoa(p.OK), bench.Decibels(p.PSNR), bench.Decibels(p.OwnPSNR), peerRemark(l, p).Text,
			}
			if !slices.Equal(peers[i], want) {
				t.Errorf("%s, peer %d:\n%q, want\n%q", l.Name, i, peers[i], want)
			}
		}
		tables = tables[2:]
	}
}

func TestEverythingElse(t *testing.T) {
	r := example(t)
	page := parse(t, r)
	said := page.content()
	want := []string{r.Machine.CPU, r.Machine.Kernel, r.Machine.Go, "8.32 GB", "imgpar bench --peers --json report.json", bench.Digits(r.Spawn.Median) + " ms"}
	for _, l := range r.Loads {
		want = append(want, l.Verdict, l.Corpus, "imgpar "+bench.Shell(l.Args))
		want = append(want, l.Notes...)
		for _, p := range l.Peers {
			want = append(want, p.Name+" "+p.Version, bench.Shell(p.Command))
		}
	}
	for _, w := range want {
		if !strings.Contains(said, w) {
			t.Errorf("the page does not say %q", w)
		}
	}
	if charts := len(page.all("svg")); charts != 3*len(r.Loads) {
		t.Errorf("%d charts", charts)
	}
	if !strings.Contains(said, "ended before") || !strings.Contains(said, "because the spread was small") {
		t.Error("whether the figures settled is not said")
	}
	link := page.all("a")[0]
	data, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(link.attr["href"], "data:application/json;base64,"))
	if err != nil {
		t.Fatal(err)
	}
	var again bench.Report
	if err := json.Unmarshal(data, &again); err != nil || !reflect.DeepEqual(again, r) {
		t.Errorf("the data for download is not the report: %v", err)
	}
}

func TestLosingRowsAreMarked(t *testing.T) {
	r := example(t)
	var marked []string
	for _, tr := range parse(t, r).all("tr") {
		if tr.attr["class"] == "loses" {
			marked = append(marked, tr.children[0].content())
		}
	}
	// Of all peers one is faster; proc on one worker is slower than sequential beyond the
	// spread, at gray, thumb 256 and, by far, at tiny gray.
	if want := []string{"proc", "proc", "proc", "ramdisk-gray"}; !slices.Equal(marked, want) {
		t.Errorf("marked %q, want %q", marked, want)
	}
	l := r.Loads[3]
	i := slices.IndexFunc(l.Peers, func(p bench.Peer) bool { return p.Name == "ramdisk-gray" })
	if got, want := peerRemark(l, l.Peers[i]), (remark{"needs less CPU, less time, less memory than imgpar", true}); got != want {
		t.Errorf("remark %+v, want %+v", got, want)
	}
	l.Peers[i].PSNR, l.Peers[i].OwnPSNR, l.Peers[i].OK, l.Peers[i].CPURatio, l.Peers[i].WallRatio, l.Peers[i].Peak = 40, 39, 9, 1, 1, 99
	if got, want := peerRemark(l, l.Peers[i]), (remark{"better pixels than imgpar; wrote 9 of 10000 files", false}); got != want {
		t.Errorf("remark %+v, want %+v", got, want)
	}
	l.Rows[2].SameBytes = false
	if got := rowRemark(l, 2); !got.Loses || got.Text != "other bytes than the sequential row" {
		t.Errorf("other bytes are remarked by %+v", got)
	}
}

// setStrings puts a text wherever a report has one.
func setStrings(v reflect.Value, s string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(s)
	case reflect.Struct:
		for i := range v.NumField() {
			setStrings(v.Field(i), s)
		}
	case reflect.Slice:
		for i := range v.Len() {
			setStrings(v.Index(i), s)
		}
	}
}

func TestTextIsNeverMarkup(t *testing.T) {
	const nasty = "\"><script>alert('1')</script>--></style></title><img src=x onerror=alert(1)> &amp; {{.}} `\x00\x1b\xff\U0001f600"
	const shown = "\"><script>alert('1')</script>--></style></title><img src=x onerror=alert(1)> &amp; {{.}} `\ufffd\ufffd\ufffd\U0001f600"
	r := example(t)
	clean := parse(t, r)
	for i := range r.Loads {
		setStrings(reflect.ValueOf(&r.Loads[i]).Elem(), nasty)
	}
	setStrings(reflect.ValueOf(&r.Machine).Elem(), nasty)
	r.Command = []string{nasty}
	page := parse(t, r)

	names := func(root *element) map[string]int {
		count := map[string]int{}
		for _, e := range root.all("") {
			count[e.name]++
			for a := range e.attr {
				count["@"+a]++
			}
		}
		return count
	}
	// No mode is imgpar's default one then, whose rows are missing; and charts have other paths.
	was, is := names(clean), names(page)
	for name := range is {
		if was[name] == 0 {
			t.Errorf("%s came into being", name)
		}
	}
	for _, name := range []string{"table", "svg", "a", "section", "h2", "h3", "style", "title", "meta"} {
		if was[name] != is[name] {
			t.Errorf("%d elements %s, were %d", is[name], name, was[name])
		}
	}
	if n := strings.Count(page.content(), shown); n < 40 {
		t.Errorf("the text is shown %d times", n)
	}
	for _, e := range page.all("svg") {
		if !strings.HasPrefix(e.attr["aria-label"], shown[:60]) {
			t.Errorf("label %q", e.attr["aria-label"])
		}
	}
}

func TestLoadsNothing(t *testing.T) {
	page := parse(t, example(t))
	for _, e := range page.all("") {
		if slices.Contains([]string{"script", "link", "img", "image", "iframe", "object", "embed", "use", "form"}, e.name) {
			t.Errorf("<%s>", e.name)
		}
		for name, v := range e.attr {
			if name == "src" || strings.HasPrefix(name, "on") || name == "href" && !strings.HasPrefix(v, "data:application/json;base64,") || strings.Contains(v, "url(") {
				t.Errorf("<%s %s=%.60q>", e.name, name, v)
			}
		}
	}
	if strings.Contains(css, "url(") || strings.Contains(css, "@import") {
		t.Error("the style sheet loads something")
	}
	if policy := page.all("meta")[1].attr["content"]; !strings.HasPrefix(policy, "default-src 'none'") {
		t.Errorf("policy %q", policy)
	}
}

func TestOddReports(t *testing.T) {
	parse(t, bench.Report{})
	r := example(t)
	r.Loads[0].Rows, r.Loads[1].Rows, r.Loads[2].Peers = nil, r.Loads[1].Rows[:1], nil
	r.Loads[3].Rows, r.Loads[3].Peers = []bench.Row{{}}, []bench.Peer{{}}
	if tables := len(parse(t, r).all("table")); tables != 2*4-1 {
		t.Errorf("%d tables", tables)
	}
	r.Loads[1].Rows[0].Peak = math.NaN()
	if err := Write(io.Discard, r); err == nil || !strings.Contains(err.Error(), "NaN") {
		t.Errorf("a report that JSON cannot hold: error %v", err)
	}
}
