// Package report tells people and scripts how a run goes.
//
// Its rules: results go to stdout and only with JSON; everything for people
// goes to stderr, begins with "imgpar:", is lower case and ends without a full
// stop. A bar is drawn on terminals only. Names are printed so that no control
// character of theirs reaches the terminal.
package report

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/term"

	"github.com/imgpar/imgpar/internal/job"
)

// Progress is how a run shows that it goes on.
type Progress string

const (
	Auto  Progress = "auto"  // Bar on a terminal, else Plain
	Bar   Progress = "bar"   // a bar, and what each worker is on
	Plain Progress = "plain" // a line now and then
	None  Progress = "none"
)

// Periods of the two kinds of progress.
const (
	barPeriod   = 100 * time.Millisecond
	plainPeriod = 10 * time.Second
)

// maxETA is the longest time left that is worth showing: after one small file
// of a large tree it may be guessed at centuries.
const maxETA = 100 * time.Hour

// Config of a Report.
type Config struct {
	What     string // the operation, for people
	Progress Progress
	JSON     bool // write the results to Stdout
	Quiet    bool // of what is for people, only failures
	Workers  int
	Files    int   // inputs of the run
	Bytes    int64 // of the inputs that will be worked on
	Ignored  int
	Stdout   io.Writer
	Stderr   io.Writer
}

// Report shows one run. Its methods are safe for concurrent use.
type Report struct {
	cfg  Config
	stop chan struct{} // closed by Close
	done chan struct{} // closed by loop when it has ended

	mu      sync.Mutex // guards all below, and writing to Stderr
	sum     Summary
	start   time.Time
	bytes   int64    // of the inputs that were worked on
	current []string // what each worker is on; "": nothing
	bar     *bar     // nil: no bar
	broken  error    // the first failure to write a result
}

// New starts a report. Close ends it.
func New(cfg Config) *Report {
	r := &Report{cfg: cfg, stop: make(chan struct{}), done: make(chan struct{}),
		sum: newSummary(), start: time.Now(), current: make([]string, cfg.Workers)}
	r.sum.Ignored = cfg.Ignored
	period := plainPeriod
	switch r.mode() {
	case Bar:
		r.bar = newBar(cfg.Stderr, cfg.Bytes)
		period = barPeriod
	case None:
		period = 0
	}
	go r.loop(period)
	return r
}

// mode resolves Auto.
func (r *Report) mode() Progress {
	switch {
	case r.cfg.Quiet:
		return None
	case r.cfg.Progress != Auto && r.cfg.Progress != "":
		return r.cfg.Progress
	}
	if f, ok := r.cfg.Stderr.(*os.File); ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb" {
		return Bar
	}
	return Plain
}

func (r *Report) loop(period time.Duration) {
	defer close(r.done)
	if period == 0 {
		<-r.stop
		return
	}
	tick := time.NewTicker(period)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			r.show()
		case <-r.stop:
			return
		}
	}
}

// show draws the progress as it is now.
func (r *Report) show() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.bar != nil {
		r.bar.draw(r.bytes, r.status(), r.current)
		return
	}
	r.say(r.cfg.What + ": " + r.status())
}

// status is the run in one line: what is done, how fast, how much longer.
func (r *Report) status() string {
	elapsed := time.Since(r.start)
	s := fmt.Sprintf("%d/%d files, %.1f MP/s", r.sum.Inputs, r.cfg.Files, float64(r.sum.Pixels)/1e6/max(elapsed.Seconds(), 1e-3))
	if bad := r.sum.Bad(); bad > 0 {
		s += fmt.Sprintf(", %d failed", bad)
	}
	if left := r.cfg.Bytes - r.bytes; r.bytes > 0 && left > 0 {
		if eta := elapsed.Seconds() * float64(left) / float64(r.bytes); eta < maxETA.Seconds() {
			s += ", ETA " + time.Duration(eta*1e9).Round(time.Second).String()
		}
	}
	return s
}

// Start says that a worker is on a file now.
func (r *Report) Start(worker int, name job.Path) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.current[worker] = string(name)
}

// End says that a worker has nothing to do now.
func (r *Report) End(worker int) { r.Start(worker, "") }

// Result takes in what became of an input of that many bytes. Its error says
// that results can no longer be written.
func (r *Report) Result(res job.Result, bytes int64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sum.add(res)
	r.bytes += bytes
	switch res.Outcome {
	case job.Failed, job.Crashed, job.Timeout:
		if !r.cfg.JSON {
			r.say(fmt.Sprintf("%s: %s: %s", res.Outcome, Printable(string(res.Input)), Printable(res.Reason)))
		}
	}
	return r.write(lineOf("result", res))
}

// Plan shows a job that a dry run does not do.
func (r *Report) Plan(j job.Job) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sum.Inputs++
	r.sum.Planned++
	if !r.cfg.JSON && !r.cfg.Quiet {
		r.say(fmt.Sprintf("would write %s from %s", Printable(string(j.Output)), Printable(string(j.Input))))
	}
	return r.write(lineOf("plan", job.Result{Input: j.Input, Output: j.Output}))
}

// Say prints a line for people, also when the report is quiet.
func (r *Report) Say(line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.say(line)
}

// say prints a line above the bar. The caller holds mu.
func (r *Report) say(line string) {
	if r.bar != nil {
		r.bar.clear()
	}
	fmt.Fprintln(r.cfg.Stderr, "imgpar: "+line) // there is nobody to tell if this fails
}

// write writes a line of JSON. The caller holds mu.
func (r *Report) write(v any) error {
	if !r.cfg.JSON {
		return nil
	}
	if r.broken == nil { // what follows half a line could not be read
		if err := writeLine(r.cfg.Stdout, v); err != nil {
			r.broken = fmt.Errorf("write results: %w", err)
		}
	}
	return r.broken
}

// Close ends the report with its summary. No other method may be called then.
func (r *Report) Close() (Summary, error) {
	close(r.stop)
	<-r.done
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.bar != nil {
		r.bar.clear()
	}
	r.sum.Elapsed = time.Since(r.start)
	if !r.cfg.Quiet {
		for _, l := range r.sum.text(r.cfg.What) {
			r.say(l)
		}
	}
	return r.sum, r.write(lineOfSummary(r.sum))
}

// Printable returns s as it is if a terminal shows it so, else quoted.
func Printable(s string) string {
	if utf8.ValidString(s) && strings.IndexFunc(s, func(c rune) bool { return !unicode.IsPrint(c) }) < 0 {
		return s
	}
	return strconv.Quote(s)
}
