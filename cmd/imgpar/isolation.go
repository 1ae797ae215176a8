package main

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/imgpar/imgpar/internal/sandbox"
	"github.com/imgpar/imgpar/procpool"
)

// tellIsolation says once, of a system that confines processes, what it lacks. Of one
// that has nothing of the kind, imgpar doctor tells.
func (r *batch) tellIsolation() {
	if r.flags.isolation.sandbox != sandboxOn || r.flags.quiet || runtime.GOOS != "linux" {
		return
	}
	if missing := sandbox.Support().Missing; len(missing) > 0 {
		r.report.Say("subprocesses are not confined in full: " + strings.Join(missing, "; ") + " (imgpar doctor tells more)")
	}
}

// checkIsolation refuses a run whose subprocesses would not be confined as it requires.
func (a *app) checkIsolation() error {
	f := &a.flags
	if f.isolation.sandbox != sandboxRequire || f.dryRun {
		return nil
	}
	_, one, err := f.memory()
	if err != nil {
		return runError{err}
	}
	asked := f.isolation
	asked.sandbox = sandboxOn // one that requires it would not live to say what is missing
	status, _, err := askWorker(asked.poolConfig(1, one))
	if err == nil && !status.Complete() {
		err = notConfined(status)
	}
	if err != nil {
		return fmt.Errorf("--sandbox=require: %w", err)
	}
	return nil
}

// askWorker starts a worker, and asks what holds it. ready is how long that took, from
// the start to the answer.
func askWorker(c procpool.Config) (s sandbox.Status, ready time.Duration, err error) {
	begun := time.Now()
	pool, err := procpool.New(c)
	if err != nil {
		return s, 0, err
	}
	defer pool.Kill()
	answer, err := pool.Do(context.Background(), procpool.Task{Payload: []byte(statusRequest), Timeout: procpool.DefaultStartTimeout})
	if err != nil {
		return s, 0, err
	}
	ready = time.Since(begun)
	return s, ready, json.Unmarshal(answer, &s)
}
