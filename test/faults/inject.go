//go:build faults && linux

package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// fault is what happens at a point.
type fault struct{ name, inject string }

// killed comes first: it is tried at all points, errors only at calls that
// change something.
var (
	killed = fault{"SIGKILL", "signal=SIGKILL"}
	faults = []fault{killed, {"EIO", "error=EIO"}, {"ENOSPC", "error=ENOSPC"}, {"EXDEV", "error=EXDEV"}, {"EDQUOT", "error=EDQUOT"}}
)

// few is how many of them are tried where only some files are looked at: what the
// others do is seen without.
const few = 2

// onlyKilled are calls whose failure means nothing for files.
var onlyKilled = []string{"flock"}

// deaf is what a run says when the journal has failed: then an output that was
// made anew may be taken for somebody else's.
const deaf = "what is done is no longer remembered"

// tries is how often a point is tried that the fault did not hit: the first call
// of its kind on a path is hit at once, the others may be any thread's.
func tries(p point) int { return min(p.nth+3, 9) }

// inject runs the groups of a case.
func (s *suite) inject(c testCase) error {
	faults := faults
	if c.below != "" {
		faults = faults[:few]
	}
	if !slices.ContainsFunc(faults, func(f fault) bool { return s.wants(c.name() + ", " + f.name) }) {
		return nil
	}
	before, after, err := s.undisturbed(c)
	if err != nil {
		return err
	}
	points, err := s.trace(c)
	if err != nil {
		return err
	}
	for _, f := range faults {
		if name := c.name() + ", " + f.name; s.wants(name) {
			s.injectAll(c, f, name, points, before, after)
		}
	}
	return nil
}

// group is a fault at all points of a case.
type group struct {
	suite         *suite
	c             testCase
	f             fault
	before, after tree

	mu       sync.Mutex // guards what follows
	done     map[string]bool
	failures []string
}

// injectAll runs one group.
func (s *suite) injectAll(c testCase, f fault, name string, points []point, before, after tree) {
	begin := time.Now()
	g := group{suite: s, c: c, f: f, before: before, after: after, done: map[string]bool{}}
	points = slices.DeleteFunc(slices.Clone(points), func(p point) bool {
		return f != killed && (p.reads || slices.Contains(onlyKilled, p.call))
	})
	var wg sync.WaitGroup
	next := make(chan point)
	for range 2 * runtime.NumCPU() { // half of the time is waiting for strace and for new processes
		wg.Go(func() {
			for p := range next {
				g.at(p)
			}
		})
	}
	for _, p := range points {
		next <- p
	}
	close(next)
	wg.Wait()
	slices.Sort(g.failures)
	missed, n := map[string][]string{}, 0
	for _, p := range points {
		if !g.done[p.String()] {
			why := p.missed(c.mode)
			missed[why] = append(missed[why], p.String())
			n++
		}
	}
	s.group(name, fmt.Sprintf("%3d points, %3d hit, %2.0f s", len(points), len(points)-n, time.Since(begin).Seconds()), g.failures)
	s.points += len(points)
	for _, why := range slices.Sorted(maps.Keys(missed)) {
		s.missed[why] += len(missed[why])
		if s.verbose {
			fmt.Printf("    not hit, %s: %s\n", why, strings.Join(missed[why], ", "))
		}
	}
}

// missed says why a point was not hit.
func (p point) missed(mode string) string {
	switch {
	case p.nth == 1:
		return "the call did not come in any try"
	case mode == "proc" && (p.call == "close" || p.call == "ftruncate"):
		return "parent and worker both make this call, and the first of them had the fault"
	}
	return "other threads made the calls before it, which strace counts by thread"
}

// at tries until the fault has come at p. One that comes at another point on
// the way counts for that.
func (g *group) at(p point) {
	for try := range tries(p) {
		g.mu.Lock()
		done := g.done[p.String()]
		g.mu.Unlock()
		if done {
			return
		}
		nth, wrong, err := g.once(p, p.nth-try%p.nth)
		if err != nil {
			wrong = append(wrong, err.Error())
		}
		hit := p
		hit.nth = nth
		g.mu.Lock()
		if !g.done[hit.String()] {
			for _, w := range wrong {
				g.failures = append(g.failures, hit.String()+": "+w)
			}
		}
		if nth > 0 {
			g.done[hit.String()] = true
		}
		g.mu.Unlock()
	}
}

// once is one try of at: the fault comes to the thread that makes the call on
// the path for the when-th time. It returns which of the calls of p's kind on p's path
// was hit first, 0 if none, and what is wrong behind it.
func (g *group) once(p point, when int) (nth int, wrong []string, err error) {
	s, c, f := g.suite, g.c, g.f
	dir, err := s.bedOf(c)
	if err != nil {
		return 0, nil, err
	}
	defer os.RemoveAll(dir)
	log := dir + ".log"
	defer os.Remove(log)
	args := []string{"-f", "-qq", "-o", log, "-P", p.path, "-P", filepath.Join(dir, p.path),
		"-e", "trace=" + p.call, "-e", fmt.Sprintf("inject=%s:%s:when=%d", p.call, f.inject, when), s.imgpar}
	r, err := s.exec(dir, "strace", append(args, c.command()...)...)
	if err != nil {
		return 0, nil, err
	}
	data, err := os.ReadFile(log)
	if err != nil {
		return 0, nil, err
	}
	nth = firstHit(string(data), p.call)
	now, err := readTree(dir)
	if err != nil {
		return nth, nil, err
	}
	wrong = append(now.between(g.before, g.after, f == killed || strings.HasPrefix(p.call, "unlink")), now.claims(r.stdout, g.after)...)
	if f != killed && r.status != 0 && r.status != 1 {
		wrong = append(wrong, fmt.Sprintf("exit status %d: %s", r.status, bytes.TrimSpace(r.stderr)))
	}
	again, err := s.exec(dir, s.imgpar, c.command()...)
	if err != nil {
		return nth, wrong, err
	}
	end, err := readTree(dir)
	if err != nil {
		return nth, wrong, err
	}
	wrong = append(wrong, blame("a second run", again, end.differs(g.after))...)
	if !c.back || bytes.Contains(r.stderr, []byte(deaf)) {
		return nth, wrong, nil
	}
	if again, err = s.exec(dir, s.imgpar, c.with(older)...); err != nil {
		return nth, wrong, err
	}
	if end, err = readTree(dir); err != nil {
		return nth, wrong, err
	}
	return nth, append(wrong, blame("one for what was before", again, end.differs(g.before))...), nil
}

// blame puts before what is wrong behind a run what that says of it.
func blame(what string, r ran, wrong []string) (list []string) {
	for _, w := range wrong {
		list = append(list, fmt.Sprintf("after %s: %s (exit status %d, %s)", what, w, r.status, bytes.ReplaceAll(bytes.TrimSpace(r.stderr), []byte("\n"), []byte("; "))))
	}
	return list
}
