package procpool

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// queue runs a short task in the background, and returns once so many tasks have been given
// to the one child of the pool.
func queue(ctx context.Context, t *testing.T, pool *Pool, task Task, places int) <-chan outcome {
	t.Helper()
	task.Short = true
	done := make(chan outcome, 1)
	go func() {
		result, err := pool.Do(ctx, task)
		done <- outcome{string(result), err}
	}()
	eventually(t, fmt.Sprintf("%d tasks have been sent", places), func() bool { return longest(pool) == places })
	return done
}

// longest returns how many tasks have been sent to a child and are not over.
func longest(pool *Pool) (most int) {
	pool.mu.Lock()
	defer pool.mu.Unlock()
	for c := range pool.children {
		c.sending.Lock()
		sent := c.sent
		c.sending.Unlock()
		c.mu.Lock()
		if c.line.given == sent { // those that have a place have written their request as well
			most = max(most, c.line.places)
		}
		c.mu.Unlock()
	}
	return most
}

func payload(text string) Task { return Task{Payload: []byte(text)} }

// holdsResult holds that a task has that result.
func holdsResult(t *testing.T, done <-chan outcome, want string) {
	t.Helper()
	if got := <-done; got.err != nil || got.result != want {
		t.Errorf("got %q, %v; want %q", got.result, got.err, want)
	}
}

// Short tasks wait behind one at work, no more than MaxLine in all, and are done in order
// by the same child. One that is not short waits for a child of its own.
func TestShortTasksWaitInALine(t *testing.T) {
	pool, gate := newPool(t, Config{Workers: 1}), newGate(t)
	first := queue(t.Context(), t, pool, payload("hold "+gate.addr()), 1)
	pid, release := gate.wait()
	var others []<-chan outcome
	for n := 2; n <= MaxLine; n++ {
		others = append(others, queue(t.Context(), t, pool, payload("pid"), n))
	}
	late := queue(t.Context(), t, pool, payload("pid"), MaxLine)
	long := start(t.Context(), pool, "pid")
	eventually(t, "the long task waits", func() bool { return pool.alone.Load() == 1 })
	release()
	holdsResult(t, first, "released")
	for _, done := range append(others, late, long) {
		holdsResult(t, done, fmt.Sprint(pid))
	}
	if s := pool.Stats(); s.Tasks != MaxLine+2 || s.Started != 1 {
		t.Errorf("%+v", s)
	}
}

// However a child ends, it tells against the task at its turn alone: the others are done
// by another child, as if they had never been sent, with files that nobody has touched.
func TestWhoWaitsIsNotBlamed(t *testing.T) {
	canceled, cancel := context.WithCancel(t.Context())
	for name, c := range map[string]struct {
		ctx    context.Context
		task   Task
		act    func(pid int, release func()) // once the others wait
		want   string
		counts Stats
	}{
		"killed":   {t.Context(), payload("hold GATE"), func(pid int, _ func()) { killProcess(t, pid) }, "released", Stats{Tasks: MaxLine, Crashes: 1}},
		"timeout":  {t.Context(), Task{Payload: []byte("hold GATE"), Timeout: time.Second}, func(int, func()) {}, "timeout", Stats{Tasks: MaxLine - 1, Timeouts: 1}},
		"canceled": {canceled, payload("hold GATE"), func(int, func()) { cancel() }, "canceled", Stats{Tasks: MaxLine - 1, Canceled: 1}},
		"garbage":  {t.Context(), payload("hold-garbage GATE"), func(_ int, release func()) { release() }, "crash", Stats{Tasks: MaxLine - 1, Crashes: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			pool, gate := newPool(t, Config{Workers: 1}), newGate(t)
			c.task.Payload = []byte(strings.Replace(string(c.task.Payload), "GATE", gate.addr(), 1))
			first := queue(c.ctx, t, pool, c.task, 1)
			pid, release := gate.wait()
			var others []<-chan outcome
			var made []*os.File
			for n := 2; n <= MaxLine; n++ {
				in, out := file(t, "picture"), file(t, "")
				made = append(made, out)
				others = append(others, queue(t.Context(), t, pool, Task{Payload: []byte("copy"), Files: []*os.File{in, out}}, n))
			}
			c.act(pid, release)
			if name == "killed" || name == "garbage" { // its second try
				_, release := gate.wait()
				release()
			}
			got := <-first
			if end := endOf([]byte(got.result), got.err); end != c.want {
				t.Errorf("the first ended with %q, want %q", end, c.want)
			}
			for i, done := range others {
				holdsResult(t, done, "2")
				if data, err := os.ReadFile(made[i].Name()); err != nil || string(data) != "picture" {
					t.Errorf("it made %q, %v", data, err)
				}
			}
			s := pool.Stats()
			if got := (Stats{Tasks: s.Tasks, Crashes: s.Crashes, Timeouts: s.Timeouts, Canceled: s.Canceled, Lost: s.Lost}); got != c.counts {
				t.Errorf("%+v, want %+v", got, c.counts)
			}
		})
	}
	cancel()
}

func file(t *testing.T, text string) *os.File {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if _, err := io.WriteString(f, text); err != nil {
		t.Fatal(err)
	}
	return f
}

// What a child has answered before it died of the next task counts.
func TestAnAnswerBeforeADeathCounts(t *testing.T) {
	for range 20 {
		pool, gate := newPool(t, Config{Workers: 1}), newGate(t)
		first := queue(t.Context(), t, pool, payload("hold "+gate.addr()), 1)
		_, release := gate.wait()
		second := queue(t.Context(), t, pool, payload("die"), 2)
		third := queue(t.Context(), t, pool, payload("echo fine"), 3)
		release()
		holdsResult(t, first, "released")
		if got := <-second; endOf(nil, got.err) != "crash" {
			t.Errorf("got %v", got.err)
		}
		holdsResult(t, third, "fine")
		if s := pool.Stats(); s.Crashes != maxAttempts || s.Tasks != 2 || s.Lost != 0 {
			t.Errorf("%+v", s)
		}
	}
}

// A task whose context ends while it waits has its turn still: that ends the child, which
// tells against none of the others.
func TestAWaitingTaskIsCanceled(t *testing.T) {
	pool, gate := newPool(t, Config{Workers: 1}), newGate(t)
	first := queue(t.Context(), t, pool, payload("hold "+gate.addr()), 1)
	_, release := gate.wait()
	ctx, cancel := context.WithCancel(t.Context())
	second := queue(ctx, t, pool, payload("sleep"), 2)
	third := queue(t.Context(), t, pool, payload("echo fine"), 3)
	cancel()
	release()
	holdsResult(t, first, "released")
	if got := <-second; !errors.Is(got.err, context.Canceled) {
		t.Errorf("got %q, %v", got.result, got.err)
	}
	holdsResult(t, third, "fine")
	if s := pool.Stats(); s.Tasks != 2 || s.Canceled != 1 || s.Crashes+s.Lost != 0 {
		t.Errorf("%+v", s)
	}
}

// A child is given no more tasks than MaxTasks, those that wait among them, and does them
// before it is replaced.
func TestALineEndsWithTheChildsShare(t *testing.T) {
	pool, gate := newPool(t, Config{Workers: 1, MaxTasks: 2}), newGate(t)
	first := queue(t.Context(), t, pool, payload("hold "+gate.addr()), 1)
	pid, release := gate.wait()
	second := queue(t.Context(), t, pool, payload("pid"), 2)
	third := queue(t.Context(), t, pool, payload("pid"), 2)
	release()
	holdsResult(t, first, "released")
	holdsResult(t, second, fmt.Sprint(pid))
	if got := <-third; got.err != nil || got.result == fmt.Sprint(pid) {
		t.Errorf("the third: %q, %v; the old child is %d", got.result, got.err, pid)
	}
	if s := pool.Stats(); s.Recycled != 1 || s.Tasks != 3 {
		t.Errorf("%+v", s)
	}
}

// What is too large for a line is a task like any.
func TestWhatIsTooLargeToWait(t *testing.T) {
	for _, c := range []struct {
		task Task
		want bool
	}{
		{Task{Short: true, Payload: make([]byte, maxShort), Files: make([]*os.File, maxShortFiles)}, true},
		{Task{Short: true, Payload: make([]byte, maxShort+1)}, false},
		{Task{Short: true, Files: make([]*os.File, maxShortFiles+1)}, false},
		{Task{}, false},
	} {
		if got := c.task.short(); got != c.want {
			t.Errorf("%d bytes, %d files, Short %v: %v", len(c.task.Payload), len(c.task.Files), c.task.Short, got)
		}
	}
	if full := MaxLine * (headerSize + maxShort + 8*maxShortFiles); full > 4<<10 {
		t.Errorf("a full line has %d bytes", full)
	}
}
