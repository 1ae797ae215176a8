package procpool

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestChatBetweenTasks has a child say more after its answer: the next task is not to
// have it, neither as its answer nor as its death.
func TestChatBetweenTasks(t *testing.T) {
	pool := newPool(t, Config{Workers: 1})
	first := answer(t, pool, "chat")
	eventually(t, "the child says more", func() bool {
		pool.mu.Lock()
		defer pool.mu.Unlock()
		for c := range pool.children {
			return c.conn.pending()
		}
		return false
	})
	if second := answer(t, pool, "pid"); second == first || second == "more" {
		t.Errorf("the task after got %q of child %s", second, first)
	}
	if s := pool.Stats(); s.Lost != 1 || s.Crashes != 0 || s.Tasks != 2 || s.Started != 2 {
		t.Errorf("%+v", s)
	}
}

func TestHalfAnAnswerTimesOut(t *testing.T) {
	pool := newPool(t, Config{Workers: 1, Env: as("rogue")})
	failure[*TimeoutError](t, pool, Task{Payload: []byte("half-and-silence"), Timeout: 200 * time.Millisecond})
}

func TestMaxResult(t *testing.T) {
	pool := newPool(t, Config{Workers: 1, MaxResult: 1000})
	if got := answer(t, pool, "blob 1000"); len(got) != 1000 {
		t.Errorf("%d bytes", len(got))
	}
	e := crash(t, pool, "blob 1001")
	if want := "sent a frame of 1001 bytes, the limit is 1000"; e.Err == nil || e.Err.Error() != want {
		t.Errorf("%v, want %s", e, want)
	}
	long := failure[*RemoteError](t, pool, Task{Payload: []byte("error " + strings.Repeat("m", 2000))})
	if len(long.Message) != 2000 {
		t.Errorf("an error of %d bytes: MaxResult is of results", len(long.Message))
	}
}

func TestOutputMayBeClosed(t *testing.T) {
	pool := newPool(t, Config{Workers: 1})
	pid := answer(t, pool, "pid")
	answer(t, pool, "close-output")
	if after := answer(t, pool, "pid"); after != pid {
		t.Errorf("child %s was replaced by %s", pid, after)
	}
	if e := crash(t, pool, "die unheard"); e.Stderr != "unheard\n" { // the second child is heard
		t.Errorf("%+v", e)
	}
}

// TestFloodGoesOn has a child print without end while it answers.
func TestFloodGoesOn(t *testing.T) {
	pool := newPool(t, Config{Workers: 1})
	answer(t, pool, "flood-on")
	for i := range 20 {
		if got := answer(t, pool, "echo "+strconv.Itoa(i)); got != strconv.Itoa(i) {
			t.Errorf("echo of %d is %q", i, got)
		}
	}
}

// TestFloodIsSlowed is the parent's share: it takes no more than 64 KiB each millisecond.
func TestFloodIsSlowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var flood tail
		begin, chunk := time.Now(), make([]byte, outputStep/2)
		for range 200 {
			flood.Write(chunk)
		}
		if took := time.Since(begin); took != 100*outputPause {
			t.Errorf("%d bytes took %v, want %v", 200*len(chunk), took, 100*outputPause)
		}
		if have := cap(flood.buf); have > 4*MaxStderr {
			t.Errorf("%d bytes of memory", have)
		}
	})
}

// TestFileThatCannotBePassed is the caller's mistake, not the child's.
func TestFileThatCannotBePassed(t *testing.T) {
	pool := newPool(t, Config{Workers: 1})
	pid := answer(t, pool, "pid")
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	_, err = pool.Do(t.Context(), Task{Payload: []byte("copy"), Files: []*os.File{f}})
	if _, crashed := errors.AsType[*CrashError](err); crashed || err == nil || !strings.Contains(err.Error(), "cannot pass the files") {
		t.Errorf("a closed file: %v", err)
	}
	if after := answer(t, pool, "pid"); after != pid {
		t.Errorf("child %s was replaced by %s", pid, after)
	}
	if s := pool.Stats(); s.Crashes != 0 || s.Lost != 0 || s.Tasks != 2 {
		t.Errorf("%+v", s)
	}
}

// TestVerdictSurvivesTheTrace has more printed after the line that tells than is kept.
func TestVerdictSurvivesTheTrace(t *testing.T) {
	var kept tail
	for _, piece := range []string{"loading\n", "fatal ", "error: runtime: ", "out of memory\n", strings.Repeat("goroutine 1 [select]\n", 20000), "exit\n"} {
		kept.Write([]byte(piece))
	}
	stderr := kept.String()
	if !outOfMemory(stderr) || lastWords(stderr) != "fatal error: runtime: out of memory" || len(stderr) > MaxStderr || !strings.HasSuffix(stderr, "\nexit\n") {
		t.Errorf("%d bytes, which begin %.80q", len(stderr), stderr)
	}
}
