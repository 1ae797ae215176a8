//go:build chaos && linux

package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// verdict collects what is wrong with a run.
type verdict struct {
	pictures []picture
	deeds    map[string]string // what hits each, by name
	seen     map[string]result // by input
	wrong    []string
}

func (v *verdict) fail(format string, args ...any) {
	v.wrong = append(v.wrong, fmt.Sprintf(format, args...))
}

// judge begins with the results: each input has one, and nothing else has.
func judge(pictures []picture, deeds map[string]string, r ran) *verdict {
	v := &verdict{pictures: pictures, deeds: deeds, seen: map[string]result{}, wrong: r.zombies}
	known := map[string]bool{}
	for _, p := range pictures {
		known[p.name] = true
	}
	for _, one := range r.results {
		switch _, twice := v.seen[one.Input]; {
		case !known[one.Input]:
			v.fail("there is a result of %s, which is no input (%s)", one.Input, deeds[one.Input])
		case twice:
			v.fail("%s has two results", one.Input)
		}
		v.seen[one.Input] = one
	}
	return v
}

// expected is what becomes of a picture if the run goes on to its end.
func (v *verdict) expected(p picture) expectation {
	if deed, hit := v.deeds[p.name]; hit {
		return expectations[deed]
	}
	return expectation{outcome: "ok"}
}

// outcomes holds each result against what is expected of the picture. others are outcomes
// that any picture may have.
func (v *verdict) outcomes(others ...string) {
	for _, p := range v.pictures {
		want, got := v.expected(p), v.seen[p.name]
		other := false
		for _, o := range others {
			other = other || got.Outcome == o
		}
		switch {
		case got.Outcome == "":
			v.fail("%s (%s) has no result", filepath.Base(p.name), v.deeds[p.name])
		case other:
		case !want.fits(got):
			v.fail("%s (%s) is %s: %s; want %s: %s", filepath.Base(p.name), v.deeds[p.name], got.Outcome, got.Reason, want.outcome, want.reason)
		}
	}
}

// tree holds the output folder against the results: what is ok is there, to the byte, what
// is not has nothing, and there is nothing else.
func (v *verdict) tree(out string) error {
	owner := map[string]picture{}
	for _, p := range v.pictures {
		owner[p.want] = p
	}
	found := map[string]bool{}
	err := filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name := filepath.Base(path)
		found[name] = true
		p, known := owner[name]
		got := v.seen[p.name].Outcome
		data, err := os.ReadFile(path)
		switch {
		case err != nil:
			return err
		case !known:
			v.fail("%s (%d bytes) has nothing to do in the output folder", name, len(data))
		case got != "ok":
			v.fail("%s (%s) is %s, and has an output", name, v.deeds[p.name], got)
		case !bytes.Equal(data, p.made):
			v.fail("%s (%s) is not what an undisturbed run makes", name, v.deeds[p.name])
		}
		return nil
	})
	for name, p := range owner {
		if v.seen[p.name].Outcome == "ok" && !found[name] {
			v.fail("%s is ok, and not there", name)
		}
	}
	return err
}

// sum holds the summary and the exit status against the results.
func (v *verdict) sum(r ran, status int) {
	if r.status != status {
		v.fail("exit status %d, want %d: %s", r.status, status, r.stderr)
	}
	n := map[string]int{}
	for _, one := range v.seen {
		n[one.Outcome]++
	}
	want := summary{Inputs: len(v.pictures), OK: n["ok"], Skipped: n["skipped"], Failed: n["failed"], Crashed: n["crashed"], Timeout: n["timeout"], Canceled: n["canceled"]}
	if r.summary == nil {
		v.fail("there is no summary")
		return
	}
	want.Seconds, want.Deaths = r.summary.Seconds, r.summary.Deaths
	if *r.summary != want {
		v.fail("the summary is %+v, want %+v", *r.summary, want)
	}
}

// perCrash is how many workers a picture may kill.
const perCrash = 2

// deaths holds the workers' deaths against those that are expected.
func (v *verdict) deaths(r ran) (got int) {
	least, most := 0, 0
	for _, deed := range v.deeds {
		e := expectations[deed]
		least += e.deaths
		most += e.deaths
		if e.later { // and the one that dies later has not to die again
			least--
			most++
		}
		if e.barred {
			most += perCrash
		}
	}
	if r.summary == nil {
		return 0 // it is said already
	}
	d := r.summary.Deaths
	got = d.Crashed + d.Timeout + d.Memory
	if got < least || got > most {
		v.fail("%d workers died (%+v), want %d to %d", got, d, least, most)
	}
	return got
}

// after looks at what a run leaves behind, whatever has become of it.
func (s *suite) after(v *verdict, r ran, killed bool) error {
	left, err := leftovers(killed)
	v.wrong = append(v.wrong, left...)
	if err != nil {
		return err
	}
	changed, err := unchanged(s.pictures, s.in())
	v.wrong = append(v.wrong, changed...)
	if limit := int64(s.most) << 20; r.peak > limit {
		v.fail("the parent had %d MiB resident, the limit is %d", r.peak>>20, s.most)
	}
	return err
}
