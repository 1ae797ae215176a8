package bench

import "testing"

// What a run takes at its peak is seen, though it has gone at its end: here in a process
// below the one that is started.
func TestWatchMemory(t *testing.T) {
	const mb = 1 << 20
	c, _ := faked(t, "pictures")
	var peak int64
	run := func(what string) {
		cmd := command{c.Binary[1], []string{"holder", what}, nil}
		e, err := execute(t.Context(), cmd, nil, func(pid int) func() { return watchMemory(pid, &peak) })
		if err != nil || e.status != 0 {
			t.Fatalf("%+v, %v", e, err)
		}
	}
	run("parent")
	if peak < 100*mb || peak > 340*mb { // the race detector has more than one byte beside each
		t.Errorf("%d bytes, want 100 MiB and what the program takes", peak)
	}
	peak = 0
	run("nothing")
	if peak > 60*mb {
		t.Errorf("%d bytes of who holds nothing", peak)
	}
}
