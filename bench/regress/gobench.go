package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/imgpar/imgpar/bench"
)

// benchTime is how long a Go benchmark runs in a round, at least one iteration.
const benchTime = "100ms"

// goBenchmarks measures pairs, by the test programs of their packages. One CPU is
// used: a library that spreads a picture over several is not faster for it when every
// CPU has pictures of its own.
type goBenchmarks struct {
	rounds int
	dir    string // has the test programs
}

// measure takes the median of several rounds, of which each runs everything once.
func (g *goBenchmarks) measure(pairs []pair) (ratios, error) {
	var packages []string
	benchmarks := map[string][]string{}
	for _, p := range pairs {
		if benchmarks[p.pkg] == nil {
			packages = append(packages, p.pkg)
		}
		benchmarks[p.pkg] = append(benchmarks[p.pkg], p.ours, p.theirs)
	}
	rounds := map[string][]float64{}
	for range g.rounds {
		for _, pkg := range packages {
			out, err := g.run(pkg, benchmarks[pkg])
			if err != nil {
				return nil, err
			}
			times := parse(out)
			for _, p := range pairs {
				if p.pkg != pkg {
					continue
				}
				ratio, err := p.ratio(times)
				if err != nil {
					return nil, err
				}
				rounds[p.name] = append(rounds[p.name], ratio)
			}
		}
	}
	r := ratios{}
	for name, all := range rounds {
		r[name] = bench.StatOf(all).Median
	}
	return r, nil
}

// run runs benchmarks of a package in one process. Their program is built once.
func (g *goBenchmarks) run(pkg string, benchmarks []string) ([]byte, error) {
	program := filepath.Join(g.dir, strings.ReplaceAll(pkg, "/", "-")+".test")
	if _, err := os.Stat(program); err != nil {
		if out, err := exec.Command("go", "test", "-c", "-o", program, "./"+pkg).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("building the benchmarks of %s: %w\n%s", pkg, err, out)
		}
	}
	cmd := exec.Command(program, "-test.run", "^$", "-test.bench", pattern(benchmarks), "-test.benchtime", benchTime, "-test.cpu", "1")
	cmd.Dir = filepath.FromSlash(pkg)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", cmd, err, out)
	}
	return out, nil
}

// pattern matches these benchmarks, and of those below them all.
func pattern(benchmarks []string) string {
	var all []string
	for _, name := range slices.Compact(slices.Sorted(slices.Values(benchmarks))) {
		var parts []string
		for _, part := range strings.Split("Benchmark"+name, "/") {
			parts = append(parts, "^"+regexp.QuoteMeta(part)+"$")
		}
		all = append(all, strings.Join(parts, "/"))
	}
	return strings.Join(all, "|")
}

// parse reads what benchmarks print: ns/op by name.
func parse(out []byte) map[string]float64 {
	times := map[string]float64{}
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		at := slices.Index(f, "ns/op")
		if at < 2 {
			continue
		}
		name, ok := strings.CutPrefix(f[0], "Benchmark")
		if ns, err := strconv.ParseFloat(f[at-1], 64); ok && err == nil {
			times[name] = ns
		}
	}
	return times
}

// ratio is how many times as fast ours is.
func (p pair) ratio(times map[string]float64) (float64, error) {
	for _, name := range []string{p.ours, p.theirs} {
		if !(times[name] > 0) {
			return 0, fmt.Errorf("%s has no benchmark %s, which pairs.go names", p.pkg, name)
		}
	}
	return times[p.theirs] / times[p.ours], nil
}
