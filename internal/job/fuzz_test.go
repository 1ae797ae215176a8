package job

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/imgpar/imgpar/internal/fuzztest"
)

// Whatever a worker answers, it is refused or is an answer that comes back from its
// own text.
func FuzzDecodeAnswer(f *testing.F) {
	for _, a := range []Answer{{}, {Parts: []Part{{Outcome: Failed, Reason: "corrupt", Notes: []string{"n\xff"}}, {Outcome: OK, Width: 3, Bytes: 1 << 40}}, Checksum: 1 << 63}} {
		data, err := EncodeAnswer(a)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzztest.Bound(t, data, 1<<20+100*int64(len(data)))()
		a, err := DecodeAnswer(data)
		if err != nil {
			return
		}
		text, err := EncodeAnswer(a)
		if err != nil {
			t.Fatal(err)
		}
		again, err := DecodeAnswer(text)
		if diff := cmp.Diff(a, again); err != nil || diff != "" {
			t.Errorf("%v, %s", err, diff)
		}
	})
}

// A worker does the work that it was given.
func FuzzDecodeWork(f *testing.F) {
	data, err := EncodeWork(Work{Job: Job{Input: "a\xff", Target: Target{Pipeline: "gray"}, InPlace: &InPlace{}, Also: []Target{{UpToDate: true}}}, Size: 7})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzztest.Bound(t, data, 1<<20+100*int64(len(data)))()
		w, err := DecodeWork(data)
		if err != nil {
			if errors.As(err, new(*json.SyntaxError)) && json.Valid(data) {
				t.Error(err)
			}
			return
		}
		text, err := EncodeWork(w)
		if err != nil {
			t.Fatal(err)
		}
		again, err := DecodeWork(text)
		if diff := cmp.Diff(w, again); err != nil || diff != "" {
			t.Errorf("%v, %s", err, diff)
		}
	})
}
