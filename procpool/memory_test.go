package procpool

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A scale says of chosen processes that they have much.
type scale struct {
	asked atomic.Int64
	heavy sync.Map // of process numbers
}

func (s *scale) rss(pid int) int64 {
	s.asked.Add(1)
	if _, heavy := s.heavy.Load(pid); heavy {
		return 2000
	}
	return 1000
}

func TestMaxRSS(t *testing.T) {
	scale, gate := new(scale), newGate(t)
	pool := newPool(t, Config{Workers: 2, RSS: scale.rss, MaxRSS: 1500})
	other := start(t.Context(), pool, "hold "+gate.addr())
	otherPID, release := gate.wait()
	task := start(t.Context(), pool, "hold "+gate.addr())
	var killed []int
	for range maxAttempts {
		pid, _ := gate.wait()
		scale.heavy.Store(pid, true)
		killed = append(killed, pid)
	}
	o := <-task
	e, ok := o.err.(*MemoryError)
	if !ok || e.PID != killed[1] || e.Attempts != 2 || e.Used != 2000 || e.Most != 1500 {
		t.Fatalf("got %+v (%v), want a MemoryError of child %d", o, o.err, killed[1])
	}
	if !errors.Is(e, syscall.ENOMEM) || !strings.HasSuffix(e.Error(), "had 2000 bytes of memory, the limit is 1500, and was killed (2nd attempt)") {
		t.Errorf("error %q", e)
	}
	if slices.Contains(killed, otherPID) || killed[0] == killed[1] {
		t.Errorf("children %v were killed, and %d was not to be", killed, otherPID)
	}
	release()
	if o := <-other; o.err != nil || o.result != "released" {
		t.Errorf("the other task: %+v", o)
	}
	if diff := cmp.Diff(Stats{Tasks: 1, Started: 4, Memory: 2}, settled(t, pool, 4)); diff != "" {
		t.Error(diff)
	}
}

// settled waits for so many children to have started.
func settled(t *testing.T, pool *Pool, started int64) Stats {
	t.Helper()
	eventually(t, "the children have started", func() bool { return pool.Stats().Started >= started })
	return pool.Stats()
}

// TestMemoryOfIdleChildren is nobody's: what counts is what a task makes of a child.
func TestMemoryOfIdleChildren(t *testing.T) {
	scale := new(scale)
	pool := newPool(t, Config{Workers: 1, RSS: scale.rss, MaxRSS: 1})
	answer(t, pool, "echo")
	eventually(t, "the watch ends", func() bool {
		pool.mu.Lock()
		defer pool.mu.Unlock()
		return !pool.watching
	})
	if n := scale.asked.Load(); n != 0 {
		t.Errorf("asked %d times for children without a task", n)
	}
	if s := pool.Stats(); s.Memory != 0 || s.Started != 1 {
		t.Errorf("%+v", s)
	}
}

func TestRecycleRSS(t *testing.T) {
	scale := new(scale)
	pool := newPool(t, Config{Workers: 1, RSS: scale.rss, RecycleRSS: 1999})
	pids := [2]string{answer(t, pool, "pid"), answer(t, pool, "pid")}
	if pids[0] != pids[1] {
		t.Errorf("child %s was replaced by %s, light as it was", pids[0], pids[1])
	}
	scale.heavy.Store(pool.PIDs()[0], true)
	eventually(t, "the heavy child is replaced", func() bool { return answer(t, pool, "pid") != pids[0] })
	if s := pool.Stats(); s.Recycled != 1 || s.Started != 2 || s.Lost != 0 {
		t.Errorf("%+v", s)
	}
}

func TestRuntimeOutOfMemory(t *testing.T) {
	pool := newPool(t, Config{Workers: 1})
	e := failure[*MemoryError](t, pool, Task{Payload: []byte("exhaust reading")})
	if e.Attempts != 2 || e.Used != 0 || e.Most != 0 || !strings.HasPrefix(e.Stderr, "reading\n") {
		t.Errorf("%+v", e)
	}
	if want := `ran out of memory (2nd attempt); its last words: "fatal error: runtime: out of memory"`; !strings.HasSuffix(e.Error(), want) {
		t.Errorf("error %q does not end with %s", e, want)
	}
	answer(t, pool, "echo")
	if s := pool.Stats(); s.Memory != 2 || s.Crashes != 0 || s.Started != 3 {
		t.Errorf("%+v", s)
	}
}

func TestOutOfMemoryWords(t *testing.T) {
	for stderr, want := range map[string]bool{
		"fatal error: runtime: out of memory\n":                        true,
		"x\nfatal error: out of memory allocating heap arena metadata": true,
		"fatal error: runtime: cannot allocate memory\n":               true,
		"fatal error: concurrent map writes\n":                         false,
		"panic: out of memory\n":                                       false,
		"cannot open x: out of memory\n":                               false,
		"":                                                             false,
	} {
		if got := outOfMemory(stderr); got != want {
			t.Errorf("%q: %v", stderr, got)
		}
	}
}

func TestMaxAge(t *testing.T) {
	pool := newPool(t, Config{Workers: 1, MaxAge: time.Nanosecond})
	if first, second := answer(t, pool, "pid"), answer(t, pool, "pid"); first == second {
		t.Errorf("child %s is not replaced", first)
	}
	if s := settled(t, pool, 3); s.Recycled != 2 {
		t.Errorf("%+v", s)
	}
}

func TestJitter(t *testing.T) {
	for most, least := range map[int64]int64{0: 0, 1: 1, 3: 3, 4: 4, 8: 7, 100: 76} {
		seen := make(map[int64]bool)
		for range 1000 {
			n := jitter(most)
			if n < least || n > most {
				t.Fatalf("%d out of [%d, %d]", n, least, most)
			}
			seen[n] = true
		}
		if int64(len(seen)) != most-least+1 {
			t.Errorf("%d of the %d numbers in [%d, %d]", len(seen), most-least+1, least, most)
		}
	}
}

// TestRecyclingIsSpread sees the number of tasks of each child within its range.
func TestRecyclingIsSpread(t *testing.T) {
	pool := newPool(t, Config{Workers: 1, MaxTasks: 8})
	done := make(map[string]int)
	var order []string
	for range 40 {
		pid := answer(t, pool, "pid")
		if done[pid]++; done[pid] == 1 {
			order = append(order, pid)
		}
	}
	for _, pid := range order[:len(order)-1] {
		if n := done[pid]; n != 7 && n != 8 {
			t.Errorf("child %s did %d tasks, want 7 or 8", pid, n)
		}
	}
}
