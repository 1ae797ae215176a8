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

// ratePeriod is how far back at least the speed is measured that the time left
// is guessed by, once the run is that old: what is done already passes quickly
// and says nothing of the rest.
const ratePeriod = 15 * time.Second

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
	Stdout   io.Writer
	Stderr   io.Writer
}

// extent is a number of inputs and their bytes.
type extent struct {
	files int
	bytes int64
}

// Report shows one run. Its methods are safe for concurrent use.
type Report struct {
	cfg  Config
	stop chan struct{} // closed by Close
	done chan struct{} // closed by loop when it has ended

	mu      sync.Mutex // guards all below, and writing to Stderr
	sum     Summary
	start   time.Time
	found   extent   // inputs so far
	total   extent   // inputs of the run, if counted
	counted bool     // total is known
	walked  bool     // found is all
	passed  int64    // bytes of the inputs that have their outcome
	marks   [2]mark  // the speed is measured from the first on
	current []string // what each worker is on; "": nothing
	bar     *bar     // nil: no bar
	told    int      // inputs when progress was last printed, and one; 0: never
	broken  error    // the first failure to write a result
}

// New starts a report. Close ends it.
func New(cfg Config) *Report {
	r := &Report{cfg: cfg, stop: make(chan struct{}), done: make(chan struct{}),
		sum: newSummary(), start: time.Now(), current: make([]string, cfg.Workers)}
	period := plainPeriod
	switch r.mode() {
	case Bar:
		r.bar = newBar(cfg.Stderr)
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

// Shown tells whether progress is shown, for which a total is worth knowing.
func (r *Report) Shown() bool { return r.mode() != None }

// show draws the progress as it is now.
func (r *Report) show() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.bar != nil {
		total, known := r.whole()
		if !known {
			total.bytes = unknown
		}
		r.bar.draw(r.passed, total.bytes, r.status, r.current)
		return
	}
	if idle := strings.Join(r.current, "") == "" && r.told == r.sum.Inputs+1; idle {
		return // a run that waits for files has nothing to tell
	}
	r.told = r.sum.Inputs + 1
	r.say(r.cfg.What + ": " + r.status(true))
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
	if res.Outcome != job.Canceled { // a run that is stopped does not get on
		r.passed += bytes
	}
	if r.cfg.JSON {
		return r.write(lineOf("result", res))
	}
	switch res.Outcome {
	case job.Failed, job.Crashed, job.Timeout:
		r.say(fmt.Sprintf("%s: %s: %s", res.Outcome, Printable(string(res.Input)), Printable(res.Reason)))
	}
	return nil
}

// UpToDate takes in inputs of so many bytes in all that are found to be up to
// date. It is for results that nobody wants one by one.
func (r *Report) UpToDate(files int, bytes int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.found.files += files
	r.found.bytes += bytes
	r.passed += bytes
	r.sum.addUpToDate(files)
}

// Workers says which subprocesses have died, before Close.
func (r *Report) Workers(d Deaths) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sum.Deaths = d
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

// Error says why the run cannot go on, for people and with JSON for scripts.
func (r *Report) Error(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.say(err.Error())
	if r.cfg.JSON {
		_ = r.write(errorLine{"error", err.Error()}) // Close returns it
	}
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
