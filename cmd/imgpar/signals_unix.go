//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// onStatusSignal calls show at each SIGUSR1. The returned function ends that.
func onStatusSignal(show func()) (forget func()) {
	signals, forgotten, ended := make(chan os.Signal, 1), make(chan struct{}), make(chan struct{})
	signal.Notify(signals, syscall.SIGUSR1)
	go func() {
		defer close(ended)
		for {
			select {
			case <-signals:
				show()
			case <-forgotten:
				return
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		close(forgotten)
		<-ended
	}
}
