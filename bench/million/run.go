//go:build unix

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

// figures are what was measured of a run.
type figures struct {
	wall, cpu time.Duration
	first     time.Duration // until the first output was there
	rss       int64         // bytes, at the most
	journal   int64         // bytes, when it had ended
	last      []byte        // line of its standard output
}

// run runs the program once.
func (c config) run(more ...string) (figures, error) {
	var f figures
	args := append(append(append([]string(nil), c.args...), "--progress", "none", "--journal", c.journal(), "-o", c.out()), more...)
	cmd := exec.Command(c.imgpar, append(args, c.tree())...)
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return f, err
	}
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return f, err
	}
	ended, seen := make(chan struct{}), make(chan time.Duration)
	go func() {
		waitForFile(c.out(), ended)
		seen <- time.Since(begin)
	}()
	f.last = lastLine(stdout)
	err = cmd.Wait()
	f.wall = time.Since(begin)
	close(ended)
	f.first = <-seen
	if err != nil {
		return f, fmt.Errorf("%s: %w", cmd, err)
	}
	f.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	f.rss = maxRSS(cmd.ProcessState)
	fi, err := os.Stat(c.journal())
	if err != nil {
		return f, err
	}
	f.journal = fi.Size()
	return f, nil
}

// maxRSS returns the most memory that a process had, in bytes.
func maxRSS(p *os.ProcessState) int64 {
	most := int64(p.SysUsage().(*syscall.Rusage).Maxrss)
	if runtime.GOOS == "darwin" {
		return most
	}
	return most << 10
}

// waitForFile waits until there is a picture below a folder, or for the end.
func waitForFile(folder string, ended <-chan struct{}) {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !holdsPicture(folder) {
		select {
		case <-tick.C:
		case <-ended:
			return
		}
	}
}

func holdsPicture(folder string) (found bool) {
	// What cannot be read is not there yet.
	_ = filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		if found = err == nil && d.Type().IsRegular() && filepath.Ext(name) == ".jpg"; found {
			return fs.SkipAll
		}
		return nil
	})
	return found
}

// lastLine reads everything, and returns the last line.
func lastLine(r io.Reader) (last []byte) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		last = append(last[:0], lines.Bytes()...)
	}
	return last
}

// checkIdle returns an error unless a run with --json says that it skipped so many
// files and did nothing else.
func (f figures) checkIdle(files int) error {
	var sum struct{ Inputs, Skipped int }
	if err := json.Unmarshal(bytes.TrimSpace(f.last), &sum); err != nil {
		return fmt.Errorf("summary %q: %w", f.last, err)
	}
	if sum.Inputs != files || sum.Skipped != files {
		return fmt.Errorf("of %d pictures %d were skipped, want all of %d", sum.Inputs, sum.Skipped, files)
	}
	return nil
}

func (f figures) print(w io.Writer, what string, files int) {
	fmt.Fprintf(w, "%s: %8.0f files/s, %6.2f s, %6.2f s of CPU, %3.0f MB, first output after %.2f s\n",
		what, float64(files)/f.wall.Seconds(), f.wall.Seconds(), f.cpu.Seconds(), float64(f.rss)/1e6, f.first.Seconds())
}
