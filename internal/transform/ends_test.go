package transform

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/atomicfile"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/journal"
)

func TestExistingOutputs(t *testing.T) {
	folder(t)
	put(t, "a.png", gradient(8, 8), codec.PNG)
	must(t, os.WriteFile("out.png", []byte("old"), 0o666))
	must(t, os.Mkdir("dir.png", 0o777))
	must(t, os.Symlink("nowhere", "dangling.png"))
	must(t, os.WriteFile("other.png", []byte("other"), 0o666))
	must(t, os.Symlink("other.png", "link.png"))
	over := func(out string) job.Job {
		j := todo("a.png", out, "gray")
		j.Overwrite = true
		return j
	}
	done(t, todo("a.png", "out.png", "gray"), job.Skipped, "exists")
	done(t, todo("a.png", "dangling.png", "gray"), job.Skipped, "exists")
	if old, _ := os.ReadFile("out.png"); string(old) != "old" {
		t.Errorf("the old file is now %q", old)
	}
	done(t, todo("a.png", "dir.png", "gray"), job.Failed, "unwritable: the output exists and is no regular file")
	done(t, over("dir.png"), job.Failed, "unwritable: the output exists and is no regular file")
	done(t, over("out.png"), job.OK, "")
	get(t, "out.png")
	done(t, over("link.png"), job.OK, "") // the link is replaced, what it led to stays
	if other, _ := os.ReadFile("other.png"); string(other) != "other" {
		t.Errorf("the link's target is now %q", other)
	}
	holds(t, "a.png", "dangling.png", "link.png", "other.png", "out.png")
}

func TestAnOutputThatIsTheInput(t *testing.T) {
	folder(t)
	before := put(t, "a.png", gradient(8, 8), codec.PNG)
	must(t, os.Link("a.png", "hard.png"))
	must(t, os.Symlink("a.png", "soft.png"))
	must(t, os.Mkdir("d", 0o777))
	must(t, os.Symlink("..", "d/up"))
	for _, c := range [][2]string{{"a.png", "a.png"}, {"a.png", "hard.png"}, {"hard.png", "a.png"}, {"a.png", "soft.png"}, {"soft.png", "a.png"}, {"soft.png", "hard.png"}, {"a.png", "d/up/a.png"}} {
		for _, overwrite := range []bool{false, true} {
			j := todo(c[0], c[1], "gray")
			j.Overwrite = overwrite
			done(t, j, job.Failed, "unwritable: the output is the input itself")
		}
	}
	if now, err := os.ReadFile("a.png"); err != nil || !bytes.Equal(now, before) {
		t.Errorf("the source changed, or %v", err)
	}
	holds(t, "a.png", "d/up", "hard.png", "soft.png")
}

func TestInPlace(t *testing.T) {
	folder(t)
	for _, perm := range []os.FileMode{0o600, 0o644, 0o755, 0o640} {
		put(t, "a.png", gradient(40, 30), codec.PNG)
		must(t, os.Chmod("a.png", perm))
		j := todo("a.png", "a.png", "resize w=20")
		j.InPlace = &job.InPlace{}
		done(t, j, job.OK, "")
		if p := get(t, "a.png"); p.Width != 20 {
			t.Errorf("%v: %d pixels wide", perm, p.Width)
		}
		fi, err := os.Stat("a.png")
		must(t, err)
		if fi.Mode().Perm() != perm {
			t.Errorf("permissions %v became %v", perm, fi.Mode().Perm())
		}
		holds(t, "a.png")
		must(t, os.Remove("a.png"))
	}
	must(t, os.WriteFile("a.png", []byte("broken"), 0o666))
	j := todo("a.png", "a.png", "gray")
	j.InPlace = &job.InPlace{}
	done(t, j, job.Failed, "unsupported: ")
	if now, _ := os.ReadFile("a.png"); string(now) != "broken" {
		t.Errorf("a file that failed is now %q", now)
	}
}

// The journal hears of a file before it is replaced. Where it cannot be written,
// what has no backup stays, since the next run would work on it again.
func TestTheIntentInPlace(t *testing.T) {
	folder(t)
	must(t, os.WriteFile("journal", nil, 0o666))
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
		old := put(t, "a.png", gradient(40, 30), codec.PNG)
		j := todo("a.png", "a.png", "resize w=20")
		j.InPlace, j.Intent = &job.InPlace{Backup: c.backup}, &job.Intent{Journal: c.journal, Key: 1, Digest: 2}
		res := done(t, j, c.outcome, c.reason)
		if len(res.Notes) != c.notes || c.notes > 0 && !strings.Contains(res.Notes[0], "the journal cannot be written: no such file or directory") {
			t.Errorf("%d: notes %q", i, res.Notes)
		}
		if now, err := os.ReadFile("a.png"); err != nil || bytes.Equal(now, old) != (c.outcome != job.OK) {
			t.Errorf("%d: replaced %v, or %v", i, !bytes.Equal(now, old), err)
		}
		if lines, err := os.ReadFile("journal"); err != nil || bytes.Count(lines, []byte("\n")) != 1 {
			t.Errorf("%d: the journal holds %q, or %v", i, lines, err)
		}
	}
	holds(t, "a.png", "a.png~", "journal")
	must(t, os.WriteFile("a.png", []byte("broken"), 0o666))
	j := todo("a.png", "a.png", "gray")
	j.InPlace, j.Intent = &job.InPlace{}, &job.Intent{Journal: "journal"}
	done(t, j, job.Failed, "unsupported: ")
	if lines, err := os.ReadFile("journal"); err != nil || bytes.Count(lines, []byte("\n")) != 1 {
		t.Errorf("behind a failure: the journal holds %q, or %v", lines, err)
	}
}

// An output that is to be replaced is left alone if it is no longer as the plan
// saw it, unless it holds already what it is to hold; an input that is to be
// replaced, always: the work would be done to it twice.
func TestOnlyWhatThePlanSawIsReplaced(t *testing.T) {
	folder(t)
	put(t, "a.png", gradient(40, 30), codec.PNG)
	again := func(state uint64) job.Job {
		j := todo("a.png", "out.png", "resize w=20")
		j.Overwrite, j.State = true, state
		return j
	}
	done(t, again(1), job.OK, "") // it was taken away
	made, err := os.ReadFile("out.png")
	must(t, err)
	done(t, again(1), job.OK, "")
	must(t, os.WriteFile("out.png", []byte("edited"), 0o666))
	done(t, again(1), job.Skipped, "exists: changed since it was written")
	must(t, os.WriteFile("out.png", bytes.Repeat([]byte("e"), len(made)), 0o666))
	done(t, again(1), job.Skipped, "exists: changed since it was written")
	if now, err := os.ReadFile("out.png"); err != nil || now[0] != 'e' {
		t.Errorf("what was edited holds %q, or %v", now, err)
	}
	fi, err := os.Lstat("out.png")
	must(t, err)
	done(t, again(journal.State(fi)), job.OK, "")

	j := todo("a.png", "a.png", "resize w=20")
	j.InPlace = &job.InPlace{}
	j.Also = []job.Target{{Output: "small.png", Pipeline: "gray"}}
	fi, err = os.Lstat("a.png")
	must(t, err)
	j.State = journal.Identity(fi)
	must(t, os.WriteFile("a.png", made, 0o666))
	done(t, j, job.Failed, "unwritable: the file changed since it was found")
	if now, err := os.ReadFile("a.png"); err != nil || !bytes.Equal(now, made) {
		t.Errorf("the input changed, or %v", err)
	}
	holds(t, "a.png", "out.png")
}

// The journal hears of an output that is replaced before it is.
func TestTheIntentToReplaceAnOutput(t *testing.T) {
	folder(t)
	put(t, "a.png", gradient(40, 30), codec.PNG)
	must(t, os.WriteFile("out.png", nil, 0o666))
	file, err := filepath.Abs("journal")
	must(t, err)
	k, err := journal.Open(file)
	must(t, err)
	must(t, k.Close())
	j := todo("a.png", "out.png", "gray")
	j.Overwrite, j.Intent = true, &job.Intent{Journal: "journal", Key: 1, Digest: 2, Input: 3}
	done(t, j, job.OK, "")
	fi, err := os.Lstat("out.png")
	must(t, err)
	k, err = journal.Read(file)
	must(t, err)
	want := journal.Record{Key: 1, Digest: 2, State: journal.Made(journal.State(fi), 3), Outcome: job.OK}
	if r, _ := k.Lookup(1); r != want {
		t.Errorf("the journal holds %+v, want %+v", r, want)
	}
	j.Intent.Journal = "nowhere/journal" // that is told when the result is recorded
	if res := done(t, j, job.OK, ""); len(res.Notes) > 0 {
		t.Errorf("notes %q", res.Notes)
	}
}

// What a killed process left behind neither stops nor shows in the output.
func TestALeftoverTemporaryFile(t *testing.T) {
	folder(t)
	put(t, "a.png", gradient(8, 8), codec.PNG)
	must(t, os.WriteFile(atomicfile.TempName("b.png"), bytes.Repeat([]byte("x"), 1<<16), 0o666))
	done(t, todo("a.png", "b.png", "gray"), job.OK, "")
	get(t, "b.png")
	holds(t, "a.png", "b.png")
}
