package main

import (
	"container/heap"
	"time"
)

// sim is a discrete-event simulation: time jumps from one event to the next, and
// stands still while one happens. Events of one moment happen in the order in
// which they were asked for, so that the same model has the same run each time.
type sim struct {
	now    time.Duration // since the begin
	events events
	asked  int // events so far
}

// event is something that happens at a time.
type event struct {
	at    time.Duration
	order int
	do    func()
}

// events is a heap, the next one on top.
type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	return e[i].at < e[j].at || e[i].at == e[j].at && e[i].order < e[j].order
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	last := len(*e) - 1
	x := (*e)[last]
	(*e)[last] = event{}
	*e = (*e)[:last]
	return x
}

// after has something happen when d has passed.
func (s *sim) after(d time.Duration, do func()) {
	s.asked++
	heap.Push(&s.events, event{s.now + d, s.asked, do})
}

// run goes on until there are no events left.
func (s *sim) run() {
	for len(s.events) > 0 {
		e := heap.Pop(&s.events).(event)
		s.now = e.at
		e.do()
	}
}

// resource is what only so many can have at once. Those who must wait are served
// in the order of their coming.
type resource struct {
	sim     *sim
	name    string
	servers int
	taken   int
	waiting []func()
	busy    time.Duration // of all servers together
	since   time.Duration // of what busy counts
}

func (s *sim) resource(name string, servers int) *resource {
	return &resource{sim: s, name: name, servers: servers}
}

// acquire calls then as soon as a server is free, which is taken until release.
func (r *resource) acquire(then func()) {
	if r.taken == r.servers {
		r.waiting = append(r.waiting, then)
		return
	}
	r.count()
	r.taken++
	then()
}

// release frees a server, or hands it on to who waits longest.
func (r *resource) release() {
	if len(r.waiting) > 0 {
		then := r.waiting[0]
		r.waiting[0] = nil
		r.waiting = r.waiting[1:]
		r.sim.after(0, then) // not by a call, or long queues would nest
		return
	}
	r.count()
	r.taken--
}

// use takes a server for so long, and then goes on.
func (r *resource) use(d time.Duration, then func()) {
	if d <= 0 {
		then()
		return
	}
	r.acquire(func() {
		r.sim.after(d, func() {
			r.release()
			then()
		})
	})
}

// count adds up how busy the servers have been.
func (r *resource) count() {
	r.busy += time.Duration(r.taken) * (r.sim.now - r.since)
	r.since = r.sim.now
}

// load is the part of all servers' time that was taken, 0 to 1.
func (r *resource) load() float64 {
	r.count()
	if r.sim.now == 0 {
		return 0
	}
	return float64(r.busy) / float64(r.sim.now) / float64(r.servers)
}
