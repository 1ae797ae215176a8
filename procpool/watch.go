package procpool

import "time"

// watchInterval is how often it is asked what the children that work have resident. Between
// two times a child may grow by what one CPU can write to fresh memory: 0.3 GB/s were
// measured on a busy virtual machine, large pages may make it 5 GB/s, so 30 to 500 MB. To
// ask costs some 40 µs for each child, which is 0.04 % of a CPU.
const watchInterval = 100 * time.Millisecond

// watch has the children watched that have a task, as long as one has.
func (p *Pool) watch() {
	if p.config.MaxRSS == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.watching {
		p.watching = true
		p.background.Go(p.watchAll)
	}
}

func (p *Pool) watchAll() {
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	for {
		select {
		case <-p.quit:
			return
		case <-tick.C:
		}
		busy := p.busy()
		if len(busy) == 0 {
			return
		}
		for c, number := range busy {
			if used := p.config.RSS(c.pid()); used > p.config.MaxRSS {
				c.exceed(number, &MemoryError{PID: c.pid(), Used: used, Most: p.config.MaxRSS})
			}
		}
	}
}

// busy returns the children that have a task, with its number. If there are none it ends
// the watch.
func (p *Pool) busy() map[*child]uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	busy := make(map[*child]uint64)
	for c := range p.children {
		if number := c.task(); number > 0 {
			busy[c] = number
		}
	}
	p.watching = len(busy) > 0
	return busy
}

// exceed ends the child if it is still on that task: what was asked may have been of
// another process, which has the number of one that has ended.
func (c *child) exceed(number uint64, cause *MemoryError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.line.turn != number || c.gone || c.cause != nil {
		return
	}
	c.cause = cause
	killGroup(c.cmd.Process)
	c.conn.Close()
}

// weighingDue reports whether it is time to ask what the child has resident, and notes it.
func (c *child) weighingDue() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); now.Sub(c.weighed) >= watchInterval {
		c.weighed = now
		return true
	}
	return false
}
