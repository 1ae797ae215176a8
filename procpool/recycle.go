package procpool

import (
	"math/rand/v2"
	"time"
)

// A share is what a child may do before it is replaced; what is 0 has no limit. It is drawn
// for each child from the upper quarter of what the Config says, (3/4 of it, all of it]:
// children that start together are not to be replaced together.
type share struct {
	tasks uint64
	age   time.Duration
}

func draw(cfg Config) share {
	return share{
		tasks: uint64(jitter(int64(cfg.MaxTasks))),
		age:   time.Duration(jitter(int64(cfg.MaxAge))),
	}
}

// jitter returns most less something below a quarter of it.
func jitter(most int64) int64 {
	return most - rand.Int64N(max(1, most/4))
}

// spent reports whether a child that has answered a task is to be replaced.
func (p *Pool) spent(c *child) bool {
	switch {
	case c.share.tasks > 0 && c.tasks() >= c.share.tasks:
		return true
	case c.share.age > 0 && time.Since(c.born) >= c.share.age:
		return true
	}
	return p.config.RecycleRSS > 0 && c.weighingDue() && p.config.RSS(c.pid()) > p.config.RecycleRSS
}

// recycle replaces a child that has done its share.
func (p *Pool) recycle(s *slot) {
	old := s.child
	if old.settle() {
		p.recycled.Add(1)
	}
	p.background.Go(func() {
		_ = old.shutdown(p.config.Grace) // killed or not, it is gone
		p.renew(s, p.idle)
	})
}
