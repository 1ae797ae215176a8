package procpool

import (
	"os"
	"sync"
	"time"
)

// vigilInterval is how often a child that has a task looks for its parent. To look takes
// less than 1 µs.
const vigilInterval = 100 * time.Millisecond

// A vigil ends the process when the parent vanishes in the middle of a task. Between tasks
// the child reads, and so hears of it.
type vigil struct {
	conn link

	mu    sync.Mutex
	timer *time.Timer // guarded by mu; runs look
	runs  bool        // guarded by mu; timer does
	busy  bool        // guarded by mu; there is a task
}

// begin is called at the beginning of a task. The timer runs on over many of them.
func (v *vigil) begin() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.busy = true
	switch {
	case v.timer == nil:
		v.timer = time.AfterFunc(vigilInterval, v.look)
	case !v.runs:
		v.timer.Reset(vigilInterval)
	}
	v.runs = true
}

// end is called at the end of a task.
func (v *vigil) end() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.busy = false
}

func (v *vigil) look() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.busy && v.conn.hungUp() {
		os.Exit(ExitProtocol)
	}
	if v.runs = v.busy; v.runs {
		v.timer.Reset(vigilInterval)
	}
}
