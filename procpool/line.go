package procpool

import "errors"

// A child can be given more than one task where all are short: they wait in its socket, in a
// line, so that it goes from one to the next without falling asleep and being woken. Only
// the first of a line is at its turn. Until then a task has no timeout, is blamed for
// nothing, and if the child ends is given to another as if it had never been sent; from
// then on it is given to a child alone, so that what happens there is its own doing.
const (
	// MaxLine is how many short tasks a child has at the most. Two children and a parent
	// on two CPUs do 10,000 pictures of 64x64 pixels in 1.35 s with one, in 1.06 s with
	// three, and in 0.98 s with six.
	MaxLine = 6

	// maxShort is the largest payload of a short task, in bytes, and maxShortFiles the
	// most files. A full line has to fit into the smallest buffer of a link, the 4 KiB of
	// a pipe on Windows, since a child that hangs reads nothing.
	maxShort      = 512
	maxShortFiles = 8
)

// errDisplaced says that a child ended before it was a task's turn.
var errDisplaced = errors.New("procpool: the child ended on another task")

// short reports whether t may wait in a line.
func (t Task) short() bool {
	return t.Short && len(t.Payload) <= maxShort && len(t.Files) <= maxShortFiles
}

// A line is the tasks that a child has been given. Child.mu guards it.
type line struct {
	given   uint64 // tasks, ever
	places  int    // of those, the ones that are not over
	open    bool   // more may be given, as all are short
	turn    uint64 // the number of the one that is at its turn; 0: none
	broken  bool   // the child ended, or is ended, at a task's turn
	retired bool   // the child is to be replaced once the line is over
}

// take gives an idle child a task.
func (c *child) take(short bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.line.given++
	c.line.places = 1
	c.line.open = short
}

// join gives the child one more short task, if it may have one and has at most so many.
func (c *child) join(most int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := &c.line
	full := l.places > most || c.share.tasks > 0 && l.given >= c.share.tasks
	if !l.open || full || l.broken || l.retired || c.gone || c.cause != nil {
		return false
	}
	l.given++
	l.places++
	return true
}

// unjoin takes back a join of which nothing has come.
func (c *child) unjoin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.line.given--
	c.line.places--
}

// leave ends a task that has not ended the child. It reports whether it was the last of the
// line, and if so whether the child is to be replaced, which retire asks for.
func (c *child) leave(retire bool) (last, retired bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := &c.line
	l.places--
	l.retired = l.retired || retire
	last = l.places == 0 && !l.broken
	l.open = l.open && !last // the next line is that of who finds the child idle
	return last, l.retired
}

// A turn is the place of one task in the order of requests, which is that of answers.
type turn struct {
	number uint64
	before <-chan struct{} // closed once the task before is over
	over   chan struct{}   // closed once this one is
}

// next returns the turn of the next request. The caller holds c.sending.
func (c *child) next() turn {
	c.sent++
	t := turn{number: c.sent, before: c.last, over: make(chan struct{})}
	c.last = t.over
	return t
}

// first reports whether nothing is before the task.
func (t turn) first() bool {
	select {
	case <-t.before:
		return true
	default:
		return t.before == nil
	}
}

// begin is called when it is a task's turn, and reports false if there is no child left.
func (c *child) begin(number uint64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.line.broken {
		return false
	}
	c.line.turn = number
	return true
}

// finish ends a turn, with the child if err says so or the pool ended it. That cause it returns.
func (c *child) finish(err error) (cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.line.turn = 0
	if err != nil || c.cause != nil {
		c.settled, c.line.broken = true, true
	}
	return c.cause
}

// busy reports whether the child has a task. The caller holds mu.
func (c *child) busy() bool { return c.line.places > 0 && !c.line.broken }

// task returns the number of the task that is at its turn, or 0.
func (c *child) task() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.line.turn
}

// tasks returns how many tasks the child has been given.
func (c *child) tasks() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.line.given
}

// atOnce returns a slot that is idle, or else a child that the caller's short task has been
// given to: the one with the shortest line. It returns neither if there is none.
func (p *Pool) atOnce() (*slot, *child) {
	select {
	case s := <-p.idle:
		return s, nil
	default:
	}
	if p.alone.Load() > 0 {
		return nil, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for length := 1; length < MaxLine; length++ {
		for c := range p.children {
			if c.join(length) {
				return nil, c
			}
		}
	}
	return nil, nil
}

// offer gives the places in a line to those who wait for one. None is given while a task
// waits that is to have a child alone: its turn would never come.
func (p *Pool) offer(c *child) {
	for p.alone.Load() == 0 && c.join(MaxLine-1) {
		select {
		case p.places <- c:
		default:
			c.unjoin()
			return
		}
	}
}
