package bench

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// row makes a row of runs that took so many seconds each.
func row(mode string, jobs int, digest string, seconds ...float64) series {
	r := series{Work: "gray", Variant: Variant{mode, jobs}}
	for _, s := range seconds {
		r.Samples = append(r.Samples, Sample{
			Wall: time.Duration(s * float64(time.Second)), CPU: time.Duration(2 * s * float64(time.Second)),
			Peak: 50e6, Files: 100, OK: 99, Pixels: 200e6, InBytes: 30e6, Digest: digest,
		})
	}
	return r
}

func TestFigures(t *testing.T) {
	base, fast := row("sequential", 1, "a", 10, 20, 40), row("goroutine", 2, "a", 5, 8, 20)
	if s := base.FilesPerSecond(); s != (Stat{Median: 5, Min: 2.5, Max: 10}) {
		t.Errorf("files/s %v", s)
	}
	if s := base.MegapixelsPerSecond(); s != (Stat{Median: 10, Min: 5, Max: 20}) {
		t.Errorf("MP/s %v", s)
	}
	if s := base.CPUSeconds(); s != (Stat{Median: 40, Min: 20, Max: 80}) {
		t.Errorf("CPU %v", s)
	}
	if s := base.PeakMB(); s.Median != 50 {
		t.Errorf("memory %v", s)
	}
	// Round by round the ratios are 2, 2.5 and 2: a slow round slows both.
	if s := fast.SpeedUp(base); s != 2 {
		t.Errorf("speed-up %v", s)
	}
	if s := row("proc", 1, "a", 1, 2).FilesPerSecond(); s.Median != 75 {
		t.Errorf("the median of two is %v", s.Median)
	}
}

func TestTableTellsDifferentBytes(t *testing.T) {
	rows := []series{row("sequential", 1, "a", 4), row("goroutine", 2, "a", 2), row("proc", 2, "b", 2.5)}
	var out strings.Builder
	if err := WriteTable(&out, rows); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"gray: 100 files (99 ok), 200 MP, 30 MB; medians of 1 interleaved rounds",
		"sequential        1     25.0      0%  50.0      0%     1.00x   8.00       50         yes",
		"goroutine        2     50.0      0%  100.0      0%     2.00x   4.00       50         yes",
		"proc        2     40.0      0%   80.0      0%     1.60x   5.00       50          NO",
		"On 2 workers, subprocesses reach 0.80x the throughput of goroutines on these pictures, for 1.25x the CPU and 1.00x the memory.",
	} {
		squeezed := strings.Join(strings.Fields(out.String()), " ")
		if !strings.Contains(squeezed, strings.Join(strings.Fields(want), " ")) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestJSONComparesWithinAWork(t *testing.T) {
	rows := []series{row("sequential", 1, "a", 4), row("proc", 1, "a", 2), row("sequential", 1, "b", 30), row("proc", 1, "b", 10)}
	rows[2].Work, rows[3].Work = "resize", "resize"
	var out strings.Builder
	if err := WriteJSON(&out, rows); err != nil {
		t.Fatal(err)
	}
	var ups []float64
	for l := range strings.Lines(out.String()) {
		var v struct {
			Type    string
			SpeedUp float64 `json:"speed_up"`
			Same    bool    `json:"same_bytes"`
		}
		if err := json.Unmarshal([]byte(l), &v); err != nil || v.Type != "bench" || !v.Same {
			t.Errorf("%s: %v", l, err)
		}
		ups = append(ups, v.SpeedUp)
	}
	if len(ups) != 4 || ups[1] != 2 || ups[2] != 1 || ups[3] != 3 {
		t.Errorf("speed-ups %v, want 1 2 1 3", ups)
	}
}

// The digest decides whether two modes wrote the same: it must see names,
// bytes, and where one file ends and the next begins.
func TestDigest(t *testing.T) {
	seen := map[string]int{}
	for i, files := range []map[string]string{
		{"a": "xy", "b": "z"}, {"a": "x", "b": "yz"}, {"a": "xy"}, {"c": "xy", "b": "z"}, {"d/a": "xy", "d/b": "z"},
	} {
		dir := t.TempDir()
		for name, text := range files {
			name = filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		d, err := digest(dir)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := digest(dir); again != d {
			t.Error("one folder has two digests")
		}
		if j, ok := seen[d]; ok {
			t.Errorf("folders %d and %d have one digest", i, j)
		}
		seen[d] = i
	}
}
