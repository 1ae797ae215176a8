package bench

import (
	"encoding/json"
	"io"
)

// line is a series for scripts; fields are only ever added.
type line struct {
	Type      string  `json:"type"` // "bench"
	Work      string  `json:"work"`
	Mode      string  `json:"mode"`
	Workers   int     `json:"workers"`
	Rounds    int     `json:"rounds"`
	Files     int     `json:"files"`
	FilesPS   Stat    `json:"files_per_second"`
	MPPS      Stat    `json:"megapixels_per_second"`
	SpeedUp   float64 `json:"speed_up"`
	CPU       Stat    `json:"cpu_seconds"`
	PeakMB    Stat    `json:"peak_mb"`
	SameBytes bool    `json:"same_bytes"`
}

// WriteJSON writes one object a line for every row. Rows of one work stand
// together, the one to compare with first.
func WriteJSON(w io.Writer, rows []series) error {
	enc := json.NewEncoder(w)
	var base series
	for _, r := range rows {
		if r.Work != base.Work {
			base = r
		}
		err := enc.Encode(line{"bench", r.Work, r.Mode, r.Jobs, len(r.Samples), r.Samples[0].Files, r.FilesPerSecond(),
			r.MegapixelsPerSecond(), r.SpeedUp(base), r.CPUSeconds(), r.PeakMB(), r.SameBytes(base)})
		if err != nil {
			return err
		}
	}
	return nil
}
