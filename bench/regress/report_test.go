package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/imgpar/imgpar/bench"
)

func row(mode string, workers int, perSecond, efficiency float64) bench.Row {
	return bench.Row{Mode: mode, Workers: workers, FilesPerSecond: bench.Stat{Median: perSecond}, Efficiency: efficiency}
}

// report has two loads: one with peers, and one on a single CPU.
func report() bench.Report {
	return bench.Report{Type: "imgpar-bench", Version: 1, Loads: []bench.Load{
		{
			Name: "gray", Corpus: "photos", OK: 48,
			Rows: []bench.Row{
				row("sequential", 1, 100, 1), row("goroutine", 1, 100, 1), row("goroutine", 2, 196, 0.98),
				row("proc", 1, 90, 1), row("proc", 2, 147, 0.8), row("auto", 2, 190, 0.95),
			},
			Peers: []bench.Peer{{Name: "libvips", OK: 48, CPURatio: 24}, {Name: "Pillow", OK: 47, CPURatio: 10}, {Name: "sharp", OK: 48}},
		},
		{Name: "resize", Corpus: "photos", Rows: []bench.Row{row("sequential", 1, 5, 1), row("goroutine", 1, 5, 1), row("proc", 1, 5, 1)}},
	}}
}

func TestReportRatios(t *testing.T) {
	want := ratios{
		"gray of photos: CPU of libvips":               24,
		"gray of photos: efficiency of goroutine on 2": 0.98,
		"gray of photos: efficiency of proc on 2":      0.8,
		"gray of photos: efficiency of auto on 2":      0.95,
		"gray of photos: proc / goroutine on 2":        0.75,
		"gray of photos: auto / goroutine on 2":        190.0 / 196,
	}
	if got := reportRatios(report()); !maps.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

// A report that is given is measured again only by a program that is given.
func TestReportIsMeasuredAgain(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "given.json")
	data, err := json.Marshal(report())
	if err == nil {
		err = os.WriteFile(file, data, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
	list := sources(config{report: file}, dir)
	if len(list) != 2 {
		t.Fatal(len(list))
	}
	if r, err := list[1].first(); err != nil || len(r) != 6 {
		t.Error(r, err)
	}
	if r, err := list[1].again([]string{"x"}); err != nil || len(r) != 0 {
		t.Error(r, err)
	}
	list = sources(config{report: file, imgpar: filepath.Join(dir, "none")}, dir)
	if _, err := list[1].again([]string{"x"}); err == nil {
		t.Error("a program that is not there measured")
	}
	if list := sources(config{}, dir); len(list) != 1 {
		t.Error(len(list))
	}
}
