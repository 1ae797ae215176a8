//go:build linux && (amd64 || arm64)

package sandbox

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// work is a Go program that uses the runtime: goroutines on many threads, garbage, timers,
// preemption.
func work([]string) (string, error) {
	runtime.GOMAXPROCS(4)
	var wg sync.WaitGroup
	var kept [8][]byte
	for i := range kept {
		wg.Go(func() {
			runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
			for n := range 20 {
				kept[i] = make([]byte, 1<<20)
				for j := range kept[i] {
					kept[i][j] = byte(n + j)
				}
			}
			runtime.GC()
		})
	}
	ticker := time.NewTicker(time.Millisecond)
	for range 5 {
		<-ticker.C
	}
	stop := make(chan struct{})
	go func() { // an endless loop that only a signal interrupts
		for n := 0; ; n++ {
			if n < 0 {
				close(stop)
			}
		}
	}()
	wg.Wait()
	runtime.SetDefaultGOMAXPROCS() // asks for the CPUs and reads the cgroup's limit
	runtime.GC()
	_ = stop
	return fmt.Sprintf("worked %d %s", len(kept[0]), time.Now().Format(time.RFC3339)), nil
}

func TestRuntimeWorks(t *testing.T) {
	for range 1 {
		if r := start(t, "work", true, nil); r.status != 0 || !strings.HasPrefix(r.stdout, "worked 1048576") {
			t.Fatal(r)
		}
	}
}

// What a child says when it dies must reach the parent, through a pipe and in a file.
func TestPanicIsTold(t *testing.T) {
	r := start(t, "panic", true, nil)
	if r.status.ExitStatus() != 2 || !strings.Contains(r.stderr, "panic: what the test asked for") || !strings.Contains(r.stderr, "goroutine 1 [running]") {
		t.Error(r)
	}
	_ = os.Stderr
}
