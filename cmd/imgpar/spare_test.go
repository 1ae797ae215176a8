package main

import (
	"testing"

	"github.com/imgpar/imgpar/internal/runner"
	"github.com/imgpar/imgpar/procpool"
)

// Only short work takes a spare worker, of which there are some where there are subprocesses.
func TestSpareWorkersAreForShortWork(t *testing.T) {
	for _, c := range []struct {
		pool  *runner.Pool
		spare int
	}{{nil, 0}, {runner.NewPool(runner.PoolConfig{}), 2 * (procpool.MaxLine - 1)}} {
		crew := &crew{workers: 2, pool: c.pool, newRunner: func() runner.Runner { return nil }}
		crew.employ()
		taken := map[int]worker{}
		for range crew.workers + c.spare {
			w, ok := crew.await(t.Context(), true)
			if !ok {
				t.Fatal("no worker")
			}
			taken[w.number] = w
		}
		if len(taken) != crew.workers+c.spare || len(crew.idle)+len(crew.spare) != 0 {
			t.Errorf("%d workers were taken, %d and %d are left", len(taken), len(crew.idle), len(crew.spare))
		}
		for _, w := range taken {
			crew.free(w)
		}
		for range crew.workers {
			if w, _ := crew.await(t.Context(), false); w.number >= crew.workers {
				t.Errorf("worker %d is a spare one", w.number)
			}
		}
		if len(crew.idle) != 0 || len(crew.spare) != c.spare {
			t.Errorf("%d workers and %d spare ones are left", len(crew.idle), len(crew.spare))
		}
	}
}
