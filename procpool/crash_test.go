package procpool

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// crash runs a task that must crash twice, and sees that the pool goes on.
func crash(t *testing.T, pool *Pool, request string) *CrashError {
	t.Helper()
	e := failure[*CrashError](t, pool, Task{Payload: []byte(request)})
	if e.Attempts != 2 {
		t.Errorf("%s: %d attempts, want 2", request, e.Attempts)
	}
	if e.PID == 0 {
		t.Errorf("%s: no process number", request)
	}
	return e
}

func TestExit(t *testing.T) {
	pool := newPool(t, Config{Workers: 1})
	for status, want := range map[int]string{
		0:            "exited with status 0 in the middle of a task",
		3:            "exited with status 3",
		ExitProtocol: "gave up, as the protocol failed",
	} {
		e := crash(t, pool, "exit "+strconv.Itoa(status))
		if e.ExitCode != status || e.Signal != "" || e.Err != nil {
			t.Errorf("%+v, want exit status %d", e, status)
		}
		if text := "worker " + strconv.Itoa(e.PID) + " " + want + " (2nd attempt)"; e.Error() != text {
			t.Errorf("error %q, want %q", e, text)
		}
	}
	answer(t, pool, "echo")
	if s := pool.Stats(); s.Crashes != 6 || s.Started != 7 {
		t.Errorf("%+v, want 6 crashes and 7 starts", s)
	}
}

func TestCrashOnce(t *testing.T) {
	pool := newPool(t, Config{Workers: 1})
	before := answer(t, pool, "pid")
	if got := answer(t, pool, "die-once "+filepath.Join(t.TempDir(), "marker")); got != "survived" {
		t.Error(got)
	}
	if after := answer(t, pool, "pid"); after == before {
		t.Errorf("child %s is still there", before)
	}
	if s := pool.Stats(); s.Crashes != 1 || s.Started != 2 || s.Tasks != 3 {
		t.Errorf("%+v", s)
	}
}

func TestPanicElsewhere(t *testing.T) {
	pool := newPool(t, Config{Workers: 1})
	e := crash(t, pool, "panic-elsewhere inner goroutine")
	if e.ExitCode != 2 || !strings.Contains(e.Stderr, "panic: inner goroutine") {
		t.Errorf("%+v", e)
	}
	if want := `; its last words: "panic: inner goroutine"`; !strings.HasSuffix(e.Error(), want) {
		t.Errorf("error %q does not end with %s", e, want)
	}
}

func TestStderrIsBounded(t *testing.T) {
	pool := newPool(t, Config{Workers: 1})
	answer(t, pool, "flood")
	e := crash(t, pool, "die "+strings.Repeat("first words\n", 10000)+"good bye")
	if len(e.Stderr) > MaxStderr || len(e.Stderr) < MaxStderr/2 || !strings.HasSuffix(e.Stderr, "\nfirst words\ngood bye\n") {
		t.Errorf("%d bytes kept, the limit is %d; they end %q", len(e.Stderr), MaxStderr, e.Stderr[max(0, len(e.Stderr)-40):])
	}
	if !strings.HasPrefix(e.Stderr, "first words\n") {
		t.Errorf("starts within a line: %.20q", e.Stderr)
	}
}

func TestRogueAnswers(t *testing.T) {
	for request, want := range map[string]string{
		"garbage":      "sent something that is not a frame: 4c 6f 61 64 69 6e 67 20 70 6c 75 67 2d 69 6e 73",
		"oversize":     "sent a frame of 67108865 bytes, the limit is 67108864",
		"wrong-id":     "answered task 7 when it was asked task 1",
		"hello":        "sent a frame of kind 1 instead of an answer",
		"request":      "sent a frame of 1 bytes, the limit is 0",
		"half":         "exited with status 0 in the middle of a task",
		"long-failure": "sent a frame of 65537 bytes, the limit is 65536",
		"hang-up":      "closed its link to the pool but did not exit",
	} {
		t.Run(request, func(t *testing.T) {
			pool := newPool(t, Config{Workers: 1, Env: as("rogue")})
			e := crash(t, pool, request)
			if text := "worker " + strconv.Itoa(e.PID) + " " + want + " (2nd attempt)"; e.Error() != text {
				t.Errorf("error %q, want %q", e, text)
			}
		})
	}
}

func TestStartFailures(t *testing.T) {
	for role, want := range map[string]string{
		"future":   "speaks protocol 5, this is 4: the binary was replaced while running",
		"stranger": "does not speak the worker protocol",
		"mute":     "did not say hello within 150ms",
		"broken":   `exited with status 5; its last words: "no such plug-in"`,
	} {
		t.Run(role, func(t *testing.T) {
			cfg := Config{Workers: 2, Env: as(role), StartTimeout: 10 * time.Second}
			if role == "mute" {
				cfg.StartTimeout = 150 * time.Millisecond
			}
			pool := newPool(t, cfg)
			e := failure[*StartError](t, pool, Task{Payload: []byte("echo")})
			if e.Attempts != startAttempts || e.Path == "" || !strings.Contains(e.Error(), want) {
				t.Errorf("%+v: %v; want %s", e, e, want)
			}
			if _, crashed := errors.AsType[*CrashError](error(e)); crashed {
				t.Error("a start failure passes for a crash of the task")
			}
		})
	}
}

func TestMissingBinary(t *testing.T) {
	path := filepath.Join(t.TempDir(), "missing")
	pool := newPool(t, Config{Workers: 2, Path: path})
	for range 3 {
		e := failure[*StartError](t, pool, Task{Payload: []byte("echo")})
		if e.Path != path || !errors.Is(e, fs.ErrNotExist) {
			t.Errorf("%+v", e)
		}
	}
	if s := pool.Stats(); s.Started != 0 {
		t.Errorf("%+v", s)
	}
}

// TestBinaryVanishes has the pool's program removed while it runs, and put back.
func TestBinaryVanishes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "worker.exe")
	if err := os.Link(os.Args[0], path); err != nil {
		copyFile(t, path, os.Args[0])
	}
	pool := newPool(t, Config{Workers: 1, Path: path})
	answer(t, pool, "echo")
	if err := os.Rename(path, path+".old"); err != nil {
		t.Fatal(err)
	}
	_, err := pool.Do(t.Context(), Task{Payload: []byte("exit 3")})
	crash, crashed := errors.AsType[*CrashError](err)
	if !crashed || crash.Attempts != 1 || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v; want the crash and why there was no second attempt", err)
	}
	if err := os.Rename(path+".old", path); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the pool recovers", func() bool {
		result, err := pool.Do(t.Context(), Task{Payload: []byte("echo back")})
		return err == nil && string(result) == "back"
	})
}

func TestBackoff(t *testing.T) {
	for failures, want := range map[int]time.Duration{
		0: 0, 1: 0, 2: firstPause, 3: 2 * firstPause, 5: 8 * firstPause, 20: maxPause, 1000: maxPause,
	} {
		if got := backoff(failures); got != want {
			t.Errorf("after %d failures %v, want %v", failures, got, want)
		}
	}
}

func copyFile(t *testing.T, to, from string) {
	program, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, program, 0o700); err != nil {
		t.Fatal(err)
	}
}
