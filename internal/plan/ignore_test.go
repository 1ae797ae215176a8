package plan

import (
	"bufio"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// ignoreCase is ignore files, by their folders, and paths of files, with what git
// check-ignore --no-index says of each.
type ignoreCase struct {
	files map[string]string
	paths []string
	want  map[string]bool
}

// readIgnoreCases reads testdata/gitignore.txt: "case FOLDER TEXT" begins a case,
// "rules FOLDER TEXT" adds an ignore file to it, "yes PATH" and "no PATH" are git's
// answers (2.39.5).
func readIgnoreCases(t *testing.T) []ignoreCase {
	f, err := os.Open(filepath.Join("testdata", "gitignore.txt"))
	must(t, err)
	defer f.Close()
	var cases []ignoreCase
	for in := bufio.NewScanner(f); in.Scan(); {
		verb, rest, _ := strings.Cut(in.Text(), " ")
		quoted, err := strconv.QuotedPrefix(rest)
		must(t, err)
		first, err := strconv.Unquote(quoted)
		must(t, err)
		if verb == "case" {
			cases = append(cases, ignoreCase{map[string]string{}, nil, map[string]bool{}})
		}
		c := &cases[len(cases)-1]
		if verb == "yes" || verb == "no" {
			c.paths = append(c.paths, first)
			c.want[first] = verb == "yes"
			continue
		}
		c.files[first], err = strconv.Unquote(rest[len(quoted)+1:])
		must(t, err)
	}
	return cases
}

// unlikeGit are the pairs of rules and path where the answer is not git's, and why.
var unlikeGit = map[[2]string]string{
	{"a**/b\n", "ax/y/b"}:      "two stars that are not all between slashes are one",
	{"d[/]a.jpg\n", "d/a.jpg"}: "a slash in brackets is a slash",
	{"?.jpg\n", "ä.jpg"}:       "a question mark is a character, not a byte",
	{"[ä].jpg\n", "ä.jpg"}:     "so is what stands in brackets",
}

// The answers of git itself, for every kind of pattern.
func TestIgnoredAsGitDoes(t *testing.T) {
	pairs, unlike := 0, 0
	for _, c := range readIgnoreCases(t) {
		root := t.TempDir()
		for dir, text := range c.files {
			must(t, os.MkdirAll(filepath.Join(root, dir), 0o777))
			must(t, os.WriteFile(filepath.Join(root, dir, ignoreFile), []byte(text), 0o666))
		}
		for _, path := range c.paths {
			pairs++
			got := ignoredBelow(t, root, path)
			why, known := unlikeGit[[2]string{c.files["."], path}]
			if known {
				unlike++
			}
			if got != c.want[path] && !known || got == c.want[path] && known {
				t.Errorf("%q: %q is ignored: %v, git says %v (known difference: %q)", c.files, path, got, c.want[path], why)
			}
		}
	}
	if pairs < 300 || unlike != len(unlikeGit) {
		t.Errorf("%d pairs, %d of %d known differences", pairs, unlike, len(unlikeGit))
	}
}

// ignoredBelow goes down to a file as the walk does.
func ignoredBelow(t *testing.T, root, path string) bool {
	f := folder{path: root, prefix: inside(root), below: len(inside(root))}
	names := strings.Split(path, "/")
	for i, name := range names {
		var err error
		f.rules, err = f.rules.read(f.path, len(f.prefix))
		must(t, err)
		if f.rules.ignores(&f, name, i < len(names)-1) {
			return true
		}
		f = f.child(name)
	}
	return false
}

func TestIgnoreFiles(t *testing.T) {
	tree(t, "p/a.jpg", "p/b.jpg", "p/raw/c.jpg", "p/sub/a.jpg", "p/sub/raw/d.jpg", "p/sub/keep/a.jpg", "q/b.jpg")
	must(t, os.WriteFile(ignoreFile, []byte("*\n"), 0o666)) // above the root: is not looked at
	must(t, os.WriteFile("p/"+ignoreFile, []byte("a.jpg\n/raw/\n"), 0o666))
	must(t, os.WriteFile("p/sub/"+ignoreFile, []byte("!/keep/a.jpg\n"), 0o666))
	p := planned(t, Config{Out: "out"}, "p")
	check(t, p, "p/b.jpg -> out/b.jpg", "p/sub/keep/a.jpg -> out/sub/keep/a.jpg", "p/sub/raw/d.jpg -> out/sub/raw/d.jpg")
	if p.ignored != 4 { // what is in raw is not looked at
		t.Errorf("%d ignored, want two a.jpg and two %s", p.ignored, ignoreFile)
	}
	check(t, planned(t, Config{Out: "out"}, "p/a.jpg", "p/raw"), "p/a.jpg -> out/a.jpg", "p/raw/c.jpg -> out/c.jpg")
}

// Where the rules cannot be read nothing is worked on: it could be what is to be
// left alone.
func TestAnIgnoreFileThatCannotBeRead(t *testing.T) {
	tree(t, "p/a.jpg", "p/sub/b.jpg", "p/sub/"+ignoreFile+"/x", "p/large/c.jpg")
	must(t, os.WriteFile("p/large/"+ignoreFile, make([]byte, maxIgnoreFile+1), 0o666))
	check(t, planned(t, Config{Out: "out"}, "p"),
		"p/a.jpg -> out/a.jpg",
		"p/large: failed: unreadable: .imgparignore: more than 1048576 bytes",
		"p/sub: failed: unreadable: .imgparignore: no file")
	must(t, os.WriteFile("p/large/"+ignoreFile, make([]byte, maxIgnoreFile), 0o666))
	must(t, os.RemoveAll("p/sub"))
	check(t, planned(t, Config{Out: "out"}, "p"), "p/a.jpg -> out/a.jpg", "p/large/c.jpg -> out/large/c.jpg")
}
