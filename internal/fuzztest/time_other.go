//go:build !unix

package fuzztest

import "time"

var begun = time.Now()

// cpuTime is the time since this process began.
func cpuTime() time.Duration { return time.Since(begun) }
