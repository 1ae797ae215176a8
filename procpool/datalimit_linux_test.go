//go:build !race

package procpool

import (
	"context"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The race detector gives up in words of its own before the Go runtime does.

func init() { roles["glutton"] = glutton }

// A glutton takes memory without end, beyond RLIMIT_DATA, among many goroutines, whose trace is
// longer than what is kept.
func glutton() {
	serve(func(_ context.Context, payload []byte) ([]byte, error) {
		for range 1000 {
			go func() { select {} }()
		}
		time.Sleep(10 * time.Millisecond)
		const limit = 400 << 20
		must(unix.Setrlimit(unix.RLIMIT_DATA, &unix.Rlimit{Cur: limit, Max: limit}))
		return nil, swallow()
	})
}

func TestDataLimit(t *testing.T) {
	pool := newPool(t, Config{Workers: 1, Env: as("glutton")})
	e := failure[*MemoryError](t, pool, Task{Payload: []byte("more")})
	if e.Attempts != 2 || e.Used != 0 || !strings.HasPrefix(lastWords(e.Stderr), "fatal error: ") {
		t.Errorf("%+v", e)
	}
	if s := pool.Stats(); s.Memory != 2 || s.Crashes != 0 {
		t.Errorf("%+v", s)
	}
}
