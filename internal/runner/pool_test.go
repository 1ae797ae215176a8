package runner

import (
	"slices"
	"testing"
)

// Nothing is started, and nobody told, before it is needed; then once.
func TestPoolStartsWhenNeeded(t *testing.T) {
	told := 0
	p := NewPool(PoolConfig{Workers: -1, Started: func() { told++ }}) // of which there can be none
	if stats, err := p.Close(); err != nil || stats.Started != 0 || told != 0 {
		t.Errorf("%+v, %v, told %d times", stats, err, told)
	}
	for range 2 {
		if err := p.Start(); err == nil {
			t.Error("a pool of -1 workers")
		}
	}
	if told != 1 {
		t.Errorf("told %d times", told)
	}
}

// Keys and whatever else is in the environment stays with the parent.
func TestWorkersGetLittleOfTheEnvironment(t *testing.T) {
	got := environ([]string{"GOGC=10", "AWS_SECRET_ACCESS_KEY=x", "GOOGLE_API_KEY=x", "HOME=/root", "GODEBUG=a=b", "SystemRoot=C:\\Windows", "PATH=/bin", "LD_PRELOAD=x"})
	if want := []string{"GOGC=10", "GODEBUG=a=b", "SystemRoot=C:\\Windows"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := environ(nil); got == nil {
		t.Error("nil is the parent's environment")
	}
}
