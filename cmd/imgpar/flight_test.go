package main

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/scheduler"
)

// widen gives a run so many lanes, whatever its storage is like.
func widen(r *batch, n int) {
	r.crew.lanes = &lanes{most: n, limit: scheduler.NewLimit(n), pace: pace{workers: n}}
}

// temps are the temporary files below the folder.
func temps(t *testing.T) (list []string) {
	t.Helper()
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(name) == ".tmp" {
			list = append(list, name)
		}
		return nil // it may be gone again
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// await waits until so many jobs have begun.
func await(t *testing.T, begun int) {
	t.Helper()
	for end := time.Now().Add(time.Minute); len(temps(t)) != begun; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Errorf("%d jobs have begun, want %d", len(temps(t)), begun)
			return
		}
	}
}

// left holds that nothing is left of jobs that came to nothing.
func left(t *testing.T, open int) {
	t.Helper()
	if list := temps(t); len(list) > 0 {
		t.Errorf("%d temporary files are left, as %s", len(list), list[0])
	}
	if n := descriptors(); n > open {
		t.Errorf("%d files are open, were %d", n, open)
	}
}

// descriptors returns how many files are open, where that can be seen.
func descriptors() int {
	if runtime.GOOS != "linux" {
		return 0
	}
	return len(must(os.ReadDir("/proc/self/fd")))
}

// Jobs are opened ahead, as many as there are lanes; worked on they are by as many as there
// are workers.
func TestJobsAreOpenedAheadOfTheirWork(t *testing.T) {
	var working, most atomic.Int64
	var once sync.Once
	r, _ := batchOf(t, func(ctx context.Context, j job.Job) job.Result {
		if now := working.Add(1); now > most.Load() {
			most.Store(now)
		}
		defer working.Add(-1)
		once.Do(func() { await(t, 10) })
		return fine(ctx, j)
	}, 2, noLimit)
	widen(r, 10)
	if err := r.work(inputs(100)); err != nil {
		t.Fatal(err)
	}
	counted(t, r, map[job.Outcome]int{job.OK: 100})
	if most.Load() > 2 {
		t.Errorf("%d jobs were in work at once", most.Load())
	}
}

// A run that is stopped ends what it has opened, whatever that waits for: a worker, or
// memory. What is in work comes to its end, unless the run is stopped now.
func TestAStoppedRunEndsWhatItHasOpened(t *testing.T) {
	for what, c := range map[string]struct {
		budget  int64 // bytes, of which each job takes 1000; 0: any
		begun   int   // jobs, and of these in work
		working int
		now     bool
	}{
		"for a worker":      {0, 10, 2, false},
		"for a worker, now": {0, 10, 2, true},
		"for memory":        {1999, 1, 1, false},
		"for memory, now":   {1999, 1, 1, true},
	} {
		t.Run(what, func(t *testing.T) {
			stopped := make(chan struct{})
			r, _ := batchOf(t, func(ctx context.Context, j job.Job) job.Result {
				<-stopped
				if c.now {
					<-ctx.Done()
					return j.End(job.Canceled, "stopped while in work")
				}
				return fine(ctx, j)
			}, 2, noLimit)
			widen(r, 10)
			r.crew.budget = c.budget
			open := descriptors()
			go func() {
				defer close(stopped)
				await(t, c.begun)
				r.stop(errInterrupted{})
				if c.now {
					r.kill()
				}
			}()
			if err := r.work(inputs(100)); err != nil {
				t.Fatal(err)
			}
			want := map[job.Outcome]int{job.OK: c.working, job.Canceled: 100 - c.working}
			if c.now {
				want = map[job.Outcome]int{job.Canceled: 100}
			}
			counted(t, r, want)
			left(t, open)
		})
	}
}

// Nothing begins behind the first failure, though it is opened already.
func TestNothingBeginsBehindTheFirstFailure(t *testing.T) {
	r, _ := batchOf(t, func(_ context.Context, j job.Job) job.Result {
		await(t, 10)
		return j.End(job.Failed, "corrupt")
	}, 1, limit{"--fail-fast", 0, -1})
	widen(r, 10)
	open := descriptors()
	if err := r.work(inputs(100)); err != nil {
		t.Fatal(err)
	}
	counted(t, r, map[job.Outcome]int{job.Failed: 1, job.Canceled: 99})
	left(t, open)
}

// Work that panics is one crashed job. Its worker goes on with a new runner.
func TestWorkThatPanics(t *testing.T) {
	r, _ := batchOf(t, func(ctx context.Context, j job.Job) job.Result {
		if j.Input == "new/3.jpg" || j.Input == "new/4.jpg" {
			panic("it cannot be")
		}
		return fine(ctx, j)
	}, 1, noLimit)
	widen(r, 4)
	open := descriptors()
	if err := r.work(inputs(20)); err != nil {
		t.Fatal(err)
	}
	counted(t, r, map[job.Outcome]int{job.OK: 18, job.Crashed: 2})
	left(t, open)
}
