//go:build faults && linux

// Command faults kills imgpar, and has its calls fail, at every place where
// that can happen, and looks at the tree behind it. See README.md.
package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// suite is one run of the tests.
type suite struct {
	imgpar, fixtures, only, work string

	verbose  bool
	failures int
	points   int            // that were to be hit
	missed   map[string]int // points that were not, by the reason
}

func main() {
	s := suite{missed: map[string]int{}}
	flag.StringVar(&s.only, "only", "", "run only the groups whose names contain `TEXT`")
	flag.BoolVar(&s.verbose, "v", false, "name the points that were not hit")
	flag.StringVar(&s.fixtures, "fixtures", "testdata/images", "`FOLDER` of the test pictures")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: faults [-only TEXT] [-fixtures FOLDER] IMGPAR")
		os.Exit(2)
	}
	s.imgpar = flag.Arg(0)
	if err := s.run(); err != nil {
		fmt.Fprintln(os.Stderr, "faults:", err)
		os.Exit(1)
	}
}

func (s *suite) run() (err error) {
	if s.work, err = os.MkdirTemp("", "faults"); err != nil {
		return err
	}
	defer os.RemoveAll(s.work)
	if s.work, err = filepath.EvalSymlinks(s.work); err != nil {
		return err
	}
	if err := s.ownCopy(); err != nil {
		return err
	}
	begin := time.Now()
	for _, c := range cases() {
		if err := s.inject(c); err != nil {
			return fmt.Errorf("%s: %w", c.name(), err)
		}
	}
	if err := s.workersOpenNothing(); err != nil {
		return err
	}
	if err := s.disks(); err != nil {
		return err
	}
	hit := s.points
	for _, n := range s.missed {
		hit -= n
	}
	fmt.Printf("%d points, %d hit, %d failures, %.0f s\n", s.points, hit, s.failures, time.Since(begin).Seconds())
	for _, why := range slices.Sorted(maps.Keys(s.missed)) {
		fmt.Printf("%5d not hit: %s\n", s.missed[why], why)
	}
	if s.failures > 0 {
		return fmt.Errorf("%d failures", s.failures)
	}
	return nil
}

// ownCopy takes a copy of imgpar, which other users can run wherever it came from.
func (s *suite) ownCopy() error {
	data, err := os.ReadFile(s.imgpar)
	if err != nil {
		return err
	}
	s.imgpar = filepath.Join(s.work, "imgpar")
	return os.WriteFile(s.imgpar, data, 0o755)
}

// wants tells whether a group is to be run.
func (s *suite) wants(group string) bool { return strings.Contains(group, s.only) }

// group reports the end of a group: its figures, and what went wrong.
func (s *suite) group(name, figures string, failures []string) {
	fmt.Printf("%-48s %s, %d failures\n", name, figures, len(failures))
	const shown = 10
	for i, f := range failures {
		if i == shown {
			fmt.Printf("    and %d more\n", len(failures)-shown)
			break
		}
		fmt.Printf("    FAIL %s\n", f)
	}
	s.failures += len(failures)
}
