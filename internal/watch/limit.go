package watch

import (
	"fmt"
	"strings"
)

// maxNamed is how many folders a LimitError names.
const maxNamed = 3

// LimitError says that the system lets no more folders be watched.
type LimitError struct {
	Watched   int      // folders
	Unwatched int      // folders
	First     []string // of those that are not watched, at most three
}

func (e *LimitError) Error() string {
	names := strings.Join(e.First, ", ")
	if more := e.Unwatched - len(e.First); more > 0 {
		names += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Sprintf("only %d of %d folders can be watched, not %s: %s", e.Watched, e.Watched+e.Unwatched, names, limit())
}

// add takes in a folder that is not watched. It returns false if the reason is
// another.
func (e *LimitError) add(folder string, err error) bool {
	if !isLimit(err) {
		return false
	}
	if e.Unwatched++; len(e.First) < maxNamed {
		e.First = append(e.First, folder)
	}
	return true
}

// explain says what a system's error means here.
func explain(err error) error {
	if isLimit(err) {
		return fmt.Errorf("%s: %w", limit(), err)
	}
	return err
}
