// Package job is the vocabulary that every part of a run shares: what to do
// with one file (Job) and what became of it (Result).
//
// Both are plain values that survive EncodeJob and DecodeJob (or their twins
// for Result) unchanged, so that a goroutine, a subprocess and a machine far
// away can be handed the same work.
package job

import (
	"encoding/json"
	"fmt"
	"time"
)

// Job is the work on one file. It says everything that decides the bytes of
// the output: two runs of an equal Job over an equal file write equal files.
type Job struct {
	Input      Path   `json:"input"`      // as opened, relative to the working folder or absolute
	Output     Path   `json:"output"`     // final name, folder included
	Pipeline   string `json:"pipeline"`   // text form of ops.Pipeline
	Format     string `json:"format"`     // of the output; "": the input's own
	Quality    int    `json:"quality"`    // of JPEG, 1 to 100; 0: the codec's default, and nothing is coded anew without need
	Optimize   bool   `json:"optimize"`   // Huffman tables made for the picture, in JPEG
	Lossless   bool   `json:"lossless"`   // refuse rather than code a JPEG with loss
	Salvage    bool   `json:"salvage"`    // write what can be read of a damaged JPEG or PNG
	First      bool   `json:"first"`      // of an animation or of several pages, only the first
	Background string `json:"background"` // shows through in a format without transparency, as ops.ParseColour reads it; "": white
	Carry      Carry  `json:"carry"`      // what goes along beside the pixels
	MaxPixels  int64  `json:"max_pixels"` // of every picture in work, intermediate ones included
	Overwrite  bool   `json:"overwrite"`  // replace an existing Output
	InPlace    bool   `json:"in_place"`   // Output is Input, and is replaced durably
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
	Skipped  Outcome = "skipped"  // nothing to do: the output exists
	Failed   Outcome = "failed"   // this file cannot be worked on; the reason says why
	Crashed  Outcome = "crashed"  // the work on it panicked or killed its process
	Timeout  Outcome = "timeout"  // the work on it took longer than was allowed
	Canceled Outcome = "canceled" // the run ended before its turn came
)

// Outcomes lists all outcomes in the order in which summaries name them.
var Outcomes = []Outcome{OK, Skipped, Failed, Crashed, Timeout, Canceled}

// Result is the end of a Job.
type Result struct {
	Input    Path          `json:"input"`
	Output   Path          `json:"output"`
	Outcome  Outcome       `json:"outcome"`
	Reason   string        `json:"reason"` // why the outcome is not OK, in plain words, one line
	Notes    []string      `json:"notes"`  // what a user should know of an OK result: what was not kept
	Width    int           `json:"width"`  // of the output, pixels
	Height   int           `json:"height"`
	Pixels   int64         `json:"pixels"`    // of the source picture: the measure of work done
	InBytes  int64         `json:"in_bytes"`  // size of the input file
	OutBytes int64         `json:"out_bytes"` // size of the output file
	Elapsed  time.Duration `json:"elapsed"`
}

// End returns the result of j with an outcome and a reason.
func (j Job) End(o Outcome, reason string) Result {
	return Result{Input: j.Input, Output: j.Output, Outcome: o, Reason: reason}
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

// EncodeJob makes j ready for another process.
func EncodeJob(j Job) ([]byte, error) { return json.Marshal(j) }

// DecodeJob is the inverse of EncodeJob.
func DecodeJob(data []byte) (Job, error) { return decode[Job](data) }

// EncodeResult makes r ready for another process.
func EncodeResult(r Result) ([]byte, error) { return json.Marshal(r) }

// DecodeResult is the inverse of EncodeResult.
func DecodeResult(data []byte) (Result, error) { return decode[Result](data) }

func decode[T any](data []byte) (T, error) {
	var v T
	if err := json.Unmarshal(data, &v); err != nil {
		return v, fmt.Errorf("decode %T: %w", v, err)
	}
	return v, nil
}
