package main

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/imgpar/imgpar/internal/runner"
	"github.com/imgpar/imgpar/internal/sandbox"
)

// tellIsolation says once, of a system that confines processes, what it lacks. Of one
// that has nothing of the kind, imgpar doctor tells.
func (r *batch) tellIsolation() {
	if r.flags.isolation.sandbox != runner.SandboxOn || r.flags.quiet || runtime.GOOS != "linux" {
		return
	}
	if missing := sandbox.Support().Missing; len(missing) > 0 {
		r.report.Say("subprocesses are not confined in full: " + strings.Join(missing, "; ") + " (imgpar doctor tells more)")
	}
}

// checkIsolation refuses a run whose subprocesses would not be confined as it requires.
func (a *app) checkIsolation() error {
	f := &a.flags
	if f.isolation.sandbox != runner.SandboxRequire || f.dryRun {
		return nil
	}
	_, one, err := f.memory()
	if err != nil {
		return runError{err}
	}
	status, _, err := f.isolation.ask(one)
	if err == nil {
		err = runner.Check(status)
	}
	if err != nil {
		return fmt.Errorf("--sandbox=require: %w", err)
	}
	return nil
}
