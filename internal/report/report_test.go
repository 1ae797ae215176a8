package report

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/imgpar/imgpar/internal/job"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// screen is where a report writes, and may be read at any time.
type screen struct {
	mu  sync.Mutex
	buf bytes.Buffer // guarded by mu
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

// started begins a report whose output is kept.
func started(cfg Config) (r *Report, stdout, stderr *screen) {
	stdout, stderr = new(screen), new(screen)
	cfg.Stdout, cfg.Stderr = stdout, stderr
	if cfg.What == "" {
		cfg.What = "gray"
	}
	if cfg.Progress == "" {
		cfg.Progress = None
	}
	return New(cfg), stdout, stderr
}

func closed(t *testing.T, r *Report) Summary {
	t.Helper()
	sum, err := r.Close()
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func told(t *testing.T, r *Report, results ...job.Result) {
	t.Helper()
	for _, res := range results {
		if err := r.Result(res, res.InBytes); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFailuresAreTold(t *testing.T) {
	r, stdout, stderr := started(Config{})
	told(t, r,
		job.Result{Input: "a.jpg", Outcome: job.OK},
		job.Result{Input: "b.jpg", Outcome: job.Skipped, Reason: "exists"},
		job.Result{Input: "c.jpg", Outcome: job.Failed, Reason: "corrupt: the file is empty"},
		job.Result{Input: "d.jpg", Outcome: job.Crashed, Reason: "panic: boom"},
		job.Result{Input: "e.jpg", Outcome: job.Timeout, Reason: "took longer than 5s"},
		job.Result{Input: "f.jpg", Outcome: job.Canceled, Reason: "interrupted"},
	)
	want := "imgpar: failed: c.jpg: corrupt: the file is empty\n" +
		"imgpar: crashed: d.jpg: panic: boom\n" +
		"imgpar: timeout: e.jpg: took longer than 5s\n"
	if stderr.String() != want {
		t.Errorf("%s\nwant\n%s", stderr, want)
	}
	closed(t, r)
	if stdout.String() != "" {
		t.Errorf("stdout: %s", stdout)
	}
}

// A name must not move the cursor, change colours or forge a line.
func TestControlCharactersAreQuoted(t *testing.T) {
	r, _, stderr := started(Config{})
	told(t, r,
		job.Result{Input: "a\nimgpar: forged.jpg", Outcome: job.Failed, Reason: "corrupt"},
		job.Result{Input: "b.jpg", Outcome: job.Failed, Reason: "link to \x1b[2Jnowhere"},
		job.Result{Input: "\xff.jpg", Outcome: job.Failed, Reason: "corrupt"},
		job.Result{Input: "ünï \u202ecode.jpg", Outcome: job.Failed, Reason: "corrupt"},
		job.Result{Input: "plain ünï.jpg", Outcome: job.OK, Notes: []string{"not kept: \x1b]0;x\a ICC profile"}},
	)
	closed(t, r)
	for _, want := range []string{
		`imgpar: failed: "a\nimgpar: forged.jpg": corrupt` + "\n",
		`imgpar: failed: b.jpg: "link to \x1b[2Jnowhere"` + "\n",
		`imgpar: failed: "\xff.jpg": corrupt` + "\n",
		`imgpar: failed: "ünï \u202ecode.jpg": corrupt` + "\n",
		`imgpar: note: plain ünï.jpg: "not kept: \x1b]0;x\a ICC profile"` + "\n",
	} {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("%q is not in\n%s", want, stderr)
		}
	}
	if strings.ContainsAny(stderr.String(), "\x1b\a\r") {
		t.Errorf("control characters in %q", stderr)
	}
}

func TestPlainProgress(t *testing.T) {
	r, _, stderr := started(Config{Progress: Plain, Workers: 1})
	r.Total(4, 400)
	told(t, r, job.Result{Input: "a", Outcome: job.OK, Pixels: 5e6, InBytes: 100})
	told(t, r, job.Result{Input: "b", Outcome: job.Crashed, Reason: "x", InBytes: 100})
	r.mu.Lock()
	r.start = time.Now().Add(-10 * time.Second)
	r.mu.Unlock()
	r.show()
	if want := "imgpar: gray: 2/4 files, 0.5 MP/s, 1 failed, ETA 10s\n"; !strings.HasSuffix(stderr.String(), want) {
		t.Errorf("%q, want %q", stderr, want)
	}
	r.Say("stopping")
	if want := "\nimgpar: stopping\n"; !strings.HasSuffix(stderr.String(), want) {
		t.Errorf("%q, want %q", stderr, want)
	}
	closed(t, r)
	if strings.Contains(stderr.String(), "\x1b") || strings.Contains(stderr.String(), "\r") {
		t.Errorf("control characters in %q", stderr)
	}
}

func TestETA(t *testing.T) {
	for _, c := range []struct {
		done, total int64
		elapsed     time.Duration
		want        string
	}{
		{0, 0, time.Second, ""},
		{0, 100, time.Second, ""},
		{100, 100, time.Second, ""},
		{120, 100, time.Second, ""}, // a file grew
		{25, 100, 20 * time.Second, ", ETA 1m0s"},
		{1, 1 << 40, 10 * time.Second, ""}, // centuries by one small file say nothing
		{1 << 40, 1 << 41, time.Hour, ", ETA 1h0m0s"},
	} {
		r := &Report{sum: newSummary(), start: time.Now().Add(-c.elapsed), passed: c.done}
		r.Total(0, c.total)
		if got := r.status(true); got != "0/0 files, 0.0 MP/s"+c.want {
			t.Errorf("%d of %d bytes in %v: %q, want %q", c.done, c.total, c.elapsed, got, c.want)
		}
	}
}

func TestQuiet(t *testing.T) {
	r, _, stderr := started(Config{Quiet: true, Progress: Bar, Workers: 1})
	told(t, r, job.Result{Input: "a", Outcome: job.OK, Notes: []string{"a note"}}, job.Result{Input: "b", Outcome: job.Failed, Reason: "corrupt"})
	if err := r.Plan("c", []Planned{{Output: "d", Route: "pixels"}}); err != nil {
		t.Fatal(err)
	}
	closed(t, r)
	if want := "imgpar: failed: b: corrupt\n"; stderr.String() != want {
		t.Errorf("%q, want %q", stderr, want)
	}
}

func TestDryRun(t *testing.T) {
	r, _, stderr := started(Config{})
	for _, outputs := range [][]Planned{
		{{Output: "out/a.jpg", Route: "planes", Scale: 4}, {Output: "out/a_small.jpg", Exists: "exists"}, {Output: "out/a.png", Route: "planes", Scale: 1}},
		{{Output: "out/b.jpg", Route: "pixels", Scale: 1, Reason: "not a JPEG"}},
	} {
		if err := r.Plan("a\n.jpg", outputs); err != nil {
			t.Fatal(err)
		}
	}
	want := "imgpar: would write out/a.jpg from \"a\\n.jpg\" (planes at 1/4)\n" +
		"imgpar: would write out/a.png from \"a\\n.jpg\" (planes)\n" +
		"imgpar: would write out/b.jpg from \"a\\n.jpg\" (pixels: not a JPEG)\n"
	if stderr.String() != want {
		t.Errorf("%q, want %q", stderr, want)
	}
	if sum := closed(t, r); sum.Inputs != 2 || sum.Planned != 2 || sum.Bad() != 0 {
		t.Errorf("%+v", sum)
	}
}

func TestAutoIsPlainWhereThereIsNoTerminal(t *testing.T) {
	file, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, c := range []struct {
		cfg  Config
		want Progress
	}{
		{Config{Progress: Auto, Stderr: new(screen)}, Plain},
		{Config{Stderr: new(screen)}, Plain},
		{Config{Progress: Auto, Stderr: file}, Plain},
		{Config{Progress: Bar, Stderr: new(screen)}, Bar},
		{Config{Progress: None, Stderr: new(screen)}, None},
		{Config{Progress: Bar, Quiet: true, Stderr: new(screen)}, None},
	} {
		if got := (&Report{cfg: c.cfg}).mode(); got != c.want {
			t.Errorf("%+v is shown by %s, want %s", c.cfg, got, c.want)
		}
	}
}

// Results come from all workers at once, while the bar is drawn.
func TestConcurrentUse(t *testing.T) {
	const workers, each = 8, 200
	r, stdout, _ := started(Config{Progress: Bar, JSON: true, Workers: workers})
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			for i := range each {
				name := job.Path(fmt.Sprintf("%d/%d.jpg", w, i))
				r.Found(1, 1)
				r.Start(w, name)
				if err := r.Result(job.Result{Input: name, Outcome: job.OK, Pixels: 2, Notes: []string{"n"}}, 1); err != nil {
					t.Error(err)
				}
				r.End(w)
				if i%50 == 0 {
					r.show()
					r.Say("a line")
				}
			}
		})
	}
	all.Wait()
	sum := closed(t, r)
	if sum.Inputs != workers*each || sum.Counts[job.OK] != workers*each || sum.Pixels != 2*workers*each {
		t.Errorf("%+v", sum)
	}
	if n := strings.Count(stdout.String(), "\n"); n != workers*each+1 {
		t.Errorf("%d lines, want %d results and a summary", n, workers*each)
	}
}

// full is a file on a disk that is full after some bytes.
type full struct {
	left  int
	calls int
}

var errFull = errors.New("no space left on device")

func (f *full) Write(p []byte) (int, error) {
	f.calls++
	if n := min(f.left, len(p)); n < len(p) {
		f.left = 0
		return n, errFull
	}
	f.left -= len(p)
	return len(p), nil
}

func TestAFailingStdoutIsReported(t *testing.T) {
	out := &full{left: 300}
	r := New(Config{JSON: true, Progress: None, Stdout: out, Stderr: new(screen)})
	broken := 0
	for range 10 {
		if err := r.Result(job.Result{Input: "a", Outcome: job.OK}, 0); err != nil {
			if broken++; !errors.Is(err, errFull) {
				t.Errorf("%v, want %v", err, errFull)
			}
		}
	}
	calls := out.calls
	_, err := r.Close()
	if broken == 0 || !errors.Is(err, errFull) || err.Error() != "write results: no space left on device" {
		t.Errorf("%d results could not be written, and at the end: %v", broken, err)
	}
	if good := 10 - broken; calls != good+1 || out.calls != calls {
		t.Errorf("%d calls, %d at the end: nothing may follow half a line", calls, out.calls)
	}
}

func TestNobodyListensOnStderr(t *testing.T) {
	r := New(Config{What: "gray", Progress: Plain, Stdout: new(screen), Stderr: &full{}})
	told(t, r, job.Result{Input: "a", Outcome: job.Failed, Reason: "corrupt"})
	if sum := closed(t, r); sum.Bad() != 1 {
		t.Errorf("%+v", sum)
	}
}
