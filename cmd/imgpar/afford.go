package main

import (
	"fmt"
	"sync"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/machine"
)

// means is the memory that one picture may have. A job that is foreseen to take
// more fails before it is begun: to try would end the whole run, in goroutine mode,
// or a subprocess.
//
// That is not the budget, which says what may be in work at once: a picture that is
// heavier than the budget runs alone. It is all that can be had, or what --mem says
// if that is more, since the user knows of swap, and of what is going to end. So a
// small --mem refuses nothing.
type means struct {
	available int64 // bytes that this machine or container can give; 0: it is not known
	mem       int64 // --mem; 0: not given
	worker    int64 // --worker-mem, where subprocesses work; 0: any

	refused sync.Map // job.Path of an input to the reason; those that have been weighed and not begun
}

// available returns the bytes that can be had, of which the default budget is a
// share; 0 if that is not known.
func available() int64 {
	budget, err := machine.MemoryBudget()
	if err != nil {
		return 0 // said by who needs the budget
	}
	return int64(float64(budget) / machine.Share)
}

// reason returns why a job that takes at least so many bytes is refused, or "".
func (m *means) reason(need int64) string {
	most := max(m.available, m.mem)
	switch {
	case m.available > 0 && need > most:
		return fmt.Sprintf("too-large: needs about %s of memory, and %s can be had; --mem raises that", memoryText(need), memoryText(most))
	case m.worker > 0 && need > m.worker:
		return fmt.Sprintf("too-large: needs about %s of memory, and a subprocess may take %s; --worker-mem raises that", memoryText(need), memoryText(m.worker))
	}
	return ""
}

// weighed notes an input that is to be refused.
func (m *means) weighed(j job.Job, need int64) {
	if why := m.reason(need); why != "" {
		m.refused.Store(j.Input, why)
	}
}

// refusal returns the result of a job that was to be refused, once.
func (m *means) refusal(j job.Job) (res job.Result, refused bool) {
	why, refused := m.refused.LoadAndDelete(j.Input)
	if !refused {
		return job.Result{}, false
	}
	return j.End(job.Failed, why.(string)), true
}

// memoryText is a number of bytes for people, with a digit behind the point.
func memoryText(n int64) string {
	if n < 1e9 {
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}
