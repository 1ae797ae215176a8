package bench

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// stat takes one figure of every sample.
func (r series) stat(figure func(Sample) float64) Stat {
	var v []float64
	for _, s := range r.Samples {
		v = append(v, figure(s))
	}
	slices.Sort(v)
	n := len(v)
	return Stat{Median: (v[(n-1)/2] + v[n/2]) / 2, Min: v[0], Max: v[n-1]}
}

// spread is the distance of the extremes as a part of the median.
func (s Stat) spread() float64 {
	if s.Median == 0 {
		return 0
	}
	return (s.Max - s.Min) / s.Median
}

// FilesPerSecond is how many files a second of wall time took.
func (r series) FilesPerSecond() Stat {
	return r.stat(func(s Sample) float64 { return float64(s.Files) / s.Wall.Seconds() })
}

// MegapixelsPerSecond counts the pixels of the sources.
func (r series) MegapixelsPerSecond() Stat {
	return r.stat(func(s Sample) float64 { return float64(s.Pixels) / 1e6 / s.Wall.Seconds() })
}

// CPUSeconds is user and system time of all processes.
func (r series) CPUSeconds() Stat { return r.stat(func(s Sample) float64 { return s.CPU.Seconds() }) }

// PeakMB is the most memory of all processes together, megabytes.
func (r series) PeakMB() Stat { return r.stat(func(s Sample) float64 { return float64(s.Peak) / 1e6 }) }

// SpeedUp is the median over the rounds of how many times as fast as base each
// was; round by round, so that the machine's moods cancel out.
func (r series) SpeedUp(base series) float64 {
	i := -1
	return r.stat(func(s Sample) float64 {
		i++
		return float64(base.Samples[i].Wall) / float64(max(s.Wall, time.Nanosecond))
	}).Median
}

// SameBytes tells whether every run wrote what the first run of base wrote.
func (r series) SameBytes(base series) bool {
	return !slices.ContainsFunc(r.Samples, func(s Sample) bool { return s.Digest != base.Samples[0].Digest })
}

// WriteTable writes the rows for people: a table for each work, and one
// sentence on the cost of isolation.
func WriteTable(w io.Writer, rows []series) error {
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].Work == rows[0].Work {
			n++
		}
		if err := writeWork(w, rows[:n]); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

func writeWork(w io.Writer, rows []series) error {
	base := rows[0]
	first := base.Samples[0]
	fmt.Fprintf(w, "%s: %d files (%d ok), %.0f MP, %.0f MB; medians of %d interleaved rounds, spread (max-min)/median\n",
		base.Work, first.Files, first.OK, float64(first.Pixels)/1e6, float64(first.InBytes)/1e6, len(base.Samples))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "mode\tworkers\tfiles/s\tspread\tMP/s\tspread\tspeed-up\tCPU s\tpeak MB\tsame bytes\t")
	for _, r := range rows {
		files, mp := r.FilesPerSecond(), r.MegapixelsPerSecond()
		same := "yes"
		if !r.SameBytes(base) {
			same = "NO"
		}
		fmt.Fprintf(t, "%s\t%d\t%.1f\t%.0f%%\t%.1f\t%.0f%%\t%.2fx\t%.2f\t%.0f\t%s\t\n", r.Mode, r.Jobs,
			files.Median, 100*files.spread(), mp.Median, 100*mp.spread(), r.SpeedUp(base), r.CPUSeconds().Median, r.PeakMB().Median, same)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%s\n\n", sentence(rows))
	return err
}

// sentence compares the two modes at their most workers.
func sentence(rows []series) string {
	last := map[string]series{}
	for _, r := range rows {
		last[r.Mode] = r
	}
	g, p := last["goroutine"], last["proc"]
	ratio := p.SpeedUp(g)
	return fmt.Sprintf("On %d workers, subprocesses reach %.2fx the throughput of goroutines on these pictures, for %.2fx the CPU and %.2fx the memory.",
		g.Jobs, ratio, p.CPUSeconds().Median/max(g.CPUSeconds().Median, 1e-9), p.PeakMB().Median/max(g.PeakMB().Median, 1e-9))
}
