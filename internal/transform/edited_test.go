package transform

import (
	"os"
	"testing"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/journal"
)

// An output that is to be replaced because it is what an earlier run left may be
// edited before its turn comes.
func TestAnOutputThatIsEditedMeanwhileStays(t *testing.T) {
	folder(t)
	put(t, "a.png", gradient(9, 7), codec.PNG)
	must(t, os.WriteFile("b.png", []byte("made by an earlier run"), 0o666))
	made, err := os.Lstat("b.png")
	must(t, err)
	j := job.Job{Input: "a.png", MaxPixels: codec.MaxPixels,
		Target: job.Target{Output: "b.png", Pipeline: "gray", Overwrite: true, Ours: journal.State(made)}}
	must(t, os.WriteFile("b.png", []byte("worked on for hours"), 0o666))
	var w Worker
	if res := w.Do(t.Context(), j); res.Outcome != job.Skipped || res.Reason != ReasonEdited {
		t.Errorf("%s: %s", res.Outcome, res.Reason)
	}
	if text, err := os.ReadFile("b.png"); string(text) != "worked on for hours" {
		t.Errorf("holds %q, %v", text, err)
	}
	edited, err := os.Lstat("b.png")
	must(t, err)
	j.Ours = journal.State(edited)
	if res := w.Do(t.Context(), j); res.Outcome != job.OK {
		t.Errorf("%s: %s", res.Outcome, res.Reason)
	}
}
