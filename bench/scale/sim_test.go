package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func TestEventsHappenInOrder(t *testing.T) {
	s := &sim{}
	var got []int
	for i, at := range []time.Duration{3, 1, 2, 1, 3} {
		s.after(at, func() { got = append(got, i) })
	}
	s.after(2, func() { s.after(0, func() { got = append(got, 5) }) })
	s.run()
	if want := []int{1, 3, 2, 5, 0, 4}; !slices.Equal(got, want) || s.now != 3 {
		t.Errorf("%v at %d, want %v at 3", got, s.now, want)
	}
}

// A resource serves no more than it has servers, and in the order of coming.
func TestResourceServesInOrder(t *testing.T) {
	s := &sim{}
	r := s.resource("desk", 3)
	var got []int
	for i := range 10 {
		r.acquire(func() {
			got = append(got, i)
			if r.taken > 3 {
				t.Errorf("%d servers are taken", r.taken)
			}
			s.after(time.Second, r.release)
		})
	}
	s.run()
	if want := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}; !slices.Equal(got, want) {
		t.Errorf("served %v", got)
	}
	if s.now != 4*time.Second || math.Abs(r.load()-10.0/12) > 1e-9 || r.taken != 0 {
		t.Errorf("ended at %v, busy %.3f, %d taken", s.now, r.load(), r.taken)
	}
}

// One server with constant service and Poisson arrivals: the mean wait in the
// queue is load x service / 2(1 - load) (Pollaczek and Khinchine, M/D/1).
func TestQueueOfOneServer(t *testing.T) {
	for _, load := range []float64{0.3, 0.6, 0.8} {
		s := &sim{}
		r := s.resource("desk", 1)
		random := rand.New(rand.NewPCG(3, 4))
		const service, n = time.Millisecond, 100_000
		var waited time.Duration
		at := time.Duration(0)
		for range n {
			at += time.Duration(random.ExpFloat64() * float64(service) / load)
			s.after(at, func() {
				came := s.now
				r.acquire(func() {
					waited += s.now - came
					s.after(service, r.release)
				})
			})
		}
		s.run()
		got, want := waited.Seconds()/n, load*service.Seconds()/2/(1-load)
		if math.Abs(got/want-1) > 0.03 {
			t.Errorf("load %.1f: mean wait %.4g s, want %.4g", load, got, want)
		}
	}
}
