//go:build !linux

package watch

import (
	"errors"
	"syscall"
)

// isLimit tells whether an error of setting a watch means that there are too
// many. By kqueue each folder, and each file in it, is an open file.
func isLimit(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}

func limit() string {
	return "the limit of open files is reached, of which watching takes one for each folder and each file in it; see ulimit -n"
}

func explainInstances(err error) error { return explain(err) }

// harmless tells whether an error of the library does not mean that events were
// lost. Nothing is known of such here.
func harmless(error) bool { return false }
