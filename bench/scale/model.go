package main

import (
	"math/bits"
	"math/rand/v2"
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
)

// lanes is how many files are on their way at once.
func (p place) lanes(c costs) int {
	if !p.ahead {
		return p.jobs
	}
	ahead := 0
	if c.subprocess {
		ahead = p.jobs // the next one is opened meanwhile
	}
	if wait := time.Duration((c.inputs + c.outputs) * float64(p.latency)); wait >= slowStorage {
		pays := time.Duration(p.jobs) * wait / max(mean(c.work)+c.pipe+c.wake, 1)
		ahead = max(ahead, 1<<bits.Len(uint(min(pays, maxAhead))))
	}
	return p.jobs + min(ahead, maxAhead)
}

// windowPerWorker is that of package scheduler: how many files each lane may have
// found and not yet reported.
const windowPerWorker = 4

// forecast is what becomes of a load at a place.
type forecast struct {
	files float64 // a second
	limit string  // what keeps it from being more
	load  float64 // of that, 0 to 1
}

// run is a simulation of files on their way.
type run struct {
	place
	costs
	*sim
	window, planner, lane, slot, core, folderLock, reporter *resource

	work   []time.Duration // of each file
	fed    int
	done   int
	waited time.Duration // by lanes, for storage
	wakes  time.Duration // by lanes, for subprocesses
}

// predict takes a place's files through the pipeline.
func predict(p place, c costs) forecast {
	r := start(p, c)
	r.feed()
	r.sim.run()
	return r.forecast()
}

func start(p place, c costs) *run {
	s := &sim{}
	lanes := p.lanes(c)
	r := &run{
		place: p, costs: c, sim: s,
		window:     s.resource("window", windowPerWorker*lanes),
		planner:    s.resource("plan", 1),
		lane:       s.resource("lanes", lanes),
		slot:       s.resource("jobs", p.jobs),
		core:       s.resource("cores", p.cores),
		folderLock: s.resource("folder", 1),
		reporter:   s.resource("report", 1),
		work:       make([]time.Duration, p.files),
	}
	random := rand.New(rand.NewPCG(1, 2)) // the same files in each run
	var order []int
	for i := range r.work {
		if i%len(c.work) == 0 {
			order = random.Perm(len(c.work))
		}
		r.work[i] = c.work[order[i%len(c.work)]]
	}
	return r
}

// feed is the feeder: one file after another, as long as the window has room.
func (r *run) feed() {
	if r.fed == r.files {
		return
	}
	work := r.work[r.fed]
	r.fed++
	r.window.acquire(func() {
		r.planner.acquire(func() {
			r.core.use(r.plan, func() {
				r.planner.release()
				r.lane.acquire(func() { r.stage(work) })
				r.feed()
			})
		})
	})
}

// stage opens input and output, commit names the output, in the lane of the file.
// What of that takes CPU is in its work.
func (r *run) stage(work time.Duration) {
	r.wait(r.inputs, func() {
		if !r.locked || r.latency == 0 {
			r.wait(r.outputs, func() { r.process(work) })
			return
		}
		r.folderLock.acquire(func() {
			r.wait(r.outputs, func() {
				r.folderLock.release()
				r.process(work)
			})
		})
	})
}

// process works on the file, one of so many jobs.
func (r *run) process(work time.Duration) {
	r.slot.acquire(func() {
		r.core.use(max(work-r.folder, 0)+r.pipe, func() {
			r.core.use(r.aside, func() {})
			r.wakes += r.wake
			r.after(r.wake, func() {
				r.slot.release()
				r.commit()
			})
		})
	})
}

// commit has a core all the time: who waits for the kernel's lock of a folder
// spins.
func (r *run) commit() {
	r.core.acquire(func() {
		r.folderLock.use(r.folder, func() {
			r.core.release()
			r.lane.release()
			r.tell()
		})
	})
}

// tell is the consumer: journal and report.
func (r *run) tell() {
	r.reporter.acquire(func() {
		r.core.use(r.report, func() {
			r.reporter.release()
			r.window.release()
			r.done++
		})
	})
}

// wait is for the storage to open that many files, one after another.
func (r *run) wait(opens float64, then func()) {
	d := time.Duration(opens * float64(r.latency))
	r.waited += d
	r.after(d, then)
}

// saturated is how much of its time a server must be busy to be the limit.
const saturated = 0.9

// forecast tells how fast it was, and names what was busiest: of what only one
// file can have, if one of these was saturated; else cores or lanes, which either
// work or wait.
func (r *run) forecast() forecast {
	took := r.now.Seconds()
	f := forecast{files: float64(r.done) / took}
	for _, one := range []struct {
		name string
		each time.Duration
	}{{"plan", r.plan}, {"report", r.report}, {"folder", r.folder}} {
		if load := f.files * one.each.Seconds(); load > f.load {
			f.limit, f.load = one.name, load
		}
	}
	if load := r.folderLock.load(); r.locked && load > f.load {
		f.limit, f.load = "storage", load
	}
	if f.load >= saturated {
		return f
	}
	f.limit, f.load = "cores", r.core.load()
	if r.pipe > mean(r.costs.work) {
		f.limit = "pipe"
	}
	if lanes := r.lane.load(); f.load < saturated && lanes > f.load {
		f.load = lanes
		switch {
		case r.waited > r.wakes:
			f.limit = "storage"
		case r.wakes > 0 && r.subprocess:
			f.limit = "pipe"
		default:
			f.limit = "jobs"
		}
	}
	return f
}

func mean(list []time.Duration) time.Duration {
	if len(list) == 0 {
		return 0
	}
	var sum time.Duration
	for _, d := range list {
		sum += d
	}
	return sum / time.Duration(len(list))
}
