//go:build chaos && linux

// Command chaos has pictures kill, hang and fool imgpar's workers, and looks at what
// becomes of the others. See README.md.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/imgpar/imgpar/ops"
)

// suite is one run of the tests.
type suite struct {
	imgpar, percents, mode, only string

	files, jobs, seed int
	timeout           time.Duration
	workerMem         int // mebibytes
	most              int // mebibytes that the parent may have resident
	flags             string
	work              string

	pictures []picture
	failures int
}

func main() {
	s := suite{}
	flag.IntVar(&s.files, "files", 1000, "`N` pictures")
	flag.StringVar(&s.percents, "percent", "1,10,100", "`LIST` of how many percent of them are hit")
	flag.StringVar(&s.mode, "mode", "proc", "`MODE` of imgpar: proc or auto")
	flag.StringVar(&s.only, "only", "", "run only the groups whose names contain `TEXT`")
	flag.IntVar(&s.jobs, "j", 8, "`N` workers")
	flag.IntVar(&s.seed, "seed", 1, "another `N` hits other pictures")
	flag.DurationVar(&s.timeout, "timeout", 5*time.Second, "`TIME` for a picture, less than 10s")
	flag.IntVar(&s.workerMem, "worker-mem", 256, "`MIB` for a worker")
	flag.IntVar(&s.most, "rss", 128, "`MIB` that the parent may have resident")
	flag.StringVar(&s.flags, "flags", "", "further `FLAGS` for imgpar, such as --sandbox=off")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: chaos [FLAGS] IMGPAR")
		flag.PrintDefaults()
		os.Exit(2)
	}
	s.imgpar = flag.Arg(0)
	if err := s.run(); err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		os.Exit(1)
	}
}

func (s *suite) run() (err error) {
	if s.work, err = os.MkdirTemp("", "chaos"); err != nil {
		return err
	}
	defer os.RemoveAll(s.work)
	if s.imgpar, err = filepath.Abs(s.imgpar); err != nil {
		return err
	}
	if err := adoptOrphans(); err != nil {
		return err
	}
	begin := time.Now()
	if s.pictures, err = paint(filepath.Join(s.work, "in"), s.files); err != nil {
		return err
	}
	if err := s.undisturbed(); err != nil {
		return fmt.Errorf("undisturbed: %w", err)
	}
	if err := s.all(); err != nil {
		return err
	}
	fmt.Printf("%d failures, %.0f s\n", s.failures, time.Since(begin).Seconds())
	if s.failures > 0 {
		return fmt.Errorf("%d failures", s.failures)
	}
	return nil
}

// all runs the groups.
func (s *suite) all() error {
	for _, deed := range ops.Deeds() {
		if err := s.group("each deed by itself: "+deed, s.alone(deed)); err != nil {
			return err
		}
	}
	for _, p := range strings.Split(s.percents, ",") {
		percent, err := strconv.ParseFloat(p, 64)
		if err != nil {
			return err
		}
		if err := s.group(p+" %", s.share(percent)); err != nil {
			return err
		}
	}
	return errors.Join(
		s.group("the parent is killed", s.killed("any")),
		s.group("the parent of stopped workers", s.killed("stop")),
		s.group("Ctrl-C once", s.interrupted(1)),
		s.group("Ctrl-C twice", s.interrupted(2)),
	)
}

// group runs a test and reports its end: its figures, and what went wrong.
func (s *suite) group(name string, test func() (figures string, wrong []string, err error)) error {
	if !strings.Contains(name, s.only) {
		return nil
	}
	figures, wrong, err := test()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	fmt.Printf("%-34s %s, %d failures\n", name, figures, len(wrong))
	const shown = 10
	for i, w := range wrong {
		if i == shown {
			fmt.Printf("    and %d more\n", len(wrong)-shown)
			break
		}
		fmt.Printf("    FAIL %s\n", w)
	}
	s.failures += len(wrong)
	return nil
}
