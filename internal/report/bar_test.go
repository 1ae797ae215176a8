package report

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rivo/uniseg"

	"github.com/imgpar/imgpar/internal/job"
)

// drawn shows a report's bar once, and returns what that wrote.
func drawn(r *Report, stderr *screen) string {
	before := len(stderr.String())
	r.show()
	return stderr.String()[before:]
}

func TestTheBarShowsTheRun(t *testing.T) {
	r, _, stderr := started(Config{Progress: Bar, Workers: 3})
	r.Total(10, 1000)
	told(t, r, job.Result{Input: "a", Outcome: job.OK, Pixels: 3e6, InBytes: 410}, job.Result{Input: "b", Outcome: job.Failed, Reason: "corrupt", InBytes: 100})
	r.Start(0, "photos/one.jpg")
	r.Start(2, "photos/two\n.jpg")
	r.mu.Lock()
	r.start = time.Now().Add(-30 * time.Second)
	r.mu.Unlock()
	got := drawn(r, stderr)
	for _, want := range []string{"50% [", "2/10 files, 0.1 MP/s, 1 failed, ETA 29s\n", "   1 one.jpg\n", `   3 "two\n.jpg"` + "\r\x1b[2A"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
	if strings.Contains(got, "   2 ") || strings.Contains(got, "photos/") {
		t.Errorf("an idle worker or a folder in %q", got)
	}
	if !strings.HasPrefix(got, wrapOff+clearBelow) || !strings.HasSuffix(got, wrapOn) {
		t.Errorf("it is not framed: %q", got)
	}
	r.End(0)
	r.End(2)
	if got := drawn(r, stderr); strings.Contains(got, "\n") || strings.Contains(got, "A"+wrapOn) {
		t.Errorf("nobody works, but there are lines in %q", got)
	}
	closed(t, r)
}

// Whatever is printed clears the bar away first, and so does the end.
func TestTheBarClearsItself(t *testing.T) {
	r, _, stderr := started(Config{Progress: Bar, Workers: 1})
	r.Total(2, 2)
	drawn(r, stderr)
	told(t, r, job.Result{Input: "b", Outcome: job.Failed, Reason: "corrupt", InBytes: 1})
	r.Say("stopping")
	drawn(r, stderr)
	closed(t, r)
	got := stderr.String()
	for _, line := range []string{"failed: b: corrupt", "stopping", "gray: 1 picture"} {
		if !strings.Contains(got, clearBelow+"imgpar: "+line) {
			t.Errorf("%q does not stand behind a cleared bar: %q", line, got)
		}
	}
	if last := strings.LastIndex(got, wrapOff); !strings.Contains(got[last:], clearBelow+"imgpar: gray") {
		t.Errorf("a bar is left at the end: %q", got)
	}
}

func TestTheBarOfNothing(t *testing.T) {
	for _, c := range []extent{{0, 0}, {3, 0}, {1, 1 << 60}} {
		r, _, stderr := started(Config{Progress: Bar, Workers: c.files})
		r.Total(c.files, c.bytes)
		if got := drawn(r, stderr); !strings.Contains(got, "0% [") || strings.Contains(got, "NaN") || strings.Contains(got, "Inf") {
			t.Errorf("%+v: %q", c, got)
		}
		for range c.files {
			told(t, r, job.Result{Input: "empty", Outcome: job.Failed, Reason: "corrupt"})
		}
		drawn(r, stderr)
		closed(t, r)
	}
}

// More bytes than planned may come: a file can grow while it waits.
func TestTheBarNeverEnds(t *testing.T) {
	b := newBar(new(screen))
	last := ""
	for _, done := range []int64{0, 1, 50, 99, 100, 101, 500} {
		for _, room := range []int{maxBar, 10, minBar, minBar - 1, -70} {
			got := b.render(done, 100, room)
			if !strings.Contains(got, "%") || strings.ContainsAny(got, "\r\n\x1b") {
				t.Errorf("%d of 100 bytes in %d columns: %q", done, room, got)
			}
			if room == maxBar {
				if done > 0 && done <= 100 && got == last && done != 1 && done != 100 {
					t.Errorf("%d of 100 bytes look like less: %q", done, got)
				}
				last = got
			}
		}
	}
}

func TestManyWorkers(t *testing.T) {
	names := make([]string, 64)
	for i := range names {
		names[i] = fmt.Sprintf("p/%d.jpg", i)
	}
	got := workerLines(names, maxRows)
	if len(got) != maxRows || got[0] != "   1 0.jpg" || got[maxRows-1] != "   8 7.jpg" {
		t.Errorf("%q", got)
	}
	for _, low := range []int{0, -1} { // a terminal that is lower than the bar and a worker
		if got := workerLines(names, low); len(got) != 0 {
			t.Errorf("%d lines where there is room for none", len(got))
		}
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		s       string
		columns int
		want    string
	}{
		{"short", 10, "short"}, {"exactly", 7, "exactly"}, {"too long", 5, "too ~"}, {"日本語", 6, "日本語"}, {"日本語", 5, "日本~"},
		{"日本語", 4, "日~"}, {"e\u0301e\u0301e\u0301", 2, "e\u0301~"}, {"👩‍👩‍👧‍👦 family", 4, "👩‍👩‍👧‍👦 ~"}, {"", 3, ""},
	} {
		got := cut(c.s, c.columns)
		if got != c.want || uniseg.StringWidth(got) > c.columns {
			t.Errorf("%q in %d columns is %q, want %q", c.s, c.columns, got, c.want)
		}
	}
}

func TestLinesFitTheTerminal(t *testing.T) {
	out := new(screen)
	b := newBar(out)
	b.draw(5, 10, func(bool) string { return strings.Repeat("status ", 20) }, []string{strings.Repeat("long", 100), "日本" + strings.Repeat("語", 100)})
	text := strings.TrimPrefix(out.String(), wrapOff+clearBelow)
	text, _, _ = strings.Cut(text, "\r")
	for line := range strings.SplitSeq(text, "\n") {
		if n := uniseg.StringWidth(line); n >= defaultColumns {
			t.Errorf("%d columns: %q", n, line)
		}
	}
}
