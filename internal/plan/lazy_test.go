package plan

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

// many makes n empty files in a folder, named by a format: hard links to one, as
// far as the system goes, because that is quick.
func many(t *testing.T, dir, format string, n int) {
	t.Helper()
	must(t, os.MkdirAll(dir, 0o777))
	first := filepath.Join(dir, fmt.Sprintf(format, 0))
	for i := range n {
		name := filepath.Join(dir, fmt.Sprintf(format, i))
		if i > 0 && os.Link(first, name) == nil {
			continue
		}
		must(t, os.WriteFile(name, nil, 0o666))
	}
}

// outcomes counts what became of the items of a plan.
func outcomes(p *found) map[job.Outcome]int {
	counts := map[job.Outcome]int{}
	for _, it := range p.items {
		if it.Done != nil {
			counts[it.Done.Outcome]++
		} else {
			counts[""]++
		}
	}
	return counts
}

// More files than a batch holds are still held against each other.
func TestAFolderOfSeveralBatches(t *testing.T) {
	tree(t)
	many(t, "p", "%05d.jpg", 3*maxBatch)
	many(t, "p", "%05d.png", 2)
	many(t, "p/sub", "%05d.jpg", 2)
	p := planned(t, Config{Out: "out", Format: codec.PNG}, "p")
	if c := outcomes(p); len(p.items) != 3*maxBatch+4 || c[job.Failed] != 4 || c[""] != 3*maxBatch {
		t.Errorf("%v", c)
	}
	for _, it := range p.items {
		if bad := strings.HasSuffix(string(it.Job.Output), "out/00000.png") || strings.HasSuffix(string(it.Job.Output), "out/00001.png"); bad != (it.Done != nil) {
			t.Errorf("%s: %+v", it.Job.Input, it.Done)
		}
	}
}

// A huge folder is read several times; everything else is as in a small one.
func TestAHugeFolder(t *testing.T) {
	const n = 2*maxBatch + 500
	tree(t, "p/sub/z.jpg", "p/text", "p/.hidden.jpg", "p/00001.gif")
	many(t, "p", "%05d.jpg", n)
	must(t, os.WriteFile("p/"+ignoreFile, []byte("00005.jpg\n"), 0o666))

	p := planned(t, Config{Out: "out", Format: codec.PNG, listed: n / 2}, "p")
	c := outcomes(p)
	if len(p.items) != n+1 || c[job.Failed] != 2 || c[""] != n-1 || p.ignored != 4 {
		t.Errorf("%d items, %v, %d ignored", len(p.items), c, p.ignored)
	}
	if last := p.items[len(p.items)-1]; last.Job.Input != "p/sub/z.jpg" {
		t.Errorf("the last is %s", last.Job.Input)
	}

	many(t, "p", "%05d_gray.jpg", 3)
	p = planned(t, Config{listed: n / 2}, "p")
	if c := outcomes(p); len(p.items) != n+1 || c[""] != n+1 || p.ignored != 4+3 {
		t.Errorf("beside the inputs: %d items, %v, %d ignored", len(p.items), c, p.ignored)
	}
}

// peakOf takes the items of a plan and returns the most heap in use on the way,
// above that of the start.
func peakOf(p *Plan) (peak uint64) {
	inUse := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	begin, n := inUse(), 0
	for range p.Items() {
		if n++; n%5000 == 0 {
			peak = max(peak, inUse())
		}
	}
	return peak - min(peak, begin)
}

// The memory of a walk does not depend on the number of files; what is kept of
// those in one huge folder is some hashes.
func TestMemoryIsFlat(t *testing.T) {
	tree(t)
	for i := range 25 {
		many(t, fmt.Sprintf("p/folder%02d", i), "a name that is not all that short %d.jpg", 1000)
	}
	many(t, "q", "a name that is not all that short %d.jpg", 25_000)
	for _, path := range []string{"p", "q"} {
		p, err := Open(t.Context(), Config{Out: "out", Paths: []string{path}, listed: 5000})
		must(t, err)
		if peak := peakOf(p); peak > 12<<20 {
			t.Errorf("%s: %d bytes in use", path, peak)
		}
		if files, _, _ := p.Total(); files != 25_000 {
			t.Errorf("%s: %d files", path, files)
		}
	}
}

// Where names cannot meet across folders, nothing is read before it is wanted.
func TestOpenDoesNotWalk(t *testing.T) {
	tree(t, "p/a.jpg")
	p, err := Open(t.Context(), Config{Out: "out", Paths: []string{"p"}})
	must(t, err)
	if files, _, known := p.Total(); files != 0 || known {
		t.Errorf("%d files, known is %v", files, known)
	}
	must(t, os.WriteFile("p/late.jpg", nil, 0o666))
	n := 0
	for range p.Items() {
		n++
	}
	if _, _, known := p.Total(); n != 2 || !known {
		t.Errorf("%d items, known is %v", n, known)
	}
}

// Where they can, what comes up after the first walk is not of this run.
func TestTheFirstWalkDecidesWhatIsAnInput(t *testing.T) {
	for _, c := range []Config{
		{Out: "out", Paths: []string{"p", "q"}},
		{Out: "out", Name: "{stem}.{ext}", Paths: []string{"."}},
		{Out: ".", Suffix: "_x", Paths: []string{"p"}},
	} {
		tree(t, "p/a.jpg", "q/b.jpg", "q/sub/c.jpg")
		p, err := Open(t.Context(), c)
		must(t, err)
		files, bytes, known := p.Total()
		if files == 0 || bytes == 0 || !known {
			t.Errorf("%q: %d files of %d bytes, known is %v", c.Paths, files, bytes, known)
		}
		must(t, os.WriteFile("p/late.jpg", nil, 0o666))
		must(t, os.WriteFile("q/sub/late.jpg", nil, 0o666))
		n := 0
		for it := range p.Items() {
			if n++; strings.Contains(string(it.Job.Input), "late") {
				t.Errorf("%s is an item", it.Job.Input)
			}
		}
		if n != files {
			t.Errorf("%q: %d items of %d", c.Paths, n, files)
		}
	}
}

func TestWhereNamesReachFar(t *testing.T) {
	tree(t, "p/sub/a.jpg", "out/", "link -> p")
	for _, c := range []struct {
		cfg  Config
		want bool
	}{
		{Config{Suffix: "_x", Paths: []string{"p"}}, false},
		{Config{Out: "out", Paths: []string{"p"}}, false},
		{Config{Out: "new", Paths: []string{"p"}}, false},
		{Config{Out: "p/out", Paths: []string{"p"}}, false},
		{Config{Out: "p", Paths: []string{"p/sub"}}, true},
		{Config{Out: "p", Paths: []string{"link/sub"}}, true},
		{Config{Out: "link", Paths: []string{"p/sub"}}, true},
		{Config{Out: ".", Paths: []string{"p"}}, true},
		{Config{Out: "out", Paths: []string{"p", "out"}}, true},
		{Config{Out: "out", Name: "{stem}.{ext}", Paths: []string{"p"}}, true},
		{Config{Out: "out", Name: "{dir}/{stem}_1.{ext}", Paths: []string{"p"}}, false},
	} {
		p, err := newPlan(t.Context(), c.cfg)
		must(t, err)
		if got := p.cfg.reachesFar(); got != c.want {
			t.Errorf("%q to %q, %q: %v", c.cfg.Paths, c.cfg.Out, c.cfg.Name, got)
		}
	}
}

// When the run is stopped, what was not begun is still found, and canceled.
func TestAWalkThatIsStopped(t *testing.T) {
	tree(t)
	for i := range 25 {
		many(t, fmt.Sprintf("p/%02d", i), "%d.jpg", 200)
	}
	ctx, stop := context.WithCancelCause(t.Context())
	defer stop(nil)
	p, err := Open(ctx, Config{Out: "out", Paths: []string{"p"}})
	must(t, err)
	total, canceled := 0, 0
	for it := range p.Items() {
		if total++; total == 1 {
			stop(errors.New("enough"))
		}
		if it.Done != nil && it.Done.Outcome == job.Canceled && it.Done.Reason == "enough" {
			canceled++
		}
	}
	if p.Cut() || total != 5000 || canceled < 1000 || canceled == total {
		t.Errorf("%d items, %d canceled, cut is %v", total, canceled, p.Cut())
	}
}

// It does not go on for long.
func TestAWalkThatIsCutOff(t *testing.T) {
	tree(t, "p/a.jpg", "p/b/c.jpg")
	ctx, stop := context.WithCancel(t.Context())
	p, err := Open(ctx, Config{Out: "out", Paths: []string{"p"}})
	must(t, err)
	w := p.walker()
	stop()
	if !w.goesOn() || w.cut || time.Until(w.until) > grace {
		t.Errorf("cut is %v, until %v", w.cut, w.until)
	}
	if w.until = time.Now().Add(-1); w.goesOn() || !w.cut {
		t.Errorf("it goes on; cut is %v", w.cut)
	}
}

func TestAgain(t *testing.T) {
	tree(t, "p/a.jpg", "p/sub/b.jpg", "p/sub/deep/c.jpg", "p/raw/d.jpg", "q/a.jpg", "e.jpg")
	must(t, os.WriteFile("p/"+ignoreFile, []byte("raw/\nsub/x*\n"), 0o666))
	again := func(c Config, folder string) []string {
		p, err := Open(t.Context(), c)
		must(t, err)
		for range p.Items() {
		}
		must(t, os.WriteFile(filepath.Join(folder, "new.jpg"), nil, 0o666))
		must(t, os.WriteFile(filepath.Join(folder, "xnew.jpg"), nil, 0o666))
		f := &found{}
		for it := range p.Again(t.Context(), folder) {
			f.items = append(f.items, it)
		}
		return lines(f)
	}
	for _, c := range []struct {
		cfg    Config
		folder string
		want   []string
	}{
		{Config{Out: "out", Paths: []string{"p"}}, "p/sub", []string{"p/sub/b.jpg -> out/sub/b.jpg", "p/sub/new.jpg -> out/sub/new.jpg"}},
		{Config{Out: "out", Paths: []string{"./p"}}, "p/.", []string{"p/a.jpg -> out/a.jpg", "p/new.jpg -> out/new.jpg", "p/xnew.jpg -> out/xnew.jpg"}},
		{Config{Out: "out", Paths: []string{"p"}}, "p/raw", nil},
		{Config{Out: "out", Paths: []string{"p"}}, "q", nil},
		{Config{Out: "out", Paths: []string{"p", "q"}}, "q", []string{
			"q/a.jpg: failed: collision: p/a.jpg would write out/a.jpg, too",
			"q/new.jpg: failed: collision: p/new.jpg would write out/new.jpg, too",
			"q/xnew.jpg: failed: collision: p/xnew.jpg would write out/xnew.jpg, too"}},
		{Config{Suffix: "_x", Paths: []string{"."}}, ".", []string{"e.jpg -> e_x.jpg", "new.jpg -> new_x.jpg", "xnew.jpg -> xnew_x.jpg"}},
	} {
		if got := again(c.cfg, c.folder); !slices.Equal(got, c.want) {
			t.Errorf("%q, %s:\n%q, want\n%q", c.cfg.Paths, c.folder, got, c.want)
		}
	}
}

// The folder that changed is found again only if a walk would come into it: it is
// there, is no link, and nothing above it is left out.
func TestFindingAFolderAgain(t *testing.T) {
	tree(t, "p/a.jpg", "p/sub/deep/", "p/.hidden/x/", "p/raw/x/", "p/no/x/", "p/out/x/", "q/", "p/link -> ../q", "file")
	must(t, os.WriteFile("p/"+ignoreFile, []byte("raw/\n"), 0o666))
	c := Config{Out: "p/out", Paths: []string{"file", "p"}, Exclude: []string{"no"}}
	for dir, want := range map[string]bool{
		"p": true, "p/sub": true, "./p/sub/deep/": true, "p/.hidden": false, "p/.hidden/x": false, "p/raw": false, "p/raw/x": false,
		"p/no/x": false, "p/out": false, "p/out/x": false, "q": false, "p/link": false, "p/nowhere": false, "p/a.jpg": false, "file": false, ".": false,
	} {
		p, err := newPlan(t.Context(), c)
		must(t, err)
		if got := p.walker().find(filepath.Clean(dir)) != nil; got != want {
			t.Errorf("%s: %v", dir, got)
		}
	}
}
