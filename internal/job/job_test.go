package job

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A name that is not UTF-8 must reach a subprocess as it is: through plain
// JSON strings, the worker would be told to open a file that does not exist.
func TestPathsSurviveTheWire(t *testing.T) {
	for _, name := range []Path{"", "a.jpg", "ünï.png", "line\nbreak.gif", "\xff\xfe\x00latin1\xe9.tif"} {
		j := Job{Input: name, Target: Target{Output: "out/" + name, Pipeline: "gray"}, Also: []Target{{Output: name + "_2", Pipeline: "resize w=9"}}, Quality: 85, MaxPixels: 1 << 28, InPlace: &InPlace{Backup: "~"}}
		j.State, j.Intent = 1<<63+1, &Intent{Journal: name, Key: 1 << 63, Digest: 7}
		data, err := EncodeJob(j)
		if err != nil {
			t.Fatal(err)
		}
		got, err := DecodeJob(data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(j, got); diff != "" {
			t.Errorf("%q: %s", name, diff)
		}
	}
}

func TestResultSurvivesTheWire(t *testing.T) {
	r := Result{Input: "\xff", Output: "b", Outcome: Failed, Reason: "corrupt", Notes: []string{"n"}, Width: 3, Height: 4,
		Pixels: 12, InBytes: 5, OutBytes: 6, Elapsed: time.Second}
	data, err := EncodeResult(r)
	if err != nil {
		t.Fatal(err)
	}
	got, err := DecodeResult(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, got); diff != "" {
		t.Error(diff)
	}
	if _, err := DecodeResult([]byte("{")); err == nil {
		t.Error("half an object was decoded")
	}
}
