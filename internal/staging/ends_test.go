package staging

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/internal/atomicfile"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/journal"
)

// The input of these tests is in.jpg, which holds a picture; what is made of it
// holds that with "0" behind it.

// ends does a job and holds its outcome and reason, by its beginning, against
// those that are wanted.
func ends(t *testing.T, w way, j job.Job, want job.Outcome, reason string) job.Result {
	t.Helper()
	res := do(t, w, j, nil)
	if res.Outcome != want || !strings.HasPrefix(res.Reason, reason) || reason == "" && res.Reason != "" {
		t.Errorf("%s to %s: %s %q, want %s %q", j.Input, j.Output, res.Outcome, res.Reason, want, reason)
	}
	if want != job.OK && (res.Width != 0 || res.OutBytes != 0 || res.Notes != nil) {
		t.Errorf("%s was not written, but: %+v", j.Output, res)
	}
	return res
}

// over is a job that replaces its output.
func over(name job.Path) job.Job {
	j := to(name)
	j.Overwrite = true
	return j
}

// inPlace is a job that replaces its input.
func inPlace(backup string) job.Job {
	j := to("in.jpg")
	j.InPlace = &job.InPlace{Backup: backup}
	return j
}

func write(t *testing.T, name, text string) {
	t.Helper()
	must(t, os.WriteFile(name, []byte(text), 0o666))
}

func stat(t *testing.T, name string) os.FileInfo {
	t.Helper()
	fi, err := os.Lstat(name)
	must(t, err)
	return fi
}

func TestInputsThatAreNone(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		must(t, os.Mkdir("dir", 0o777))
		for name, reason := range map[job.Path]string{
			"nowhere.jpg": "unreadable: no such file or directory", "in.jpg/a.jpg": "unreadable: ", "dir": "unsupported: not a regular file",
		} {
			j := to("out/a.jpg", "out/b.jpg")
			j.Input = name
			if res := ends(t, w, j, job.Failed, reason); res.InBytes != 0 || res.Also[0].Reason != res.Reason {
				t.Errorf("%+v", res)
			}
		}
		holds(t, map[string]string{"in.jpg": picture, "dir/": ""})
	})
}

func TestExistingOutputs(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		write(t, "out.jpg", "old")
		write(t, "other.jpg", "other")
		must(t, os.Mkdir("dir.jpg", 0o777))
		must(t, os.Symlink("nowhere", "dangling.jpg"))
		must(t, os.Symlink("other.jpg", "link.jpg"))
		ends(t, w, to("out.jpg"), job.Skipped, "exists")
		ends(t, w, to("dangling.jpg"), job.Skipped, "exists")
		ends(t, w, to("dir.jpg"), job.Failed, "unwritable: the output exists and is no regular file")
		ends(t, w, over("dir.jpg"), job.Failed, "unwritable: the output exists and is no regular file")
		must(t, os.Remove("dangling.jpg"))
		holds(t, map[string]string{"in.jpg": picture, "out.jpg": "old", "other.jpg": "other", "dir.jpg/": "", "link.jpg": "other"})
		ends(t, w, over("out.jpg"), job.OK, "")
		ends(t, w, over("link.jpg"), job.OK, "") // the link is replaced, what it led to stays
		holds(t, map[string]string{"in.jpg": picture, "out.jpg": picture + "0", "other.jpg": "other", "dir.jpg/": "", "link.jpg": picture + "0"})
	})
}

func TestAnOutputThatIsTheInput(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		must(t, os.Link("in.jpg", "hard.jpg"))
		must(t, os.Symlink("in.jpg", "soft.jpg"))
		must(t, os.Mkdir("d", 0o777))
		must(t, os.Symlink("..", "d/up"))
		for _, c := range [][2]job.Path{{"in.jpg", "in.jpg"}, {"in.jpg", "hard.jpg"}, {"hard.jpg", "in.jpg"}, {"in.jpg", "soft.jpg"}, {"soft.jpg", "in.jpg"}, {"soft.jpg", "hard.jpg"}, {"in.jpg", "d/up/in.jpg"}} {
			for _, overwrite := range []bool{false, true} {
				j := to(c[1])
				j.Input, j.Overwrite = c[0], overwrite
				ends(t, w, j, job.Failed, "unwritable: the output is the input itself")
			}
		}
		must(t, os.Remove("d/up"))
		holds(t, map[string]string{"in.jpg": picture, "hard.jpg": picture, "soft.jpg": picture, "d/": ""})
	})
}

// Of two runs that make the same files, each makes those that the other does not.
// What is to be replaced is another matter: who comes second has not done it.
func TestAnotherRunIsWriting(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		place := inPlace("")
		over := to("b.jpg")
		over.Overwrite = true
		for _, c := range []struct {
			job     job.Job
			outcome job.Outcome
			reason  string
		}{
			{to("b.jpg"), job.Skipped, job.ReasonBusy},
			{over, job.Failed, "unwritable: another process is writing this file"},
			{place, job.Failed, "unwritable: another process is writing this file"},
		} {
			other := Open(c.job)
			other.Begin()
			res := ends(t, w, c.job, c.outcome, c.reason)
			if res.DiskFull || res.OutBytes != 0 || res.Primary != c.outcome {
				t.Errorf("%+v", res)
			}
			other.End(job.Canceled, "")
			ends(t, w, c.job, job.OK, "")
			must(t, os.WriteFile("in.jpg", []byte(picture), 0o666))
			if err := os.Remove("b.jpg"); err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
		}
		holds(t, map[string]string{"in.jpg": picture})
	})
}

func TestInPlace(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		for _, perm := range []os.FileMode{0o600, 0o644, 0o755, 0o640} {
			write(t, "in.jpg", picture)
			must(t, os.Chmod("in.jpg", perm))
			ends(t, w, inPlace(""), job.OK, "")
			if got := stat(t, "in.jpg").Mode().Perm(); got != perm {
				t.Errorf("permissions %v became %v", perm, got)
			}
			holds(t, map[string]string{"in.jpg": picture + "0"})
		}
		res := do(t, w, inPlace("~"), map[int]job.Part{0: {Outcome: job.Failed, Reason: "corrupt: it is"}})
		if res.Outcome != job.Failed || res.Reason != "corrupt: it is" {
			t.Errorf("%+v", res)
		}
		holds(t, map[string]string{"in.jpg": picture + "0"})
	})
}

// The journal hears of a file before it is replaced. Where it cannot be written,
// what has no backup stays, since the next run would work on it again.
func TestTheIntentInPlace(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		write(t, "journal", "")
		for i, c := range []struct {
			journal job.Path
			backup  string
			outcome job.Outcome
			reason  string
			notes   int
		}{
			{"journal", "", job.OK, "", 0},
			{"nowhere/journal", "~", job.OK, "", 1},
			{"nowhere/journal", "", job.Failed, "unwritable: the journal cannot be written: no such file or directory", 0},
		} {
			write(t, "in.jpg", picture)
			j := inPlace(c.backup)
			j.Intent = &job.Intent{Journal: c.journal, Key: 1, Digest: 2}
			res := ends(t, w, j, c.outcome, c.reason)
			if len(res.Notes) != c.notes || c.notes > 0 && !strings.Contains(res.Notes[0], "the journal cannot be written: no such file or directory") {
				t.Errorf("%d: notes %q", i, res.Notes)
			}
			if lines, err := os.ReadFile("journal"); err != nil || strings.Count(string(lines), "\n") != 1 {
				t.Errorf("%d: the journal holds %q, or %v", i, lines, err)
			}
		}
		must(t, os.Remove("journal"))
		holds(t, map[string]string{"in.jpg": picture, "in.jpg~": picture})
	})
}

// The journal hears nothing of what is not made.
func TestNoIntentOfAFailure(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		write(t, "journal", "")
		j := inPlace("")
		j.Intent = &job.Intent{Journal: "journal"}
		do(t, w, j, map[int]job.Part{0: {Outcome: job.Failed, Reason: "corrupt: it is"}})
		holds(t, map[string]string{"in.jpg": picture, "journal": ""})
	})
}

// An output that is to be replaced is left alone if it is no longer as the plan
// saw it, unless it holds already what it is to hold; an input that is to be
// replaced, always: the work would be done to it twice.
func TestOnlyWhatThePlanSawIsReplaced(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		again := func(state uint64) job.Job {
			j := over("out.jpg")
			j.State = state
			return j
		}
		ends(t, w, again(1), job.OK, "") // it was taken away
		ends(t, w, again(1), job.OK, "")
		for _, text := range []string{"edited", "pictur00"} {
			write(t, "out.jpg", text)
			ends(t, w, again(1), job.Skipped, "exists: changed since it was written")
			holds(t, map[string]string{"in.jpg": picture, "out.jpg": text})
		}
		ends(t, w, again(journal.State(stat(t, "out.jpg"))), job.OK, "")

		j := inPlace("")
		j.Also = []job.Target{{Output: "small.jpg"}}
		j.State = journal.Identity(stat(t, "in.jpg"))
		write(t, "in.jpg", "another")
		must(t, os.Remove("out.jpg"))
		must(t, os.Rename("in.jpg", "in2.jpg")) // another file, whatever the clock says
		write(t, "in.jpg", "another")
		ends(t, w, j, job.Failed, "unwritable: the file changed since it was found")
		holds(t, map[string]string{"in.jpg": "another", "in2.jpg": "another"})
	})
}

// The journal hears of an output that is replaced before it is.
func TestTheIntentToReplaceAnOutput(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		write(t, "out.jpg", "")
		file, err := filepath.Abs("journal")
		must(t, err)
		k, err := journal.Open(file)
		must(t, err)
		must(t, k.Close())
		j := over("out.jpg")
		j.Intent = &job.Intent{Journal: "journal", Key: 1, Digest: 2, Input: 3}
		ends(t, w, j, job.OK, "")
		k, err = journal.Read(file)
		must(t, err)
		want := journal.Record{Key: 1, Digest: 2, State: journal.Made(journal.State(stat(t, "out.jpg")), 3), Outcome: job.OK}
		if r, _ := k.Lookup(1); r != want {
			t.Errorf("the journal holds %+v, want %+v", r, want)
		}
		j.Intent.Journal = "nowhere/journal" // that is told when the result is recorded
		if res := ends(t, w, j, job.OK, ""); len(res.Notes) > 0 {
			t.Errorf("notes %q", res.Notes)
		}
	})
}

// What a killed process left behind neither stops nor shows in the output.
func TestALeftoverTemporaryFile(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		write(t, atomicfile.TempName("out.jpg"), strings.Repeat("x", 1<<16))
		ends(t, w, to("out.jpg"), job.OK, "")
		holds(t, map[string]string{"in.jpg": picture, "out.jpg": picture + "0"})
	})
}

func TestTheTimeOfTheInput(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		when := stat(t, "in.jpg").ModTime().Add(-1e9 * 3600)
		must(t, os.Chtimes("in.jpg", when, when))
		j := to("out.jpg")
		j.Carry.Mtime = true
		ends(t, w, j, job.OK, "")
		j = inPlace("")
		j.Carry.Mtime = true
		ends(t, w, j, job.OK, "")
		for _, name := range []string{"in.jpg", "out.jpg"} {
			if got := stat(t, name).ModTime(); !got.Equal(when) {
				t.Errorf("%s changed at %v, want %v", name, got, when)
			}
		}
	})
}
