package plan

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// listed opens a list with a text, from a file and from a stream.
func listed(t *testing.T, text string, check func(*List, error)) {
	t.Helper()
	t.Setenv("TMPDIR", t.TempDir())
	must(t, os.WriteFile("list", []byte(text), 0o666))
	for _, name := range []string{"list", "-"} {
		l, err := OpenList(name, io.MultiReader(strings.NewReader(text))) // which is no file
		check(l, err)
		if err == nil {
			must(t, l.Close())
		}
		if left, _ := os.ReadDir(os.Getenv("TMPDIR")); len(left) > 0 {
			t.Errorf("%s leaves %v", name, left)
		}
	}
}

func TestLists(t *testing.T) {
	for text, want := range map[string][]string{
		"":                        nil,
		"\x00\x00":                nil,
		"a\x00":                   {"a"},
		"a":                       {"a"},
		"\x00a b\n\x00\x00\xff/c": {"a b\n", "\xff/c"},
		strings.Repeat("n", maxName) + "\x00b\x00": {strings.Repeat("n", maxName), "b"},
		strings.Repeat("name\x00", 30_000):         slices.Repeat([]string{"name"}, 30_000),
	} {
		t.Chdir(t.TempDir())
		listed(t, text, func(l *List, err error) {
			must(t, err)
			for range 2 { // it can be read again
				var got []string
				for name, err := range l.Names() {
					must(t, err)
					got = append(got, name)
				}
				if !slices.Equal(got, want) {
					t.Errorf("%.40q: %.40q, want %.40q", text, got, want)
				}
			}
		})
	}
}

// A list with line ends is one name, which is told, not looked for.
func TestANameThatIsTooLong(t *testing.T) {
	t.Chdir(t.TempDir())
	listed(t, "a\x00"+strings.Repeat("name.jpg\n", 10_000), func(l *List, err error) {
		if want := "a name of more than 65536 bytes; names end with NUL, as find -print0 writes them"; err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	})
}

func TestListsOfInputs(t *testing.T) {
	tree(t, "p/a.jpg", "p/sub/b.jpg", "p/sub/deep/c.jpg", "q/d.jpg", "out/x.jpg")
	list := func(names ...string) Config {
		must(t, os.WriteFile("list", []byte(strings.Join(names, "\x00")), 0o666))
		l, err := OpenList("list", nil)
		must(t, err)
		t.Cleanup(func() { l.Close() })
		return Config{Out: "out", List: l}
	}
	check(t, planned(t, list("p/a.jpg", "p/sub/b.jpg", "p/a.jpg", "nowhere", "q"), "q/d.jpg"),
		"q/d.jpg -> out/d.jpg", "p/a.jpg -> out/a.jpg", "p/sub/b.jpg -> out/b.jpg", "nowhere: failed: unreadable: no such file or directory")
	check(t, planned(t, list("p/./sub/b.jpg", "p/sub/./deep", "./p/./a.jpg", "q/./.", "q//././d.jpg")),
		"p/sub/b.jpg -> out/sub/b.jpg", "p/sub/deep/c.jpg -> out/deep/c.jpg", "p/a.jpg -> out/a.jpg", "q/d.jpg -> out/d.jpg")
	check(t, planned(t, Config{Out: "out"}, "p/./sub"), "p/sub/b.jpg -> out/sub/b.jpg", "p/sub/deep/c.jpg -> out/sub/deep/c.jpg")
	if _, err := Open(t.Context(), list("p", "out")); err == nil || err.Error() != "--out out is the folder of the inputs: each output would be its input" {
		t.Errorf("the output folder as an input: %v", err)
	}
}

func TestSplitRoot(t *testing.T) {
	for name, want := range map[string]struct {
		path, rel string
		marked    bool
	}{
		"p/a.jpg":       {"p/a.jpg", "", false},
		"./p/a.jpg":     {"p/a.jpg", "", false},
		"p/./a.jpg":     {"p/a.jpg", "a.jpg", true},
		"p/./s/a.jpg":   {"p/s/a.jpg", "s/a.jpg", true},
		"././s/a.jpg":   {"s/a.jpg", "s/a.jpg", true},
		"/p/./s/./a":    {"/p/s/a", "s/a", true},
		"/./p/a":        {"/p/a", "p/a", true},
		"p/.//s//a":     {"p/s/a", "s/a", true},
		"p/./":          {"p", "", false},
		"p/./.":         {"p", "", false},
		"p/q/./../a":    {"p/a", "", false},
		"p/./s/../../a": {"a", "", false},
		"p/./s/../a":    {"p/a", "a", true},
		"p/.":           {"p", "", false},
	} {
		path, below := splitRoot(filepath.FromSlash(name))
		rel := ""
		if below >= 0 {
			rel = path[below:]
		}
		if filepath.ToSlash(path) != want.path || filepath.ToSlash(rel) != want.rel || below >= 0 != want.marked {
			t.Errorf("%s: %s, %s, %d", name, path, rel, below)
		}
	}
}

// What a list says of the items of a run gives the same items again.
func TestListNames(t *testing.T) {
	tree(t, "p/a.jpg", "p/sub/b.jpg", "p/sub/deep/c.jpg", "q/d.jpg", "e.jpg", "q/dangling.jpg -> nowhere")
	for _, paths := range [][]string{{"p", "q/d.jpg"}, {"."}, {"p/sub", "e.jpg"}, {"p/./sub", "q"}, {"nowhere", "p/sub/./deep/c.jpg"}} {
		want := planned(t, Config{Out: "out"}, paths...)
		var names bytes.Buffer
		for _, it := range want.items {
			names.WriteString(ListName(it) + "\x00")
		}
		must(t, os.WriteFile("list", names.Bytes(), 0o666))
		l, err := OpenList("list", nil)
		must(t, err)
		check(t, planned(t, Config{Out: "out", List: l}), lines(want)...)
		must(t, l.Close())
	}
}
