package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/imgpar/imgpar/bench"
)

// readReport reads what imgpar bench --json wrote.
func readReport(file string) (r bench.Report, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(data, &r); err != nil {
		return r, fmt.Errorf("%s: %w", file, err)
	}
	if r.Type != "imgpar-bench" || r.Version != bench.ReportVersion {
		return r, fmt.Errorf("%s: %q of version %d, not a report of imgpar bench of version %d", file, r.Type, r.Version, bench.ReportVersion)
	}
	return r, nil
}

// measureImgpar runs imgpar bench. It tells people on stderr how far it is.
func measureImgpar(program, dir string, paths []string) (bench.Report, error) {
	file := filepath.Join(dir, "report.json")
	cmd := exec.Command(program, append([]string{"bench", "--peers", "--json", file}, paths...)...)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return bench.Report{}, fmt.Errorf("%s: %w", cmd, err)
	}
	return readReport(file)
}

// reportRatios are those of a report: each peer's CPU to imgpar's, and of
// imgpar's modes their throughput to that of goroutines, and their efficiency, all of
// them on the most workers. Their names say what they depend on: pictures and workers.
func reportRatios(r bench.Report) ratios {
	all := ratios{}
	for _, l := range r.Loads {
		name := func(format string, args ...any) string {
			return fmt.Sprintf("%s of %s: ", l.Name, l.Corpus) + fmt.Sprintf(format, args...)
		}
		for _, p := range l.Peers {
			if p.OK >= l.OK && p.CPURatio > 0 { // it did all of the work
				all[name("CPU of %s", p.Name)] = p.CPURatio
			}
		}
		most := 1
		for _, row := range l.Rows {
			most = max(most, row.Workers)
		}
		if most == 1 {
			continue
		}
		at := map[string]bench.Row{}
		for _, row := range l.Rows {
			if row.Workers == most {
				at[row.Mode] = row
			}
		}
		for mode, row := range at {
			all[name("efficiency of %s on %d", mode, most)] = row.Efficiency
			if base := at["goroutine"].FilesPerSecond.Median; mode != "goroutine" && base > 0 {
				all[name("%s / goroutine on %d", mode, most)] = row.FilesPerSecond.Median / base
			}
		}
	}
	return all
}
