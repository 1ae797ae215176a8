package plan

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

// ordered calls try with the paths in every order.
func ordered(paths []string, try func([]string)) {
	if len(paths) < 2 {
		try(paths)
		return
	}
	for i := range paths {
		rest := slices.Delete(slices.Clone(paths), i, i+1)
		ordered(rest, func(p []string) { try(append([]string{paths[i]}, p...)) })
	}
}

// Whatever the order of the inputs, the same ones fail, and no other.
func TestCollisions(t *testing.T) {
	for _, c := range []struct {
		what  string
		cfg   Config
		tree  []string
		bad   []string // the others are to be run
		words string   // in the reason
	}{
		{"two formats become one", Config{Out: "out", Format: codec.PNG},
			[]string{"a.png", "a.jpg", "b.jpg"}, []string{"a.png", "a.jpg"}, " would write out/a.png, too"},
		{"three formats become one", Config{Suffix: "_x", Format: codec.PNG},
			[]string{"a.png", "a.jpg", "a.gif", "b.jpg"}, []string{"a.png", "a.jpg", "a.gif"}, " would write a_x.png, too"},
		{"folders laid over one another", Config{Out: "out"},
			[]string{"p/a.jpg", "q/a.jpg", "q/b.jpg"}, []string{"p/a.jpg", "q/a.jpg"}, " would write out/a.jpg, too"},
		{"formats are kept", Config{Out: "out"},
			[]string{"a.png", "a.jpg", "p/b.jpg"}, nil, ""},
		{"the output is another input", Config{Format: codec.PNG},
			[]string{"a.jpg", "a.png", "b.jpg"}, []string{"a.jpg", "a.png"}, " would write a.png, too"},
		{"the output is the input", Config{Format: codec.PNG},
			[]string{"a.png", "b.jpg"}, []string{"a.png"}, "collision: the output is the input itself"},
		{"the output folder holds the input", Config{Out: "."},
			[]string{"a.png", "p/b.jpg"}, []string{"a.png"}, "collision: the output is the input itself"},
		{"the output folder holds another input", Config{Out: "p"},
			[]string{"a.png", "p/q/a.png", "p/a.png"}, []string{"a.png", "p/q/a.png", "p/a.png"}, " would write p/a.png, too"},
	} {
		tree(t, c.tree...)
		ordered(c.tree, func(paths []string) {
			c.cfg.Paths = paths
			p := opened(t, c.cfg)
			for _, it := range p.items {
				name := string(it.Job.Input)
				switch bad := slices.Contains(c.bad, name); {
				case !bad && it.Done != nil:
					t.Errorf("%s, %q: %s: %s", c.what, paths, name, it.Done.Reason)
				case bad && (it.Done == nil || it.Done.Outcome != job.Failed || !strings.HasPrefix(it.Done.Reason, "collision: ") || !strings.Contains(it.Done.Reason, c.words)):
					t.Errorf("%s, %q: %s: %+v", c.what, paths, name, it.Done)
				}
			}
			if len(p.items) != len(paths) {
				t.Errorf("%s: %d items of %d", c.what, len(p.items), len(paths))
			}
		})
	}
}

// The output of one is an input that has another output itself.
func TestAnOutputThatIsAnotherInput(t *testing.T) {
	tree(t, "a.png", "p/a.png", "p/q/b.png")
	check(t, planned(t, Config{Out: "p"}, "a.png", "p/a.png"),
		"a.png: failed: collision: p/a.png would write p/a.png, too",
		"p/a.png: failed: collision: a.png would write p/a.png, too")
	tree(t, "r/a.png", "r/p/a.png")
	check(t, planned(t, Config{Out: "r/p"}, "r"), "r/a.png -> r/p/a.png")
	tree(t, "r/p/p/a.png", "r/p/a.png")
	check(t, planned(t, Config{Out: "r"}, "r/p"),
		"r/p/a.png -> r/a.png",
		"r/p/p/a.png: failed: collision: the output r/p/a.png is another input")
}

// Names that differ in case only are one file on many systems. The outcome is
// the same on all: where the tree cannot be made, the items are given by hand.
func TestCaseDoesNotMakeAnotherName(t *testing.T) {
	for _, c := range []struct {
		cfg  Config
		a, b Item
		want bool
	}{
		{Config{Suffix: "_x"}, item("A.jpg", "A_x.jpg"), item("a.jpg", "a_x.jpg"), true},
		{Config{Suffix: "_x"}, item("a.JPG", "a_x.JPG"), item("a.jpg", "a_x.jpg"), true},
		{Config{Suffix: "_x"}, item("Ä.jpg", "Ä_x.jpg"), item("ä.jpg", "ä_x.jpg"), true},
		{Config{Suffix: "_x"}, item("ſ.jpg", "ſ_x.jpg"), item("s.jpg", "s_x.jpg"), true},
		{Config{Suffix: "_x"}, item("P/a.jpg", "P/a_x.jpg"), item("p/a.jpg", "p/a_x.jpg"), false}, // the folders exist, and are two
		{Config{Out: "out"}, item("p/A.jpg", "out/A.jpg"), item("q/a.jpg", "out/a.jpg"), true},
		{Config{Out: "out"}, item("P/a.jpg", "out/P/a.jpg"), item("p/a.jpg", "out/p/a.jpg"), true}, // they are made by the run
		{Config{Out: "out"}, item("a.jpg", "out/a.jpg"), item("b.jpg", "out/b.jpg"), false},
		{Config{InPlace: true}, item("A.jpg", "A.jpg"), item("a.jpg", "a.jpg"), false},
	} {
		for _, items := range [][]Item{{c.a, c.b}, {c.b, c.a}} {
			items = slices.Clone(items)
			must(t, settleAll(c.cfg, items))
			for i, it := range items {
				if failed := it.Done != nil; failed != c.want {
					t.Errorf("%+v: %s beside %s: failed is %v, want %v", c.cfg, it.Job.Input, items[1-i].Job.Input, failed, c.want)
				}
			}
		}
	}
}

func item(in, out string) Item {
	return Item{Job: job.Job{Input: job.Path(in), Target: job.Target{Output: job.Path(out)}}}
}

// One that cannot be read writes nothing, and stands in nobody's way.
func TestWhatFailsAlreadyDoesNotCollide(t *testing.T) {
	tree(t, "a.png", "a.jpg -> nowhere")
	check(t, planned(t, Config{Out: "out", Format: codec.PNG}, "a.png", "a.jpg"),
		"a.png -> out/a.png", "a.jpg: failed: unreadable: a dangling link to nowhere")
	if _, err := os.Lstat("out"); err == nil {
		t.Error("planning made the output folder")
	}
}
