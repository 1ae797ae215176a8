//go:build chaos && linux

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/imgpar/imgpar/ops"
)

// tooLong is when a run is taken to hang.
const tooLong = 20 * time.Minute

// result is what a run says of an input; summary what it says in the end.
type (
	result struct {
		Input, Output, Outcome, Reason string
	}
	summary struct {
		Inputs, OK, Skipped, Failed, Crashed, Timeout, Canceled int
		Seconds                                                 float64
		Deaths                                                  deaths `json:"worker_deaths"`
	}
	deaths struct{ Crashed, Timeout, Memory int } // of workers
)

// ran is the end of a run.
type ran struct {
	results []result
	summary *summary // nil: there is none
	stderr  string
	status  int // -1: killed
	elapsed time.Duration
	watched
}

// disturbance is done to a run in the middle of it.
type disturbance struct {
	after int // so many results
	do    func(*exec.Cmd)
}

// exec runs imgpar to its end, and looks at it all the time.
func (s *suite) exec(d disturbance, args ...string) (r ran, err error) {
	cmd := exec.Command(s.imgpar, args...)
	cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+filepath.Join(s.work, "state"))
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return r, err
	}
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return r, err
	}
	hangs := time.AfterFunc(tooLong, func() { _ = cmd.Process.Signal(syscall.SIGABRT) }) // which says where it is
	stop, seen := make(chan struct{}), make(chan watched, 1)
	go func() { seen <- watch(cmd.Process.Pid, stop) }()
	readErr := r.read(stdout, cmd, d)
	err = cmd.Wait()
	close(stop)
	r.watched, r.elapsed, r.stderr, r.status = <-seen, time.Since(begin), stderr.String(), cmd.ProcessState.ExitCode()
	if !hangs.Stop() {
		return r, fmt.Errorf("%v did not end within %v\n%s", args, tooLong, r.stderr)
	}
	if _, exit := errors.AsType[*exec.ExitError](err); exit {
		err = nil
	}
	return r, errors.Join(err, readErr)
}

// read takes in what a run prints, and disturbs it when its time has come. Of one that is
// killed, the last line may be torn.
func (r *ran) read(stdout io.Reader, cmd *exec.Cmd, d disturbance) error {
	in := bufio.NewReader(stdout)
	for {
		line, err := in.ReadBytes('\n')
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		var kind struct{ Type string }
		if err := json.Unmarshal(line, &kind); err != nil {
			return fmt.Errorf("%w in %q", err, line)
		}
		switch kind.Type {
		case "result":
			var one result
			err = json.Unmarshal(line, &one)
			r.results = append(r.results, one)
		case "summary":
			r.summary = new(summary)
			err = json.Unmarshal(line, r.summary)
		default:
			err = fmt.Errorf("a line of type %q: %s", kind.Type, line)
		}
		if err != nil {
			return err
		}
		if d.do != nil && len(r.results) == d.after {
			d.do(cmd)
		}
	}
}

// flagsOf are those of a run in the mode in question, with its output in out.
func (s *suite) flagsOf(out string) []string {
	args := []string{"--mode=" + s.mode, "-j" + strconv.Itoa(s.jobs), "--timeout=" + s.timeout.String(),
		"--json", "--progress=none", "--retry-failed", "--out=" + out}
	if s.workerMem > 0 {
		args = append(args, fmt.Sprintf("--worker-mem=%dMiB", s.workerMem))
	}
	return append(args, strings.Fields(s.flags)...)
}

// pipeline is a run's operations: harm first, lest a picture be made.
func pipeline(c ops.Chaos) string { return c.String() + " | " + undisturbed }

// undisturbed is what would be made.
const undisturbed = "invert"

// chaos is harm to so many percent of the pictures, twice as much as a worker may have
// where it takes memory.
func (s *suite) chaos(percent float64, deed string) ops.Chaos {
	return ops.Chaos{Percent: percent, Do: deed, Seed: s.seed, Size: 2 * max(s.workerMem, 128)}
}

// undisturbed makes the outputs as they are to be, in one process.
func (s *suite) undisturbed() error {
	out := filepath.Join(s.work, "want")
	r, err := s.exec(disturbance{}, "--mode=goroutine", "--json", "--progress=none", "--out="+out, "run", undisturbed, s.in())
	if err != nil {
		return err
	}
	if r.status != 0 || len(r.results) != len(s.pictures) {
		return fmt.Errorf("exit status %d, %d results\n%s", r.status, len(r.results), r.stderr)
	}
	made := map[string]string{}
	for _, one := range r.results {
		made[one.Input] = one.Output
	}
	for i := range s.pictures {
		p := &s.pictures[i]
		if p.made, err = os.ReadFile(made[p.name]); err != nil {
			return err
		}
		p.want = filepath.Base(made[p.name])
	}
	return nil
}

func (s *suite) in() string { return filepath.Join(s.work, "in") }
