package procpool

import (
	"errors"
	"sync"
)

// Close takes no more tasks, waits for every Do that has begun, ends the children and
// reaps them. The error names children that had to be killed: see Config.Grace.
func (p *Pool) Close() error {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.tasks.Wait()
	return p.end()
}

// Kill takes no more tasks, kills all children with their process groups, whatever they
// do, and reaps them. Every Do that has begun returns ErrKilled, unless it has its answer
// already. A Close that waits for tasks ends as well.
func (p *Pool) Kill() {
	p.stop()
	p.mu.Lock()
	p.closed, p.ending = true, true
	for c := range p.children {
		c.interrupt(ErrKilled)
	}
	p.mu.Unlock()
	p.tasks.Wait()
	_ = p.end() // all that it could tell of is children that did not end by themselves
}

// endChildren ends the children of a pool that has no tasks.
func (p *Pool) endChildren() error {
	p.stop()
	p.mu.Lock()
	p.ending = true
	children := make([]*child, 0, len(p.children))
	for c := range p.children {
		children = append(children, c)
	}
	p.mu.Unlock()

	errs := make([]error, len(children))
	var ended sync.WaitGroup
	for i, c := range children {
		ended.Go(func() { errs[i] = c.shutdown(p.config.Grace) })
	}
	ended.Wait()
	p.background.Wait()
	close(p.starts)
	p.spawner.Wait()
	return errors.Join(errs...)
}
