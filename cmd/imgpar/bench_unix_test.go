//go:build unix

package main

import (
	"bufio"
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// Who interrupts a bench gets the status of that, no figures, and a clean folder of
// temporary files.
func TestBenchInterrupted(t *testing.T) {
	t.Parallel()
	tmp := t.TempDir()
	cmd := command(t, "imgpar", "bench", "--photos=0", "--tiny=200", "--time=10m")
	cmd.Env = append(cmd.Env, "TMPDIR="+tmp)
	var stdout bytes.Buffer
	cmd.Stdout = &stdout
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		if strings.HasSuffix(lines.Text(), "tiny gray: warming up") {
			break
		}
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
		t.Errorf("it says %q", lines.Text())
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != exitInterrupted || stdout.Len() > 0 {
		t.Errorf("%v, %s", err, stdout.String())
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}
