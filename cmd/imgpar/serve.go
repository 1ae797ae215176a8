package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/imgpar/imgpar/internal/sandbox"
	"github.com/imgpar/imgpar/procpool"
)

// handle answers one request.
type handle func(context.Context, procpool.Request) ([]byte, error)

// statusRequest is the request, no job, for what holds a worker: a sandbox.Status in JSON.
const statusRequest = "status"

// maxFiles is how many descriptors a worker may have open: those of its task, at most
// procpool.MaxFiles, and its own.
const maxFiles = procpool.MaxFiles + 64

// serve is what a subprocess does: it gives up what the flags say before its first
// request, and answers until its parent has gone.
func serve(f isolationFlags, answer handle) error {
	var status sandbox.Status
	return procpool.Serve(procpool.Service{
		Ready: func() (err error) {
			status, err = f.enter()
			return err
		},
		Handle: func(ctx context.Context, r procpool.Request) ([]byte, error) {
			if string(r.Payload) == statusRequest {
				return json.Marshal(status)
			}
			return answer(ctx, r)
		},
	})
}

// enter confines this process as far as the flags ask for it.
func (f *isolationFlags) enter() (sandbox.Status, error) {
	if limit := memoryGoal(f.workerMem); f.workerMem > 0 && limit < debug.SetMemoryLimit(-1) {
		debug.SetMemoryLimit(limit)
	}
	if f.sandbox == sandboxOff {
		return sandbox.Status{Missing: []string{"--sandbox=off"}}, nil
	}
	// A file is written from memory, so that none is larger than that.
	status, err := sandbox.Enter(sandbox.Policy{Memory: f.workerMem, FileSize: f.workerMem, Files: maxFiles})
	if err != nil {
		return status, fmt.Errorf("enter the sandbox: %w", err)
	}
	if f.sandbox == sandboxRequire && !status.Complete() {
		return status, notConfined(status)
	}
	return status, nil
}

// runtimeBytes is about what a worker has mapped and does not use: it has 72 MB before its
// first picture.
const runtimeBytes = 100 << 20

// memoryGoal is where the collector of a worker begins to work harder, below the limit
// at which the worker dies. The limit counts what is mapped, with the gaps that pictures
// leave behind, the goal what is used.
func memoryGoal(limit int64) int64 { return (limit - runtimeBytes) / 4 * 3 }

// notConfined says that, and why, a worker is not confined in full.
func notConfined(s sandbox.Status) error {
	return errors.New("subprocesses cannot be confined in full here: " + strings.Join(s.Missing, "; "))
}
