package bench

import (
	"strings"
	"testing"
)

// contest has sequential runs of 2 s, and those of both modes on 2 workers. A hundred
// files take 1 s of CPU in goroutines.
func contest(goroutines, procs, cpu []float64) []*contender {
	v := func(mode string, n int, wall, cpu []float64) *contender {
		return &contender{variant: variant{mode, n}, wall: wall, cpu: cpu, same: true}
	}
	two, one := []float64{2, 2, 2}[:len(goroutines)], []float64{1, 1, 1}[:len(goroutines)]
	return []*contender{v(sequential, 1, two, one), v(goroutine, 1, two, one), v(goroutine, 2, goroutines, one),
		v(proc, 1, two, cpu), v(proc, 2, procs, cpu), v(auto, 2, goroutines, one)}
}

func TestVerdict(t *testing.T) {
	load := Load{Files: 100, OK: 100, Pixels: 1200e6}
	for _, c := range []struct {
		what                   string
		goroutines, procs, cpu []float64
		want                   string
	}{
		{"goroutines win", []float64{1, 2, 1.5}, []float64{1.1, 2.2, 1.65}, []float64{1.05, 1.05, 1.05},
			"On these 100 files of 12.0 MP each, goroutines win: 1.10x the throughput of subprocesses on 2 workers; isolation costs 500 us of CPU a file, 5 % of the 10 ms that one takes."},
		{"subprocesses win, and take less", []float64{1.2, 1.2, 1.2}, []float64{1, 1, 1}, []float64{0.9, 0.9, 0.9},
			"On these 100 files of 12.0 MP each, subprocesses win: 1.20x the throughput of goroutines on 2 workers; isolated, a file takes 1000 us less of CPU, 10 % of 10 ms."},
		{"a difference smaller than the spread", []float64{1, 1, 1}, []float64{0.98, 1.04, 1.1}, []float64{0.9, 1.01, 1.1},
			"On these 100 files of 12.0 MP each, goroutines and subprocesses make no difference that this run could measure: 4.0 % of throughput on 2 workers, where rounds differ by 5.8 %; isolation costs no CPU that this run could measure."},
		{"a difference smaller than any that counts", []float64{1, 1, 1}, []float64{1.005, 1.005, 1.005}, []float64{1.005, 1.005, 1.005},
			"On these 100 files of 12.0 MP each, goroutines and subprocesses make no difference that this run could measure: 0.5 % of throughput on 2 workers, where rounds differ by 0.0 %; isolation costs no CPU that this run could measure."},
		{"workers are in the way", []float64{2.2, 2.2, 2.2}, []float64{3, 3, 3}, []float64{2, 2, 2},
			"On these 100 files of 12.0 MP each, one after another wins: 1.10x the throughput of goroutines, and 1.50x that of subprocesses, on 2 workers; isolation costs 10 ms of CPU a file, 100 % of the 10 ms that one takes."},
		{"too few rounds", []float64{1, 1}, []float64{1.5, 1.5}, []float64{2, 2},
			"On these 100 files of 12.0 MP each, 2 rounds cannot tell a difference from chance (3 can); goroutines reached 1.50x the throughput of subprocesses on 2 workers; what isolation costs is not known."},
		{"one round", []float64{1}, []float64{1.5}, []float64{2},
			"On these 100 files of 12.0 MP each, 1 round cannot tell a difference from chance (3 can); goroutines reached 1.50x the throughput of subprocesses on 2 workers; what isolation costs is not known."},
	} {
		if got := verdict(contest(c.goroutines, c.procs, c.cpu), load); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.what, got, c.want)
		}
	}
}

func TestVerdictSaysFirstThatBytesDiffer(t *testing.T) {
	who := contest([]float64{1, 1, 1}, []float64{2, 2, 2}, []float64{1, 1, 1})
	who[2].same, who[4].same = false, false
	got := verdict(who, Load{Files: 100, OK: 100, Pixels: 1e6})
	want := "THE BYTES DIFFER: not every run of goroutine on 2 workers and proc on 2 workers wrote what the first one wrote. On these 100 files of 10000 pixels each, goroutines win: 2.00x "
	if !strings.HasPrefix(got, want) {
		t.Errorf("%s\nwant\n%s...", got, want)
	}
}

func TestOnFiles(t *testing.T) {
	for want, l := range map[string]Load{
		"On this file of 12.2 MP,":                  {OK: 1, Pixels: 12.2e6},
		"On these 48 files of 12.0 MP each,":        {OK: 48, Pixels: 576e6},
		"On these 10000 files of 4096 pixels each,": {OK: 10000, Pixels: 40960000},
	} {
		if got := onFiles(l); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
