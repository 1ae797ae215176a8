package procpool

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The model: what a task of each kind ends with, and how many children it costs.
type modelTask struct {
	request                            string
	timeout                            time.Duration
	cancel                             time.Duration // after which its context ends; 0 never
	end                                string
	crashes, memory, timeouts, answers int64
}

var modelTasks = map[string]modelTask{
	"ok":       {request: "echo fine", end: "fine", answers: 1},
	"error":    {request: "error bad picture", end: "remote", answers: 1},
	"panic":    {request: "panic worse", end: "remote", answers: 1},
	"exit":     {request: "exit 3", end: "crash", crashes: 2},
	"kill":     {request: "die", end: "crash", crashes: 2},
	"once":     {request: "die-once", end: "survived", crashes: 1, answers: 1},
	"oversize": {request: "blob 70000", end: "crash", crashes: 2},
	"garbage":  {request: "garbage", end: "crash", crashes: 2},
	"memory":   {request: "exhaust", end: "memory", memory: 2},
	"sleep":    {request: "sleep", timeout: 30 * time.Millisecond, end: "timeout", timeouts: 1},
	"cancel":   {request: "sleep", cancel: 20 * time.Millisecond, end: "canceled"},
}

var modelKinds = []string{"ok", "error", "panic", "exit", "kill", "once", "oversize", "garbage", "memory", "sleep", "cancel"}

func endOf(result []byte, err error) string {
	switch err := err.(type) {
	case nil:
		return string(result)
	case *RemoteError:
		return "remote"
	case *CrashError:
		return "crash"
	case *MemoryError:
		return "memory"
	case *TimeoutError:
		return "timeout"
	default:
		switch {
		case err == context.Canceled:
			return "canceled"
		case errors.Is(err, ErrKilled), errors.Is(err, ErrClosed):
			return "killed"
		}
		return err.Error()
	}
}

// modelChecks is how many runs the model is held against: each starts dozens of processes.
const modelChecks = 30

// TestModel runs random tasks by random pools, ended by Close or, meanwhile, by Kill: each
// task has its end, waiting behind others or alone, and each child that was started is
// counted once.
func TestModel(t *testing.T) {
	checks := 0
	rapid.Check(t, func(rt *rapid.T) {
		if checks++; checks > modelChecks {
			return
		}
		kinds := rapid.SliceOfN(rapid.SampledFrom(modelKinds), 1, 16).Draw(rt, "tasks")
		short := rapid.SliceOfN(rapid.Bool(), len(kinds), len(kinds)).Draw(rt, "short")
		workers := rapid.IntRange(1, 3).Draw(rt, "workers")
		maxTasks := rapid.SampledFrom([]int{0, 1, 5}).Draw(rt, "MaxTasks")
		kill := rapid.IntRange(0, 3).Draw(rt, "kill") == 0
		pool, err := New(Config{Workers: workers, MaxTasks: maxTasks, MaxResult: 65536, Grace: time.Minute, Env: append(as("worker"), "GORACE=atexit_sleep_ms=0")})
		if err != nil {
			rt.Fatal(err)
		}
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		var want Stats
		var killed atomic.Int64
		var tasks sync.WaitGroup
		for i, kind := range kinds {
			task := modelTasks[kind]
			want.Tasks, want.Crashes, want.Memory, want.Timeouts = want.Tasks+task.answers, want.Crashes+task.crashes, want.Memory+task.memory, want.Timeouts+task.timeouts
			if kind == "once" {
				task.request = fmt.Sprintf("die-once %s/%d", dir, i)
			}
			tasks.Go(func() {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if task.cancel > 0 {
					time.AfterFunc(task.cancel, cancel)
				}
				switch end := endOf(pool.Do(ctx, Task{Payload: []byte(task.request), Timeout: task.timeout, Short: short[i]})); end {
				case task.end:
				case "killed":
					killed.Add(1)
				default:
					rt.Errorf("%s ended with %q, want %q", kind, end, task.end)
				}
			})
		}
		if kill {
			time.Sleep(time.Duration(rapid.IntRange(0, 100).Draw(rt, "ms")) * time.Millisecond)
			pool.Kill()
			tasks.Wait()
		} else {
			tasks.Wait()
			if n := killed.Load(); n > 0 {
				rt.Errorf("%d tasks were killed by nobody", n)
			}
		}
		before := pool.Stats()
		if err := pool.Close(); err != nil {
			rt.Error(err)
		}
		s := pool.Stats()
		if got := (Stats{Tasks: s.Tasks, Crashes: s.Crashes, Memory: s.Memory, Timeouts: s.Timeouts}); !kill && got != want {
			rt.Errorf("%+v, want %+v", got, want)
		}
		if s.Lost > 0 {
			rt.Errorf("%+v: %d children are nobody's", s, s.Lost)
		}
		if alive := s.Started - ended(s); alive < 0 || !kill && alive > int64(workers) {
			rt.Errorf("%+v (%+v before Close) leaves %d children of %d workers", s, before, alive, workers)
		}
		if pids := pool.PIDs(); len(pids) != 0 {
			rt.Errorf("children %v are left", pids)
		}
	})
}

// ended is the children that s accounts for.
func ended(s Stats) int64 {
	return s.Crashes + s.Timeouts + s.Memory + s.Canceled + s.Recycled + s.Lost
}

// TestDeathsAreAttributedOnce has children killed at random, in the middle of tasks and
// between them. Each death is a crash of one task, or of none.
func TestDeathsAreAttributedOnce(t *testing.T) {
	const workers, callers, each = 3, 6, 60
	pool := newPool(t, Config{Workers: workers})
	answer(t, pool, "echo")
	var tasks sync.WaitGroup
	var answered, deaths atomic.Int64
	for range callers {
		tasks.Go(func() {
			for n := range each {
				if pids := pool.PIDs(); n%4 == 0 && len(pids) > 0 {
					if process, err := os.FindProcess(pids[rand.IntN(len(pids))]); err == nil {
						_ = process.Kill() // unless it has died meanwhile
					}
				}
				_, err := pool.Do(t.Context(), Task{Payload: []byte("blob 100000"), Short: n%2 == 0})
				crash, crashed := errors.AsType[*CrashError](err)
				_, unstarted := errors.AsType[*StartError](err) // killed before their hello, three times
				switch {
				case err == nil:
					answered.Add(1)
				case crashed:
					deaths.Add(int64(crash.Attempts))
					if crash.Attempts != maxAttempts && !unstarted {
						t.Errorf("%v after one attempt", err)
					}
				case !unstarted:
					t.Errorf("got %v", err)
				}
			}
		})
	}
	tasks.Wait()
	if err := pool.Close(); err != nil {
		t.Error(err)
	}
	s := pool.Stats()
	if alive := s.Started - ended(s); alive < 0 || alive > workers {
		t.Errorf("%+v leaves %d children of %d workers", s, alive, workers)
	}
	if s.Tasks != answered.Load()+1 || s.Crashes < deaths.Load() || s.Timeouts+s.Memory+s.Canceled+s.Recycled != 0 {
		t.Errorf("%+v with %d answers and %d deaths that failed a task", s, answered.Load(), deaths.Load())
	}
}
