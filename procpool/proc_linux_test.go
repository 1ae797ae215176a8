package procpool

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// processExit is readable once the process has ended.
func processExit(t *testing.T, pid int) *os.File {
	t.Helper()
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		t.Fatalf("process %d: %v", pid, err)
	}
	f := os.NewFile(uintptr(fd), "process "+strconv.Itoa(pid))
	t.Cleanup(func() { f.Close() })
	return f
}

func awaitEnd(t *testing.T, process *os.File) {
	t.Helper()
	fds := []unix.PollFd{{Fd: int32(process.Fd()), Events: unix.POLLIN}}
	for {
		n, err := unix.Poll(fds, int(20*time.Second/time.Millisecond))
		if err == unix.EINTR {
			continue
		}
		if n != 1 || err != nil {
			t.Errorf("%s goes on (%v)", process.Name(), err)
		}
		return
	}
}

// TestParentIsKilled ends a parent with SIGKILL and sees its children end, the idle one
// and the one in an endless loop.
func TestParentIsKilled(t *testing.T) {
	gate := newGate(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), as("parent")...), "GATE="+gate.addr())
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	busy, _ := gate.wait()
	if _, err := stdin.Write([]byte{'\n'}); err != nil {
		t.Fatal(err)
	}
	var idle int
	if _, err := fmt.Fscanln(stdout, &idle); err != nil {
		t.Fatal(err)
	}
	children := []*os.File{processExit(t, busy), processExit(t, idle)}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for _, child := range children {
		awaitEnd(t, child)
	}
	if err := cmd.Wait(); err == nil {
		t.Error("the parent ended well")
	}
}

func init() { roles["bereft"] = bereft }

// bereft is a parent whose program is removed, or replaced, while it runs.
func bereft() {
	name, err := os.Executable()
	must(err)
	must(os.Remove(name))
	if text := os.Getenv("REPLACEMENT"); text != "" {
		must(os.WriteFile(name, []byte(text), 0o700))
	}
	pool, err := New(Config{Workers: 1, Env: as("worker")})
	must(err)
	answer, err := pool.Do(context.Background(), Task{Payload: []byte("echo " + name)})
	must(err)
	fmt.Printf("%s\n", answer)
	must(pool.Close())
}

func TestProgramIsReplaced(t *testing.T) {
	program, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	for what, text := range map[string]string{"removed": "", "replaced": "#!/bin/true\n"} {
		t.Run(what, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "program")
			if err := os.WriteFile(name, program, 0o700); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(name)
			cmd.Env = append(append(os.Environ(), as("bereft")...), "REPLACEMENT="+text)
			if out, err := cmd.CombinedOutput(); err != nil || string(out) != name+"\n" {
				t.Errorf("%v, %s", err, out)
			}
		})
	}
}

// The first thread of a process never ends. It stays with the first goroutine, lest
// TestThreadsMayEnd start its child there.
func init() {
	if os.Getenv(roleEnv) == "" {
		runtime.LockOSThread()
	}
}

// TestThreadsMayEnd ends every thread that the scheduler can spare: the death signal of a
// child is bound to the thread that started it.
func TestThreadsMayEnd(t *testing.T) {
	gate := newGate(t)
	requests, result := make(chan startRequest), make(chan error, 1)
	var spawner sync.WaitGroup
	spawner.Go(func() { spawn(requests) })
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), as("sleeper")...), "GATE="+gate.addr())
	cmd.SysProcAttr = sysProcAttr()
	requests <- startRequest{cmd, result}
	if err := <-result; err != nil {
		t.Fatal(err)
	}
	_, release := gate.wait()
	for _, thread := range endThreads(40) {
		eventually(t, "the thread ends", func() bool {
			_, err := os.Stat(fmt.Sprintf("/proc/self/task/%d", thread))
			return os.IsNotExist(err)
		})
	}
	release()
	if err := cmd.Wait(); err != nil {
		t.Error("the child died with a thread:", err)
	}
	close(requests)
	spawner.Wait()
}

// endThreads takes n threads at the same time, has them end, and returns their numbers.
func endThreads(n int) []int {
	threads, proceed := make(chan int), make(chan struct{})
	for range n {
		go func() {
			runtime.LockOSThread() // and never unlock: the thread ends with the goroutine
			threads <- unix.Gettid()
			<-proceed
		}()
	}
	var ended []int
	for range n {
		ended = append(ended, <-threads)
	}
	close(proceed)
	return ended
}

// TestGrandchildren sees what a worker has started killed along with it.
func TestGrandchildren(t *testing.T) {
	gate := newGate(t)
	t.Run("timeout", func(t *testing.T) {
		pool := newPool(t, Config{Workers: 1})
		task := make(chan error, 1)
		go func() {
			_, err := pool.Do(t.Context(), Task{Payload: []byte("family " + gate.addr()), Timeout: time.Second})
			task <- err
		}()
		pid, _ := gate.wait()
		grandchild := processExit(t, pid)
		if err, ok := (<-task).(*TimeoutError); !ok {
			t.Error(err)
		}
		awaitEnd(t, grandchild)
	})
	t.Run("crash", func(t *testing.T) {
		pool := newPool(t, Config{Workers: 1})
		task := start(t.Context(), pool, "family "+gate.addr())
		for range maxAttempts {
			pid, _ := gate.wait()
			grandchild := processExit(t, pid)
			child, err := unix.Getpgid(pid)
			if err != nil {
				t.Fatal(err)
			}
			if err := unix.Kill(child, unix.SIGTERM); err != nil {
				t.Fatal(err)
			}
			awaitEnd(t, grandchild)
		}
		o := <-task
		if e, ok := o.err.(*CrashError); !ok || e.Signal != "SIGTERM" {
			t.Errorf("got %+v", o)
		}
	})
}

func TestNoZombies(t *testing.T) {
	pool, gate := newPool(t, Config{Workers: 2, MaxTasks: 2}), newGate(t)
	for range 5 {
		answer(t, pool, "echo")
	}
	crash(t, pool, "exit 3")
	failure[*TimeoutError](t, pool, Task{Payload: []byte("loop " + gate.addr()), Timeout: 50 * time.Millisecond})
	if err := pool.Close(); err != nil {
		t.Error(err)
	}
	killed := newPool(t, Config{Workers: 2})
	answer(t, killed, "echo")
	killed.Kill()
	if err := unix.Waitid(unix.P_ALL, 0, nil, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil); err != unix.ECHILD {
		t.Errorf("there are children left: %v", err)
	}
}

// A child's threads may sleep longer than they ask for; this process's may not.
func TestTimersOfChildrenAreRelaxed(t *testing.T) {
	pool := newPool(t, Config{Workers: 1})
	answer(t, pool, "echo")
	slack, err := os.ReadFile(fmt.Sprintf("/proc/%d/timerslack_ns", pool.PIDs()[0]))
	if err != nil {
		t.Fatal(err)
	}
	if want := strconv.FormatInt(timerSlack.Nanoseconds(), 10) + "\n"; string(slack) != want {
		t.Errorf("%q, want %q", slack, want)
	}
	own, err := unix.PrctlRetInt(unix.PR_GET_TIMERSLACK, 0, 0, 0, 0)
	if err != nil || own >= int(timerSlack) {
		t.Errorf("%d ns here, %v", own, err)
	}
}
