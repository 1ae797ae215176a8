//go:build memory && linux

// Command memory holds transform.Estimate against what the work takes: for each picture and each pipeline a child
// process does one job, and tells the most memory that it had.
//
//	go run -tags memory ./test/memory FILE...
//
// It ends with status 1 if a job took more than was foreseen: more than the estimate and slack while garbage is
// collected early, or more than that by the share of a run's memory that no budget has (internal/machine.Share).
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/machine"
	"github.com/imgpar/imgpar/internal/transform"
)

// slack is what a job may take beside its estimate: tables, buffers, spans of the heap that are not full.
const slack = 24 << 20

// ways are what is done with each picture: a pipeline for each output, and its format.
var ways = [][]job.Target{
	{{Pipeline: "gray"}},
	{{Pipeline: "resize w=200"}},
	{{Pipeline: "resize w=1200"}},
	{{Pipeline: "thumb 128"}},
	{{Pipeline: "rotate 7"}},
	{{Pipeline: "rotate 90"}},
	{{Pipeline: "blur 3"}},
	{{Pipeline: "sharpen 0.5"}},
	{{Pipeline: "invert"}},
	{{Pipeline: "orient", Format: "jpeg"}},
	{{Pipeline: "orient", Format: "png"}},
	{{Pipeline: "orient", Format: "tiff"}},
	{{Pipeline: "orient", Format: "webp"}},
	{{Pipeline: "orient", Format: "bmp"}},
	{{Pipeline: "orient", Format: "gif"}},
	{{Pipeline: "gray"}, {Pipeline: "resize w=400"}, {Pipeline: "rotate 7", Format: "png"}},
}

// measured is what a child tells.
type measured struct {
	Estimate, Base, Peak int64
	Outcome, Reason      string
}

func main() {
	if len(os.Args) == 4 && os.Args[1] == "-child" {
		child(os.Args[2], os.Args[3])
		return
	}
	bad := false
	fmt.Printf("%-28s %-34s %9s %14s %14s\n", "picture", "work", "foreseen", "live", "at GOGC=50")
	for _, name := range os.Args[1:] {
		for _, targets := range ways {
			bad = !compare(name, targets) || bad
		}
	}
	if bad {
		os.Exit(1)
	}
}

// compare prints a line. It reports false where the job took too much.
func compare(name string, targets []job.Target) bool {
	var parts []string
	for _, t := range targets {
		parts = append(parts, strings.TrimSpace(t.Pipeline+" "+t.Format))
	}
	tight, err := measure(name, targets, "4")
	if err == nil && tight.Outcome != "ok" {
		fmt.Printf("%-28s %-34s %s: %s\n", filepath.Base(name), strings.Join(parts, ", "), tight.Outcome, tight.Reason)
		return true
	}
	usual, err2 := measure(name, targets, "50")
	if err = errors.Join(err, err2); err != nil {
		fmt.Printf("%-28s %-34s %v\n", filepath.Base(name), strings.Join(parts, ", "), err)
		return false
	}
	live, all := tight.Peak-tight.Base, usual.Peak-usual.Base
	ok := live <= tight.Estimate+slack && float64(all) <= float64(tight.Estimate)/machine.Share+slack
	verdict := ""
	if !ok {
		verdict = "TOO MUCH"
	}
	share := func(n int64) string {
		return fmt.Sprintf("%6.1f %5.2f x", float64(n)/1e6, float64(n)/float64(tight.Estimate))
	}
	fmt.Printf("%-28s %-34s %7.1f M %14s %14s %s\n", filepath.Base(name), strings.Join(parts, ", "), float64(tight.Estimate)/1e6, share(live), share(all), verdict)
	return ok
}

// measure has a child do one job with that much garbage.
func measure(name string, targets []job.Target, gogc string) (m measured, err error) {
	text, err := json.Marshal(targets)
	if err != nil {
		return m, err
	}
	c := exec.Command(os.Args[0], "-child", name, string(text))
	c.Env = append(os.Environ(), "GOGC="+gogc, "GOMAXPROCS=1")
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err == nil {
		err = json.Unmarshal(out, &m)
	}
	return m, err
}

func child(name, text string) {
	var targets []job.Target
	dir, err := os.MkdirTemp("", "imgpar-memory")
	if err == nil {
		err = json.Unmarshal([]byte(text), &targets)
	}
	if err != nil {
		fail(err)
	}
	defer os.RemoveAll(dir)
	for i := range targets {
		targets[i].Output = job.Path(filepath.Join(dir, fmt.Sprint("o", i)))
	}
	j := job.Job{Input: job.Path(name), Target: targets[0], Also: targets[1:], MaxPixels: codec.MaxPixels}
	in, err := os.Open(name)
	if err != nil {
		fail(err)
	}
	info, err := in.Stat()
	if err != nil {
		fail(err)
	}
	work := j.Work(info.Size(), func(int) bool { return false })
	head, refused := codec.ReadHeader(in, info.Size(), j.MaxPixels)
	most, _ := transform.Estimate(work, head, refused)
	m := measured{Estimate: most}
	debug.FreeOSMemory()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil { // begin VmHWM anew
		fail(err)
	}
	m.Base = peak()
	outs := make([]io.Writer, len(targets))
	for i := range outs {
		outs[i] = io.Discard
	}
	var w transform.Worker
	a := w.Do(context.Background(), work, in, outs)
	m.Peak, m.Outcome, m.Reason = peak(), string(a.Parts[0].Outcome), a.Parts[0].Reason
	if err := json.NewEncoder(os.Stdout).Encode(m); err != nil {
		fail(err)
	}
}

// peak returns the most bytes that this process has had in memory.
func peak() (n int64) {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		fail(err)
	}
	_, rest, _ := bytes.Cut(b, []byte("VmHWM:"))
	if _, err := fmt.Sscan(string(rest), &n); err != nil {
		fail(err)
	}
	return n << 10
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "memory:", err)
	os.Exit(1)
}
