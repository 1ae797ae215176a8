package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/imgpar/imgpar/bench"
)

// Sizes of what is measured.
const (
	rounds       = 5                      // of each run: the least wall time counts, since others can only add to it, and the median of CPU
	slowFiles    = 32                     // files of a run on slow storage, where only opens are counted
	slowLatency  = 100 * time.Millisecond // and how long one takes: more than the work on a photo
	tinyFiles    = 3000                   // of which what is serial is measured, with any pictures in them
	aheadFrom    = 2.0                    // opens at once on one worker, from which on it reads ahead
	folderTrials = 2000                   // files made and renamed
)

var modes = []string{"goroutine", "proc"}

// measureLoad measures what a load costs on one worker, with the folder scratch for
// outputs.
func measureLoad(program string, args []string, tree, scratch, slowfs string) (load, error) {
	l := load{Command: append(append([]string{"imgpar"}, args...), "PATH")}
	p := imgpar{program, args, scratch}
	files, err := list(tree)
	if err != nil {
		return l, err
	}
	if l.Files = len(files); l.Files < 2 {
		return l, fmt.Errorf("%s holds %d files", tree, l.Files)
	}
	one := filepath.Join(scratch, "one")
	if err := copyFiles(files[:1], tree, one); err != nil {
		return l, err
	}
	defer os.RemoveAll(one)
	for _, name := range modes {
		m, err := p.mode(name, tree, one, l.Files)
		if err != nil {
			return l, err
		}
		l.Modes = append(l.Modes, m)
	}
	if l.Plan, l.Journal, err = p.serial(); err != nil {
		return l, err
	}
	if l.Folder, err = folderTime(scratch); err != nil {
		return l, err
	}
	return l, p.opens(l.Modes, files, tree, slowfs)
}

// mode measures a mode on one worker. What a run of one file takes is the begin and
// the end of any, and taken off.
func (p imgpar) mode(name, tree, one string, files int) (mode, error) {
	m := mode{Name: name}
	var took []perFile
	for range rounds {
		each, err := p.each(tree, one, files, name, "--journal", p.journal())
		if err != nil {
			return m, err
		}
		took = append(took, each)
	}
	m.take(took)
	if err := p.fresh(); err != nil {
		return m, err
	}
	_, output, err := p.run(tree, 1, name, "--journal", p.journal(), "--json")
	if err == nil {
		defer output.Close()
		m.Service, err = service(output)
	}
	if err == nil && len(m.Service) != files {
		err = fmt.Errorf("%d results of %d files", len(m.Service), files)
	}
	m.Service = thin(m.Service, kept)
	return m, err
}

// perFile is what a file took, and what the run did beside its files, in
// microseconds.
type perFile struct{ begin, wall, cpu, parent, storage float64 }

// take takes in rounds. Others on the machine can only add to wall time.
func (m *mode) take(rounds []perFile) {
	of := func(get func(perFile) float64) (list []float64) {
		for _, r := range rounds {
			list = append(list, get(r))
		}
		return list
	}
	m.Begin = slices.Min(of(func(r perFile) float64 { return r.begin }))
	m.Wall = slices.Min(of(func(r perFile) float64 { return r.wall }))
	m.CPU = bench.StatOf(of(func(r perFile) float64 { return r.cpu })).Median
	m.Parent = bench.StatOf(of(func(r perFile) float64 { return r.parent })).Median
	m.Storage = bench.StatOf(of(func(r perFile) float64 { return r.storage })).Median
}

// each is what a file of a tree takes in a run that makes all of them.
func (p imgpar) each(tree, one string, files int, mode string, more ...string) (perFile, error) {
	var took [2]figures
	for i, path := range []string{one, tree} {
		if err := p.fresh(); err != nil {
			return perFile{}, err
		}
		f, output, err := p.run(path, 1, mode, more...)
		if err != nil {
			return perFile{}, err
		}
		output.Close()
		took[i] = f
	}
	return between(took[0], took[1], files), nil
}

// between is what a file takes, by a run of one and a run of all.
func between(one, all figures, files int) perFile {
	us := func(a, b time.Duration) float64 { return float64((b - a).Nanoseconds()) / 1e3 / float64(files-1) }
	f := perFile{wall: us(one.wall, all.wall), cpu: us(one.cpu, all.cpu), parent: us(one.parent, all.parent), storage: us(one.storage, all.storage)}
	f.begin = max(inMicros(one.wall)-f.wall, 0)
	return f
}

// serial measures what is done for one file after another, in microseconds: what it
// takes to find that a file is up to date and to say so, which is more than to find
// it; and the CPU of a journal, against a run that keeps none. Neither depends on the
// picture, so it is done with many that are tiny.
func (p imgpar) serial() (plan, journal float64, err error) {
	tree, one := filepath.Join(p.scratch, "tiny"), filepath.Join(p.scratch, "tiny-one")
	defer os.RemoveAll(tree)
	defer os.RemoveAll(one)
	if err := makeTiny(tree, tinyFiles); err != nil {
		return 0, 0, err
	}
	if err := makeTiny(one, 1); err != nil {
		return 0, 0, err
	}
	p.args = []string{"gray"}
	var plans, journals []float64
	for range rounds {
		without, err := p.each(tree, one, tinyFiles, "goroutine", "--no-journal")
		if err != nil {
			return 0, 0, err
		}
		with, err := p.each(tree, one, tinyFiles, "goroutine", "--journal", p.journal())
		if err != nil {
			return 0, 0, err
		}
		journals = append(journals, with.cpu-without.cpu)
		var again [2]figures
		for i, path := range []string{one, tree} { // of each, the outputs are there now
			f, output, err := p.run(path, 1, "goroutine", "--journal", p.journal(), "--json")
			if err != nil {
				return 0, 0, err
			}
			output.Close()
			again[i] = f
		}
		plans = append(plans, between(again[0], again[1], tinyFiles).wall)
	}
	return max(slices.Min(plans), 0), max(bench.StatOf(journals).Median, 0), p.fresh()
}

// folderTime measures how long the kernel may keep a folder locked for a file: while
// it makes one there, and while it renames it, in microseconds.
func folderTime(scratch string) (float64, error) {
	folder, err := os.MkdirTemp(scratch, "folder")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(folder)
	var locked []float64
	for i := range folderTrials {
		name := filepath.Join(folder, strconv.Itoa(i))
		begun := time.Now()
		f, err := os.OpenFile(name+".tmp", os.O_RDWR|os.O_CREATE, 0o666)
		took := time.Since(begun)
		if err != nil {
			return 0, err
		}
		if err := f.Close(); err != nil {
			return 0, err
		}
		begun = time.Now()
		err = os.Rename(name+".tmp", name)
		locked = append(locked, float64((took+time.Since(begun)).Nanoseconds())/1e3)
		if err != nil {
			return 0, err
		}
	}
	return bench.StatOf(locked).Median, nil
}

// opens counts the opens of a file in each mode, and finds out by how many wait at
// once whether the program reads ahead.
func (p imgpar) opens(list []mode, files []string, tree, slowfs string) error {
	files = files[:min(len(files), slowFiles)]
	for i := range list {
		r, err := p.onSlow(slowfs, slowLatency, files, tree, 1, list[i].Name)
		if err != nil {
			return err
		}
		list[i].Opens = r.opensEach()
		list[i].Ahead = r.atOnce() >= aheadFrom
	}
	return nil
}

// thin leaves at most so many values, of all parts of the list.
func thin(list []float64, most int) []float64 {
	if len(list) <= most {
		return list
	}
	thinned := make([]float64, most)
	for i := range thinned {
		thinned[i] = list[i*len(list)/most]
	}
	return thinned
}
