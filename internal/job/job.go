// Package job is the vocabulary that every part of a run shares: what to do
// with one file (Job) and what became of it (Result).
//
// In between is what a worker is handed (Work) and what it says (Answer): bytes
// in, bytes out, and no file that it could open. Both are plain values that
// survive a trip to another process unchanged.
package job

import (
	"encoding/json"
	"time"
)

// Job is the work on one file: one reading, and what is made of it. It says
// everything that decides the bytes of the outputs: two runs of an equal Job
// over an equal file write equal files.
type Job struct {
	Input        Path     `json:"input"` // as opened, relative to the working folder or absolute
	Target                // the first output
	Also         []Target `json:"also,omitempty"`     // further ones
	Quality      int      `json:"quality"`            // of JPEG, 1 to 100; 0: the codec's default, and nothing is coded anew without need
	TargetSize   int64    `json:"target_size"`        // bytes that an output may have at most, for which the quality of a JPEG is lowered; 0: any number
	SkipIfLarger bool     `json:"skip_if_larger"`     // where an output would have more bytes than the input, write the input's bytes
	Optimize     bool     `json:"optimize"`           // Huffman tables made for the picture, in JPEG
	Lossless     bool     `json:"lossless"`           // refuse rather than code a JPEG with loss
	Salvage      bool     `json:"salvage"`            // write what can be read of a damaged JPEG or PNG
	First        bool     `json:"first"`              // of an animation or of several pages, only the first
	Background   string   `json:"background"`         // shows through in a format without transparency, as ops.ParseColour reads it; "": white
	Carry        Carry    `json:"carry"`              // what goes along beside the pixels
	MaxPixels    int64    `json:"max_pixels"`         // of every picture in work, intermediate ones included
	Checksum     bool     `json:"checksum"`           // the Result has the checksum of the input
	InPlace      *InPlace `json:"in_place,omitempty"` // Output is Input, and is replaced durably; nil: they are two
}

// Target is one output of a Job.
type Target struct {
	Output    Path   `json:"output"`     // final name, folder included
	Pipeline  string `json:"pipeline"`   // text form of ops.Pipeline
	Format    string `json:"format"`     // of the output; "": the input's own
	Overwrite bool   `json:"overwrite"`  // replace an existing Output
	UpToDate  bool   `json:"up_to_date"` // nothing is to be done for this one

	// State is that of the file that is replaced, as the plan saw it: where it is
	// another by then, it is left alone. In place it is journal.Identity of the
	// input, else journal.State of the output; 0: any.
	State  uint64  `json:"state,omitempty"`
	Intent *Intent `json:"intent,omitempty"` // nil: nowhere
}

// MaxOutputs is the most outputs that a Job may have: all are open at once.
const MaxOutputs = 120

// Targets returns all outputs of j, the first one first.
func (j Job) Targets() []Target { return append([]Target{j.Target}, j.Also...) }

// InPlace says how an input is replaced.
type InPlace struct {
	Backup string `json:"backup"` // added to the name under which the original is kept; "": it is not
}

// Intent is where the work says what a file is going to be, before it replaces
// it: a run that is killed behind that leaves no doubt whether the file is still
// the old one, or whose the new one is. See internal/journal.
type Intent struct {
	Journal Path   `json:"journal"` // file to append the record to
	Key     uint64 `json:"key"`     // of the record
	Digest  uint64 `json:"digest"`
	Input   uint64 `json:"input"` // key of the input that an output is made of; 0: it is the input
}

// Carry says what goes from an input into its output beside the pixels. The
// zero value is all that the output's format can hold.
type Carry struct {
	Profile  string `json:"profile"`   // colour profiles: "" are kept, "srgb" converts to sRGB, "strip" takes them away
	Metadata string `json:"metadata"`  // "" are kept, "strip" takes them away, "copyright" keeps who made and owns the picture
	StripGPS bool   `json:"strip_gps"` // without the place where the picture was taken
	Mtime    bool   `json:"mtime"`     // the output's time of change is the input's
}

// Outcome is what became of an input. Every input of a run has exactly one.
type Outcome string

const (
	OK       Outcome = "ok"
	Skipped  Outcome = "skipped"  // nothing was to be done; the reason says why
	Failed   Outcome = "failed"   // this file cannot be worked on; the reason says why
	Crashed  Outcome = "crashed"  // the work on it panicked or killed its process
	Timeout  Outcome = "timeout"  // the work on it took longer than was allowed
	Canceled Outcome = "canceled" // the run ended before its turn came
)

// Outcomes lists all outcomes in the order in which summaries name them.
var Outcomes = []Outcome{OK, Skipped, Failed, Crashed, Timeout, Canceled}

// Result is the end of a Job. Its Outcome is the worst of its outputs': crashed,
// timeout, canceled or failed if one was, ok if one was made, else skipped. What
// was written nevertheless has OutBytes.
type Result struct {
	Input    Path          `json:"input"`
	Outcome  Outcome       `json:"outcome"`
	Reason   string        `json:"reason"`  // why the outcome is not OK, in plain words, one line
	Primary  Outcome       `json:"primary"` // what became of Output, by itself
	Notes    []string      `json:"notes"`   // what a user should know of an OK result: what was not kept
	Output   Path          `json:"output"`  // the first one, as are the sizes
	Width    int           `json:"width"`   // pixels
	Height   int           `json:"height"`
	OutBytes int64         `json:"out_bytes"`      // 0: not written
	State    uint64        `json:"state"`          // of Output when it had its name: journal.State, in place journal.Identity; 0: it was not found there
	Also     []Made        `json:"also,omitempty"` // what became of Job.Also
	Pixels   int64         `json:"pixels"`         // of the source picture: the measure of work done
	InBytes  int64         `json:"in_bytes"`       // size of the input file
	Checksum uint64        `json:"checksum"`       // of the input's bytes, if the Job asks for it: xxHash64
	DiskFull bool          `json:"disk_full"`      // there was no space left to write to, or the quota was used up
	NoWorker bool          `json:"no_worker"`      // no process to do it could be had, nor will one be for further files
	Elapsed  time.Duration `json:"elapsed"`
}

// Made is what became of a further output.
type Made struct {
	Output   Path    `json:"output"`
	Outcome  Outcome `json:"outcome"`
	Reason   string  `json:"reason"`
	Width    int     `json:"width"`
	Height   int     `json:"height"`
	OutBytes int64   `json:"out_bytes"`
	State    uint64  `json:"state"` // as in Result
}

// End returns the result of j with an outcome and a reason.
func (j Job) End(o Outcome, reason string) Result {
	r := Result{Input: j.Input, Output: j.Output, Outcome: o, Primary: o, Reason: reason}
	for _, t := range j.Also {
		r.Also = append(r.Also, Made{Output: t.Output, Outcome: o, Reason: reason})
	}
	return r
}

// Path is a file name: bytes, which need not be UTF-8. In JSON it is base64,
// because JSON text would replace what is not UTF-8.
type Path string

// MarshalJSON implements json.Marshaler.
func (p Path) MarshalJSON() ([]byte, error) { return json.Marshal([]byte(p)) }

// UnmarshalJSON implements json.Unmarshaler.
func (p *Path) UnmarshalJSON(data []byte) error {
	var b []byte
	if err := json.Unmarshal(data, &b); err != nil {
		return err
	}
	*p = Path(b)
	return nil
}
