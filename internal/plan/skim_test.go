package plan

import (
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/journal"
)

// withJournal opens the journal of a run.
func withJournal(t *testing.T, c Config) (_ Config, end func()) {
	t.Helper()
	j, err := journal.Open("journal")
	must(t, err)
	c.Journal = j
	return c, func() { must(t, j.Close()) }
}

// doAll makes every output that a run would make.
func doAll(t *testing.T, c Config) {
	t.Helper()
	c, end := withJournal(t, c)
	defer end()
	p, err := Open(t.Context(), c)
	must(t, err)
	for it := range p.Items() {
		if it.Done != nil {
			continue
		}
		out := string(it.Job.Output)
		must(t, os.MkdirAll(filepath.Dir(out), 0o777))
		must(t, os.WriteFile(out, []byte(out), 0o666))
		res := it.Job.End(job.OK, "")
		res.OutBytes, res.State = 1, stateOf(t, it.Job, it.Job.Target)
		must(t, p.Record(it, res))
	}
}

// decisions says of all items of a run what is decided of them, by their inputs.
// Without passOver all are looked at one by one.
func decisions(t *testing.T, c Config, passOver bool) (said map[string]string, passed int) {
	t.Helper()
	c, end := withJournal(t, c)
	defer end()
	p, err := Open(t.Context(), c)
	must(t, err)
	var files, bytes atomic.Int64
	if passOver {
		p.PassOver(func(n int, size int64) { files.Add(int64(n)); bytes.Add(size) })
	}
	said = map[string]string{}
	sum := int64(0)
	for it := range p.Items() {
		said[string(it.Job.Input)] = says(it)
		sum += it.Bytes
	}
	all, allBytes, known := p.Total()
	if all != len(said)+int(files.Load()) || allBytes != sum+bytes.Load() || !known {
		t.Errorf("%d files of %d bytes, want %d and %d of %d and %d", all, allBytes, len(said), files.Load(), sum, bytes.Load())
	}
	return said, int(files.Load())
}

// What is passed over is what would be found to be up to date one by one, whatever
// has become of inputs and outputs since.
func TestPassingOverIsLookingFaster(t *testing.T) {
	for n, c := range []struct {
		cfg  Config
		none bool // nothing can be passed over
	}{
		{cfg: Config{Out: "out"}},
		{cfg: Config{Suffix: "_gray"}},
		{cfg: Config{Out: "out", Format: codec.PNG, Conflict: SkipConflict}},
		{cfg: Config{Out: "out", Name: "{dir}/x-{stem}.{op}.{ext}", Op: "gray"}},
		{cfg: Config{Out: "out", listed: 5}},
		{cfg: Config{Suffix: "_gray", listed: 5}},
		{cfg: Config{Out: "out", Paths: []string{"p", "q"}}},
		{cfg: Config{Out: "out", Paths: []string{"./p/"}}},
		{cfg: Config{Out: "out", Job: job.Job{Target: job.Target{Overwrite: true}}}, none: true},
		{cfg: Config{Out: "out", Job: job.Job{Checksum: true}}, none: true},
		{cfg: Config{Out: "out", Conflict: RenameConflict}, none: true},
		{cfg: Config{Out: "out", Name: "{stem}{dir}.{ext}"}, none: true},
	} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			tree(t, "p/a.jpg", "p/b.jpg", "p/c.JPG", "p/d.gif", "p/é.png", "p/f", "p/g.heic", "p/link.jpg -> a.jpg", "p/gone.jpg -> nothing",
				"p/sub/a.jpg", "p/sub/b.jpg", "p/sub/c.jpg", "p/sub/d.jpg", "p/sub/e.jpg", "p/sub/f.jpg", "p/sub/g.jpg", "p/met/a.jpg", "q/h.jpg")
			if c.cfg.Paths == nil {
				c.cfg.Paths = []string{"p"}
			}
			doAll(t, c.cfg)
			same(t, c.cfg, c.none)
			later := time.Now().Add(time.Hour)
			must(t, os.Chtimes("p/sub/a.jpg", later, later))
			must(t, os.WriteFile("p/met/A.jpg", nil, 0o666)) // is no input beside a.jpg where case does not matter
			must(t, os.WriteFile("p/sub/new.jpg", nil, 0o666))
			touchOutputs(t, c.cfg)
			same(t, c.cfg, c.none)
		})
	}
}

// touchOutputs changes one output and takes another away.
func touchOutputs(t *testing.T, c Config) {
	t.Helper()
	c.Journal = nil
	p, err := Open(t.Context(), c)
	must(t, err)
	for it := range p.Items() {
		switch out := string(it.Job.Output); it.Job.Input {
		case "p/sub/b.jpg":
			must(t, os.WriteFile(out, []byte("edited"), 0o666))
		case "p/sub/c.jpg":
			must(t, os.Remove(out))
		}
	}
}

// same holds a run that passes over against one that does not.
func same(t *testing.T, c Config, none bool) {
	t.Helper()
	slow, _ := decisions(t, c, false)
	fast, passed := decisions(t, c, true)
	if none != (passed == 0) {
		t.Errorf("%d are passed over", passed)
	}
	for input, said := range slow {
		if _, ok := fast[input]; !ok && said == upToDate {
			delete(slow, input)
			passed--
		}
	}
	if passed != 0 {
		t.Errorf("%d more are passed over than are up to date", passed)
	}
	if diff := gocmp.Diff(slow, fast); diff != "" {
		t.Error(diff)
	}
}
