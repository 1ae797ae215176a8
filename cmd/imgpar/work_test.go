package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/plan"
	"github.com/imgpar/imgpar/internal/report"
	"github.com/imgpar/imgpar/internal/runner"
	"github.com/imgpar/imgpar/internal/staging"
)

// told is where a run of these tests says what it has to say.
type told struct {
	mu  sync.Mutex
	buf strings.Builder // guarded by mu
}

func (w *told) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.Write(p)
}

func (w *told) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.String()
}

// runFunc is a runner that makes nothing.
type runFunc func(context.Context, job.Job) job.Result

func (f runFunc) Run(ctx context.Context, s *staging.Stage, _ func()) job.Result {
	res := f(ctx, s.Job())
	s.End(job.Canceled, "") // of which nothing is told
	return res
}

// batchOf makes a run whose workers do as run does, in a folder of its own.
func batchOf(t *testing.T, run runFunc, workers int, limit limit) (r *batch, out *told) {
	t.Helper()
	t.Chdir(t.TempDir())
	todo, err := plan.Open(t.Context(), plan.Config{Out: "out", Job: job.Job{MaxPixels: 1}})
	if err != nil {
		t.Fatal(err)
	}
	out = new(told)
	r = &batch{app: &app{stdout: out, stderr: out}, brakes: newBrakes(), plan: todo, failures: &failures{limit: limit}, begun: func() {},
		report: report.New(report.Config{What: "gray", Progress: report.None, Workers: workers, Stdout: out, Stderr: out})}
	r.flags.jobs = workers
	if run != nil {
		r.crew = &crew{workers: workers, newRunner: func() runner.Runner { return run }, lanes: newLanes(workers, 1, false)}
		r.crew.lanes.most = workers // so that the order does not hang on the storage
		r.crew.employ()
	}
	t.Cleanup(r.kill)
	return r, out
}

// noLimit lets a run go on with any failures.
var noLimit = limit{files: -1, percent: -1}

// inputs makes so many files, of 1000 bytes each, and yields them as items that need work.
func inputs(n int) iter.Seq[plan.Item] {
	return func(yield func(plan.Item) bool) {
		if err := os.MkdirAll("new", 0o777); err != nil {
			panic(err)
		}
		for i := range n {
			name := job.Path(fmt.Sprintf("new/%d.jpg", i))
			if err := os.WriteFile(string(name), make([]byte, 1000), 0o666); err != nil {
				panic(err)
			}
			if !yield(plan.Item{Job: job.Job{Input: name, Target: job.Target{Output: "out/sub/" + name}}, Bytes: 1}) {
				return
			}
		}
	}
}

func fine(_ context.Context, j job.Job) job.Result { return j.End(job.OK, "") }

// counted closes a run's report and holds its counts against those wanted.
func counted(t *testing.T, r *batch, want map[job.Outcome]int) {
	t.Helper()
	sum, err := r.report.Close()
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, o := range job.Outcomes {
		total += want[o]
		if sum.Counts[o] != want[o] {
			t.Errorf("%d %s, want %d", sum.Counts[o], o, want[o])
		}
	}
	if sum.Inputs != total {
		t.Errorf("%d inputs, want %d", sum.Inputs, total)
	}
}

// What is decided already must not wait for those that need work, nor take the
// workers' time. A watching run works again and again.
func TestWhatIsDoneGoesPastTheWorkers(t *testing.T) {
	r, _ := batchOf(t, fine, 2, noLimit)
	items := func(yield func(plan.Item) bool) {
		for it := range inputs(1000) {
			if res := it.Job.End(job.Skipped, job.ReasonUpToDate); len(it.Job.Input)%2 == 0 {
				it.Done = &res
			}
			if !yield(it) {
				return
			}
		}
	}
	for range 2 {
		if err := r.work(items); err != nil {
			t.Fatal(err)
		}
	}
	sum, err := r.report.Close()
	if err != nil || sum.Inputs != 2000 || sum.Counts[job.OK] != 2*910 || sum.UpToDate != 2*90 {
		t.Errorf("%+v, %v", sum, err)
	}
}

// Workers that are busy for long do not keep a run that is stopped from finding,
// and telling, what it will not begin.
func TestAStoppedRunFindsTheRestWhileWorkersAreBusy(t *testing.T) {
	busy, release := make(chan bool, 2), make(chan bool)
	r, _ := batchOf(t, func(ctx context.Context, j job.Job) job.Result {
		busy <- true
		<-release
		return fine(ctx, j)
	}, 2, noLimit)
	rest := make(chan bool)
	go func() {
		<-busy
		<-busy
		r.stop(errInterrupted{})
		<-rest // all inputs were found
		close(release)
	}()
	err := r.work(func(yield func(plan.Item) bool) {
		inputs(500)(yield)
		close(rest)
	})
	if err != nil {
		t.Fatal(err)
	}
	counted(t, r, map[job.Outcome]int{job.OK: 2, job.Canceled: 498})
}

// A run that is stopped now still has an outcome for each input, wherever it was.
func TestNoInputIsLostWhenTheRunStopsNow(t *testing.T) {
	for _, after := range []int{0, 1, 5, 40} {
		begun := make(chan bool, 100)
		r, _ := batchOf(t, func(ctx context.Context, j job.Job) job.Result {
			begun <- true
			if len(begun) <= after {
				return fine(ctx, j)
			}
			<-ctx.Done()
			return j.End(job.Canceled, "stopped while in work")
		}, 3, noLimit)
		if after == 0 {
			r.kill()
		} else {
			go func() {
				for range after {
					<-begun
				}
				r.stop(errInterrupted{})
				r.kill()
			}()
		}
		if err := r.work(inputs(100)); err != nil {
			t.Fatal(err)
		}
		if sum, err := r.report.Close(); err != nil || sum.Inputs != 100 || sum.Counts[job.OK]+sum.Counts[job.Canceled] != 100 {
			t.Errorf("stopped after %d: %+v, %v", after, sum, err)
		}
	}
}

// Every further file would fail on a full disk, too.
func TestAFullDiskStopsTheRun(t *testing.T) {
	full := false
	r, out := batchOf(t, func(ctx context.Context, j job.Job) job.Result {
		if full = full || strings.HasSuffix(string(j.Input), "/7.jpg"); !full {
			return fine(ctx, j)
		}
		res := j.End(job.Failed, "unwritable: no space left on device")
		res.DiskFull = true
		return res
	}, 1, noLimit)
	if err := r.work(inputs(300)); err != nil {
		t.Fatal(err)
	}
	want := "imgpar: stopping: the disk is full: " + filepath.FromSlash("out/sub/new") + "\n"
	if n := strings.Count(out.String(), "stopping"); n != 1 || !strings.Contains(out.String(), want) {
		t.Errorf("%s\nwant once %s", out, want)
	}
	sum, err := r.report.Close()
	if err != nil || sum.Counts[job.OK] != 7 || sum.Counts[job.Failed] < 1 || sum.Counts[job.Failed] > 6 || sum.Inputs != 300 {
		t.Errorf("%+v, %v: what is in the window may fail, too, and no more", sum, err)
	}
	if got := stopReason(r.brakes); !strings.HasPrefix(got, "the disk is full: ") {
		t.Errorf("canceled because of %q", got)
	}
}

// Failures that are decided by the walk count as those of work do: here a tenth
// of what is done when the hundredth is.
func TestFailuresOfTheWalkStopTheRun(t *testing.T) {
	r, out := batchOf(t, fine, 2, limit{"--max-failures 5%", -1, 5})
	err := r.work(func(yield func(plan.Item) bool) {
		i := 0
		for it := range inputs(400) {
			outcome := job.Skipped
			if i++; i%10 == 0 {
				outcome = job.Failed
			}
			if res := it.Job.End(outcome, "known"); i <= 200 {
				it.Done = &res
			}
			if !yield(it) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := "imgpar: stopping: --max-failures 5%: 10 of 100 failed\n"; !strings.Contains(out.String(), want) {
		t.Errorf("%s\nwant %s", out, want)
	}
	counted(t, r, map[job.Outcome]int{job.Skipped: 180, job.Failed: 20, job.Canceled: 200})
}

// Nothing is begun where nothing can be written; that is one error, not one for
// each input.
func TestAnOutputFolderThatCannotBeMadeEndsTheRun(t *testing.T) {
	r, _ := batchOf(t, nil, 2, noLimit)
	if err := os.WriteFile("file", nil, 0o666); err != nil {
		t.Fatal(err)
	}
	r.flags.out = filepath.Join("file", "out")
	err := r.work(inputs(50))
	if err == nil || !strings.HasPrefix(err.Error(), "--out "+r.flags.out+": ") || r.crew != nil {
		t.Errorf("%v, crew %v", err, r.crew)
	}
	counted(t, r, map[job.Outcome]int{job.Canceled: 50})
}

// On a file system that is read-only, all that is asked for may be there already.
func TestTheFirstOutputThatAReadOnlyFolderLacksEndsTheRun(t *testing.T) {
	seen := 0
	r, out := batchOf(t, func(_ context.Context, j job.Job) job.Result {
		if seen++; seen <= 100 {
			return j.End(job.Skipped, "exists")
		}
		return j.End(job.Failed, "unwritable: read-only file system")
	}, 1, noLimit)
	r.readOnly = outError{"out", &os.PathError{Op: "open", Path: "out/.imgpar-1.tmp", Err: syscall.EROFS}}
	if err := r.work(inputs(300)); err != nil {
		t.Fatal(err)
	}
	if want := "imgpar: stopping: --out out: " + syscall.EROFS.Error() + "\n"; strings.Count(out.String(), want) != 1 {
		t.Errorf("%s\nwant once %s", out, want)
	}
	sum, err := r.report.Close()
	if failed := sum.Counts[job.Failed]; err != nil || sum.Counts[job.Skipped] != 100 || failed < 1 || failed > 6 || sum.Inputs != 300 {
		t.Errorf("%+v, %v", sum, err)
	}
}

func TestWritableLeavesNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, dir := range []string{"", "new", "new/er", ".", "../" + filepath.Base(must(os.Getwd()))} {
		if err := writable(dir); err != nil {
			t.Errorf("%q: %v", dir, err)
		}
	}
	if list := must(os.ReadDir(".")); len(list) != 0 {
		t.Errorf("it leaves %v", list)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestLimits(t *testing.T) {
	for _, c := range []struct {
		flags     failureFlags
		bad, done int
		want      bool
	}{
		{failureFlags{}, 1000, 1000, false},
		{failureFlags{fast: true}, 0, 9, false},
		{failureFlags{fast: true}, 1, 1, true},
		{failureFlags{most: "0"}, 1, 1000, true},
		{failureFlags{most: "0%"}, 1, 1000, true},
		{failureFlags{most: "7"}, 7, 7, false},
		{failureFlags{most: "7"}, 8, 1000, true},
		{failureFlags{most: "5%"}, 99, 99, false},
		{failureFlags{most: "5%"}, 5, 100, false},
		{failureFlags{most: "5%"}, 6, 100, true},
		{failureFlags{most: "0.1%"}, 1, 1000, false},
		{failureFlags{most: "0.1%"}, 2, 1000, true},
		{failureFlags{most: "100%"}, 1000, 1000, false},
	} {
		l, err := c.flags.limit()
		if err != nil {
			t.Fatal(err)
		}
		if got := l.exceeded(c.bad, c.done); got != c.want {
			t.Errorf("%+v: %d of %d are too many: %v, want %v", c.flags, c.bad, c.done, got, c.want)
		}
	}
}

// The processes of proc mode are as many as there is work for, as far as that is
// known soon.
func TestNoMoreWorkersThanItems(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, n := range []int{1, 3, 8, 20} {
		open := make(chan plan.Item)
		go func() {
			defer close(open)
			inputs(n)(func(it plan.Item) bool { open <- it; return true })
		}()
		q := &queue{open: open}
		if got := q.gather(8); got != min(n, 8) {
			t.Errorf("%d workers for %d items", got, n)
		}
		var names []string
		for it := range q.all {
			names = append(names, string(it.Job.Input))
		}
		if len(names) != n || !slices.Contains(names, "new/0.jpg") {
			t.Errorf("%d of %d items come through", len(names), n)
		}
	}
	q := &queue{open: make(chan plan.Item)}
	if got := q.gather(8); got != 8 {
		t.Errorf("%d workers where more may come", got)
	}
}

// A list that cannot be written is said once, and the run goes on.
func TestAFailedListThatBreaks(t *testing.T) {
	t.Chdir(t.TempDir())
	f := &failures{limit: noLimit, list: &failedList{name: "list", w: brokenPipe{}}}
	warnings := 0
	for it := range inputs(3) {
		warning, stop := f.take(it, it.Job.End(job.Failed, "x"))
		if stop != nil {
			t.Errorf("it stops: %v", stop)
		}
		if warning != nil {
			warnings++
		}
	}
	if warnings != 1 {
		t.Errorf("%d warnings", warnings)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }
