package main

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

// A load of which all is known has the table that follows from it.
func TestTable(t *testing.T) {
	p := newParams()
	p.add(load{Name: "made up", Plan: 10, Journal: 2, Folder: 1, Modes: []mode{
		{Name: "goroutine", Wall: 1000, CPU: 1012, Parent: 1012, Opens: 2, Ahead: true, Service: []float64{1}},
	}})
	var b strings.Builder
	if err := table(&b, p, false); err != nil {
		t.Fatal(err)
	}
	rows := map[string][]string{} // by cores: files a second and limit, for each latency
	for line := range strings.Lines(b.String()) {
		if f := strings.Fields(line); len(f) == 1+2*len(latencies) {
			rows[f[0]] = f[1:]
		}
	}
	for _, c := range []struct {
		cores string
		cell  int
		want  float64
		limit string
	}{
		{"1", 0, 1e6 / 1012, "cores"},
		{"8", 0, 8e6 / 1012, "cores"},
		{"128", 0, 1e6 / 10, "plan"},
		{"8", 4, (8 + 64) / 0.201, "storage"},
		{"128", 3, (128 + 64) / 0.041, "storage"},
	} {
		row := rows[c.cores]
		if len(row) == 0 {
			t.Fatalf("no row of %s cores in\n%s", c.cores, &b)
		}
		got, err := strconv.ParseFloat(row[2*c.cell], 64)
		if err != nil || math.Abs(got/c.want-1) > 0.05 || row[2*c.cell+1] != c.limit {
			t.Errorf("%s cores, %v: %v files/s, limit %s, want %.0f and %s", c.cores, latencies[c.cell], got, row[2*c.cell+1], c.want, c.limit)
		}
	}
}
