// Package chart draws what a bench found out: throughput by workers and mode, speed
// against other programs, memory.
package chart

import (
	"io"

	"github.com/imgpar/imgpar/bench"
)

// Write draws all charts of a report, one below the other. format is "svg" or "png".
func Write(w io.Writer, r bench.Report, format string) error { panic("to be written") }
