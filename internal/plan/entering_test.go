package plan

import (
	"os"
	"path/filepath"
	"testing"
)

func TestEntering(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, dir := range []string{"in/a/b", "in/out/x", "in/.git/x", "in/raw/x", "in/a/tmp/x", "in/a/keep", "other/a"} {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile("in/a/.imgparignore", []byte("tmp/\n/k*\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	in, err := filepath.Abs("other")
	if err != nil {
		t.Fatal(err)
	}
	enters := Config{Paths: []string{"./in//", in, "in/nothing"}, Out: "in/out", Exclude: []string{"raw"}}.Entering()
	for _, c := range []struct {
		path string
		want bool
	}{
		{"in/a", true}, {"in/a/b", true}, {"in/a/tmp", false}, {"in/a/tmp/x", false}, {"in/a/keep", false}, {"in/a/b/keep", true},
		{"in/a/new", true}, {"in/out", false}, {"in/out/x", false}, {"in/.git/x", false}, {"in/raw/x", false}, {"in/a", true},
		{in + "/a", true}, {in + "/a/.b", false}, {"other/a", false}, {"ina", false}, {"elsewhere", false}, {"in/../other", false},
	} {
		if got := enters(filepath.FromSlash(c.path)); got != c.want {
			t.Errorf("%s: %v, want %v", c.path, got, c.want)
		}
	}
	if enters := (Config{Paths: []string{"."}}).Entering(); !enters("in") || !enters("in/a/b") || enters("in/.git") {
		t.Error("below the current folder")
	}
}
