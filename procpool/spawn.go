package procpool

import (
	"os/exec"
	"runtime"
)

type startRequest struct {
	cmd    *exec.Cmd
	result chan<- error // has room for one
}

// spawn starts the children of a pool until requests is closed, which is after the last
// child is reaped. It owns its thread, because Linux takes the death of the thread that
// started a child for the death of the parent (golang.org/issue/27505): a thread that the
// scheduler drops must not take children with it. It keeps that thread, which ends with
// it: another goroutine is not to have its timers.
func spawn(requests <-chan startRequest) {
	runtime.LockOSThread()
	relaxTimers()
	for r := range requests {
		r.result <- r.cmd.Start()
	}
}
