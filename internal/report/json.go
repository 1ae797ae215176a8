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
		Route       string      `json:"route,omitempty"` // of a plan: how the output would be made
		Scale       int         `json:"scale,omitempty"` // of a plan, by planes: one sample is decoded for so many by as many
		Also        []alsoLine  `json:"also,omitempty"`  // further outputs
	}
	alsoLine struct {
		Output      string      `json:"output"`
		OutputBytes []byte      `json:"output_base64,omitempty"`
		Outcome     job.Outcome `json:"outcome,omitempty"`
		Reason      string      `json:"reason"`
		Width       int         `json:"width"`
		Height      int         `json:"height"`
		OutBytes    int64       `json:"out_bytes"`
		Route       string      `json:"route,omitempty"`
		Scale       int         `json:"scale,omitempty"`
	}
	summaryLine struct {
		Type     string  `json:"type"` // "summary"
		Inputs   int     `json:"inputs"`
		OK       int     `json:"ok"`
		Skipped  int     `json:"skipped"`
		UpToDate int     `json:"up_to_date,omitempty"` // of the skipped
		Failed   int     `json:"failed"`
		Crashed  int     `json:"crashed"`
		Timeout  int     `json:"timeout"`
		Canceled int     `json:"canceled"`
		Planned  int     `json:"planned,omitempty"` // of a dry run
		Ignored  int     `json:"ignored"`
		Cut      bool    `json:"cut,omitempty"` // the run was stopped before all inputs were found
		Pixels   int64   `json:"pixels"`
		InBytes  int64   `json:"in_bytes"`
		OutBytes int64   `json:"out_bytes"`
		Seconds  float64 `json:"seconds"`
		Deaths   *Deaths `json:"worker_deaths,omitempty"` // where there were any
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
	for _, m := range r.Also {
		l.Also = append(l.Also, alsoLine{
			Output: string(m.Output), OutputBytes: notUTF8(m.Output), Outcome: m.Outcome, Reason: m.Reason,
			Width: m.Width, Height: m.Height, OutBytes: m.OutBytes,
		})
	}
	l.InputBytes, l.OutputBytes = notUTF8(r.Input), notUTF8(r.Output)
	return l
}

// lineOfPlan has the fields of a result that are not known yet, too.
func lineOfPlan(input job.Path, outputs []Planned) resultLine {
	first := outputs[0]
	l := lineOf("plan", job.Result{Input: input, Output: first.Output, Reason: first.reason()})
	l.Route, l.Scale = first.Route, first.Scale
	for _, p := range outputs[1:] {
		a := alsoLine{Output: string(p.Output), OutputBytes: notUTF8(p.Output), Reason: p.reason(), Route: p.Route, Scale: p.Scale}
		if p.Exists != "" {
			a.Outcome = job.Skipped
		}
		l.Also = append(l.Also, a)
	}
	return l
}

// notUTF8 returns the bytes of a name that JSON would change, else nil.
func notUTF8(name job.Path) []byte {
	if utf8.ValidString(string(name)) {
		return nil
	}
	return []byte(name)
}

func lineOfSummary(s Summary) summaryLine {
	var deaths *Deaths
	if s.Deaths != (Deaths{}) {
		deaths = &s.Deaths
	}
	return summaryLine{
		Type: "summary", Inputs: s.Inputs, OK: s.Counts[job.OK], Skipped: s.Counts[job.Skipped], UpToDate: s.UpToDate,
		Failed: s.Counts[job.Failed], Crashed: s.Counts[job.Crashed], Timeout: s.Counts[job.Timeout],
		Canceled: s.Counts[job.Canceled], Planned: s.Planned, Ignored: s.Ignored, Cut: s.Cut, Pixels: s.Pixels,
		InBytes: s.InBytes, OutBytes: s.OutBytes, Seconds: s.Elapsed.Seconds(), Deaths: deaths,
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
