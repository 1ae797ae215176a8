//go:build unix

package procpool

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestKilledByItself(t *testing.T) {
	pool := newPool(t, Config{Workers: 1})
	e := crash(t, pool, "die out of ink")
	if e.Signal != "SIGKILL" || e.ExitCode != -1 || e.Stderr != "out of ink\n" {
		t.Errorf("%+v", e)
	}
	want := "worker " + strconv.Itoa(e.PID) + ` was killed by SIGKILL (2nd attempt); its last words: "out of ink"`
	if e.Error() != want {
		t.Errorf("error %q, want %q", e, want)
	}
	answer(t, pool, "echo")
	if s := pool.Stats(); s.Crashes != 2 || s.Started != 3 {
		t.Errorf("%+v", s)
	}
}

func TestKilledFromOutside(t *testing.T) {
	pool, gate := newPool(t, Config{Workers: 2}), newGate(t)
	task := start(t.Context(), pool, "hold "+gate.addr())
	first, _ := gate.wait()
	eventually(t, "both children have started", func() bool { return len(pool.PIDs()) == 2 })
	warm := pool.PIDs()
	if err := unix.Kill(first, unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	second, release := gate.wait()
	if slices.Contains(warm, second) {
		t.Errorf("the second attempt is by child %d, which is not fresh: %v", second, warm)
	}
	release()
	if o := <-task; o.err != nil || o.result != "released" {
		t.Errorf("%+v", o)
	}
}

func TestStoppedChildTimesOut(t *testing.T) {
	pool, gate := newPool(t, Config{Workers: 1}), newGate(t)
	pid, err := strconv.Atoi(answer(t, pool, "pid"))
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Kill(pid, unix.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	// The request is larger than the link holds: sending it must end as well.
	request := append([]byte("echo "), make([]byte, 8<<20)...)
	e := failure[*TimeoutError](t, pool, Task{Payload: request, Timeout: 100 * time.Millisecond})
	if e.PID != pid {
		t.Errorf("%+v, want child %d", e, pid)
	}
	task := start(t.Context(), pool, "hold "+gate.addr())
	if next, release := gate.wait(); next == pid {
		t.Errorf("child %d goes on", pid)
	} else {
		release()
	}
	if o := <-task; o.err != nil {
		t.Error(o.err)
	}
}

// TestOwnGroup is why Ctrl-C in a terminal does not reach children.
func TestOwnGroup(t *testing.T) {
	pool := newPool(t, Config{Workers: 1})
	pid, err := strconv.Atoi(answer(t, pool, "pid"))
	if err != nil {
		t.Fatal(err)
	}
	if group, err := unix.Getpgid(pid); err != nil || group != pid {
		t.Errorf("child %d is in group %d, %v", pid, group, err)
	}
}
