//go:build chaos && linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/imgpar/imgpar/ops"
)

// alone is a run with one deed, which hits a third of some pictures, of fewer where each
// takes all of its time.
func (s *suite) alone(deed string) func() (string, []string, error) {
	const few, fewer, percent = 60, 18, 34
	n := few
	if expectations[deed].outcome == "timeout" {
		n = fewer
	}
	return func() (string, []string, error) {
		return s.whole(s.pictures[:min(n, len(s.pictures))], s.chaos(percent, deed))
	}
}

// share is a run with all deeds, which hit so many percent of all pictures.
func (s *suite) share(percent float64) func() (string, []string, error) {
	return func() (string, []string, error) {
		return s.whole(s.pictures, s.chaos(percent, "any"))
	}
}

// whole is a run that nothing else disturbs.
func (s *suite) whole(pictures []picture, c ops.Chaos) (figures string, wrong []string, err error) {
	out, err := s.folder()
	if err != nil {
		return "", nil, err
	}
	defer os.RemoveAll(out)
	deeds := s.hits(pictures, c)
	r, err := s.exec(disturbance{}, append(s.flagsOf(out), append([]string{"run", pipeline(c)}, names(pictures)...)...)...)
	if err != nil {
		return "", nil, err
	}
	v := judge(pictures, deeds, r)
	v.outcomes()
	v.sum(r, v.status())
	if err := v.tree(out); err != nil {
		return "", nil, err
	}
	if err := s.after(v, r, false); err != nil {
		return "", nil, err
	}
	deaths := v.deaths(r)
	return fmt.Sprintf("%4d files, %4d hit, %4d deaths, %5.1f s, parent %3d MiB", len(pictures), len(deeds), deaths, r.elapsed.Seconds(), r.peak>>20), v.wrong, nil
}

// status is the exit status of a run to its end.
func (v *verdict) status() int {
	for _, one := range v.seen {
		if one.Outcome != "ok" {
			return 1
		}
	}
	return 0
}

// folder makes one for outputs.
func (s *suite) folder() (string, error) { return os.MkdirTemp(s.work, "out") }

func names(pictures []picture) []string {
	list := make([]string, len(pictures))
	for i, p := range pictures {
		list[i] = p.name
	}
	return list
}

// disturbedPercent is how many percent are hit in a run that is disturbed itself.
const disturbedPercent = 10

// middle is when: a third of the results are there.
func (s *suite) middle() int { return max(1, len(s.pictures)/3) }

// killed kills the parent, and runs it once more.
func (s *suite) killed(deed string) func() (string, []string, error) {
	return func() (string, []string, error) { return s.killAndRepeat(s.chaos(disturbedPercent, deed)) }
}

func (s *suite) killAndRepeat(c ops.Chaos) (figures string, wrong []string, err error) {
	out, err := s.folder()
	if err != nil {
		return "", nil, err
	}
	defer os.RemoveAll(out)
	deeds := s.hits(s.pictures, c)
	args := append(s.flagsOf(out), "run", pipeline(c), s.in())
	first, err := s.exec(disturbance{s.middle(), func(cmd *exec.Cmd) { _ = cmd.Process.Kill() }}, args...)
	if err != nil {
		return "", nil, err
	}
	cut := judge(s.pictures, deeds, first)
	if first.status != -1 {
		cut.fail("it was not killed: exit status %d", first.status)
	}
	if err := s.after(cut, first, true); err != nil {
		return "", nil, err
	}
	second, err := s.exec(disturbance{}, args...)
	if err != nil {
		return "", nil, err
	}
	v := judge(s.pictures, deeds, second)
	v.outcomes("skipped")
	for i, one := range v.seen { // done by the first run
		if one.Outcome == "skipped" {
			one.Outcome = "ok"
			v.seen[i] = one
		}
	}
	if second.status != 1 {
		v.fail("the second run: exit status %d", second.status)
	}
	if err := v.tree(out); err != nil {
		return "", nil, err
	}
	if err := s.after(v, second, false); err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("killed after %d results, the second run %.1f s", len(first.results), second.elapsed.Seconds()), append(cut.wrong, v.wrong...), nil
}

// betweenKeys is how fast a finger is; two signals at once are one.
const betweenKeys = 100 * time.Millisecond

// interrupted presses Ctrl-C so often.
func (s *suite) interrupted(times int) func() (string, []string, error) {
	return func() (figures string, wrong []string, err error) {
		out, err := s.folder()
		if err != nil {
			return "", nil, err
		}
		defer os.RemoveAll(out)
		c := s.chaos(disturbedPercent, "any")
		deeds := s.hits(s.pictures, c)
		press := func(cmd *exec.Cmd) {
			for n := range times {
				if n > 0 {
					time.Sleep(betweenKeys)
				}
				_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) // the group, as a terminal does
			}
		}
		r, err := s.exec(disturbance{s.middle(), press}, append(s.flagsOf(out), "run", pipeline(c), s.in())...)
		if err != nil {
			return "", nil, err
		}
		v := judge(s.pictures, deeds, r)
		v.outcomes("canceled")
		const interrupted = 130
		v.sum(r, interrupted)
		if r.summary != nil && (r.summary.OK == 0 || r.summary.Canceled == 0) {
			v.fail("%d ok, %d canceled: it was not in the middle", r.summary.OK, r.summary.Canceled)
		}
		if err := v.tree(out); err != nil {
			return "", nil, err
		}
		if err := s.after(v, r, false); err != nil {
			return "", nil, err
		}
		return fmt.Sprintf("after %d results, %d in the end, %.1f s", s.middle(), len(r.results), r.elapsed.Seconds()), v.wrong, nil
	}
}
