package plan

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/imgpar/imgpar/internal/job"
)

func sized(sizes ...int64) []Item {
	var list []Item
	for i, n := range sizes {
		list = append(list, Item{Bytes: n, Job: job.Job{Input: job.Path(strconv.Itoa(i))}})
	}
	return list
}

func TestHeap(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var h heap
	var want []Item
	for i := range 5000 {
		if len(want) > 0 && (len(want) == orderWindow || r.IntN(3) == 0) {
			slices.SortStableFunc(want, func(a, b Item) int { return int(b.Bytes - a.Bytes) })
			if got := h.pop(); got.Bytes != want[0].Bytes || got.Job.Input != want[0].Job.Input {
				t.Fatalf("step %d: %s of %d bytes, want %s of %d", i, got.Job.Input, got.Bytes, want[0].Job.Input, want[0].Bytes)
			}
			want = want[1:]
			continue
		}
		it := Item{Bytes: r.Int64N(20), Job: job.Job{Input: job.Path(strconv.Itoa(i))}}
		h.push(&it)
		want = append(want, it)
	}
	if len(h.items) > orderWindow {
		t.Errorf("%d places", len(h.items))
	}
}

// What is at hand comes in order of size, those that are decided before; and
// nothing waits for what is not at hand.
func TestLargestFirst(t *testing.T) {
	ready := make(chan []Item, 1)
	done := sized(9)
	done[0].end(job.Skipped, "x")
	ready <- append(sized(3, 5, 4), done...)
	var got []int64
	arrange(ready, func(it Item) bool {
		got = append(got, it.Bytes)
		if it.Bytes == 5 { // nothing else is there yet
			ready <- sized(7, 1, 4)
			close(ready)
		}
		return true
	})
	if want := []int64{9, 5, 7, 4, 4, 3, 1}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Of more items than the window holds, each is at most a window late or early.
func TestTheWindowOfTheOrder(t *testing.T) {
	sizes := make([]int64, 3*orderWindow)
	for i := range sizes {
		sizes[i] = int64(i)
	}
	list := sized(sizes...)
	at := 0
	for it := range largestFirst(func(yield func([]Item) bool) { yield(list) }) {
		if at == 0 && it.Bytes != orderWindow-1 || it.Bytes > int64(at+orderWindow-1) {
			t.Fatalf("number %d has %d bytes", at, it.Bytes)
		}
		at++
	}
	if at != len(list) {
		t.Errorf("%d of %d", at, len(list))
	}
}

// A loop that is left ends the walk.
func TestLeavingTheOrder(t *testing.T) {
	ended := false
	for range largestFirst(func(yield func([]Item) bool) {
		for yield(sized(1, 2)) {
		}
		ended = true
	}) {
		break
	}
	if !ended {
		t.Error("the walk goes on")
	}
}
