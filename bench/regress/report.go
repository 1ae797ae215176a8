package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/imgpar/imgpar/bench"
)

// measureImgpar runs imgpar bench. It tells people on stderr how far it is.
func measureImgpar(program, dir string, paths []string) (bench.Report, error) {
	file := filepath.Join(dir, "report.json")
	cmd := exec.Command(program, append([]string{"bench", "--peers", "--json", file}, paths...)...)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return bench.Report{}, fmt.Errorf("%s: %w", cmd, err)
	}
	return bench.ReadReport(file)
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
