//go:build linux && (amd64 || arm64)

package sandbox

import (
	"errors"
	"fmt"
	"os"
)

// Enter confines the calling process, all of its threads, and reports what holds it. What
// the kernel does not have is missing and no error; what it has and refuses is an error,
// behind which the process is confined in part and must end.
//
// What the process goes on with it must have open, and marked as closed on exec: Enter
// closes every other descriptor above standard error. From then on a file that it opens
// fails, as does what else a package may try in good faith; what honest code never does
// kills the process (SIGSYS).
func Enter(p Policy) (Status, error) {
	s := Support()
	steps := []struct {
		what string
		do   func() error
	}{
		{"close inherited files", closeInherited},
		{"start the poller", startPoller},
		{"drop capabilities", dropCapabilities},
		{"set no_new_privs", noNewPrivs},
		{"enter landlock", func() error {
			if s.Landlock == 0 {
				return nil
			}
			return restrict()
		}},
		{"limit resources", func() (err error) { s.Limits, err = limit(p); return err }},
		{"filter system calls", func() error {
			if !s.Seccomp {
				return nil
			}
			return filterCalls()
		}},
	}
	for _, step := range steps {
		if err := step.do(); err != nil {
			return s, fmt.Errorf("sandbox: cannot %s: %w", step.what, err)
		}
	}
	return s, nil
}

// Support tells what Enter can do on this machine, but for the limits.
func Support() Status {
	s := Status{NoNewPrivs: true, Landlock: landlockABI(), Seccomp: hasSeccomp()}
	s.Missing = missingOf(s.Landlock, s.Seccomp)
	return s
}

// startPoller has the runtime make what it waits for files with, for which the filter has
// no room.
func startPoller() error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	return errors.Join(r.Close(), w.Close())
}
