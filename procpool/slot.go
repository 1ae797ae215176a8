package procpool

import (
	"errors"
	"time"
)

// startAttempts is how often a child is started in a row before a task hears of it.
const startAttempts = 3

// The pause before a child is replaced is nothing after one failure, firstPause after the
// second in a row, and doubles up to maxPause.
const (
	firstPause = 10 * time.Millisecond
	maxPause   = time.Second
)

// A slot is the place of one child. It belongs to whoever received it from a channel: to
// a Do, to a renew, or to nobody while it lies in Pool.idle.
type slot struct {
	child    *child // nil if none could be started
	err      error  // why child is nil
	failures int    // children in a row that did not start or died without a task
}

// renew starts a fresh child for s in the background, and then sends s to a channel that
// has room for it, with or without a child.
func (p *Pool) renew(s *slot, to chan<- *slot) {
	p.background.Go(func() {
		p.fill(s)
		to <- s
	})
}

func (p *Pool) fill(s *slot) {
	for range startAttempts {
		if s.child, s.err = nil, p.pause(backoff(s.failures)); s.err != nil {
			return
		}
		if s.child, s.err = p.start(); s.err == nil {
			s.child.slot = s
			return
		}
		s.failures++
		p.tried(s.err)
	}
}

// backoff is the pause after so many failures in a row.
func backoff(failures int) time.Duration {
	if failures <= 1 {
		return 0
	}
	return min(firstPause<<min(failures-2, 10), maxPause)
}

// pause waits for d. Its error says that the pool starts no more children.
func (p *Pool) pause(d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-p.quit:
	case <-p.broken:
	case <-timer.C:
	}
	select { // both may have come
	case <-p.quit:
		return ErrKilled
	case <-p.broken:
		return p.verdict
	default:
		return nil
	}
}

// start starts a child and waits for its hello.
func (p *Pool) start() (*child, error) {
	stderr := new(tail)
	c, path, err := p.fork(stderr)
	if err == nil {
		err = c.handshake(p.config.StartTimeout)
	}
	if err == nil {
		p.settleLost(c) // it may have died since
		return c, nil
	}
	if c != nil && err != ErrKilled && c.settle() {
		p.lost.Add(1)
	}
	return nil, &StartError{Path: path, Attempts: startAttempts, Stderr: stderr.String(), Err: err}
}

// fork starts a process and its supervision.
func (p *Pool) fork(stderr *tail) (*child, string, error) {
	cmd, err := p.config.command(stderr)
	if err != nil {
		return nil, "", err
	}
	conn, inherited, err := newLink()
	if err != nil {
		return nil, cmd.Path, err
	}
	passLink(cmd, inherited)
	started := make(chan error, 1)
	p.starts <- startRequest{cmd, started}
	err = <-started
	for _, f := range inherited {
		err = errors.Join(err, f.Close())
	}
	if cmd.Process == nil {
		return nil, cmd.Path, errors.Join(err, conn.Close())
	}
	c := newChild(cmd, conn, stderr, p.config)
	p.adopt(c)
	if err != nil {
		c.interrupt(err)
	}
	return c, cmd.Path, err
}

// adopt counts c among the children until it is reaped.
func (p *Pool) adopt(c *child) {
	p.started.Add(1)
	p.mu.Lock()
	p.children[c] = true
	ending := p.ending
	p.mu.Unlock()
	p.background.Go(func() {
		c.supervise()
		p.settleLost(c)
		p.mu.Lock()
		delete(p.children, c)
		p.mu.Unlock()
		close(c.done)
		p.renewIdle()
	})
	if ending {
		c.interrupt(ErrKilled)
	}
}

// renewIdle replaces the children that died without a task.
func (p *Pool) renewIdle() {
	for range cap(p.idle) {
		select {
		case s := <-p.idle:
			if s.child == nil || !s.child.dead() {
				p.idle <- s
				continue
			}
			p.replaceLost(s, p.idle)
		default:
			return
		}
	}
}

// replaceLost renews s, whose child died without a task.
func (p *Pool) replaceLost(s *slot, to chan<- *slot) {
	s.failures++
	p.renew(s, to)
}

// anyWorking reports whether some child can take tasks, now or after the one it does.
func (p *Pool) anyWorking() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.someWork()
}

// someWork is anyWorking for one that holds mu.
func (p *Pool) someWork() bool {
	for c := range p.children {
		if c.working() {
			return true
		}
	}
	return false
}
