package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

// Sizes of what is measured.
const (
	rounds       = 5                     // of each run: the least wall time counts, since others can only add to it, and the median of CPU
	slowFiles    = 48                    // files of a run on slow storage, where only opens are counted
	slowLatency  = 20 * time.Millisecond // and how long one takes
	aheadFrom    = 2.0                   // opens at once on one worker, from which on it reads ahead
	folderTrials = 2000                  // files made and renamed
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
	if l.Plan, l.Journal, err = p.serial(tree, one, l.Files); err != nil {
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
	var wall, cpu, parent []float64
	for range rounds {
		all, err := p.each(tree, one, files, name, "--journal", p.journal())
		if err != nil {
			return m, err
		}
		wall, cpu, parent = append(wall, all.wall), append(cpu, all.cpu), append(parent, all.parent)
	}
	m.Wall, m.CPU, m.Parent = slices.Min(wall), median(cpu), median(parent)
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

// perFile is what a file took, in microseconds.
type perFile struct{ wall, cpu, parent float64 }

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
	return perFile{us(one.wall, all.wall), us(one.cpu, all.cpu), us(one.parent, all.parent)}
}

// serial measures what is done for one file after another: what it takes to find
// that a file is up to date and to say so, which is more than to find it; and the
// CPU of a journal, against a run that keeps none.
func (p imgpar) serial(tree, one string, files int) (plan, journal float64, err error) {
	var plans, journals []float64
	for range rounds {
		without, err := p.each(tree, one, files, "goroutine", "--no-journal")
		if err != nil {
			return 0, 0, err
		}
		with, err := p.each(tree, one, files, "goroutine", "--journal", p.journal())
		if err != nil {
			return 0, 0, err
		}
		journals = append(journals, with.cpu-without.cpu)
		again, output, err := p.run(tree, 1, "goroutine", "--journal", p.journal(), "--json") // of each, the outputs are there
		if err != nil {
			return 0, 0, err
		}
		output.Close()
		plans = append(plans, float64(again.wall.Nanoseconds())/1e3/float64(files))
	}
	return slices.Min(plans), max(median(journals), 0), nil
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
	return median(locked), nil
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

// slowRun is a run on slow storage.
type slowRun struct {
	figures
	opens
	files int
}

// opensEach is of a file; those of the run itself, on its folders, are few.
func (r slowRun) opensEach() float64 { return float64(r.Number / r.files) }

// atOnce is how many opens waited at the same time, on the average.
func (r slowRun) atOnce() float64 {
	return float64(r.Number) * r.MS / 1e3 / r.wall.Seconds()
}

// onSlow runs on copies of files, on storage that is slow for inputs and outputs.
func (p imgpar) onSlow(slowfs string, latency time.Duration, files []string, tree string, jobs int, mode string, more ...string) (r slowRun, err error) {
	below, err := os.MkdirTemp(p.scratch, "below")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(below)
	above, err := os.MkdirTemp(p.scratch, "slow")
	if err != nil {
		return r, err
	}
	defer os.Remove(above)
	if err := copyFiles(files, tree, filepath.Join(below, "in")); err != nil {
		return r, err
	}
	m, err := mount(slowfs, latency, below, above)
	if err != nil {
		return r, err
	}
	slow := imgpar{p.program, p.args, above}
	f, output, err := slow.run(filepath.Join(above, "in"), jobs, mode, append([]string{"--journal", filepath.Join(p.scratch, "journal")}, more...)...)
	if output != nil {
		output.Close()
	}
	os.Remove(filepath.Join(p.scratch, "journal"))
	o, ended := m.unmount()
	if err == nil {
		err = ended
	}
	if made, _ := list(filepath.Join(below, "out")); err == nil && len(made) != len(files) {
		err = fmt.Errorf("%d outputs of %d files", len(made), len(files))
	}
	return slowRun{f, o, len(files)}, err
}

// list returns the files below a folder.
func list(folder string) (names []string, err error) {
	err = filepath.WalkDir(folder, func(name string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			names = append(names, name)
		}
		return err
	})
	return names, err
}

// copyFiles copies files below a folder to the same places below another.
func copyFiles(names []string, from, to string) error {
	for _, name := range names {
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		copied := filepath.Join(to, rel)
		if err := os.MkdirAll(filepath.Dir(copied), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(copied, data, 0o666); err != nil {
			return err
		}
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

func median(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	n := len(sorted)
	return (sorted[n/2] + sorted[(n-1)/2]) / 2
}
