package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// What is checked.
var checkedJobs = []int{1, 2}

// checkedFor is about how long a run on slow storage takes; it has fewer files than
// the tree where that is enough.
const (
	checkedFor   = 6 * time.Second
	fewestFiles  = 48
	checkedTries = 3 // of each; the fastest counts
)

// check holds predictions against runs: on the storage of the tree, where the costs
// are those of one worker there, and on bench/slowfs, where they are those of one
// worker on it, with no latency added. Of the latter, only that and the opens are
// known of slow storage.
func check(w io.Writer, program string, args []string, tree, scratch, slowfs string, cpus int) error {
	l, err := measureLoad(program, args, tree, scratch, slowfs)
	if err != nil {
		return err
	}
	p := imgpar{program, args, scratch}
	files, err := list(tree)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "mode\tstorage\tjobs\tfiles\tpredicted\tmeasured\tratio\tlimit\t")
	row := func(m mode, storage string, jobs, n int, f forecast, measured float64) {
		fmt.Fprintf(t, "%s\t%s\t%d\t%d\t%s\t%s\t%.2f\t%s\t\n", m.Name, storage, jobs, n, rate(f.files), rate(measured), f.files/measured, f.limit)
	}
	for _, m := range l.Modes {
		for _, jobs := range checkedJobs {
			f := predict(place{cores: cpus, jobs: jobs, ahead: m.Ahead, files: len(files)}, l.costs(m))
			measured, err := p.fast(tree, jobs, m.Name, len(files))
			if err != nil {
				return err
			}
			row(m, "as it is", jobs, len(files), f, measured)
		}
		on, err := p.onMounted(slowfs, l, m, files, tree)
		if err != nil {
			return err
		}
		for _, latency := range latencies {
			for _, jobs := range checkedJobs {
				at := place{cores: cpus, jobs: jobs, latency: latency, ahead: m.Ahead, files: len(files)}
				at.files = enough(predict(at, l.costs(on)), len(files))
				measured, made, err := p.slow(slowfs, latency, files[:at.files], tree, jobs, m.Name)
				if err != nil {
					return err
				}
				if latency > 0 {
					at.latency = made
				}
				row(m, fmt.Sprintf("slowfs, %v", latency), jobs, at.files, predict(at, l.costs(on)), measured)
			}
		}
	}
	return t.Flush()
}

// enough is how many files a run of some seconds has.
func enough(f forecast, files int) int {
	return min(files, max(fewestFiles, int(f.files*checkedFor.Seconds())))
}

// fast measures files a second on the storage of the tree.
func (p imgpar) fast(tree string, jobs int, mode string, files int) (float64, error) {
	var rates []float64
	for range rounds {
		if err := p.fresh(); err != nil {
			return 0, err
		}
		f, output, err := p.run(tree, jobs, mode, "--journal", p.journal())
		if err != nil {
			return 0, err
		}
		output.Close()
		rates = append(rates, float64(files)/f.wall.Seconds())
	}
	return slices.Max(rates), p.fresh()
}

// slow measures files a second on slow storage, and what an open there took.
func (p imgpar) slow(slowfs string, latency time.Duration, files []string, tree string, jobs int, mode string) (float64, time.Duration, error) {
	var rates, took []float64
	for range checkedTries {
		r, err := p.onSlow(slowfs, latency, files, tree, jobs, mode)
		if err != nil {
			return 0, 0, err
		}
		rates, took = append(rates, float64(r.files)/r.wall.Seconds()), append(took, r.MS)
	}
	return slices.Max(rates), time.Duration(median(took) * float64(time.Millisecond)), nil
}

// onMounted is what a mode costs on one worker on bench/slowfs without latency.
func (p imgpar) onMounted(slowfs string, l load, m mode, files []string, tree string) (mode, error) {
	var wall, cpu, parent, storage []float64
	for range checkedTries {
		one, err := p.onSlow(slowfs, 0, files[:1], tree, 1, m.Name)
		if err != nil {
			return m, err
		}
		all, err := p.onSlow(slowfs, 0, files, tree, 1, m.Name)
		if err != nil {
			return m, err
		}
		each := between(one.figures, all.figures, len(files))
		wall, cpu, parent = append(wall, each.wall), append(cpu, each.cpu), append(parent, each.parent)
		storage = append(storage, float64((all.opens.cpu-one.opens.cpu).Nanoseconds())/1e3/float64(len(files)-1))
	}
	m.Wall, m.CPU, m.Parent, m.Storage = slices.Min(wall), median(cpu), median(parent), median(storage)
	return m, nil
}
