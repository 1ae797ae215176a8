package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/imgpar/imgpar/internal/job"
)

// Summary counts what became of the inputs.
type Summary struct {
	Inputs   int
	Counts   map[job.Outcome]int
	UpToDate int  // of the skipped
	Planned  int  // of a dry run: inputs that would be worked on
	Ignored  int  // files that a walk passed over
	Cut      bool // the run was stopped before all inputs were found
	Pixels   int64
	InBytes  int64
	OutBytes int64
	Elapsed  time.Duration
	Deaths   Deaths
	notes    map[string]*noted
	unkept   bool // there were more
}

// Deaths counts the subprocesses that ended in the middle of a picture, by why: of
// themselves, for taking too long, for taking too much memory. A picture has two tries.
type Deaths struct {
	Crashed int64 `json:"crashed"`
	Timeout int64 `json:"timeout"`
	Memory  int64 `json:"memory"`
}

// String says it in a line; "" is none.
func (d Deaths) String() string {
	var parts []string
	for _, c := range []struct {
		n    int64
		what string
	}{{d.Crashed, "crashed"}, {d.Timeout, "took too long"}, {d.Memory, "took too much memory"}} {
		if c.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", c.n, c.what))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "subprocesses that died over a picture: " + strings.Join(parts, ", ")
}

// noted is a note and the files that have it.
type noted struct {
	files   int
	example string
}

const (
	maxNotes  = 10     // different notes that the summary for people lists
	keptNotes = 10_000 // that are told apart: they may be anything, of a million pictures
)

func newSummary() Summary {
	return Summary{Counts: map[job.Outcome]int{}, notes: map[string]*noted{}}
}

func (s *Summary) add(r job.Result) {
	s.Inputs++
	s.Counts[r.Outcome]++
	s.InBytes += r.InBytes
	s.OutBytes += r.OutBytes
	switch {
	case r.Outcome == job.OK:
		s.Pixels += r.Pixels
	case r.Outcome == job.Skipped && r.Reason == job.ReasonUpToDate:
		s.UpToDate++
	}
	for _, n := range r.Notes {
		if s.notes[n] == nil {
			if len(s.notes) == keptNotes {
				s.unkept = true
				continue
			}
			s.notes[n] = &noted{example: Printable(string(r.Input))}
		}
		s.notes[n].files++
	}
}

func (s *Summary) addUpToDate(files int) {
	s.Inputs += files
	s.UpToDate += files
	s.Counts[job.Skipped] += files
}

// Bad returns the number of inputs that should have an output and have none.
func (s Summary) Bad() int {
	return s.Counts[job.Failed] + s.Counts[job.Crashed] + s.Counts[job.Timeout]
}

// text is the summary for people, one line a fact.
func (s Summary) text(what string) []string {
	parts := []string{}
	for _, o := range job.Outcomes {
		if n := s.Counts[o]; n > 0 || o == job.OK {
			parts = append(parts, fmt.Sprintf("%d %s", n, o))
		}
		if o == job.Skipped && s.UpToDate > 0 {
			parts[len(parts)-1] += fmt.Sprintf(" (%d up to date)", s.UpToDate)
		}
	}
	if s.Planned > 0 {
		parts = append(parts, fmt.Sprintf("%d to be done", s.Planned))
	}
	sec := max(s.Elapsed.Seconds(), 1e-3)
	lines := []string{fmt.Sprintf("%s: %s: %s in %s (%.1f files/s, %.1f MP/s, %.1f MB/s)", what, plural(s.Inputs, "picture"),
		strings.Join(parts, ", "), span(s.Elapsed), float64(s.Inputs)/sec, float64(s.Pixels)/1e6/sec, float64(s.InBytes)/1e6/sec)}
	if s.Cut {
		lines = append(lines, "the folders were not read to their end: there may be more pictures")
	}
	if s.Ignored > 0 {
		lines = append(lines, fmt.Sprintf("%s ignored: hidden, not named like pictures, or outputs of an earlier run", plural(s.Ignored, "other file")))
	}
	if deaths := s.Deaths.String(); deaths != "" {
		lines = append(lines, deaths)
	}
	return append(lines, s.noteLines()...)
}

// noteLines lists the notes, the most frequent first.
func (s Summary) noteLines() []string {
	texts := slices.SortedFunc(maps.Keys(s.notes), func(a, b string) int {
		if d := s.notes[b].files - s.notes[a].files; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	var lines []string
	for i, key := range texts {
		if i == maxNotes {
			more := plural(len(texts)-i, "other note")
			if s.unkept {
				more = "more than " + more
			}
			return append(lines, fmt.Sprintf("note: and %s; --json has them all", more))
		}
		n, t := s.notes[key], Printable(key) // parts of it are out of the file
		line := "note: " + n.example + ": " + t
		if n.files > 1 {
			line = fmt.Sprintf("note: %d pictures, such as %s: %s", n.files, n.example, t)
		}
		lines = append(lines, line)
	}
	return lines
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// span prints a duration as people say it: 0.42 s, 12.3 s, 3m20s.
func span(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.2f s", d.Seconds())
	case d < 100*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return d.Round(time.Second).String()
}
