package report

import (
	"encoding/json"
	"io"
	"unicode/utf8"

	"github.com/imgpar/imgpar/internal/job"
)

// The lines of --json. Scripts depend on them: fields are only ever added.
type (
	resultLine struct {
		Type        string      `json:"type"` // "result", or "plan" in a dry run
		Input       string      `json:"input"`
		InputBytes  []byte      `json:"input_base64,omitempty"` // where Input is not the name to the byte
		Output      string      `json:"output"`
		OutputBytes []byte      `json:"output_base64,omitempty"`
		Outcome     job.Outcome `json:"outcome,omitempty"`
		Reason      string      `json:"reason"`
		Notes       []string    `json:"notes,omitempty"`
		Width       int         `json:"width"`
		Height      int         `json:"height"`
		InBytes     int64       `json:"in_bytes"`
		OutBytes    int64       `json:"out_bytes"`
		Ms          float64     `json:"ms"`
	}
	summaryLine struct {
		Type     string  `json:"type"` // "summary"
		Inputs   int     `json:"inputs"`
		OK       int     `json:"ok"`
		Skipped  int     `json:"skipped"`
		Failed   int     `json:"failed"`
		Crashed  int     `json:"crashed"`
		Timeout  int     `json:"timeout"`
		Canceled int     `json:"canceled"`
		Planned  int     `json:"planned,omitempty"` // of a dry run
		Ignored  int     `json:"ignored"`
		Pixels   int64   `json:"pixels"`
		InBytes  int64   `json:"in_bytes"`
		OutBytes int64   `json:"out_bytes"`
		Seconds  float64 `json:"seconds"`
	}
	errorLine struct {
		Type  string `json:"type"` // "error": the run could not start
		Error string `json:"error"`
	}
)

func lineOf(kind string, r job.Result) resultLine {
	l := resultLine{
		Type: kind, Input: string(r.Input), Output: string(r.Output),
		Outcome: r.Outcome, Reason: r.Reason, Notes: r.Notes, Width: r.Width, Height: r.Height,
		InBytes: r.InBytes, OutBytes: r.OutBytes, Ms: float64(r.Elapsed.Microseconds()) / 1e3,
	}
	if !utf8.ValidString(l.Input) {
		l.InputBytes = []byte(r.Input)
	}
	if !utf8.ValidString(l.Output) {
		l.OutputBytes = []byte(r.Output)
	}
	return l
}

func lineOfSummary(s Summary) summaryLine {
	return summaryLine{
		Type: "summary", Inputs: s.Inputs, OK: s.Counts[job.OK], Skipped: s.Counts[job.Skipped],
		Failed: s.Counts[job.Failed], Crashed: s.Counts[job.Crashed], Timeout: s.Counts[job.Timeout],
		Canceled: s.Counts[job.Canceled], Planned: s.Planned, Ignored: s.Ignored, Pixels: s.Pixels,
		InBytes: s.InBytes, OutBytes: s.OutBytes, Seconds: s.Elapsed.Seconds(),
	}
}

// WriteError writes the line that says why a run did not start.
func WriteError(w io.Writer, err error) error {
	return writeLine(w, errorLine{"error", err.Error()})
}

// writeLine writes v as one line, with one call, so that a reader at the other
// end of a pipe never sees half of it for long.
func writeLine(w io.Writer, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = w.Write(append(data, '\n'))
	return err
}
