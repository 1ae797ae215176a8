// Package page makes one self-contained HTML page of what a bench found out. It loads
// nothing, runs nothing, and is as readable in the dark, on a telephone and on paper.
package page

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"unicode"
	"unicode/utf8"

	"github.com/imgpar/imgpar/bench"
	"github.com/imgpar/imgpar/bench/chart"
)

var (
	//go:embed page.html
	source string
	//go:embed page.css
	css string
)

// view is what the template is given.
type view struct {
	bench.Report
	CSS      template.CSS
	Sections []section
	Data     template.URL // the report as JSON
}

type section struct {
	Title  string
	Charts []template.HTML
}

// Write writes the page: verdicts, charts, tables, the machine, versions and commands,
// and the report itself for download. Whatever the report says is text, never markup. A
// report that JSON cannot hold (a figure that is no number) is an error.
func Write(w io.Writer, r bench.Report) error {
	t, err := template.New("page").Funcs(functions).Parse(source)
	if err != nil {
		return err
	}
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("the report cannot be told as JSON: %w", err)
	}
	v := view{
		Report: r, CSS: template.CSS(css),
		Data: template.URL("data:application/json;base64," + base64.StdEncoding.EncodeToString(data)),
	}
	for _, s := range chart.Sections(r) {
		charts := section{Title: s.Title}
		for _, p := range s.Panels {
			charts.Charts = append(charts.Charts, template.HTML(p.SVG())) // which escapes its text
		}
		v.Sections = append(v.Sections, charts)
	}
	var page bytes.Buffer
	if err := t.Execute(&page, v); err != nil {
		return err
	}
	_, err = w.Write(bytes.Map(allowed, page.Bytes()))
	return err
}

// allowed replaces characters that HTML forbids however they are written; they can come
// from nothing but names.
func allowed(r rune) rune {
	if unicode.IsControl(r) && r != '\n' && r != '\t' || r == '\ufffe' || r == '\uffff' {
		return utf8.RuneError
	}
	return r
}
