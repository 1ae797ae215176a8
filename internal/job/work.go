package job

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
)

// Work is what a worker is told of a Job, beside the open files: what decides the
// bytes of the outputs, and no place of any file.
type Work struct {
	Job
	Size int64 // of the input, bytes
}

// Work returns what a worker is to know of j on an input of that size. Those of
// the targets that are decided are marked as UpToDate: the others may depend on
// them.
func (j Job) Work(size int64, decided func(target int) bool) Work {
	targets := j.Targets()
	for i, t := range targets {
		targets[i] = Target{Pipeline: t.Pipeline, Format: t.Format, UpToDate: decided(i)}
	}
	j.Target, j.Also = targets[0], targets[1:]
	j.Input = Path(filepath.Base(string(j.Input))) // its ending says what it claims to be
	if j.InPlace != nil {
		j.InPlace = &InPlace{}
	}
	return Work{j, size}
}

// Wanted returns the targets that are to be made, by their numbers.
func (w Work) Wanted() (list []int) {
	for i, t := range w.Targets() {
		if !t.UpToDate {
			list = append(list, i)
		}
	}
	return list
}

// Answer is what a worker says of its Work. Checked, it is still no more than what
// the worker says.
type Answer struct {
	Parts    []Part // of the targets, in their order; zero where nothing was to be made
	Checksum uint64 // of the input's bytes, if the Job asks for it: xxHash64
}

// Part is what became of one output.
type Part struct {
	Outcome  Outcome
	Reason   string
	Notes    []string
	Width    int // pixels; 0 unless it is OK
	Height   int
	Bytes    int64 // written; 0 unless it is OK
	Pixels   int64 // of the source picture: the measure of work done
	DiskFull bool  // there was no space left to write to, or the quota was used up
}

// MaxAnswer is how long an encoded Answer may be, bytes.
const MaxAnswer = 4 << 20

// maxPixels is the most that an answer may say of one input: 256 frames of the
// largest sides.
const maxPixels = 1 << 40

// answers are the outcomes that a worker may claim: whether its time is up or the
// run at its end, its parent knows.
var answers = []Outcome{OK, Skipped, Failed, Crashed}

// Check returns an error if a is no answer to w. It is for answers of processes
// that are not to be trusted: whatever they say of their picture, it is said of
// what was asked, in numbers that make sense.
func (a Answer) Check(w Work) error {
	targets := w.Targets()
	if len(a.Parts) != len(targets) {
		return fmt.Errorf("it answered for %d outputs of %d", len(a.Parts), len(targets))
	}
	for i, p := range a.Parts {
		if !targets[i].UpToDate {
			if err := p.check(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p Part) check() error {
	switch {
	case !slices.Contains(answers, p.Outcome):
		return fmt.Errorf("it answered with an outcome of %d bytes that there is not", len(p.Outcome))
	case p.Pixels < 0 || p.Pixels > maxPixels:
		return fmt.Errorf("it answered with %d pixels", p.Pixels)
	case p.Outcome == OK && (p.Reason != "" || p.DiskFull):
		return fmt.Errorf("it answered with a reason for what is ok")
	case p.Outcome == OK && (p.Width < 1 || p.Height < 1 || p.Width > math.MaxInt32 || p.Height > math.MaxInt32 || p.Bytes < 1):
		return fmt.Errorf("it answered with an output of %dx%d pixels in %d bytes", p.Width, p.Height, p.Bytes)
	case p.Outcome != OK && (p.Width != 0 || p.Height != 0 || p.Bytes != 0):
		return fmt.Errorf("it answered with sizes of what it did not make")
	}
	return nil
}
