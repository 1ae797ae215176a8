package main

import (
	"os"
	"reflect"
	"runtime"
	"testing"
	"time"
)

func TestServiceTimes(t *testing.T) {
	read := func(text string) ([]float64, error) {
		f, err := os.CreateTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
		return service(f)
	}
	got, err := read(`{"type":"result","input":"a","outcome":"ok","ms":1.5}
{"type":"result","input":"b","outcome":"ok","ms":0.25}
{"type":"summary","ok":2}
`)
	if err != nil || !reflect.DeepEqual(got, []float64{1500, 250}) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := read(`{"type":"result","input":"a","outcome":"skipped","ms":0}`); err == nil {
		t.Error("took a file that was not worked on")
	}
}

// What a process says of its CPU is about what it takes.
func TestOwnCPU(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("reads /proc")
	}
	before, ok := ownCPU(os.Getpid())
	if !ok {
		t.Fatal("nothing is known")
	}
	begun := time.Now()
	for {
		now, ok := ownCPU(os.Getpid())
		if !ok {
			t.Fatal("nothing is known")
		}
		if now >= before+10*clockTick {
			break
		}
		if time.Since(begun) > 30*time.Second {
			t.Fatalf("%v of CPU in 30 s", now-before)
		}
	}
	if _, ok := ownCPU(-1); ok {
		t.Error("no process has CPU")
	}
}
