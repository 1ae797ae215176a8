package scheduler

import (
	"context"
	"iter"
	"runtime"
	"testing"
)

const million = 1_000_000

type none = struct{}

var noop = Task[none, int, int]{Run: func(_ context.Context, _ none, n int) (int, error) { return n, nil }}

// count yields 0 to n-1.
func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

// heapMeter keeps the largest of the heap sizes that it samples.
type heapMeter struct{ peak uint64 }

func (m *heapMeter) sample(i int) {
	if i%(million/10) != 0 {
		return
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	m.peak = max(m.peak, stats.HeapInuse)
}

func (m *heapMeter) report(b *testing.B) {
	tasks := float64(b.N) * million
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/tasks, "ns/task")
	b.ReportMetric(float64(m.peak), "heap-bytes")
}

func benchmarkNoop(b *testing.B, results iter.Seq[Result[int, int]]) {
	var heap heapMeter
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for range results {
			n++
			heap.sample(n)
		}
		if n != million {
			b.Fatalf("%d results", n)
		}
	}
	heap.report(b)
}

func BenchmarkMapNoop(b *testing.B) {
	benchmarkNoop(b, Map(b.Context(), Config[none]{}, count(million), noop))
}

func BenchmarkStreamNoop(b *testing.B) {
	benchmarkNoop(b, Stream(b.Context(), Config[none]{}, count(million), noop))
}

// BenchmarkStreamNoopBudget is StreamNoop with admission that never waits.
func BenchmarkStreamNoopBudget(b *testing.B) {
	task := noop
	task.Weight = func(int) int64 { return 1 }
	benchmarkNoop(b, Stream(b.Context(), Config[none]{Budget: million}, count(million), task))
}

func BenchmarkSubmitNoop(b *testing.B) {
	run := func(context.Context, none) (int, error) { return 1, nil }
	var heap heapMeter
	b.ReportAllocs()
	for b.Loop() {
		p, err := NewPool(b.Context(), Config[none]{})
		if err != nil {
			b.Fatal(err)
		}
		for i := range million {
			Submit(p, 0, run)
			heap.sample(i)
		}
		p.Close()
	}
	heap.report(b)
}
