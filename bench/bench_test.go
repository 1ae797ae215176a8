package bench

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// Every round runs every contender once, in the same order, and before them all comes
// one that is not counted, in which imgpar tells of its files.
func TestRoundsAreInterleaved(t *testing.T) {
	c, log := faked(t, "pictures")
	c.Rounds = 2
	c.Flags, c.Isolation = []string{"--mem=1GB"}, []string{"--sandbox=off"}
	c.Tasks[0].Programs = []Program{program(t, "other", "")}
	r, err := Run(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	short := regexp.MustCompile(`^imgpar --mode=(\w+) --jobs=(\d) --quiet( --json)?( --sandbox=off)? gray --mem=1GB --out \S+ -- pictures$`)
	for _, l := range log() {
		if m := short.FindStringSubmatch(l); m != nil {
			got = append(got, m[1]+m[2]+m[3]+m[4])
		} else {
			got = append(got, "other")
		}
	}
	var want []string
	for _, json := range []string{" --json", "", ""} {
		want = append(want, "sequential1"+json, "goroutine1"+json, "goroutine2"+json,
			"proc1"+json+" --sandbox=off", "proc2"+json+" --sandbox=off", "auto2"+json+" --sandbox=off", "other")
	}
	if !slices.Equal(got, want) {
		t.Errorf("started\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	l := r.Loads[0]
	if l.Rounds != 2 || l.Settled || l.Files != 4 || l.OK != 3 || l.Pixels != 36e6 || l.InBytes != 9e6 {
		t.Errorf("the load is %+v", l)
	}
	if len(l.Rows) != 6 || len(l.Peers) != 1 || !r.SameBytes() {
		t.Fatalf("rows %+v, peers %+v", l.Rows, l.Peers)
	}
	for _, row := range l.Rows {
		if row.P50 != 20 || row.P99 != 30 || row.Wall.Median <= 0 || row.CPU.Median <= 0 || row.Efficiency <= 0 {
			t.Errorf("%+v", row)
		}
	}
	p := l.Peers[0]
	if p.Name != "other" || p.Version != "1.2" || p.OK != 3 || p.CPURatio <= 0 || p.WallRatio <= 0 ||
		p.Command[0] != "NAME=other" || !slices.Equal(p.Command[2:], []string{"OUT", "SCRATCH", "LIST", "2", ""}) {
		t.Errorf("%+v", p)
	}
	empty(t, c.Scratch)
}

// empty holds that nothing is left in a folder.
func empty(t *testing.T, dir string) {
	t.Helper()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestImgparThatFailsEndsTheBench(t *testing.T) {
	for wrong, want := range map[string]string{
		"broken": "gray: sequential on 1 worker: exit status 2: imgpar: it is broken",
		"breaks": "gray: sequential on 1 worker: exit status 2",
		"none":   "gray: sequential on 1 worker: none of 2 files can be worked on; x.jpg: corrupt",
	} {
		c, _ := faked(t, wrong)
		if _, err := Run(t.Context(), c); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", wrong, err, want)
		}
		empty(t, c.Scratch)
	}
}

// byName returns the peers of a load, which stand there by what CPU they need.
func byName(t *testing.T, l Load) map[string]Peer {
	t.Helper()
	if !slices.IsSortedFunc(l.Peers, func(a, b Peer) int { return cmp.Compare(a.CPURatio, b.CPURatio) }) {
		t.Errorf("who needs the least CPU does not come first: %+v", l.Peers)
	}
	peers := map[string]Peer{}
	for _, p := range l.Peers {
		peers[p.Name] = p
	}
	return peers
}

func TestProgramsThatFailAreLeftOut(t *testing.T) {
	c, _ := faked(t, "pictures")
	for _, wrong := range []string{"fails", "half", "tires", "cannot", ""} {
		c.Tasks[0].Programs = append(c.Tasks[0].Programs, program(t, "P"+wrong, wrong))
	}
	r, err := Run(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	l := r.Loads[0]
	if p := byName(t, l); len(p) != 2 || p["Phalf"].OK != 1 || p["P"].OK != 3 {
		t.Errorf("peers %+v", l.Peers)
	}
	want := []string{
		"Pfails is left out: it wrote 0 of 3 files: exit status 3: cannot",
		"Phalf wrote 1 of 3 files: exit status 1: it says nothing",
		"Ptires is left out: it wrote 0 of 3 files: exit status 0: it says nothing",
	}
	if !slices.Equal(l.Notes, want) {
		t.Errorf("notes %q, want %q", l.Notes, want)
	}
}

// A run that writes something else is told, whether it is the uncounted one or not.
func TestOtherBytesAreTold(t *testing.T) {
	for wrong, want := range map[string][]string{"differs": {"proc", "proc"}, "changes": {"auto"}} {
		c, _ := faked(t, wrong)
		r, err := Run(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		var other []string
		for _, row := range r.Loads[0].Rows {
			if !row.SameBytes {
				other = append(other, row.Mode)
			}
		}
		if !slices.Equal(other, want) || r.SameBytes() || !strings.HasPrefix(r.Loads[0].Verdict, "THE BYTES DIFFER: ") {
			t.Errorf("%s: other bytes from %v, want %v; %s", wrong, other, want, r.Loads[0].Verdict)
		}
	}
}

// Who stops a bench does not wait for what it measures, and finds nothing left.
func TestInterrupt(t *testing.T) {
	for _, c := range []struct{ wrong, program string }{{"hangs", ""}, {"pictures", "hangs"}, {"pictures", "family"}} {
		config, log := faked(t, c.wrong)
		if c.program != "" {
			config.Tasks[0].Programs = []Program{program(t, "P", c.program)}
		}
		ctx, stop := context.WithCancelCause(t.Context())
		ended := make(chan error)
		go func() {
			_, err := Run(ctx, config)
			ended <- err
		}()
		hangs := func() bool {
			if !exists(os.Getenv(fakeVar)) {
				return false
			}
			lines := log()
			return strings.HasSuffix(lines[len(lines)-1], " hangs")
		}
		for !hangs() {
			time.Sleep(time.Millisecond)
		}
		why := errors.New("enough")
		stop(why)
		stopped := time.Now()
		select {
		case err := <-ended:
			if !errors.Is(err, why) {
				t.Errorf("%+v: %v", c, err)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("it goes on")
		}
		if runtime.GOOS != "windows" && time.Since(stopped) > killDelay { // what it had started held the pipe
			t.Errorf("%+v: it took %v", c, time.Since(stopped))
		}
		empty(t, config.Scratch)
	}
}

func TestSpawn(t *testing.T) {
	c, _ := faked(t, "pictures")
	c.Tasks = nil
	starts := []time.Duration{5, 1, 4, 2, 3}
	c.Spawn = func() (time.Duration, error) {
		next := starts[0] * time.Millisecond
		starts = starts[1:]
		return next, nil
	}
	r, err := Run(t.Context(), c)
	if err != nil || r.Spawn.Median != 3 || r.Spawn.Min != 1 || r.Spawn.Max != 5 {
		t.Errorf("%+v, %v", r.Spawn, err)
	}
	c.Spawn = func() (time.Duration, error) { return 0, errors.New("no") }
	if _, err := Run(t.Context(), c); err == nil || err.Error() != "start a subprocess: no" {
		t.Error(err)
	}
}

// Quality is the median over the files that both have, of as many as are sampled.
func TestQuality(t *testing.T) {
	c, _ := faked(t, "pictures")
	c.Tasks[0].Programs = []Program{program(t, "all", ""), program(t, "half", "half")}
	c.Tasks[0].Quality = func(source, written string) (float64, error) {
		text, err := os.ReadFile(written)
		own := strings.HasSuffix(string(text), ".jpg")
		db := map[string]float64{"a.jpg": 30, "b.jpg": 40, "c.jpg": 50}[filepath.Base(source)]
		if own {
			db++
		}
		return db, err
	}
	r, err := Run(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	peers := byName(t, r.Loads[0])
	all, half := peers["all"], peers["half"]
	if all.PSNR != 40 || all.OwnPSNR != 41 || half.PSNR != 30 || half.OwnPSNR != 31 {
		t.Errorf("all %v (%v), half %v (%v)", all.PSNR, all.OwnPSNR, half.PSNR, half.OwnPSNR)
	}
	c.Tasks[0].Quality = func(string, string) (float64, error) { return 0, errors.New("unreadable") }
	if r, err = Run(t.Context(), c); err != nil || r.Loads[0].Peers[0].PSNR != 0 {
		t.Errorf("%+v, %v", r.Loads[0].Peers, err)
	}
	c.Tasks[0].Programs = c.Tasks[0].Programs[:1]
	c.Tasks[0].Quality = func(source, written string) (float64, error) {
		if source == "b.jpg" {
			return 0, errors.New(written + ": unreadable")
		}
		return 40, nil
	}
	if r, err = Run(t.Context(), c); err != nil || r.Loads[0].Peers[0].PSNR != 40 {
		t.Errorf("%+v, %v", r.Loads[0].Peers, err)
	}
	want := []string{"the quality of auto on 2 workers is known of 2 files: b.jpg: unreadable", "the quality of all is known of 2 files: b.jpg: unreadable"}
	if n := r.Loads[0].Notes; !slices.Equal(n, want) {
		t.Errorf("notes %q, want %q", n, want)
	}
}
