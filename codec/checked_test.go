package codec

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// What reads a checked format imports no decoder of somebody else, and of what is not
// checked it does.
func TestCheckedFormatsAreReadByOurOwnCode(t *testing.T) {
	for _, i := range Formats() {
		files, err := filepath.Glob(filepath.Join(string(i.Format), "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v, %v", i.Format, files, err)
		}
		foreign := slices.DeleteFunc(importsOf(t, files), func(path string) bool { return !decodesForUs(path) })
		if i.Format.Checked() != (len(foreign) == 0) {
			t.Errorf("%s: checked is %v, its package imports %q", i.Format, i.Format.Checked(), foreign)
		}
	}
}

// decodesForUs tells whether a package reads what a file holds.
func decodesForUs(path string) bool {
	return slices.Contains([]string{"image/gif", "image/jpeg", "image/png"}, path) ||
		strings.HasPrefix(path, "compress/") || strings.Contains(path, ".") && !strings.HasPrefix(path, "github.com/imgpar/imgpar/")
}

func importsOf(t *testing.T, files []string) (paths []string) {
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range f.Imports {
			path, err := strconv.Unquote(s.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			paths = append(paths, path)
		}
	}
	return paths
}
