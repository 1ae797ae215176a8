//go:build linux && (amd64 || arm64)

package sandbox

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// work is a Go program that uses the runtime: goroutines on threads of their own, garbage,
// timers, preemption.
func work(enter func() error, _ []string) (string, error) {
	if err := enter(); err != nil {
		return "", err
	}
	runtime.GOMAXPROCS(2)
	var wg sync.WaitGroup
	var kept [8][]byte
	for i := range kept {
		wg.Go(func() {
			runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
			for range 100 {
				kept[i] = make([]byte, 1<<20)
			}
			runtime.GC()
		})
	}
	ticker := time.NewTicker(time.Millisecond)
	for range 5 {
		<-ticker.C
	}
	wg.Wait()
	runtime.GOMAXPROCS(1)
	go func() { // which only a signal interrupts
		for n := 0; ; n++ {
		}
	}()
	time.Sleep(time.Millisecond)
	runtime.SetDefaultGOMAXPROCS() // asks for the CPUs, and reads the limit of the cgroup
	runtime.GC()
	return fmt.Sprintf("worked on %d bytes", len(kept[0])), nil
}

func TestRuntimeWorks(t *testing.T) {
	if r := start(t, "work", confined(Policy{}), nil); r.stdout != "worked on 1048576 bytes" || r.WaitStatus != 0 {
		t.Error(r)
	}
}

// fallOver panics, where nobody catches it.
func fallOver(enter func() error, args []string) (string, error) {
	if len(args) > 0 { // standard error is to be a file
		f, err := os.Create(args[0])
		if err != nil {
			return "", err
		}
		if err := redirect(f, os.Stderr); err != nil {
			return "", err
		}
	}
	if err := enter(); err != nil {
		return "", err
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		panic("what the test asked for")
	}()
	<-done
	return "", nil
}

// What a child says when it falls over must come out, be standard error a pipe or a file
// that is limited as outputs are.
func TestPanicIsTold(t *testing.T) {
	file := filepath.Join(t.TempDir(), "log")
	pipe := start(t, "panic", confined(Policy{}), nil)
	filed := start(t, "panic", confined(Policy{FileSize: 1 << 20}), nil, file)
	log, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, told := range []struct {
		run
		text string
	}{{pipe, pipe.stderr}, {filed, string(log)}} {
		if told.ExitStatus() != 2 || !strings.Contains(told.text, "panic: what the test asked for") || !strings.Contains(told.text, "sandbox.fallOver.func1") {
			t.Errorf("%v\ntold: %s", told.run, told.text)
		}
	}
}
