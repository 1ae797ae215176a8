package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// imgpar is the program that is measured, with what it is to do.
type imgpar struct {
	program string
	args    []string // operation and its flags
	scratch string   // folder for all that is made, on the storage of the tree
}

// figures are what one run took.
type figures struct {
	wall, cpu time.Duration
	parent    time.Duration // CPU of the program itself, without its subprocesses
}

func (f figures) add(g figures) figures {
	return figures{f.wall + g.wall, f.cpu + g.cpu, f.parent + g.parent}
}

// out and journal are what a run makes.
func (p imgpar) out() string     { return filepath.Join(p.scratch, "out") }
func (p imgpar) journal() string { return filepath.Join(p.scratch, "journal") }

// fresh takes away what a run has made.
func (p imgpar) fresh() error {
	if err := os.RemoveAll(p.out()); err != nil {
		return err
	}
	return os.RemoveAll(p.journal())
}

// run works on a tree. What stands on its standard output goes to a file, whose
// reading costs nothing meanwhile.
func (p imgpar) run(tree string, jobs int, mode string, more ...string) (figures, *os.File, error) {
	output, err := os.CreateTemp("", "imgpar-scale-*.ndjson")
	if err != nil {
		return figures{}, nil, err
	}
	os.Remove(output.Name()) // it lives as long as it is open
	args := append(append([]string(nil), p.args...), "--progress", "none", "--quiet", "-j", strconv.Itoa(jobs), "--mode", mode, "-o", p.out())
	cmd := exec.Command(p.program, append(append(args, more...), tree)...)
	cmd.Stdout, cmd.Stderr = output, os.Stderr
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return figures{}, output, err
	}
	watching, stop := context.WithCancel(context.Background())
	seen := make(chan time.Duration)
	go func() { seen <- watchCPU(watching, cmd.Process.Pid) }()
	err = cmd.Wait()
	f := figures{wall: time.Since(begun)}
	stop()
	f.parent = <-seen
	if err != nil {
		return f, output, fmt.Errorf("%s: %w", cmd, err)
	}
	f.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	f.parent = min(f.parent, f.cpu)
	if mode != "proc" {
		f.parent = f.cpu
	}
	return f, output, nil
}

// lookEvery is how often a process is asked for its CPU: the last answer counts.
const lookEvery = 5 * time.Millisecond

// watchCPU returns the CPU that a process has taken itself.
func watchCPU(ctx context.Context, pid int) (cpu time.Duration) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if now, ok := ownCPU(pid); ok {
			cpu = max(cpu, now)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return cpu
		}
	}
}

// clockTick is the unit of times in /proc/PID/stat (proc(5)): USER_HZ is 100 on all
// architectures of Go.
const clockTick = 10 * time.Millisecond

// ownCPU reads fields 14 and 15, user and system time, of /proc/PID/stat; those
// behind the name count from the third.
func ownCPU(pid int) (time.Duration, bool) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, false
	}
	_, rest, ok := strings.Cut(string(data), ") ")
	fields := strings.Fields(rest)
	if !ok || len(fields) < 13 {
		return 0, false
	}
	user, err1 := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	return time.Duration(user+system) * clockTick, err1 == nil && err2 == nil
}

// service reads what single files took from the output of a run with --json, in
// microseconds, and counts those with a result.
func service(output *os.File) (list []float64, err error) {
	if _, err := output.Seek(0, 0); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		var line struct {
			Type    string
			Input   string
			Outcome string
			Reason  string
			MS      float64
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			return nil, err
		}
		switch {
		case line.Type != "result":
		case line.Outcome != "ok":
			return nil, fmt.Errorf("%s: %s: %s", line.Input, line.Outcome, line.Reason)
		default:
			list = append(list, line.MS*1000)
		}
	}
	return list, lines.Err()
}
