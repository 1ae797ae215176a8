package job

import (
	"bytes"
	"testing"

	"github.com/imgpar/imgpar/internal/fuzztest"
)

// Whatever a worker answers, it is refused, or is an answer in its one form; and
// one that is an answer to the work makes sense in all it says.
func FuzzDecodeAnswer(f *testing.F) {
	work := Job{Also: []Target{{}}}.Work(9, func(i int) bool { return i == 1 })
	ok := Part{Outcome: OK, Notes: []string{"n"}, Width: 3, Height: 4, Bytes: 6, Pixels: 12}
	for _, a := range []Answer{{}, {Parts: []Part{ok, {}}, Checksum: 1 << 63}, {Parts: []Part{{Outcome: Failed, Reason: "corrupt", DiskFull: true}, ok}}} {
		f.Add(EncodeAnswer(a))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzztest.Bound(t, data, 1<<20+100*int64(len(data)))()
		a, err := DecodeAnswer(data)
		if err != nil {
			return
		}
		if again := EncodeAnswer(a); !bytes.Equal(data, again) {
			t.Errorf("%x is encoded as %x", data, again)
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
	f.Add(EncodeWork(Job{Input: "a\xff", Target: Target{Pipeline: "gray"}, InPlace: &InPlace{}, Also: []Target{{}}}.Work(9, func(int) bool { return false })))
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzztest.Bound(t, data, 1<<20+100*int64(len(data)))()
		w, err := DecodeWork(data)
		if err != nil {
			return
		}
		if again := EncodeWork(w); !bytes.Equal(data, again) {
			t.Errorf("%x is encoded as %x", data, again)
		}
	})
}
