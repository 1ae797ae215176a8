package atomicfile

import (
	"path/filepath"
	"strconv"
	"testing"
)

// BenchmarkCommit is what a small output costs, from its temporary file to its name.
func BenchmarkCommit(b *testing.B) {
	content := make([]byte, 2000)
	for _, c := range []struct {
		name string
		opt  Options
	}{{"new", Options{}}, {"over", Options{Overwrite: true}}} {
		b.Run(c.name, func(b *testing.B) {
			dir := b.TempDir()
			b.SetBytes(int64(len(content)))
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				name := filepath.Join(dir, "a.jpg")
				if !c.opt.Overwrite {
					name = filepath.Join(dir, strconv.Itoa(n))
				}
				p, err := Create(name, c.opt)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := p.File.Write(content); err != nil {
					b.Fatal(err)
				}
				if _, err := p.Commit(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
