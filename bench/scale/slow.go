package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// buildSlowfs builds bench/slowfs from the folder of the main module.
func buildSlowfs(folder string) (string, error) {
	program := filepath.Join(folder, "slowfs")
	build := exec.Command("go", "build", "-C", filepath.Join("bench", "slowfs"), "-o", program, ".")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return "", fmt.Errorf("%s, in the folder of the main module: %w", build, err)
	}
	return program, nil
}

// mounted is a folder on slow storage.
type mounted struct {
	cmd   *exec.Cmd
	lines *bufio.Scanner
}

// opens is what bench/slowfs tells at its end.
type opens struct {
	Number int           `json:"opens"`
	MS     float64       `json:"ms"` // that one waited, the mean
	cpu    time.Duration // of bench/slowfs
}

// mount makes a folder be at another place too, where opening takes longer.
func mount(slowfs string, latency time.Duration, folder, at string) (*mounted, error) {
	m := &mounted{cmd: exec.Command(slowfs, "-open", latency.String(), folder, at)}
	m.cmd.Stderr = os.Stderr
	stdout, err := m.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := m.cmd.Start(); err != nil {
		return nil, err
	}
	m.lines = bufio.NewScanner(stdout)
	if !m.lines.Scan() {
		return nil, fmt.Errorf("%s: %w", m.cmd, m.cmd.Wait())
	}
	return m, nil
}

// unmount ends it, and tells what was opened.
func (m *mounted) unmount() (o opens, err error) {
	if err := m.cmd.Process.Signal(os.Interrupt); err != nil {
		return o, err
	}
	if !m.lines.Scan() {
		err = io.ErrUnexpectedEOF
	} else {
		err = json.Unmarshal(m.lines.Bytes(), &o)
	}
	if ended := m.cmd.Wait(); err == nil {
		err = ended
	}
	o.cpu = m.cmd.ProcessState.UserTime() + m.cmd.ProcessState.SystemTime()
	return o, err
}

// slowRun is a run on slow storage.
type slowRun struct {
	figures
	opens
	files int
}

// runOpens is how many files a run opens there beside its own: it tries whether it
// can write.
const runOpens = 1

// opensEach is of a file; those of the run itself, on its folders, are few.
func (r slowRun) opensEach() float64 { return float64(r.Number / r.files) }

// atOnce is how many opens waited at the same time, on the average.
func (r slowRun) atOnce() float64 {
	return float64(r.Number) * r.MS / 1e3 / r.wall.Seconds()
}

// onSlow runs on copies of files, on storage that is slow for inputs and outputs.
func (p imgpar) onSlow(slowfs string, latency time.Duration, files []string, tree string, jobs int, mode string) (r slowRun, err error) {
	below, err := os.MkdirTemp(p.scratch, "below")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(below)
	above, err := os.MkdirTemp(p.scratch, "slow")
	if err != nil {
		return r, err
	}
	defer os.Remove(above)
	if err := copyFiles(files, tree, filepath.Join(below, "in")); err != nil {
		return r, err
	}
	m, err := mount(slowfs, latency, below, above)
	if err != nil {
		return r, err
	}
	slow := imgpar{p.program, p.args, above}
	f, output, err := slow.run(filepath.Join(above, "in"), jobs, mode, "--journal", p.journal())
	if output != nil {
		output.Close()
	}
	os.Remove(p.journal())
	o, ended := m.unmount()
	if err == nil {
		err = ended
	}
	if made, _ := list(filepath.Join(below, "out")); err == nil && len(made) != len(files) {
		err = fmt.Errorf("%d outputs of %d files", len(made), len(files))
	}
	f.storage = o.cpu
	return slowRun{f, o, len(files)}, err
}
