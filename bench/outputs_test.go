package bench

import (
	"os"
	"path/filepath"
	"testing"
)

// The digest decides whether two modes wrote the same: it must see names,
// bytes, and where one file ends and the next begins.
func TestDigest(t *testing.T) {
	seen := map[digest]int{}
	for i, files := range []map[string]string{
		{"a": "xy", "b": "z"}, {"a": "x", "b": "yz"}, {"a": "xy"}, {"c": "xy", "b": "z"}, {"d/a": "xy", "d/b": "z"}, {},
	} {
		dir := t.TempDir()
		for name, text := range files {
			name = filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		d, n, err := digestOf(dir)
		if err != nil || n != len(files) {
			t.Fatalf("%d files: %v", n, err)
		}
		if again, _, _ := digestOf(dir); again != d {
			t.Error("one folder has two digests")
		}
		if j, ok := seen[d]; ok {
			t.Errorf("folders %d and %d have one digest", i, j)
		}
		seen[d] = i
	}
}
