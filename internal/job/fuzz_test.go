package job

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/imgpar/imgpar/internal/fuzztest"
)

// Whatever a worker answers, it is refused or is a result that comes back from its
// own text.
func FuzzDecodeResult(f *testing.F) {
	for _, r := range []Result{{}, {Input: "a\xff", Outcome: Failed, Reason: "corrupt", Notes: []string{"n"}, Also: []Made{{Output: "b", Outcome: OK}}, Elapsed: time.Second, Checksum: 1 << 63}} {
		data, err := EncodeResult(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzztest.Bound(t, data, 1<<20+100*int64(len(data)))()
		r, err := DecodeResult(data)
		if err != nil {
			return
		}
		text, err := EncodeResult(r)
		if err != nil {
			t.Fatal(err)
		}
		again, err := DecodeResult(text)
		if diff := cmp.Diff(r, again); err != nil || diff != "" {
			t.Errorf("%v, %s", err, diff)
		}
	})
}

// A worker does the job that it was given.
func FuzzDecodeJob(f *testing.F) {
	data, err := EncodeJob(Job{Input: "a\xff", Target: Target{Output: "b", Pipeline: "gray"}, InPlace: &InPlace{Backup: "~"}, Also: []Target{{Intent: &Intent{Journal: "j"}}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzztest.Bound(t, data, 1<<20+100*int64(len(data)))()
		j, err := DecodeJob(data)
		if err != nil {
			if errors.As(err, new(*json.SyntaxError)) && json.Valid(data) {
				t.Error(err)
			}
			return
		}
		text, err := EncodeJob(j)
		if err != nil {
			t.Fatal(err)
		}
		again, err := DecodeJob(text)
		if diff := cmp.Diff(j, again); err != nil || diff != "" {
			t.Errorf("%v, %s", err, diff)
		}
	})
}
