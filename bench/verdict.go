package bench

import (
	"fmt"
	"math"
	"strings"
)

// A difference counts as one if it is larger than the spread of what was measured, and
// than smallestDifference of it, which chance alone makes.
const smallestDifference = 0.01

// clear tells whether the median is another than none.
func clear(s Stat, none, unit float64) bool {
	return math.Abs(s.Median-none) > max(s.Spread*math.Abs(s.Median), smallestDifference*unit)
}

// verdict names the winner on these files and says why, in a sentence. It holds both
// modes against each other on the most workers, and against the sequential row.
func verdict(contenders []*contender, l Load) string {
	base := contenders[0]
	var g, p *contender // on the most workers
	for _, c := range contenders {
		switch c.mode {
		case goroutine:
			g = c
		case proc:
			p = c
		}
	}
	return differing(contenders) + compare(base, g, p, l) + "; " + isolation(g, p, l.Files) + "."
}

// differing says who wrote other bytes, "" if nobody did.
func differing(contenders []*contender) string {
	var other []string
	for _, c := range contenders {
		if c.program == nil && !c.same {
			other = append(other, c.String())
		}
	}
	if len(other) == 0 {
		return ""
	}
	return "THE BYTES DIFFER: not every run of " + strings.Join(other, " and ") + " wrote what the first one wrote. "
}

// compare tells who is faster.
func compare(base, g, p *contender, l Load) string {
	files := onFiles(l)
	gains := StatOf(ratios(p.wall, g.wall)) // the throughput of goroutines, for each of subprocesses
	on := "on " + plural(g.workers, "worker")
	if len(g.wall) < leastRounds {
		return fmt.Sprintf("%s %s cannot tell a difference from chance (%d can); goroutines reached %.2fx the throughput of subprocesses %s",
			files, plural(len(g.wall), "round"), leastRounds, gains.Median, on)
	}
	best := g
	if gains.Median < 1 {
		best = p
	}
	alone := StatOf(ratios(best.wall, base.wall)) // the throughput of one after another
	switch {
	case clear(alone, 1, 1) && alone.Median > 1:
		return fmt.Sprintf("%s one after another wins: %.2fx the throughput of goroutines, and %.2fx that of subprocesses, %s",
			files, StatOf(ratios(g.wall, base.wall)).Median, StatOf(ratios(p.wall, base.wall)).Median, on)
	case !clear(gains, 1, 1):
		return fmt.Sprintf("%s goroutines and subprocesses make no difference that this run could measure: %.1f %% of throughput %s, where rounds differ by %.1f %%",
			files, 100*math.Abs(gains.Median-1), on, 100*gains.Spread)
	case best == g:
		return fmt.Sprintf("%s goroutines win: %.2fx the throughput of subprocesses %s", files, gains.Median, on)
	}
	return fmt.Sprintf("%s subprocesses win: %.2fx the throughput of goroutines %s", files, StatOf(ratios(g.wall, p.wall)).Median, on)
}

// isolation tells what subprocesses take of the CPU beyond goroutines.
func isolation(g, p *contender, files int) string {
	micros := 1e6 / float64(files)
	cost := StatOf(each(p.cpu, g.cpu, func(p, g float64) float64 { return (p - g) * micros }))
	whole := StatOf(g.cpu).Median * micros
	switch {
	case len(g.cpu) < leastRounds:
		return "what isolation costs is not known"
	case !clear(cost, 0, whole):
		return "isolation costs no CPU that this run could measure"
	case cost.Median < 0:
		return fmt.Sprintf("isolated, a file takes %s less of CPU, %.0f %% of %s", duration(-cost.Median), -100*cost.Median/whole, duration(whole))
	}
	return fmt.Sprintf("isolation costs %s of CPU a file, %.0f %% of the %s that one takes", duration(cost.Median), 100*cost.Median/whole, duration(whole))
}

// onFiles begins the sentence.
func onFiles(l Load) string {
	each := float64(l.Pixels) / float64(max(l.OK, 1))
	size := fmt.Sprintf("%.0f pixels", each)
	if each >= 1e5 {
		size = fmt.Sprintf("%.1f MP", each/1e6)
	}
	if l.OK == 1 {
		return "On this file of " + size + ","
	}
	return fmt.Sprintf("On these %d files of %s each,", l.OK, size)
}
