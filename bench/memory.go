package bench

import (
	"time"

	"github.com/imgpar/imgpar/internal/machine"
)

// samplePeriod is how often memory is looked at. What comes and goes between two looks
// is not seen.
const samplePeriod = 10 * time.Millisecond

// watchMemory samples the memory of a process and all below it until the returned
// function is called, which puts the most that was seen into peak, bytes.
func watchMemory(pid int, peak *int64) (ended func()) {
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(samplePeriod)
		defer tick.Stop()
		for {
			if tree, err := machine.Tree(pid); err == nil {
				*peak = max(*peak, machine.PSS(tree...))
			}
			select {
			case <-stop:
				return
			case <-tick.C:
			}
		}
	}()
	return func() {
		close(stop)
		<-done
	}
}
