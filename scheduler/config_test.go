package scheduler

import (
	"runtime"
	"slices"
	"testing"
)

func TestValidateSaysWhatIsAllowed(t *testing.T) {
	for _, tt := range []struct {
		cfg  Config[none]
		want string
	}{
		{Config[none]{}, ""},
		{Config[none]{Workers: 3, Window: 3, Budget: 1}, ""},
		{Config[none]{Workers: MaxWindow}, ""},
		{Config[none]{Window: 1}, ""},
		{Config[none]{Workers: -1}, "scheduler: Workers is -1; allowed are 1 to 1048576, or 0 for GOMAXPROCS"},
		{Config[none]{Workers: MaxWindow + 1}, "scheduler: Workers is 1048577; allowed are 1 to 1048576, or 0 for GOMAXPROCS"},
		{Config[none]{Window: -2}, "scheduler: Window is -2; allowed are 1 to 1048576, or 0 for 4 for each worker"},
		{Config[none]{Window: MaxWindow + 1}, "scheduler: Window is 1048577; allowed are 1 to 1048576, or 0 for 4 for each worker"},
		{Config[none]{Workers: 3, Window: 2}, "scheduler: Window is 2; it must be at least Workers, which is 3"},
		{Config[none]{Budget: -5}, "scheduler: Budget is -5; it must be positive, or 0 for no limit"},
	} {
		got := ""
		if err := tt.cfg.Validate(); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%+v:\n got %q\nwant %q", tt.cfg, got, tt.want)
		}
	}
}

func TestDefaults(t *testing.T) {
	procs := runtime.GOMAXPROCS(3)
	defer runtime.GOMAXPROCS(procs)
	for _, tt := range []struct{ workers, window, wantWorkers, wantWindow int }{
		{0, 0, 3, 12},
		{5, 0, 5, 20},
		{0, 7, 3, 7},
		{0, 2, 2, 2}, // one configuration is valid on every machine
		{2, 9, 2, 9},
		{MaxWindow, 0, MaxWindow, MaxWindow},
	} {
		c := Config[none]{Workers: tt.workers, Window: tt.window}.withDefaults()
		if c.Workers != tt.wantWorkers || c.Window != tt.wantWindow {
			t.Errorf("Workers %d, Window %d became %d, %d; want %d, %d",
				tt.workers, tt.window, c.Workers, c.Window, tt.wantWorkers, tt.wantWindow)
		}
	}
}

func TestMisuseFailsAtTheCall(t *testing.T) {
	bad := Config[none]{Workers: -1}
	inputs := slices.Values([]int{1})
	if got, want := panicOf(func() { Map(t.Context(), bad, inputs, noop) }), bad.Validate(); got == nil || got.(error).Error() != want.Error() {
		t.Errorf("Map panicked with %v, want %v", got, want)
	}
	if got, want := panicOf(func() { Stream(t.Context(), Config[none]{}, inputs, Task[none, int, int]{}) }), "scheduler: Task.Run is nil"; got != want {
		t.Errorf("Stream panicked with %v, want %v", got, want)
	}
	if p, err := NewPool(t.Context(), bad); p != nil || err == nil || err.Error() != bad.Validate().Error() {
		t.Errorf("NewPool: %v, %v", p, err)
	}
}

// panicOf returns what f panics with, or nil.
func panicOf(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}
