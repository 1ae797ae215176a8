package main

import (
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"
)

// What is measured is divided without rest: one worker is as fast in the model as it
// was, and all CPU is somebody's.
func TestCostsAddUp(t *testing.T) {
	for _, c := range []struct {
		name string
		mode
		wake, idle, aside time.Duration
	}{
		{"it works all the time", mode{Name: "goroutine", Wall: 100, CPU: 112, Parent: 112}, 0, 0, 0},
		{"it waits", mode{Name: "goroutine", Wall: 130, CPU: 112, Parent: 112}, 30 * us, 0, 0},
		{"garbage is collected beside", mode{Name: "goroutine", Wall: 90, CPU: 112, Parent: 112}, 0, 0, 10 * us},
		{"in a subprocess", mode{Name: "proc", Wall: 250, CPU: 212, Parent: 142}, 50 * us, 0, 0},
		{"the file system is a process", mode{Name: "goroutine", Wall: 300, CPU: 112, Parent: 112, Storage: 200}, 0, 0, 0},
		{"it is waited for", mode{Name: "goroutine", Wall: 400, CPU: 112, Parent: 112, Storage: 200}, 0, 100 * us, 0},
	} {
		c.Service, c.Opens = []float64{50, 100, 150}, 2
		l := load{Plan: 5, Journal: 7, Folder: 10}
		got := l.costs(c.mode)
		near := func(a, b time.Duration) bool { return (a - b).Abs() <= 3 }
		if !near(got.wake, c.wake) || !near(got.idle, c.idle) || !near(got.aside, c.aside) {
			t.Errorf("%s: wake %v, idle %v, aside %v, want %v, %v and %v", c.name, got.wake, got.idle, got.aside, c.wake, c.idle, c.aside)
		}
		if cpu := mean(got.work) + got.pipe + got.stage + got.aside + got.plan + got.report; !near(cpu, micros(c.CPU+c.Storage)) {
			t.Errorf("%s: %v of CPU, of %.0f us", c.name, cpu, c.CPU+c.Storage)
		}
		if got.work[2] != 3*got.work[0] || got.inputs != 1 || got.outputs != 1 {
			t.Errorf("%s: %+v", c.name, got)
		}
		f := predict(place{cores: 2, jobs: 1, files: 3000}, got)
		if want := 1e6 / c.Wall; math.Abs(f.files/want-1) > 0.03 {
			t.Errorf("%s: one worker does %.0f files/s, and did %.0f", c.name, f.files, want)
		}
	}
}

func TestParamsComeBack(t *testing.T) {
	name := filepath.Join(t.TempDir(), "params.json")
	p, err := readParams(name)
	if err != nil {
		t.Fatal(err)
	}
	p.Date = p.Date.UTC().Round(0)
	p.add(load{Name: "a", Files: 1})
	p.add(load{Name: "b", Files: 2})
	p.add(load{Name: "a", Files: 3, Command: []string{"imgpar"}, Modes: []mode{{Name: "proc", Service: []float64{1.5}}}})
	if err := p.write(name); err != nil {
		t.Fatal(err)
	}
	got, err := readParams(name)
	if err != nil || len(got.Loads) != 2 || !reflect.DeepEqual(got, p) {
		t.Errorf("%+v, %v, want %+v", got, err, p)
	}
	if err := os.WriteFile(name, []byte(`{"type":"imgpar-bench"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readParams(name); err == nil {
		t.Error("took another program's file")
	}
}

func TestBetween(t *testing.T) {
	got := between(figures{12 * ms, 5 * ms, 3 * ms, 0}, figures{111 * ms, 104 * ms, 25 * ms, 99 * ms}, 100)
	if want := (perFile{begin: 11_000, wall: 1000, cpu: 1000, parent: 22_000 / 99.0, storage: 1000}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestThin(t *testing.T) {
	if got := thin([]float64{0, 1, 2, 3, 4, 5, 6, 7}, 4); !reflect.DeepEqual(got, []float64{0, 2, 4, 6}) {
		t.Errorf("thinned to %v", got)
	}
}
