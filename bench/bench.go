// Package bench answers the question that imgpar began with: goroutines or
// subprocesses, how many, and what does isolation cost? It holds imgpar against
// other programs, too.
//
// Every measurement is a whole process of its own, from its start to its exit, so
// that CPU and memory are those of that run alone. Rounds are interleaved: each runs
// every contender once, and a machine that slows down slows them all. What is told of
// two of them is the median of the ratios round by round.
//
// A first round is not counted. It warms the caches, and finds out what cannot be had
// without disturbing the run: the memory of all processes, the time of each file.
package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Config says what to measure, and for how long.
type Config struct {
	Binary  []string // the imgpar to run: argv[0], and the path of its file
	Flags   []string // handed on to each run of it
	Tasks   []Task
	Workers int           // the most
	Rounds  int           // the most counted rounds of a task, from 1
	Time    time.Duration // for all tasks together; each has one counted round at least
	Scratch string        // a folder for outputs, which is left as it was

	Isolation []string // flags handed on where there are subprocesses

	Spawn func() (time.Duration, error) // starts a subprocess, and tells how soon it was ready; nil: is not measured
	Say   func(string)                  // is told what is going on
}

// Task is a load that is to be measured.
type Task struct {
	Name     string
	Args     []string // of imgpar
	Flags    []string // of imgpar, that belong to these pictures
	Paths    []string // pictures
	Corpus   string   // what they are, in words
	Programs []Program

	// Quality returns how near what was written is to the best that can be made of
	// its source, dB; nil: is not measured. It is asked only where there are Programs.
	Quality func(source, written string) (float64, error)
}

// Program is one that does the same as imgpar.
type Program struct {
	Name, Version string

	// Command returns the arguments and the further environment of the command that
	// does the work on the files that list names, a line each. File number i, from 0,
	// becomes out/i.EXT. What it needs besides is put into scratch. Errors are ErrCannot
	// and others, with which the program is left out.
	Command func(list, out, scratch string, workers int) (args, env []string, err error)
}

// ErrCannot is the error of a Program that has no means to do such work. It is left out
// without a word.
var ErrCannot = errors.New("it cannot do that")

// spawns is how often a subprocess is started, for the median of what that takes.
const spawns = 5

// Run measures all tasks, one after another. Of the Report, Command and Machine are
// the caller's to fill.
func Run(ctx context.Context, c Config) (r Report, err error) {
	r = Report{Type: reportType, Version: reportVersion, Date: time.Now().UTC().Truncate(time.Second), Workers: c.Workers}
	if r.Spawn, err = spawn(ctx, c); err != nil {
		return r, err
	}
	end := time.Now().Add(c.Time)
	for i, t := range c.Tasks {
		share := time.Until(end) / time.Duration(len(c.Tasks)-i) // what one leaves, the others have
		l, err := measureIn(ctx, c, t, share)
		if err != nil {
			return r, fmt.Errorf("%s: %w", t.Name, err)
		}
		r.Loads = append(r.Loads, l)
	}
	return r, nil
}

func spawn(ctx context.Context, c Config) (Stat, error) {
	var ms []float64
	for range spawns {
		if c.Spawn == nil || ctx.Err() != nil {
			return Stat{}, ctx.Err()
		}
		ready, err := c.Spawn()
		if err != nil {
			return Stat{}, fmt.Errorf("start a subprocess: %w", err)
		}
		ms = append(ms, ready.Seconds()*1e3)
	}
	return StatOf(ms), nil
}

// measureIn measures a task in a folder of its own.
func measureIn(ctx context.Context, c Config, t Task, budget time.Duration) (l Load, err error) {
	dir, err := os.MkdirTemp(c.Scratch, "load-")
	if err != nil {
		return l, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if dir, err = filepath.Abs(dir); err != nil {
		return l, err
	}
	m := &measurement{Config: c, task: t, dir: dir}
	if err := m.probe(ctx); err != nil {
		return l, err
	}
	if err := m.rounds(ctx, budget-m.spent); err != nil {
		return l, err
	}
	return m.load(ctx)
}
