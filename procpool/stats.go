package procpool

import "sync/atomic"

// Stats counts what has happened since New. Each child that was started counts in exactly
// one other field once it has ended, unless Close or Kill ended it.
type Stats struct {
	Tasks    int64 // requests answered, by a result or a *RemoteError
	Started  int64 // children started
	Crashes  int64 // attempts at a task that ended with the child's crash
	Timeouts int64 // tasks that ended with a *TimeoutError
	Memory   int64 // attempts at a task that ended as the child ran out of memory
	Canceled int64 // tasks whose context ended while a child was on them
	Recycled int64 // children replaced by Config.MaxTasks, MaxAge or RecycleRSS
	Lost     int64 // children that ended without a task, and those that did not get ready
}

type counts struct {
	answered, started, crashes, timeouts, memory, canceled, recycled, lost atomic.Int64
}

// Stats returns the counts so far.
func (c *counts) Stats() Stats {
	return Stats{
		Tasks:    c.answered.Load(),
		Started:  c.started.Load(),
		Crashes:  c.crashes.Load(),
		Timeouts: c.timeouts.Load(),
		Memory:   c.memory.Load(),
		Canceled: c.canceled.Load(),
		Recycled: c.recycled.Load(),
		Lost:     c.lost.Load(),
	}
}
