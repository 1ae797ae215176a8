package main

import (
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/imgpar/imgpar/internal/machine"
)

// What --sandbox may say.
const (
	sandboxOn      = "on"      // as far as this system can
	sandboxOff     = "off"     // a process of its own, and no more
	sandboxRequire = "require" // in full, or no work at all
)

// leastWorkerMem is the smallest --worker-mem, bytes. A worker without a picture has some
// 100 MB mapped for Go's runtime, of which it uses a quarter, and what is mapped counts.
const leastWorkerMem = 256 << 20

// isolationFlags say what holds the subprocesses of proc and auto mode.
type isolationFlags struct {
	sandbox   string
	workerMem int64 // 0: the memory budget
}

func (f *isolationFlags) register(s *pflag.FlagSet) {
	f.sandbox = sandboxOn
	s.Var(&word{&f.sandbox, []string{sandboxOn, sandboxOff, sandboxRequire}, nil}, "sandbox", "`WHAT` of subprocesses is confined: on (all that this system can: no files, no network, few system calls; imgpar doctor tells), off, or require (begin no work unless it is all of that)")
	s.Var((*size)(&f.workerMem), "worker-mem", fmt.Sprintf("kill a subprocess that takes more than `SIZE` memory, at least %dMiB (default: what one picture may take at most, which is the default of --mem or more)", leastWorkerMem>>20))
}

func (f *isolationFlags) check(mode string) error {
	switch {
	case f.workerMem != 0 && f.workerMem < leastWorkerMem:
		return fmt.Errorf("--worker-mem %d: want at least %dMiB, which a subprocess needs for itself", f.workerMem, leastWorkerMem>>20)
	case f.sandbox == sandboxRequire && !usesWorkers(mode):
		return errors.New("--sandbox=require confines subprocesses, and --mode=" + mode + " has none: add --mode=proc")
	}
	return nil
}

// memory returns the bytes that the pictures in work may take together, and those that
// one may. One that is heavier than the first runs alone, so that a small --mem refuses
// nothing. A large one is believed: the user knows of swap, and of what is going to end.
func (f *flags) memory() (together, one int64, err error) {
	one, err = machine.MemoryBudget()
	together, one = f.mem, max(one, f.mem)
	if together == 0 {
		together = one
	}
	return together, one, err
}

// perWorker returns the most bytes that a subprocess may take where a picture may take
// so many.
func (f *isolationFlags) perWorker(one int64) int64 {
	if f.workerMem > 0 {
		return f.workerMem
	}
	return max(one, leastWorkerMem)
}
