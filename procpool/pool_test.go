package procpool

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestValidate(t *testing.T) {
	for _, cfg := range []Config{{Workers: -1}, {MaxTasks: -1}, {MaxAge: -1}, {MaxRSS: -1}, {RecycleRSS: -1}, {MaxResult: -1}, {MaxResult: MaxPayload + 1}, {StartTimeout: -1}, {Grace: -1}} {
		if err := cfg.Validate(); err == nil || !strings.Contains(err.Error(), "it must be 0") {
			t.Errorf("%+v: %v", cfg, err)
		}
		if _, err := New(cfg); err == nil {
			t.Errorf("New(%+v) succeeded", cfg)
		}
	}
	for _, cfg := range []Config{{MaxRSS: 1}, {RecycleRSS: 1}} {
		if err := cfg.Validate(); err == nil || !strings.Contains(err.Error(), "need RSS") {
			t.Errorf("%+v: %v", cfg, err)
		}
	}
	if err := (Config{}).Validate(); err != nil {
		t.Error(err)
	}
}

func TestEcho(t *testing.T) {
	pool := newPool(t, Config{Workers: 1})
	for _, size := range []int{0, 1, 200, bufferSize - headerSize, bufferSize, readStep - 1, readStep + 1, 5 << 20} {
		text := strings.Repeat("e", size)
		if got := answer(t, pool, "echo "+text); got != text {
			t.Errorf("echo of %d bytes differs: got %d bytes", size, len(got))
		}
	}
	if diff := cmp.Diff(Stats{Tasks: 8, Started: 1}, pool.Stats()); diff != "" {
		t.Error(diff)
	}
}

func TestChildrenPerCPU(t *testing.T) {
	pool := newPool(t, Config{})
	answer(t, pool, "echo")
	n := runtime.GOMAXPROCS(0)
	eventually(t, "there is a child per CPU", func() bool { return len(pool.PIDs()) == n })
}

func TestEnvironment(t *testing.T) {
	t.Setenv("SECRET", "1234")
	closed := newPool(t, Config{Workers: 1, Environ: []string{"COLOR=red", "SIZE=2"}, Env: []string{"COLOR=blue"}})
	open := newPool(t, Config{Workers: 1, Env: []string{"COLOR=blue"}})
	for pool, values := range map[*Pool]map[string]string{
		open:   {"GOMAXPROCS": "1", "COLOR": "blue", "SECRET": "1234", linkEnv: ""},
		closed: {"GOMAXPROCS": "1", "COLOR": "blue", "SECRET": "", "SIZE": "2"},
	} {
		for name, want := range values {
			if got := answer(t, pool, "env "+name); got != want {
				t.Errorf("%s is %q in a child, want %q", name, got, want)
			}
		}
	}
}

func TestArguments(t *testing.T) {
	pool := newPool(t, Config{Workers: 1})
	if got, want := answer(t, pool, "args"), os.Args[0]+" worker"; got != want {
		t.Errorf("started as %q, want %q", got, want)
	}
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	pool = newPool(t, Config{Workers: 1, Path: path, Args: []string{"-x", "y"}})
	if got, want := answer(t, pool, "args"), path+" -x y"; got != want {
		t.Errorf("started as %q, want %q", got, want)
	}
}

func TestPayloadLimit(t *testing.T) {
	pool := newPool(t, Config{Workers: 1})
	if got := answer(t, pool, fmt.Sprint("blob ", MaxPayload)); len(got) != MaxPayload {
		t.Errorf("result of %d bytes, want %d", len(got), MaxPayload)
	}
	remote := failure[*RemoteError](t, pool, Task{Payload: fmt.Append(nil, "blob ", MaxPayload+1)})
	if want := "the result of 67108865 bytes is larger than 67108864"; remote.Message != want {
		t.Errorf("message %q, want %q", remote.Message, want)
	}
	request := make([]byte, MaxPayload+1)
	copy(request, "echo ")
	result, err := pool.Do(t.Context(), Task{Payload: request[:MaxPayload]})
	if err != nil || !bytes.Equal(result, request[len("echo "):MaxPayload]) {
		t.Errorf("the largest request: %d bytes, %v", len(result), err)
	}
	if _, err := pool.Do(t.Context(), Task{Payload: request}); err != ErrTooLarge {
		t.Errorf("a larger request: %v", err)
	}
}

func TestHandlerError(t *testing.T) {
	pool := newPool(t, Config{Workers: 1})
	before := answer(t, pool, "pid")
	if e := failure[*RemoteError](t, pool, Task{Payload: []byte("error no pixels here")}); e.Message != "no pixels here" {
		t.Errorf("message %q", e.Message)
	}
	e := failure[*RemoteError](t, pool, Task{Payload: []byte("panic index out of range")})
	if !strings.HasPrefix(e.Message, "panic: index out of range\n\n") || !strings.Contains(e.Message, "main_test.go") {
		t.Errorf("no text or stack in %q", e.Message)
	}
	long := strings.Repeat("m", maxMessage+1)
	if e := failure[*RemoteError](t, pool, Task{Payload: []byte("error " + long)}); e.Message != long[:maxMessage] {
		t.Errorf("message of %d bytes, want %d", len(e.Message), maxMessage)
	}
	if after := answer(t, pool, "pid"); after != before {
		t.Errorf("child %s was replaced by %s", before, after)
	}
}

func TestOutputIsHarmless(t *testing.T) {
	pool := newPool(t, Config{Workers: 1})
	before := answer(t, pool, "pid")
	for range 2 {
		if got := answer(t, pool, "flood"); got != "flooded" {
			t.Error(got)
		}
	}
	if after := answer(t, pool, "pid"); after != before {
		t.Errorf("child %s was replaced by %s", before, after)
	}
}

func TestTimeout(t *testing.T) {
	pool, gate := newPool(t, Config{Workers: 1}), newGate(t)
	for range 2 {
		const limit = 100 * time.Millisecond
		e := failure[*TimeoutError](t, pool, Task{Payload: []byte("loop " + gate.addr()), Timeout: limit})
		pid, _ := gate.wait()
		if e.PID != pid || e.After != limit {
			t.Errorf("%+v, want child %d after %v", e, pid, limit)
		}
		for range 3 {
			result, err := pool.Do(t.Context(), Task{Payload: []byte("pid"), Timeout: time.Minute})
			if err != nil || string(result) == strconv.Itoa(pid) {
				t.Errorf("child %s after %d, error %v", result, pid, err)
			}
		}
	}
	if diff := cmp.Diff(Stats{Tasks: 6, Timeouts: 2, Started: 3}, pool.Stats()); diff != "" {
		t.Error(diff)
	}
}

// TestEndAtTheLastMoment has timeouts and contexts that end about when the answer comes.
// Neither may reach the task after.
func TestEndAtTheLastMoment(t *testing.T) {
	pool := newPool(t, Config{Workers: 1})
	answer(t, pool, "echo")
	for i := range 400 {
		ctx, cancel := context.WithCancel(t.Context())
		task := Task{Payload: []byte("echo now")}
		if i%2 == 0 {
			task.Timeout = time.Duration(i%60) * time.Microsecond
		} else {
			time.AfterFunc(time.Duration(i%60)*time.Microsecond, cancel)
		}
		result, err := pool.Do(ctx, task)
		_, timeout := err.(*TimeoutError)
		if !timeout && err != context.Canceled && string(result) != "now" {
			t.Errorf("result %q, error %v", result, err)
		}
		if got := answer(t, pool, "echo next"); got != "next" {
			t.Errorf("result %q of the task after", got)
		}
		cancel()
	}
	if s := pool.Stats(); s.Crashes != 0 {
		t.Errorf("%+v, want no crash", s)
	}
}

func TestCancelKillsChild(t *testing.T) {
	pool, gate := newPool(t, Config{Workers: 1}), newGate(t)
	ctx, cancel := context.WithCancel(t.Context())
	task := start(ctx, pool, "loop "+gate.addr())
	pid, _ := gate.wait()
	cancel()
	if o := <-task; o.err != context.Canceled {
		t.Errorf("got %+v", o)
	}
	if got := answer(t, pool, "pid"); got == strconv.Itoa(pid) {
		t.Errorf("child %d goes on", pid)
	}
	if _, err := pool.Do(ctx, Task{Payload: []byte("echo")}); err != context.Canceled {
		t.Errorf("Do after cancel: %v", err)
	}
}

func TestCancelWhileWaiting(t *testing.T) {
	pool, gate := newPool(t, Config{Workers: 1}), newGate(t)
	holder := start(t.Context(), pool, "hold "+gate.addr())
	_, release := gate.wait()
	ctx, cancel := context.WithCancel(t.Context())
	waiter := start(ctx, pool, "echo")
	cancel()
	if o := <-waiter; o.err != context.Canceled {
		t.Errorf("the waiting task: %+v", o)
	}
	release()
	if o := <-holder; o.err != nil || o.result != "released" {
		t.Errorf("the other task: %+v", o)
	}
}

func TestRecycling(t *testing.T) {
	pool := newPool(t, Config{Workers: 1, MaxTasks: 3})
	var changes []int
	last := ""
	for i := range 10 {
		if pid := answer(t, pool, "pid"); pid != last {
			changes, last = append(changes, i), pid
		}
	}
	if diff := cmp.Diff([]int{0, 3, 6, 9}, changes); diff != "" {
		t.Error("a new child at other tasks:", diff)
	}
	if diff := cmp.Diff(Stats{Tasks: 10, Started: 4, Recycled: 3}, pool.Stats()); diff != "" {
		t.Error(diff)
	}
}

// TestEveryTaskIsAnswered has many callers and children that crash now and then.
func TestEveryTaskIsAnswered(t *testing.T) {
	const callers, each = 8, 30
	pool := newPool(t, Config{Workers: 3, MaxTasks: 20})
	dir := t.TempDir()
	var wg sync.WaitGroup
	for c := range callers {
		wg.Go(func() {
			for i := c * each; i < (c+1)*each; i++ {
				request, want := fmt.Sprint("echo ", i), fmt.Sprint(i)
				switch i % 16 {
				case 3:
					request, want = "die-once "+filepath.Join(dir, want), "survived"
				case 7:
					request, want = "error "+want, "error "+want
				case 11:
					request, want = "die", "crash 2"
				}
				if got := describe(pool.Do(t.Context(), Task{Payload: []byte(request), Timeout: time.Minute})); got != want {
					t.Errorf("%s: %s, want %s", request, got, want)
				}
			}
		})
	}
	wg.Wait()
	const sixteenths = callers * each / 16
	s := pool.Stats()
	if s.Tasks != 15*sixteenths || s.Crashes != 3*sixteenths || s.Timeouts != 0 {
		t.Errorf("%+v; want %d tasks, %d crashes", s, 15*sixteenths, 3*sixteenths)
	}
}

func describe(result []byte, err error) string {
	if crash, ok := errors.AsType[*CrashError](err); ok {
		return fmt.Sprint("crash ", crash.Attempts)
	}
	if err != nil {
		return "error " + err.Error()
	}
	return string(result)
}

func TestIdleChildIsReplaced(t *testing.T) {
	pool := newPool(t, Config{Workers: 1})
	pid, err := strconv.Atoi(answer(t, pool, "pid"))
	if err != nil {
		t.Fatal(err)
	}
	killProcess(t, pid)
	eventually(t, "the dead child is replaced", func() bool {
		pids := pool.PIDs()
		return len(pids) == 1 && pids[0] != pid
	})
	if got := answer(t, pool, "echo again"); got != "again" {
		t.Error(got)
	}
	if s := pool.Stats(); s.Crashes != 0 || s.Started != 2 {
		t.Errorf("%+v; want no crash of a task, and 2 starts", s)
	}
}
