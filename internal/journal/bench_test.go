package journal

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/imgpar/imgpar/internal/job"
)

const million = 1_000_000

// benchFile makes a journal of a million records.
func benchFile(tb testing.TB) string {
	file := filepath.Join(tb.TempDir(), "a.journal")
	data := []byte(header)
	for i := range million {
		data = appendLine(data, Record{Hash(uint64(i)), 2, 3, job.OK, ""})
	}
	must(tb, os.WriteFile(file, data, 0o600))
	return file
}

func BenchmarkOpen(b *testing.B) {
	file := benchFile(b)
	fi, err := os.Stat(file)
	must(b, err)
	b.SetBytes(fi.Size())
	for b.Loop() {
		j, err := Open(file)
		must(b, err)
		must(b, j.Close())
	}
	b.ReportMetric(float64(b.N)*million/b.Elapsed().Seconds(), "records/s")
}

func BenchmarkLookup(b *testing.B) {
	j := open(b, benchFile(b))
	i := 0
	for b.Loop() {
		if _, ok := j.Lookup(Hash(uint64(i % million))); !ok {
			b.Fatal("lost")
		}
		i += 7919
	}
}

func BenchmarkAppend(b *testing.B) {
	j := open(b, filepath.Join(b.TempDir(), "a.journal"))
	for b.Loop() {
		must(b, j.Append(Record{1, 2, 3, job.OK, ""}))
	}
}

// A million records take at most 45 MB.
func TestMemory(t *testing.T) {
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	file := benchFile(t)
	before := heap()
	j := open(t, file)
	read := heap() - before
	runtime.KeepAlive(j)
	before = heap()
	var grown table
	for i := range million {
		grown.set(Record{Hash(uint64(i)), 2, 3, job.OK, ""})
	}
	added := heap() - before
	runtime.KeepAlive(&grown)
	t.Logf("%d bytes a record when read, %d when added", read/million, added/million)
	if read > 45*million || added > 45*million {
		t.Errorf("%d bytes read, %d added", read, added)
	}
}
