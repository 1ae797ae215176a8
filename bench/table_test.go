package bench

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// sampleReport has a load with a mode that writes other bytes, and a losing peer.
func sampleReport() Report {
	s := func(v float64) Stat { return Stat{v, v, v, 0.02} }
	row := func(mode string, n int, rate float64) Row {
		return Row{Mode: mode, Workers: n, Figures: Figures{s(100 / rate), s(12.3), 345}, FilesPerSecond: s(rate), MPPerSecond: s(12 * rate),
			MBPerSecond: s(3 * rate), SpeedUp: 1.5, Efficiency: 0.97, TaskMicros: 31, P50: 4.83, P99: 112.4, SameBytes: mode != proc}
	}
	return Report{
		Type: reportType, Version: reportVersion, Date: time.Date(2026, 11, 22, 1, 2, 3, 0, time.UTC),
		Command: []string{"imgpar", "bench", strings.Repeat("long", 15), strings.Repeat("long", 15)},
		Machine: Machine{OS: "linux", Arch: "amd64", Kernel: "6.1", CPU: "AMD EPYC", CPUs: 2, Memory: 8e9, Go: "go1.26.8", Imgpar: "v0.8.0"},
		Workers: 2, Spawn: Stat{3, 2.5, 4, 0.1},
		Loads: []Load{{
			Name: "gray", Args: []string{"gray"}, Corpus: "100 photos", Files: 100, OK: 99, Pixels: 1200e6, InBytes: 300e6, Rounds: 3, Settled: true,
			Rows:    []Row{row(sequential, 1, 123.4), row(proc, 2, 349), row(auto, 2, 351)},
			Peers:   []Peer{{Name: "jpegtran", Version: "2.1.5", Figures: Figures{s(0.05), s(0.08), 36}, OK: 100, CPURatio: 0.9, WallRatio: 0.8, PSNR: 44.5, OwnPSNR: Identical}},
			Verdict: "On these files " + strings.Repeat("words ", 30) + "end.", Notes: []string{"libvips is left out: it hangs"},
		}},
	}
}

func TestText(t *testing.T) {
	var out strings.Builder
	r := sampleReport()
	if err := r.WriteText(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"imgpar v0.8.0, go1.26.8, " + r.Date.Local().Format(time.DateTime),
		"AMD EPYC, 2 CPUs, 8.0 GB, linux/amd64 6.1",
		"$ imgpar bench longlong",
		"A subprocess is ready after 3.0 ms (2.5 to 4.0).",
		"gray: imgpar gray 100 photos: 100 files, 99 ok, 1200 MP, 300 MB; medians of 3 rounds, all with a small spread",
		"mode workers files/s +- MP/s MB/s CPU s speed eff. MB us/file p50 p99 same",
		"sequential 1 123 2% 1481 370 12.3 1.50x 0.97 345 31 4.83 112 yes",
		"proc 2 349 2% 4188 1047 12.3 1.50x 0.97 345 31 4.83 112 NO",
		"program files CPU s wall s +- MB CPU ratio wall ratio PSNR dB imgpar's",
		"imgpar 99 12.3 0.285 2% 345 1.00x 1.00x - - jpegtran 2.1.5 100 0.0800 0.0500 2% 36 0.90x 0.80x 44.50 exact",
		"words end. Note: libvips is left out: it hangs",
	} {
		if !strings.Contains(strings.Join(strings.Fields(out.String()), " "), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	for l := range strings.Lines(out.String()) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(l, "\n")); n > tableWidth {
			t.Errorf("%d columns: %s", n, l)
		}
	}
}

func TestSameBytes(t *testing.T) {
	r := sampleReport()
	if r.SameBytes() {
		t.Error("a mode that writes other bytes is not told")
	}
	r.Loads[0].Rows = r.Loads[0].Rows[:1]
	if !r.SameBytes() {
		t.Error("one mode alone writes other bytes")
	}
}

// One round has no spread, small pictures have sizes, and what a name holds does nothing
// to a terminal.
func TestTextOfOneRoundOnTinyPictures(t *testing.T) {
	r := sampleReport()
	r.Command = []string{"imgpar", "bench", "it's a\x1b[31m"}
	l := &r.Loads[0]
	l.Corpus, l.Pixels, l.InBytes, l.Rounds, l.Settled = "b\x1bc", 204800, 107643, 1, false
	var out strings.Builder
	if err := r.WriteText(&out); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(out.String()), " ")
	for _, want := range []string{
		`$ imgpar bench 'it'\''s a` + "\ufffd[31m'",
		"b\ufffdc: 100 files, 99 ok, 0.205 MP, 0.108 MB; medians of 1 round, too few to tell chance",
		"sequential 1 123 - 1481", "imgpar 99 12.3 0.285 - 345",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}
