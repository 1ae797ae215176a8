package procpool

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// untilBroken runs tasks until the pool gives up.
func untilBroken(t *testing.T, pool *Pool) error {
	t.Helper()
	for {
		_, err := pool.Do(t.Context(), Task{Payload: []byte("echo")})
		if errors.Is(err, ErrBroken) {
			return err
		}
		if _, ok := errors.AsType[*StartError](err); !ok {
			t.Fatalf("got %v before the pool broke", err)
		}
	}
}

func TestCircuitBreaks(t *testing.T) {
	for role, want := range map[string]string{
		"broken":  `exited with status 5; its last words: "no such plug-in"`,
		"quitter": `exited with status 7, before it had a task; its last words: "no licence"`,
		"chatter": "spoke without being asked, or hung up, before it had a task",
		"":        "no such file",
	} {
		t.Run(role, func(t *testing.T) {
			const workers = 2
			cfg := Config{Workers: workers, Env: as(role)}
			if role == "" {
				cfg.Path = filepath.Join(t.TempDir(), "missing")
			}
			pool := newPool(t, cfg)
			if role == "quitter" { // a task may meet it before it ends
				<-pool.broken
			}
			err := untilBroken(t, pool)
			if start, ok := errors.AsType[*StartError](err); !ok || role != "" && !strings.Contains(start.Error(), want) {
				t.Errorf("the error is %v, want %s", err, want)
			}
			if _, crashed := errors.AsType[*CrashError](err); crashed {
				t.Errorf("%v passes for a crash of the task", err)
			}
			eventually(t, "all children have ended", func() bool { return len(pool.PIDs()) == 0 || role == "chatter" })
			before := pool.Stats()
			for range 1000 {
				if _, err := pool.Do(t.Context(), Task{}); !errors.Is(err, ErrBroken) {
					t.Fatalf("%v after the pool broke", err)
				}
			}
			after := pool.Stats()
			if after.Started > before.Started+workers || after.Crashes != 0 || after.Tasks != 0 {
				t.Errorf("%+v, then %+v", before, after)
			}
			if n := after.Started; role != "" && (n < lossesPerWorker*workers || n > (lossesPerWorker+1)*workers) {
				t.Errorf("%d children were started before the pool broke, want some %d", n, lossesPerWorker*workers)
			}
		})
	}
}

// TestTasksDoNotBreakTheCircuit has more deaths in a row than break it, each with a task.
func TestTasksDoNotBreakTheCircuit(t *testing.T) {
	pool := newPool(t, Config{Workers: 1})
	const bad = 2 * lossesPerWorker
	for range bad {
		crash(t, pool, "exit 3")
	}
	answer(t, pool, "echo")
	if s := pool.Stats(); s.Crashes != 2*bad || s.Lost != 0 {
		t.Errorf("%+v", s)
	}
}

// TestAnswersKeepTheCircuit has as many children die idle as break it, but answers between.
func TestAnswersKeepTheCircuit(t *testing.T) {
	pool := newPool(t, Config{Workers: 1})
	for i := range lossesPerWorker + 2 {
		answer(t, pool, "echo")
		for range 2 {
			pid := pool.PIDs()[0]
			killProcess(t, pid)
			eventually(t, "the dead child is replaced", func() bool {
				pids := pool.PIDs()
				return len(pids) == 1 && pids[0] != pid && pool.anyWorking()
			})
		}
		if s := pool.Stats(); s.Lost != int64(2*(i+1)) {
			t.Fatalf("%+v, want %d lost", s, 2*(i+1))
		}
	}
	answer(t, pool, "echo")
}

func TestWhatTellsAgainstTheProgram(t *testing.T) {
	for name, c := range map[string]struct {
		child *child
		want  bool
	}{
		"fresh":      {&child{born: time.Now()}, true},
		"old":        {&child{born: time.Now().Add(-youth)}, false},
		"had a task": {&child{born: time.Now(), line: line{given: 1}}, false},
	} {
		if got := c.child.diedYoung(); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestNoProgramIsNamed(t *testing.T) {
	e := &StartError{Attempts: 3, Err: errors.New("no /proc")}
	if want := "cannot start a worker: no /proc"; e.Error() != want {
		t.Errorf("%q, want %q", e, want)
	}
}
