package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/imgpar/imgpar/bench"
)

// What is predicted.
var (
	coreCounts = []int{1, 2, 8, 32, 128}
	latencies  = []time.Duration{0, time.Millisecond, 10 * time.Millisecond, 20 * time.Millisecond, 100 * time.Millisecond}
)

// predictedFiles is how many are taken through the pipeline for each lane, beside
// the first ones; so many that its filling and emptying hardly count.
const (
	firstFiles   = 1000
	filesPerLane = 40
)

// table prints files a second for each load, mode, number of cores and latency, with
// as many jobs as cores.
func table(w io.Writer, p *params, locked bool) error {
	fmt.Fprintf(w, "measured on %s, %s/%s, %d CPUs, %s, %s; as many jobs as cores\n\n", p.Date.Format(time.DateOnly), p.OS, p.Arch, p.CPUs, p.Go, p.Version)
	for _, l := range p.Loads {
		for _, m := range l.Modes {
			c := l.costs(m)
			fmt.Fprintf(w, "%s, %s: %.0f us of work a file, %.0f of pipe, %.0f beside it, %.0f of nothing; plan %.1f us, report %.1f, folder %.1f; %.0f opens, %s\n",
				l.Name, m.Name, inMicros(mean(c.work)), inMicros(c.pipe), inMicros(c.aside), inMicros(c.wake), inMicros(c.plan), inMicros(c.report), inMicros(c.folder), m.Opens, ahead(m.Ahead))
			t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
			fmt.Fprint(t, "cores\t")
			for _, latency := range latencies {
				fmt.Fprintf(t, "%v an open\tlimit\t", latency)
			}
			fmt.Fprintln(t)
			for _, n := range coreCounts {
				fmt.Fprintf(t, "%d\t", n)
				for _, latency := range latencies {
					at := place{cores: n, jobs: n, latency: latency, ahead: m.Ahead, locked: locked}
					at.files = firstFiles + filesPerLane*at.lanes(c)
					f := predict(at, c)
					fmt.Fprintf(t, "%s\t%s\t", bench.Digits(f.files), f.limit)
				}
				fmt.Fprintln(t)
			}
			if err := t.Flush(); err != nil {
				return err
			}
			fmt.Fprintln(w)
		}
	}
	return nil
}

func inMicros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }

func ahead(is bool) string {
	if is {
		return "ahead"
	}
	return "one after another"
}
