package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/imgpar/imgpar/bench"
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

// checker holds predictions against runs.
type checker struct {
	imgpar
	slowfs string
	tree   string
	files  []string
	cpus   int
	load   load
	table  *tabwriter.Writer
}

// check prints predictions beside what was measured: on the storage of the tree,
// where the costs are those of one worker there, and on bench/slowfs, where they are
// those of one worker on it, with no latency added. Of slow storage, only the latency
// and the number of opens are known to the prediction.
func check(w io.Writer, program string, args []string, tree, scratch, slowfs string, cpus int) (err error) {
	c := checker{imgpar: imgpar{program, args, scratch}, slowfs: slowfs, tree: tree, cpus: cpus}
	if c.files, err = list(tree); err != nil {
		return err
	}
	if c.load, err = measureLoad(program, args, tree, scratch, slowfs); err != nil {
		return err
	}
	c.table = tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(c.table, "mode\tstorage\tjobs\tfiles\tpredicted\tmeasured\tratio\tlimit\t")
	for _, m := range c.load.Modes {
		if err := c.fast(m); err != nil {
			return err
		}
		on, err := c.onMounted(m)
		if err != nil {
			return err
		}
		for _, latency := range latencies {
			if err := c.slow(on, latency); err != nil {
				return err
			}
		}
	}
	return c.table.Flush()
}

// row prints what a run was to take, from the begin of the process to its end, and
// what it took.
func (c *checker) row(m mode, storage string, at place, measured float64) {
	f := predict(at, c.load.costs(m))
	took := micros(m.Begin) + runOpens*at.latency + time.Duration(float64(at.files)/f.files*float64(time.Second))
	predicted := float64(at.files) / took.Seconds()
	fmt.Fprintf(c.table, "%s\t%s\t%d\t%d\t%s\t%s\t%.2f\t%s\t\n", m.Name, storage, at.jobs, at.files, bench.Digits(predicted), bench.Digits(measured), predicted/measured, f.limit)
}

// fast checks a mode on the storage of the tree.
func (c *checker) fast(m mode) error {
	for _, jobs := range checkedJobs {
		fastest := 0.0
		for range rounds {
			if err := c.fresh(); err != nil {
				return err
			}
			f, output, err := c.run(c.tree, jobs, m.Name, "--journal", c.journal())
			if err != nil {
				return err
			}
			output.Close()
			fastest = max(fastest, float64(len(c.files))/f.wall.Seconds())
		}
		c.row(m, "as it is", place{cores: c.cpus, jobs: jobs, ahead: m.Ahead, files: len(c.files)}, fastest)
	}
	return c.fresh()
}

// slow checks a mode on slow storage, at the latency that it turned out to have.
func (c *checker) slow(m mode, latency time.Duration) error {
	for _, jobs := range checkedJobs {
		at := place{cores: c.cpus, jobs: jobs, latency: latency, ahead: m.Ahead, files: len(c.files)}
		at.files = enough(predict(at, c.load.costs(m)), len(c.files))
		fastest := 0.0
		for range checkedTries {
			r, err := c.onSlow(c.slowfs, latency, c.files[:at.files], c.tree, jobs, m.Name)
			if err != nil {
				return err
			}
			if rate := float64(at.files) / r.wall.Seconds(); rate > fastest {
				fastest = rate
				if latency > 0 {
					at.latency = time.Duration(r.MS * float64(time.Millisecond))
				}
			}
		}
		c.row(m, fmt.Sprintf("slowfs, %v", latency), at, fastest)
	}
	return nil
}

// enough is how many files a run of some seconds has.
func enough(f forecast, files int) int {
	return min(files, max(fewestFiles, int(f.files*checkedFor.Seconds())))
}

// onMounted is what a mode costs on one worker on bench/slowfs without latency.
func (c *checker) onMounted(m mode) (mode, error) {
	var took []perFile
	for range checkedTries {
		one, err := c.onSlow(c.slowfs, 0, c.files[:1], c.tree, 1, m.Name)
		if err != nil {
			return m, err
		}
		all, err := c.onSlow(c.slowfs, 0, c.files, c.tree, 1, m.Name)
		if err != nil {
			return m, err
		}
		took = append(took, between(one.figures, all.figures, len(c.files)))
	}
	m.take(took)
	return m, nil
}
