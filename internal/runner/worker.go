package runner

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/sandbox"
	"github.com/imgpar/imgpar/internal/staging"
	"github.com/imgpar/imgpar/internal/transform"
	"github.com/imgpar/imgpar/procpool"
)

// How far a worker is confined.
const (
	SandboxOn      = "on"      // as far as this system can
	SandboxOff     = "off"     // a process of its own, and no more
	SandboxRequire = "require" // in full, or it does no work at all
)

// RuntimeBytes is about what a worker has mapped and does not use: it has 72 MB before its
// first picture.
const RuntimeBytes = 100 << 20

// statusRequest is the request, no job, for what holds a worker: a sandbox.Status in JSON.
const statusRequest = "status"

// maxFiles is how many descriptors a worker may have open: those of its task, at most
// procpool.MaxFiles, and its own.
const maxFiles = procpool.MaxFiles + 64

// Confinement is what a worker gives up before its first task.
type Confinement struct {
	Sandbox string // one of the constants
	Memory  int64  // bytes that it may map, and that a file may have; 0: any number
}

// Serve is what a worker does, in a process that a Pool started: it confines itself, and
// does jobs until its parent has gone. The program ends with procpool.ExitProtocol if
// there is an error, which it prints.
func Serve(c Confinement) error {
	var (
		status sandbox.Status
		worker transform.Worker
	)
	return procpool.Serve(procpool.Service{
		Ready: func() (err error) {
			status, err = c.enter()
			return err
		},
		Handle: func(ctx context.Context, r procpool.Request) ([]byte, error) {
			if string(r.Payload) == statusRequest {
				return json.Marshal(status)
			}
			return answer(ctx, &worker, r)
		},
	})
}

// answer does the work of a request, on the files that came along.
func answer(ctx context.Context, w *transform.Worker, r procpool.Request) ([]byte, error) {
	work, err := job.DecodeWork(r.Payload)
	if err != nil {
		return nil, err
	}
	in, outs, ok := staging.Received(work, r.Files)
	if !ok {
		return nil, fmt.Errorf("%d files came along with work on %d outputs", len(r.Files), len(work.Wanted()))
	}
	return job.EncodeAnswer(w.Do(ctx, work, in, outs)), nil
}

// enter confines this process.
func (c Confinement) enter() (sandbox.Status, error) {
	if limit := memoryGoal(c.Memory); c.Memory > 0 && limit < debug.SetMemoryLimit(-1) {
		debug.SetMemoryLimit(limit)
	}
	if c.Sandbox == SandboxOff {
		return sandbox.Status{Missing: []string{"--sandbox=off"}}, nil
	}
	// A file is written from memory, so that none is larger than that.
	status, err := sandbox.Enter(sandbox.Policy{Memory: c.Memory, FileSize: c.Memory, Files: maxFiles})
	if err != nil {
		return status, fmt.Errorf("enter the sandbox: %w", err)
	}
	if c.Sandbox == SandboxRequire {
		return status, Check(status)
	}
	return status, nil
}

// memoryGoal is where the collector of a worker begins to work harder, below the limit
// at which the worker dies. The limit counts what is mapped, with the gaps that pictures
// leave behind, the goal what is used.
func memoryGoal(limit int64) int64 { return (limit - RuntimeBytes) / 4 * 3 }

// Check returns an error that says what is missing, unless a worker of this status is
// confined in full.
func Check(s sandbox.Status) error {
	if s.Complete() {
		return nil
	}
	return errors.New("subprocesses cannot be confined in full here: " + strings.Join(s.Missing, "; "))
}
