// Package fuzztest is what fuzz targets share: seeds out of the test data, and
// bounds on what one input may cost.
package fuzztest

import (
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/metrics"
	"strings"
	"testing"
	"time"
)

// MaxSeed is the largest file that is a seed, in bytes: what is mutated a
// million times is to be small.
const MaxSeed = 16 << 10

// Seeds adds the files below testdata at the root of the module, those of other
// projects' suites included, that have one of the extensions, or any if there is
// none. A file over MaxSeed is left out.
func Seeds(f *testing.F, extensions ...string) {
	f.Helper()
	n := 0
	err := filepath.WalkDir(filepath.Join(root(f), "testdata"), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !hasExtension(name, extensions) {
			return err
		}
		info, err := d.Info()
		if err != nil || info.Size() > MaxSeed {
			return err
		}
		data, err := os.ReadFile(name)
		if err == nil {
			f.Add(data)
			n++
		}
		return err
	})
	if err != nil || n == 0 {
		f.Fatalf("%d seeds of %q, %v", n, extensions, err)
	}
}

func hasExtension(name string, extensions []string) bool {
	for _, e := range extensions {
		if strings.EqualFold(filepath.Ext(name), e) {
			return true
		}
	}
	return len(extensions) == 0 && filepath.Ext(name) != ".go" && filepath.Ext(name) != ".md"
}

// root is the folder of the module, in whichever of its folders the test runs.
func root(f *testing.F) string {
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	f.Fatalf("no go.mod above %s, %v", dir, err)
	return ""
}

const (
	hang = 20 * time.Second // when an input is taken for one that never ends
	slow = time.Second / 4  // when it is worth a look
)

// Bound begins to watch what an input costs; it is told when that was worked on.
// It fails t if more than most bytes were allocated in the meantime, freed ones
// included.
//
// Time is watched where IMGPAR_FUZZ_SLOW names a folder, as test/fuzz/run.sh sets
// it, and not in ordinary tests: an input that takes 20 s of CPU ends the process,
// by which the fuzzer learns of it, and one that takes a quarter of a second is put
// into that folder.
func Bound(t *testing.T, data []byte, most int64) (done func()) {
	before, begin := allocated(), cpuTime()
	folder := os.Getenv("IMGPAR_FUZZ_SLOW")
	over := make(chan struct{})
	if folder != "" {
		go endHang(over, begin, len(data))
	}
	return func() {
		t.Helper()
		close(over)
		if took := cpuTime() - begin; folder != "" && took > slow {
			keepSlow(t, folder, data, took)
		}
		if n := allocated() - before; n > most {
			t.Errorf("an input of %d bytes takes %d bytes of memory, more than %d", len(data), n, most)
		}
	}
}

// endHang ends the process if an input takes too long.
func endHang(over <-chan struct{}, begin time.Duration, size int) {
	for {
		select {
		case <-over:
			return
		case <-time.After(hang):
			if took := cpuTime() - begin; took > hang {
				panic(fmt.Sprintf("an input of %d bytes takes longer than %v", size, took))
			} // else the machine is busy
		}
	}
}

// keepSlow puts an input into a folder, under a name that says what it took.
func keepSlow(t *testing.T, folder string, data []byte, took time.Duration) {
	t.Helper()
	target, _, _ := strings.Cut(t.Name(), "/")
	name := fmt.Sprintf("%06d-ms-%d-bytes-%s-%08x", took.Milliseconds(), len(data), target, crc32.ChecksumIEEE(data))
	if err := os.WriteFile(filepath.Join(folder, name), data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// allocated is what this process has allocated since it began, in bytes.
func allocated() int64 {
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(s)
	return int64(s[0].Value.Uint64())
}
