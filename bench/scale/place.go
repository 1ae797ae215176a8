package main

import (
	"math/bits"
	"time"
)

// costs are what a file of one load costs in one mode, as measured on one worker.
type costs struct {
	work    []time.Duration // CPU of each file between its opening and its name, in goroutine or subprocess
	pipe    time.Duration   // CPU of handing it to a subprocess and back, in the parent
	wake    time.Duration   // in which nobody works, such as that until a subprocess runs
	plan    time.Duration   // CPU of finding it, one file after another
	report  time.Duration   // CPU of journal and report, one file after another
	folder  time.Duration   // of its work, while the kernel keeps the output's folder locked
	stage   time.Duration   // CPU of storage that is a process, while the file holds no worker
	idle    time.Duration   // in which nobody works then
	aside   time.Duration   // CPU that goes on beside the file's way, such as collecting garbage
	inputs  float64         // opens of the input
	outputs float64         // opens of the output

	subprocess bool // the work is done there
}

// place is where the files are worked on.
type place struct {
	cores   int
	jobs    int           // -j
	latency time.Duration // of an open
	ahead   bool          // files are read ahead, and written behind
	locked  bool          // the file system's client keeps a folder locked while it waits for a new file in it
	files   int
}

// Reading ahead, as cmd/imgpar/lanes.go has it.
const (
	slowStorage = time.Millisecond // of waiting a file, from which on it pays
	maxAhead    = 64               // lanes beyond those that are needed for the work
	firstPaces  = 3                // files that it must have seen first
)

// lanes is how many files are on their way at once.
func (p place) lanes(c costs) int {
	first := p.firstLanes(c)
	if !p.ahead {
		return first
	}
	ahead := first - p.jobs
	if wait := time.Duration((c.inputs+c.outputs)*float64(p.latency)) + c.stage + c.idle; wait >= slowStorage {
		pays := time.Duration(p.jobs) * wait / max(mean(c.work)+c.pipe+c.wake, 1)
		ahead = max(ahead, 1<<bits.Len(uint(min(pays, maxAhead))))
	}
	return p.jobs + min(ahead, maxAhead)
}

// firstLanes is how many they are before anything is known of the storage.
func (p place) firstLanes(c costs) int {
	if p.ahead && c.subprocess {
		return p.jobs + min(p.jobs, maxAhead) // the next one is opened meanwhile
	}
	return p.jobs
}

// windowPerWorker is that of package scheduler: how many files each lane may have
// found and not yet reported.
const windowPerWorker = 4
