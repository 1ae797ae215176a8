// Package page makes one self-contained HTML page of what a bench found out.
package page

import (
	"io"

	"github.com/imgpar/imgpar/bench"
)

// Write writes the page: tables, charts, the machine, versions and commands.
func Write(w io.Writer, r bench.Report) error { panic("to be written") }
