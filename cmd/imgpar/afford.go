package main

import (
	"fmt"
	"sync"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/runner"
)

// means is the memory that one picture may have. A job that is foreseen to take
// more fails before it is begun: to try would end the whole run, in goroutine mode,
// or a subprocess.
type means struct {
	most   int64 // bytes; 0: any
	worker int64 // for a picture in a subprocess, if that is less; 0: any

	beyond sync.Map // job.Path of an input to the bytes it takes, where that is too much for somebody
}

// reason returns why a job that takes at least so many bytes is refused, or "".
func (m *means) reason(need int64, subprocess bool) string {
	switch {
	case m.most > 0 && need > m.most:
		return fmt.Sprintf("too-large: needs about %s of memory, and a picture may take %s; --mem raises that", memoryText(need), memoryText(m.most))
	case subprocess && m.worker > 0 && need+runner.RuntimeBytes > m.worker:
		return fmt.Sprintf("too-large: needs about %s of memory, and a subprocess may take %s; --worker-mem raises that", memoryText(need+runner.RuntimeBytes), memoryText(m.worker))
	}
	return ""
}

// weighed notes an input that may have to be refused.
func (m *means) weighed(j job.Job, need int64) {
	if need > 0 && m.reason(need, true) != "" {
		m.beyond.Store(j.Input, need)
	}
}

// refusal returns the result of a job that is not to be begun. inSubprocess tells
// where it would be worked on.
func (m *means) refusal(j job.Job, inSubprocess func(job.Job) bool) (res job.Result, refused bool) {
	need, noted := m.beyond.LoadAndDelete(j.Input)
	if !noted {
		return job.Result{}, false
	}
	why := m.reason(need.(int64), inSubprocess(j))
	return j.End(job.Failed, why), why != ""
}

// memoryText is a number of bytes for people, with a digit behind the point.
func memoryText(n int64) string {
	if n < 1e9 {
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}
