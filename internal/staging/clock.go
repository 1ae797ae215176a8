package staging

import "time"

// clock tells what the time of a stage goes into.
type clock struct {
	spent [phases]time.Duration
	now   phase
	since time.Time
}

// phase is what a stage is at.
type phase int

const (
	storage phase = iota // opening and committing
	waiting              // for its turn
	work
	phases
)

func startClock() clock { return clock{since: time.Now()} }

// enter ends a phase and begins the next.
func (c *clock) enter(next phase) {
	t := time.Now()
	c.spent[c.now] += t.Sub(c.since)
	c.now, c.since = next, t
}

// Pause says that the stage waits for something other than its files.
func (s *Stage) Pause() { s.clock.enter(waiting) }

// Resume ends a Pause.
func (s *Stage) Resume() { s.clock.enter(storage) }

// Working says that the work begins. Commit, End or Result ends it.
func (s *Stage) Working() {
	s.worked = true
	s.Resume()
	if s.clock.spent[storage]+s.clock.spent[waiting] > fresh {
		s.lookAgain()
	}
	s.clock.enter(work)
}

// Spent returns the time that the storage took, and the work, so far: what was
// waited for in between is in neither.
func (s *Stage) Spent() (onStorage, onWork time.Duration) {
	return s.clock.spent[storage], s.clock.spent[work]
}
