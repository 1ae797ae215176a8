package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

const (
	reportType    = "imgpar-bench"
	reportVersion = 1 // of the form in JSON; fields are only ever added
)

// WriteJSON writes the report as ReadReport reads it. A figure that is no number is an error.
func (r Report) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}

// ReadReport reads what imgpar bench --json wrote.
func ReadReport(file string) (r Report, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(data, &r); err != nil {
		return r, fmt.Errorf("%s: %w", file, err)
	}
	if r.Type != reportType || r.Version != reportVersion {
		return r, fmt.Errorf("%s: %q of version %d, not a report of imgpar bench of version %d", file, r.Type, r.Version, reportVersion)
	}
	return r, nil
}
