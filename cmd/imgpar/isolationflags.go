package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"github.com/imgpar/imgpar/internal/runner"
	"github.com/imgpar/imgpar/internal/sandbox"
)

// leastWorkerMem is the smallest --worker-mem, bytes. A worker without a picture has some
// 100 MB mapped for Go's runtime, of which it uses a quarter, and what is mapped counts.
const leastWorkerMem = 256 << 20

// isolationFlags say what holds the subprocesses of proc and auto mode.
type isolationFlags struct {
	sandbox   string // see runner.Confinement
	workerMem int64  // 0: the memory budget
}

func (f *isolationFlags) register(s *pflag.FlagSet) {
	f.sandbox = runner.SandboxOn
	s.Var(&word{&f.sandbox, []string{runner.SandboxOn, runner.SandboxOff, runner.SandboxRequire}, nil}, "sandbox", "`WHAT` of subprocesses is confined: on (all that this system can: no files, no network, few system calls; imgpar doctor tells), off, or require (begin no work unless it is all of that)")
	s.Var((*size)(&f.workerMem), "worker-mem", fmt.Sprintf("kill a subprocess that takes more than `SIZE` memory, at least %dMiB (default: what one picture may take at most, which is the default of --mem or more)", leastWorkerMem>>20))
}

func (f *isolationFlags) check(mode string) error {
	switch {
	case f.workerMem != 0 && f.workerMem < leastWorkerMem:
		return fmt.Errorf("--worker-mem %d: want at least %dMiB, which a subprocess needs for itself", f.workerMem, leastWorkerMem>>20)
	case f.sandbox == runner.SandboxRequire && !usesWorkers(mode):
		return errors.New("--sandbox=require confines subprocesses, and --mode=" + mode + " has none: add --mode=proc")
	}
	return nil
}

// perWorker returns the most bytes that a subprocess may take where a picture may take
// so many.
func (f *isolationFlags) perWorker(one int64) int64 {
	if f.workerMem > 0 {
		return f.workerMem
	}
	return max(one, leastWorkerMem)
}

// pool is the configuration of so many subprocesses, where a picture may take that many
// bytes of memory.
func (f *isolationFlags) pool(workers int, one int64) runner.PoolConfig {
	limit := f.perWorker(one)
	return runner.PoolConfig{
		Workers: workers,
		Args:    []string{workerName, "--sandbox=" + f.sandbox, fmt.Sprintf("--worker-mem=%d", limit)},
		Picture: one,
		Memory:  limit,
	}
}

// ask starts a subprocess, and asks what holds it and how soon it was ready.
func (f isolationFlags) ask(one int64) (sandbox.Status, time.Duration, error) {
	if f.sandbox == runner.SandboxRequire {
		f.sandbox = runner.SandboxOn // one that requires it would not live to say what is missing
	}
	return runner.Ask(f.pool(1, one))
}
