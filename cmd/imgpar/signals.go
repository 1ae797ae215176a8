package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/imgpar/imgpar/internal/atomicfile"
)

// stopDeadline is how long a run that was told to stop now may take to do so.
// What is still at it then is inside a decoder and has given no file a name.
const stopDeadline = 5 * time.Second

// brakes stop a run: gently, so that what is in work is finished, or now.
type brakes struct {
	gently context.Context // done: begin nothing more
	now    context.Context // done: give up what is in work; ends with gently
	stop   context.CancelCauseFunc
	kill   context.CancelFunc
}

// errInterrupted is the cause of gently when a signal came.
type errInterrupted struct{}

func (errInterrupted) Error() string { return "interrupted" }

func newBrakes() *brakes {
	now, kill := context.WithCancel(context.Background())
	gently, stop := context.WithCancelCause(now)
	return &brakes{gently, now, stop, kill}
}

// listen stops the run gently at the first signal and now at the second, and
// calls said each time before it does. The returned function ends that.
func (b *brakes) listen(said func(first bool)) (release func()) {
	signals := make(chan os.Signal, 2)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(s) { // as under nohup, or in the background of a shell script
			signal.Notify(signals, s)
		}
	}
	released, ended := make(chan struct{}), make(chan struct{}) // closed by release and by the goroutine
	go func() {
		defer close(ended)
		for first := true; ; first = false {
			select {
			case <-released:
				return
			case <-signals:
			}
			said(first)
			b.stop(errInterrupted{})
			if !first {
				b.kill()
				time.AfterFunc(stopDeadline, func() {
					atomicfile.Abandon()
					os.Exit(exitInterrupted)
				})
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		close(released)
		<-ended
	}
}

// interrupted tells whether a signal stopped the run.
func (b *brakes) interrupted() bool {
	_, ok := context.Cause(b.gently).(errInterrupted)
	return ok
}
