package bench

import "time"

// A task is measured until what is known of every contender is sharp enough: in
// leastRounds rounds or more, the interquartile range of its wall time is smallSpread
// of the median or less. With three rounds that is half of the distance of the
// extremes.
const (
	leastRounds = 3
	smallSpread = 0.03
)

// settled tells whether the wall times of all rounds are enough of them.
func settled(contenders []*contender) bool {
	for _, c := range contenders {
		if len(c.wall) < leastRounds || StatOf(c.wall).Spread > smallSpread {
			return false
		}
	}
	return true
}

// pace is what decides whether a further round is begun.
type pace struct {
	most   int           // rounds
	budget time.Duration // of all rounds
	done   int
	spent  time.Duration // by those that are done
	last   time.Duration // by the last one
}

// another tells whether a further round is allowed: the first is always, and others as
// long as there is time for one like the last.
func (p pace) another() bool {
	return p.done == 0 || p.done < p.most && p.spent+p.last <= p.budget
}
