package job

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What a worker is told is what decides the bytes, and the name that tells what
// the input claims to be, which need not be UTF-8; it is told of no place.
func TestWork(t *testing.T) {
	for _, name := range []Path{"a.jpg", "ünï.png", "line\nbreak.gif", "\xff\xfe\x00latin1\xe9.tif"} {
		j := Job{
			Input: "folder/" + name, Target: Target{Output: "out/" + name, Pipeline: "gray", Overwrite: true, State: 1, Intent: &Intent{Journal: name, Key: 1}},
			Also:    []Target{{Output: name + "_2", Pipeline: "resize w=9", Format: "png"}, {Output: name + "_3", Pipeline: "invert", State: 2}},
			Quality: 85, MaxPixels: 1 << 28, InPlace: &InPlace{Backup: "~"}, Checksum: true,
		}
		before, err := json.Marshal(j)
		if err != nil {
			t.Fatal(err)
		}
		got, err := DecodeWork(EncodeWork(j.Work(7, func(i int) bool { return i == 1 })))
		if err != nil {
			t.Fatal(err)
		}
		want := Work{Size: 7, Job: Job{
			Input: name, Target: Target{Pipeline: "gray"},
			Also:    []Target{{Pipeline: "resize w=9", Format: "png", UpToDate: true}, {Pipeline: "invert"}},
			Quality: 85, MaxPixels: 1 << 28, InPlace: &InPlace{}, Checksum: true,
		}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", name, diff)
		}
		if diff := cmp.Diff([]int{0, 2}, got.Wanted()); diff != "" {
			t.Error(diff)
		}
		if after, err := json.Marshal(j); err != nil || !bytes.Equal(before, after) {
			t.Errorf("the job is changed, or %v", err)
		}
	}
}

// A process that was taken over may say anything.
func TestAnswersThatAreNone(t *testing.T) {
	w := Job{Target: Target{Pipeline: "gray"}, Also: []Target{{Pipeline: "invert"}}}.Work(9, func(i int) bool { return i == 1 })
	good := Part{Outcome: OK, Width: 3, Height: 4, Bytes: 6, Pixels: 12}
	for what, c := range map[string]struct {
		change func(*Answer)
		want   string // "": it is one
	}{
		"good":                   {func(*Answer) {}, ""},
		"failed":                 {func(a *Answer) { a.Parts[0] = Part{Outcome: Failed, Reason: "corrupt", Pixels: 3} }, ""},
		"nonsense of no concern": {func(a *Answer) { a.Parts[1] = Part{Outcome: "?", Width: -1} }, ""},
		"none":                   {func(a *Answer) { a.Parts = nil }, "for 0 outputs of 2"},
		"few":                    {func(a *Answer) { a.Parts = a.Parts[:1] }, "for 1 outputs of 2"},
		"many":                   {func(a *Answer) { a.Parts = append(a.Parts, good) }, "for 3 outputs of 2"},
		"outcome":                {func(a *Answer) { a.Parts[0] = Part{Outcome: "\x1b[2J"} }, "an outcome of 4 bytes"},
		"no outcome":             {func(a *Answer) { a.Parts[0] = Part{} }, "an outcome of 0 bytes"},
		"canceled":               {func(a *Answer) { a.Parts[0] = Part{Outcome: Canceled} }, "an outcome of 8 bytes"},
		"timeout":                {func(a *Answer) { a.Parts[0] = Part{Outcome: Timeout} }, "an outcome of 7 bytes"},
		"negative width":         {func(a *Answer) { a.Parts[0].Width = -3 }, "-3x4 pixels"},
		"no height":              {func(a *Answer) { a.Parts[0].Height = 0 }, "3x0 pixels"},
		"huge width":             {func(a *Answer) { a.Parts[0].Width = 1 << 40 }, "1099511627776x4 pixels"},
		"negative size":          {func(a *Answer) { a.Parts[0].Bytes = -1 }, "-1 bytes"},
		"empty":                  {func(a *Answer) { a.Parts[0].Bytes = 0 }, "0 bytes"},
		"negative pixels":        {func(a *Answer) { a.Parts[0].Pixels = -1 }, "-1 pixels"},
		"huge pixels":            {func(a *Answer) { a.Parts[0].Pixels = 1 << 62 }, "4611686018427387904 pixels"},
		"ok with a reason":       {func(a *Answer) { a.Parts[0].Reason = "but" }, "a reason"},
		"ok on a full disk":      {func(a *Answer) { a.Parts[0].DiskFull = true }, "a reason"},
		"failed with bytes":      {func(a *Answer) { a.Parts[0] = Part{Outcome: Failed, Bytes: 3} }, "sizes"},
		"crashed with a width":   {func(a *Answer) { a.Parts[0] = Part{Outcome: Crashed, Width: 3} }, "sizes"},
	} {
		a := Answer{Parts: []Part{good, {}}}
		c.change(&a)
		err := a.Check(w)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
	}
}
