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
	folder string
	cmd    *exec.Cmd
	lines  *bufio.Scanner
}

// opens is what bench/slowfs tells at its end.
type opens struct {
	Number int           `json:"opens"`
	MS     float64       `json:"ms"` // that one waited, the mean
	cpu    time.Duration // of bench/slowfs
}

// mount makes a folder be at another place too, where opening takes longer.
func mount(slowfs string, latency time.Duration, folder, at string) (*mounted, error) {
	m := &mounted{folder: at, cmd: exec.Command(slowfs, "-open", latency.String(), folder, at)}
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
