package main

import (
	"fmt"
	"sync"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/plan"
	"github.com/imgpar/imgpar/internal/report"
)

// percentFrom is how many inputs must be done before a percentage of them says
// anything of the rest.
const percentFrom = 100

// limit is the most failures that a run goes on with.
type limit struct {
	name    string  // as it was asked for
	files   int     // negative: any number
	percent float64 // of the inputs done; negative: any part
}

// exceeded tells whether so many failures among the inputs done are too many.
func (l limit) exceeded(bad, done int) bool {
	if l.files >= 0 && bad > l.files {
		return true
	}
	return l.percent >= 0 && done >= percentFrom && 100*float64(bad) > l.percent*float64(done)
}

// first returns why the run is to stop at a failure, if the first one stops it;
// else nil.
func (l limit) first(res job.Result) error {
	switch res.Outcome {
	case job.Failed, job.Crashed, job.Timeout:
		if l.files == 0 {
			return fmt.Errorf("%s: %s %s", l.name, report.Printable(string(res.Input)), res.Outcome)
		}
	}
	return nil
}

// failures follow what fails in a run. Their methods are safe for concurrent use.
type failures struct {
	limit limit
	list  *failedList // nil: none is kept

	mu       sync.Mutex // guards what follows, and list
	bad      int
	done     int // inputs with another outcome than canceled
	canceled int
}

// followFailures begins what the flags ask for.
func (a *app) followFailures() (*failures, error) {
	l, err := a.flags.failures.limit()
	if err != nil {
		return nil, err
	}
	f := &failures{limit: l}
	if a.flags.failures.list != "" && !a.flags.dryRun {
		f.list, err = a.openFailedList()
	}
	return f, err
}

// take counts a result. It returns what people should know, and why the run is to
// stop, or nil.
func (f *failures) take(it plan.Item, res job.Result) (warning, stop error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch res.Outcome {
	case job.Canceled:
		f.canceled++
		return nil, nil
	case job.Failed, job.Crashed, job.Timeout:
		f.bad++
		if f.list != nil {
			warning = f.list.add(plan.ListName(it))
		}
	}
	f.done++
	if stop = f.limit.first(res); stop == nil && f.limit.exceeded(f.bad, f.done) {
		stop = fmt.Errorf("%s: %d of %d failed", f.limit.name, f.bad, f.done)
	}
	return warning, stop
}

// passed counts inputs of which nothing was to be done.
func (f *failures) passed(files int) {
	f.mu.Lock()
	f.done += files
	f.mu.Unlock()
}

// close ends the list. cut says that not all inputs were found.
func (f *failures) close(cut bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.list == nil {
		return nil
	}
	return f.list.close(!cut && f.canceled == 0)
}
