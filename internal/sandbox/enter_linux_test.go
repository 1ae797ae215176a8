//go:build linux && (amd64 || arm64)

package sandbox

import (
	"strconv"
	"testing"
	"time"
)

// timeEnter tells how many nanoseconds Enter takes.
func timeEnter(enter func() error, _ []string) (string, error) {
	begin := time.Now()
	err := enter()
	return strconv.FormatInt(time.Since(begin).Nanoseconds(), 10), err
}

// BenchmarkEnter reports what Enter takes, as ns-enter, and what the life of a process
// takes that enters and ends, as ns/op.
func BenchmarkEnter(b *testing.B) {
	var total int64
	for b.Loop() {
		r := start(b, "enter", confined(Policy{Memory: 1 << 30, FileSize: 1 << 30, Files: 64}), nil)
		ns, err := strconv.ParseInt(r.stdout, 10, 64)
		if err != nil {
			b.Fatal(r)
		}
		total += ns
	}
	b.ReportMetric(float64(total)/float64(b.N), "ns-enter")
}

func TestStatusIsTrue(t *testing.T) {
	s := Support()
	t.Logf("%+v", s)
	if s.Complete() != (s.Landlock > 0 && s.Seccomp) {
		t.Errorf("complete: %v", s)
	}
	for abi, missing := range []int{2, 6, 5, 4, 3, 2, 1, 1} {
		if got := missingOf(abi, false); len(got) != missing {
			t.Errorf("landlock %d without a filter: %q is missing", abi, got)
		}
		if got := missingOf(abi, true); (len(got) == 0) != (abi > 0) {
			t.Errorf("landlock %d with one: %q is missing", abi, got)
		}
	}
}
