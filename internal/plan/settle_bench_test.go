package plan

import (
	"iter"
	"runtime"
	"strconv"
	"testing"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

// BenchmarkSettle settles 100,000 names in one go, as a template does that is not
// confined, and says how many bytes are held when they are known and decided.
func BenchmarkSettle(b *testing.B) {
	const files = 100_000
	for name, c := range map[string]Config{
		"beside":  {Suffix: "_gray"},
		"out":     {Out: "out"},
		"renamed": {Out: "out", Name: "{stem}.{ext}", Conflict: RenameConflict}, // one in a hundred
	} {
		b.Run(name, func(b *testing.B) {
			n, err := newNamer(c)
			if err != nil {
				b.Fatal(err)
			}
			items := func() iter.Seq[*Item] { return numberedItems(n, files) }
			b.ReportAllocs()
			for b.Loop() {
				before := heapBytes()
				s, err := settle(c, items)
				if err != nil {
					b.Fatal(err)
				}
				renamed := 0
				for it := range items() {
					was := it.Job.Output
					if s.decide(it); it.Done != nil {
						b.Fatal(it.Done.Reason)
					}
					if it.Job.Output != was {
						renamed++
					}
				}
				b.ReportMetric(float64(heapBytes()-before)/files, "B/file-held")
				b.ReportMetric(float64(renamed), "renamed")
				runtime.KeepAlive(s)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/files, "ns/file")
		})
	}
}

// numberedItems yields items in folders of a thousand.
func numberedItems(n namer, files int) iter.Seq[*Item] {
	return func(yield func(*Item) bool) {
		for i := range files {
			stem := i
			if i%100 == 0 {
				stem = i + 1 // in another folder, where folders are left out
			}
			in := "photos/" + strconv.Itoa(i%1000) + "/IMG_" + strconv.Itoa(stem) + ".jpg"
			it := Item{Job: job.Job{Input: job.Path(in)}, below: len("photos/")}
			if n.name(&it); !yield(&it) {
				return
			}
		}
	}
}

func heapBytes() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkEarlier asks of a file whether it was made by an earlier run.
func BenchmarkEarlier(b *testing.B) {
	for _, name := range []string{"", "{dir}/{stem}_{w}x{h}.{ext}", "thumbs/{dir}/{stem}.{ext}"} {
		b.Run(name, func(b *testing.B) {
			n, err := newNamer(Config{Suffix: "_gray", Format: codec.JPEG, Name: name})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if n.earlier("2024/holidays/IMG_20240801_123456.jpg", func(dir, stem string) bool { return false }) {
					b.Fatal("it was")
				}
			}
		})
	}
}
