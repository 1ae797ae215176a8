package job

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/imgpar/imgpar/internal/fuzztest"
)

// Whatever a worker answers, it is refused, or is an answer that comes back from
// its own text; and one that is an answer to the work makes sense in all it says.
func FuzzDecodeAnswer(f *testing.F) {
	work := Job{Also: []Target{{}}}.Work(9, func(i int) bool { return i == 1 })
	ok := Part{Outcome: OK, Notes: []string{"n"}, Width: 3, Height: 4, Bytes: 6, Pixels: 12}
	for _, a := range []Answer{{}, {Parts: []Part{ok, {}}, Checksum: 1 << 63}, {Parts: []Part{{Outcome: Failed, Reason: "corrupt", DiskFull: true}, ok}}} {
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
		if a.Check(work) != nil {
			return
		}
		p := a.Parts[0]
		if len(a.Parts) != 2 || p.Width < 0 || p.Height < 0 || p.Bytes < 0 || p.Pixels < 0 || (p.Bytes > 0) != (p.Outcome == OK) || p.Outcome == Canceled || p.Outcome == Timeout {
			t.Errorf("%+v is an answer", a)
		}
	})
}

// A worker does the work that it was given.
func FuzzDecodeWork(f *testing.F) {
	data, err := EncodeWork(Job{Input: "a\xff", Target: Target{Pipeline: "gray"}, InPlace: &InPlace{}, Also: []Target{{}}}.Work(9, func(int) bool { return false }))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzztest.Bound(t, data, 1<<20+100*int64(len(data)))()
		j, err := DecodeWork(data)
		if err != nil {
			if errors.As(err, new(*json.SyntaxError)) && json.Valid(data) {
				t.Error(err)
			}
			return
		}
		text, err := EncodeWork(j)
		if err != nil {
			t.Fatal(err)
		}
		again, err := DecodeWork(text)
		if diff := cmp.Diff(j, again, cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Errorf("%v, %s", err, diff)
		}
	})
}
