package procpool

import (
	"fmt"
	"time"
)

// The circuit breaker: a pool gives up after lossesPerWorker children in a row, for each of
// its workers, that did not start or died young without ever having a task, if no child is
// left then. Whatever a task does to children, it does not count.
const lossesPerWorker = 10

// youth is the age up to which a child's death without a task tells against the program.
const youth = time.Minute

// settleLost counts c if it was ready and died without a task.
func (p *Pool) settleLost(c *child) {
	if !c.settleLost() {
		return
	}
	p.lost.Add(1)
	if c.diedYoung() {
		p.tried(&StartError{Path: c.cmd.Path, Attempts: 1, Stderr: c.stderr.String(), Err: fmt.Errorf("worker %d %s, before it had a task", c.pid(), c.obituary().ending())})
	}
}

// diedYoung is asked of a child that died without a task.
func (c *child) diedYoung() bool { return c.tasks() == 0 && time.Since(c.born) < youth }

// tried notes a child that came to nothing, and breaks the circuit after too many.
func (p *Pool) tried(cause error) {
	if p.losses.Add(1) < int64(lossesPerWorker*p.config.Workers) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.verdict == nil && !p.ending && !p.someWork() {
		p.verdict = fmt.Errorf("%w: %w", ErrBroken, cause)
		close(p.broken)
	}
}
