package plan

import (
	"os"
	"testing"
)

// BenchmarkItems plans a tree that is there: PLAN_TREE, with outputs below PLAN_OUT.
func BenchmarkItems(b *testing.B) {
	tree, out := os.Getenv("PLAN_TREE"), os.Getenv("PLAN_OUT")
	if tree == "" {
		b.Skip("PLAN_TREE is not set")
	}
	c := Config{Paths: []string{tree}, Out: out, Suffix: os.Getenv("PLAN_SUFFIX")}
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
