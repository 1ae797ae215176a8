package procpool

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A watchedContext tells when Do waits for it, and so for a child.
type watchedContext struct {
	context.Context
	once    sync.Once
	watched chan struct{} // closed by Done
}

func (c *watchedContext) Done() <-chan struct{} {
	c.once.Do(func() { close(c.watched) })
	return c.Context.Done()
}

func TestCloseWaits(t *testing.T) {
	pool, gate := newPool(t, Config{Workers: 1}), newGate(t)
	running := start(t.Context(), pool, "hold "+gate.addr())
	_, release := gate.wait()
	ctx := &watchedContext{Context: t.Context(), watched: make(chan struct{})}
	waiting := start(ctx, pool, "echo too")
	<-ctx.watched
	closed := make(chan error, 1)
	go func() { closed <- pool.Close() }()
	eventually(t, "the pool takes no more tasks", func() bool {
		pool.mu.Lock()
		defer pool.mu.Unlock()
		return pool.closed
	})
	if _, err := pool.Do(t.Context(), Task{}); err != ErrClosed {
		t.Errorf("Do after Close: %v", err)
	}
	select {
	case err := <-closed:
		t.Fatalf("Close returned %v before the task did", err)
	default:
	}
	release()
	if o := <-running; o.err != nil || o.result != "released" {
		t.Errorf("the running task: %+v", o)
	}
	if o := <-waiting; o.err != nil || o.result != "too" {
		t.Errorf("the waiting task: %+v", o)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if err := pool.Close(); err != nil {
		t.Errorf("Close again: %v", err)
	}
}

func TestKill(t *testing.T) {
	pool, gate := newPool(t, Config{Workers: 2}), newGate(t)
	held := start(t.Context(), pool, "hold "+gate.addr())
	looping := start(t.Context(), pool, "loop "+gate.addr())
	gate.wait()
	gate.wait()
	closed := make(chan error, 1)
	go func() { closed <- pool.Close() }()
	pool.Kill()
	for _, task := range []<-chan outcome{held, looping} {
		if o := <-task; o.err != ErrKilled {
			t.Errorf("got %+v, want %v", o, ErrKilled)
		}
	}
	if pids := pool.PIDs(); len(pids) != 0 {
		t.Errorf("children %v after Kill", pids)
	}
	if _, err := pool.Do(t.Context(), Task{}); err != ErrClosed {
		t.Errorf("Do after Kill: %v", err)
	}
	if err := <-closed; err != nil {
		t.Errorf("Close during Kill: %v", err)
	}
	pool.Kill()
}

func TestKillAtOnce(t *testing.T) {
	for range 20 {
		pool := newPool(t, Config{Workers: 2})
		pool.Kill()
		if pids := pool.PIDs(); len(pids) != 0 {
			t.Fatalf("children %v after Kill", pids)
		}
	}
}

func TestCloseAtOnce(t *testing.T) {
	for range 20 {
		pool := newPool(t, Config{Workers: 2})
		if err := pool.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCloseEscalates(t *testing.T) {
	const grace = 50 * time.Millisecond
	pool, err := New(Config{Workers: 1, Env: as("stubborn"), Grace: grace})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the child works", pool.anyWorking)
	if err := pool.Close(); err == nil || !strings.HasSuffix(err.Error(), "did not end within 50ms of its pipe's end, nor of an interrupt, and was killed") {
		t.Errorf("Close: %v", err)
	}
	if pids := pool.PIDs(); len(pids) != 0 {
		t.Errorf("children %v after Close", pids)
	}
}

// TestTaskEndsWithLink is about a child that the kernel does not kill with its parent.
func TestTaskEndsWithLink(t *testing.T) {
	gate := newGate(t)
	conn, inherited, err := newLink()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), as("worker")...)
	cmd.SysProcAttr = new(syscall.SysProcAttr)
	passLink(cmd, inherited)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for _, f := range inherited {
		f.Close()
	}
	if err := writeFrame(bufio.NewWriter(conn), frame{kind: kindRequest, id: 1, payload: []byte("loop " + gate.addr())}); err != nil {
		t.Fatal(err)
	}
	gate.wait()
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != ExitProtocol {
		t.Errorf("the child ended with %v", err)
	}
}

func TestServeByHand(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), as("worker")...)
	output, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != ExitProtocol || !strings.Contains(string(output), "started by its parent process, not by hand") {
		t.Errorf("%v: %s", err, output)
	}
}
