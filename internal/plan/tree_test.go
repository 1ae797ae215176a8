package plan

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/internal/job"
)

// tree makes a folder with files, named with slashes, and works in it. A name
// that ends with a slash is a folder, and "a -> b" is a link to b.
func tree(t *testing.T, names ...string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, name := range names {
		link, target, isLink := strings.Cut(name, " -> ")
		name = filepath.FromSlash(link)
		must(t, os.MkdirAll(filepath.Dir(name), 0o777))
		switch {
		case isLink:
			must(t, os.Symlink(filepath.FromSlash(target), name))
		case strings.HasSuffix(link, "/"):
			must(t, os.MkdirAll(name, 0o777))
		default:
			must(t, os.WriteFile(name, []byte(link), 0o666))
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// planned makes the plan of a configuration, which gets the suffix _gray if it
// says nothing else.
func planned(t *testing.T, c Config, paths ...string) *found {
	t.Helper()
	if c.Suffix == "" && c.Out == "" && !c.InPlace && c.Format == "" {
		c.Suffix = "_gray"
	}
	c.Paths = paths
	must(t, c.Validate())
	return opened(t, c)
}

// found is what a plan has found.
type found struct {
	items   []Item // in the order of the walk
	ignored int
	bytes   int64
}

// opened opens a plan and walks it to its end.
func opened(t *testing.T, c Config) *found {
	t.Helper()
	p, err := Open(t.Context(), c)
	must(t, err)
	f := &found{}
	for list := range p.lists() {
		f.items = append(f.items, list...)
	}
	files, bytes, known := p.Total()
	if files != len(f.items) || !known || p.Cut() {
		t.Errorf("%d items, but %d files, known is %v, cut is %v", len(f.items), files, known, p.Cut())
	}
	files, counted, err := Count(t.Context(), c)
	if files != len(f.items) || counted != bytes || err != nil {
		t.Errorf("%d items of %d bytes, but Count says %d of %d, %v", len(f.items), bytes, files, counted, err)
	}
	f.ignored, f.bytes = p.Ignored(), bytes
	return f
}

// lines are the items of a plan, one a line: "input -> output", or "input:
// outcome: reason", with slashes.
func lines(p *found) []string {
	var out []string
	for _, it := range p.items {
		line := string(it.Job.Input) + " -> " + string(it.Job.Output)
		if it.Done != nil {
			line = string(it.Job.Input) + ": " + string(it.Done.Outcome) + ": " + it.Done.Reason
		}
		out = append(out, filepath.ToSlash(line))
	}
	return out
}

// check compares the items of a plan.
func check(t *testing.T, p *found, want ...string) {
	t.Helper()
	if got := lines(p); !slices.Equal(got, want) {
		t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
	var bytes int64
	for _, it := range p.items {
		bytes += it.Bytes
		switch {
		case it.Done == nil:
		case it.Done.Input != it.Job.Input:
			t.Errorf("the result of %q says %q", it.Job.Input, it.Done.Input)
		case it.Done.Outcome == job.OK, it.Done.Reason == "", strings.Contains(it.Done.Reason, "\n"):
			t.Errorf("%q: %s, %q", it.Job.Input, it.Done.Outcome, it.Done.Reason)
		}
	}
	if p.bytes != bytes {
		t.Errorf("%d bytes, want %d", p.bytes, bytes)
	}
}
