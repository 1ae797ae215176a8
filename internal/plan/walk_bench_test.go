package plan

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkItems plans a tree of 10,000 empty files, or one that is there: PLAN_TREE,
// with outputs below PLAN_OUT.
func BenchmarkItems(b *testing.B) {
	c := Config{Paths: []string{os.Getenv("PLAN_TREE")}, Out: os.Getenv("PLAN_OUT"), Suffix: os.Getenv("PLAN_SUFFIX")}
	if c.Paths[0] == "" {
		c.Paths[0], c.Out = b.TempDir(), filepath.Join(b.TempDir(), "out")
		fill(b, c.Paths[0], 10_000)
	}
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		p, err := Open(b.Context(), c)
		if err != nil {
			b.Fatal(err)
		}
		for range p.Items() {
			n++
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/file")
}

// fill makes empty files, in folders of a hundred.
func fill(b *testing.B, dir string, files int) {
	b.Helper()
	for i := range files {
		name := filepath.Join(dir, fmt.Sprintf("%03d/IMG_%06d.jpg", i/100, i))
		var err error
		if i%100 == 0 {
			err = os.Mkdir(filepath.Dir(name), 0o777)
		}
		if err == nil {
			err = os.WriteFile(name, nil, 0o666)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
