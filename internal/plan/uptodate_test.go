package plan

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/journal"
)

// runs are runs over one file, in.jpg, one after another, with a journal that
// each opens anew. What they do stands for the work.
type runs struct {
	t    *testing.T
	file string // the journal
	n    int    // makes each written text another
}

func newRuns(t *testing.T) *runs {
	tree(t, "in.jpg")
	r := &runs{t: t, file: filepath.Join(t.TempDir(), "a.journal")}
	r.age("in.jpg")
	return r
}

// age gives a file a time of its own.
func (r *runs) age(name string) {
	r.n++
	when := time.Unix(1e9+int64(r.n), 0)
	must(r.t, os.Chtimes(name, when, when))
}

func (r *runs) write(name string) {
	r.n++
	must(r.t, os.WriteFile(name, fmt.Appendf(nil, "text %d", r.n), 0o666))
	r.age(name)
}

func config() Config {
	return Config{Job: job.Job{Target: job.Target{Pipeline: "gray"}}}
}

// asked is the item of in.jpg with outputs of these names; none: in place.
func asked(c Config, outs ...string) Item {
	it := Item{Job: c.Job}
	it.Job.Input = "in.jpg"
	if len(outs) == 0 {
		it.Job.InPlace, it.Job.Output = &job.InPlace{}, "in.jpg"
		return it
	}
	it.Job.Output = job.Path(outs[0])
	for _, o := range outs[1:] {
		it.Job.Also = append(it.Job.Also, job.Target{Output: job.Path(o), Pipeline: "invert", Overwrite: c.Job.Overwrite})
	}
	return it
}

// run looks at it, works if need be, and records. The work fails for the given
// reason. It returns what was done: "skipped: REASON" and the like, or for each
// output made, kept, exists or replaced.
func (r *runs) run(c Config, it Item, reason string) string {
	r.t.Helper()
	j, err := journal.Open(r.file)
	must(r.t, err)
	defer func() { must(r.t, j.Close()) }()
	c.Journal = j
	fi, err := os.Stat("in.jpg")
	must(r.t, err)
	c.look(&it, fi)
	if it.Done != nil {
		words := string(it.Done.Outcome) + ": " + it.Done.Reason
		for _, a := range it.Done.Also {
			words += ", " + string(a.Outcome) + ": " + a.Reason
		}
		return words
	}
	res, did := r.work(it, reason)
	must(r.t, (&Plan{}).Record(it, res))
	return did
}

func (r *runs) work(it Item, reason string) (res job.Result, did string) {
	data, err := os.ReadFile("in.jpg")
	must(r.t, err)
	if reason != "" {
		res := it.Job.End(job.Failed, reason)
		res.Checksum = journal.Text(string(data))
		return res, "failed"
	}
	res = it.Job.End(job.OK, "")
	res.Checksum, res.OutBytes = journal.Text(string(data)), 7
	var words []string
	for i, t := range it.Job.Targets() {
		outcome, word := r.make(it.Job, t)
		state := stateOf(r.t, it.Job, t)
		words = append(words, word)
		if i == 0 {
			res.Primary, res.State = outcome, state
			if len(it.Job.Also) == 0 {
				res.Outcome = outcome
			}
		} else {
			res.Also[i-1].Outcome, res.Also[i-1].OutBytes, res.Also[i-1].State = outcome, 7, state
		}
	}
	return res, strings.Join(words, ", ")
}

// stateOf is that of an output, as a result has it.
func stateOf(t testing.TB, j job.Job, of job.Target) uint64 {
	fi, err := os.Lstat(string(of.Output))
	switch {
	case err != nil:
		t.Fatal(err)
	case j.InPlace != nil:
		return journal.Identity(fi)
	}
	return journal.State(fi)
}

// make makes an output as transform does.
func (r *runs) make(j job.Job, t job.Target) (job.Outcome, string) {
	_, err := os.Lstat(string(t.Output))
	switch {
	case t.UpToDate:
		return job.Skipped, "kept"
	case j.InPlace != nil:
		r.write("temp")
		fi, err := os.Lstat("temp")
		must(r.t, err)
		to := t.Intent
		must(r.t, journal.AppendTo(string(to.Journal), journal.Record{Key: to.Key, Digest: to.Digest, State: journal.Identity(fi), Outcome: job.OK}, true))
		must(r.t, os.Rename("temp", string(t.Output)))
		return job.OK, "replaced"
	case err == nil && !t.Overwrite:
		return job.Skipped, "exists"
	case err == nil:
		r.write(string(t.Output))
		return job.OK, "replaced"
	}
	r.write(string(t.Output))
	return job.OK, "made"
}

func (r *runs) want(want, got string) {
	r.t.Helper()
	if got != want {
		r.t.Errorf("%s, want %s", got, want)
	}
}

const upToDate, edited = "skipped: up to date", "skipped: exists: changed since it was written"

func TestASecondRunDoesNothing(t *testing.T) {
	r := newRuns(t)
	c := config()
	r.want("made", r.run(c, asked(c, "out.jpg"), ""))
	for range 2 {
		r.want(upToDate, r.run(c, asked(c, "out.jpg"), ""))
	}
	c.Job.MaxPixels, c.RetryFailed = 7, true // decide no bytes
	r.want(upToDate, r.run(c, asked(c, "out.jpg"), ""))
	r.want("made", r.run(c, asked(c, "other.jpg"), ""))
	c.Job.Overwrite = true
	r.want("replaced", r.run(c, asked(c, "out.jpg"), ""))
}

// What somebody does to an output before it is recorded is not taken for ours, nor is
// an output that was gone when it was looked at.
func TestWhatIsEditedBeforeItIsRecorded(t *testing.T) {
	r := newRuns(t)
	c := config()
	j, err := journal.Open(r.file)
	must(t, err)
	c.Journal = j
	for out, after := range map[string]func(*job.Result){
		"edited.jpg": func(*job.Result) { must(t, os.WriteFile("edited.jpg", []byte("by hand"), 0o666)) },
		"gone.jpg":   func(res *job.Result) { res.State = 0 },
	} {
		it := asked(c, out)
		fi, err := os.Stat("in.jpg")
		must(t, err)
		c.look(&it, fi)
		res, _ := r.work(it, "")
		after(&res)
		must(t, (&Plan{}).Record(it, res))
	}
	must(t, j.Close())
	r.want(edited, r.run(config(), asked(c, "edited.jpg"), ""))
	r.want("exists", r.run(config(), asked(c, "gone.jpg"), ""))
}

func TestWhatChangedIsDoneAgain(t *testing.T) {
	r := newRuns(t)
	c := config()
	r.want("made", r.run(c, asked(c, "out.jpg"), ""))
	for _, change := range []func(){
		func() { r.write("in.jpg") },
		func() { r.age("in.jpg") },
		func() { c.Job.Pipeline += " | invert" },
		func() { c.Job.Quality++ },
		func() { c.Job.Format = "png" },
		func() { c.Job.Carry.StripGPS = true },
		func() { c = config() }, // back again
	} {
		change()
		r.want("replaced", r.run(c, asked(c, "out.jpg"), ""))
		r.want(upToDate, r.run(c, asked(c, "out.jpg"), ""))
	}
}

// An output is replaced only while it is as it was left.
func TestOutputsThatWereTouched(t *testing.T) {
	r := newRuns(t)
	c := config()
	other := config()
	other.Job.Quality = 7
	again := func() {
		must(t, os.Remove("out.jpg"))
		r.want("made", r.run(c, asked(c, "out.jpg"), ""))
	}
	r.want("made", r.run(c, asked(c, "out.jpg"), ""))
	again() // it was deleted

	r.write("out.jpg")
	r.want(edited, r.run(c, asked(c, "out.jpg"), ""))
	r.want(edited, r.run(other, asked(other, "out.jpg"), ""))
	r.write("in.jpg")
	r.want(edited, r.run(c, asked(c, "out.jpg"), ""))
	over := config()
	over.Job.Overwrite = true
	r.want("replaced", r.run(over, asked(over, "out.jpg"), ""))
	r.want(upToDate, r.run(c, asked(c, "out.jpg"), ""))

	must(t, os.Truncate("out.jpg", 0)) // as by a power failure
	r.want("replaced", r.run(c, asked(c, "out.jpg"), ""))
	r.want(upToDate, r.run(c, asked(c, "out.jpg"), ""))
	must(t, os.Remove("out.jpg"))
	must(t, os.Mkdir("out.jpg", 0o777))
	r.want(edited, r.run(c, asked(c, "out.jpg"), ""))
	again()

	must(t, os.Remove(r.file)) // the journal is lost
	r.want("exists", r.run(c, asked(c, "out.jpg"), ""))
	r.want("exists", r.run(c, asked(c, "out.jpg"), ""))
}

func TestWhatFailedIsNotTriedAgain(t *testing.T) {
	r := newRuns(t)
	c := config()
	const damaged = "damaged at offset 7"
	const before = "failed: " + damaged + " (as before; --retry-failed tries again)"
	r.want("failed", r.run(c, asked(c, "out.jpg"), damaged))
	r.want(before, r.run(c, asked(c, "out.jpg"), damaged))
	r.want(before, r.run(c, asked(c, "out.jpg"), damaged))
	c.RetryFailed = true
	r.want("failed", r.run(c, asked(c, "out.jpg"), damaged))
	c.RetryFailed = false
	r.write("in.jpg")
	r.want("failed", r.run(c, asked(c, "out.jpg"), damaged))
	r.want(before, r.run(c, asked(c, "out.jpg"), damaged))
	salvage := config()
	salvage.Job.Salvage = true
	r.want("made", r.run(salvage, asked(salvage, "out.jpg"), ""))
	r.want(upToDate, r.run(salvage, asked(salvage, "out.jpg"), ""))

	// The source goes bad and is mended: the output is our own all along.
	r.write("in.jpg")
	r.want("failed", r.run(c, asked(c, "out.jpg"), damaged))
	r.want(before, r.run(c, asked(c, "out.jpg"), damaged))
	r.write("in.jpg")
	r.want("replaced", r.run(c, asked(c, "out.jpg"), ""))
	r.write("in.jpg")
	over := config()
	over.Job.Overwrite = true
	r.want("failed", r.run(over, asked(over, "out.jpg"), damaged))
	r.want("failed", r.run(over, asked(over, "out.jpg"), damaged))
	r.write("out.jpg")
	r.want(edited, r.run(c, asked(c, "out.jpg"), ""))
}

// An output that came from elsewhere is one, whatever failed here.
func TestWhatFailedAndIsThere(t *testing.T) {
	r := newRuns(t)
	c := config()
	r.want("failed", r.run(c, asked(c, "out.jpg"), "damaged"))
	r.write("out.jpg")
	r.want("exists", r.run(c, asked(c, "out.jpg"), ""))
	c.RetryFailed = true
	r.want("exists", r.run(c, asked(c, "out.jpg"), ""))
	c.Job.Overwrite = true
	r.want("replaced", r.run(c, asked(c, "out.jpg"), ""))
}

// A full disk or a missing permission says nothing of the picture.
func TestWhatTheSystemRefusedIsTriedAgain(t *testing.T) {
	r := newRuns(t)
	c := config()
	for _, reason := range []string{"unwritable: no space left on device", "unreadable: permission denied"} {
		r.want("failed", r.run(c, asked(c, "out.jpg"), reason))
		r.want("failed", r.run(c, asked(c, "out.jpg"), reason))
	}
	r.want("made", r.run(c, asked(c, "out.jpg"), ""))
	r.write("in.jpg")
	r.want("failed", r.run(c, asked(c, "out.jpg"), "unwritable: disk quota exceeded"))
	r.want("replaced", r.run(c, asked(c, "out.jpg"), ""))
}

// What was made without --on-damage=salvage is as it would be with it, but not
// the other way round.
func TestSalvageKeepsWhatWasSound(t *testing.T) {
	r := newRuns(t)
	c, salvage := config(), config()
	salvage.Job.Salvage = true
	r.want("made", r.run(c, asked(c, "out.jpg"), ""))
	r.want(upToDate, r.run(salvage, asked(salvage, "out.jpg"), ""))
	must(t, os.Remove("out.jpg"))
	r.want("made", r.run(salvage, asked(salvage, "out.jpg"), ""))
	r.want("replaced", r.run(c, asked(c, "out.jpg"), ""))
}

func TestChecksum(t *testing.T) {
	r := newRuns(t)
	c := config()
	c.Job.Checksum = true
	r.want("made", r.run(c, asked(c, "out.jpg"), ""))
	r.want(upToDate, r.run(c, asked(c, "out.jpg"), ""))
	r.age("in.jpg")
	r.want(upToDate, r.run(c, asked(c, "out.jpg"), ""))
	fi, err := os.Stat("in.jpg")
	must(t, err)
	data, err := os.ReadFile("in.jpg")
	must(t, err)
	data[0]++
	must(t, os.WriteFile("in.jpg", data, 0o666))
	must(t, os.Chtimes("in.jpg", fi.ModTime(), fi.ModTime()))
	r.want("replaced", r.run(c, asked(c, "out.jpg"), ""))
	r.want(upToDate, r.run(c, asked(c, "out.jpg"), ""))
	data[0]++
	must(t, os.WriteFile("in.jpg", data, 0o666))
	r.want("failed", r.run(c, asked(c, "out.jpg"), "damaged"))
	r.age("in.jpg")
	r.want("failed: damaged (as before; --retry-failed tries again)", r.run(c, asked(c, "out.jpg"), ""))
}

func TestSeveralOutputs(t *testing.T) {
	r := newRuns(t)
	c := config()
	all := []string{"a.jpg", "b.jpg", "c.jpg"}
	r.want("made, made, made", r.run(c, asked(c, all...), ""))
	const none = upToDate + ", " + upToDate + ", " + upToDate
	r.want(none, r.run(c, asked(c, all...), ""))
	must(t, os.Remove("b.jpg"))
	r.want("kept, made, kept", r.run(c, asked(c, all...), ""))
	must(t, os.Remove("a.jpg"))
	r.write("c.jpg")
	r.want("made, kept, exists", r.run(c, asked(c, all...), ""))
	r.want(upToDate+", "+upToDate+", "+edited, r.run(c, asked(c, all...), ""))
	r.want("kept, kept, exists, made", r.run(c, asked(c, append(all, "d.jpg")...), ""))
	must(t, os.Remove("c.jpg"))
	r.write("in.jpg")
	r.want("replaced, replaced, made", r.run(c, asked(c, all...), ""))
	r.write("in.jpg")
	r.want("failed", r.run(c, asked(c, all...), "damaged"))
	const before = "failed: damaged (as before; --retry-failed tries again)"
	r.want(before+", "+before+", "+before, r.run(c, asked(c, all...), ""))
	r.want(before, r.run(c, asked(c, "a.jpg"), ""))
	c.Job.Pipeline = "gray | gray" // of the first alone
	r.want("replaced, replaced, replaced", r.run(c, asked(c, all...), ""))
	r.want(none, r.run(c, asked(c, all...), ""))
}

// Nothing is done twice to a file that is its own output.
func TestInPlaceOnce(t *testing.T) {
	r := newRuns(t)
	c := config()
	r.want("replaced", r.run(c, asked(c), ""))
	r.want(upToDate, r.run(c, asked(c), ""))
	sharp := config()
	sharp.Job.Pipeline = "sharpen 1"
	r.want("replaced", r.run(sharp, asked(sharp), ""))
	r.want(upToDate, r.run(sharp, asked(sharp), ""))
	r.write("in.jpg") // another picture
	r.want("failed", r.run(sharp, asked(sharp), "damaged"))
	r.want("failed: damaged (as before; --retry-failed tries again)", r.run(sharp, asked(sharp), ""))
	r.age("in.jpg")
	r.want("replaced", r.run(sharp, asked(sharp), ""))
	sharp.Job.Checksum = true
	r.want(upToDate, r.run(sharp, asked(sharp), ""))
}

// Killed before the rename the file is the original still; killed behind it the
// work is done, though no result was recorded.
func TestInPlaceAndAKill(t *testing.T) {
	r := newRuns(t)
	c := config()
	j, err := journal.Open(r.file)
	must(t, err)
	with := c
	with.Journal = j
	it := asked(c)
	fi, err := os.Stat("in.jpg")
	must(t, err)
	with.look(&it, fi)
	must(t, j.Close())
	r.write("temp")
	temp, err := os.Lstat("temp")
	must(t, err)
	to := it.Job.Intent
	must(t, journal.AppendTo(string(to.Journal), journal.Record{Key: to.Key, Digest: to.Digest, State: journal.Identity(temp), Outcome: job.OK}, true))
	original, err := os.ReadFile("in.jpg")
	must(t, err)
	must(t, os.Rename("temp", "in.jpg"))
	r.want(upToDate, r.run(c, asked(c), ""))
	must(t, os.WriteFile("in.jpg", original, 0o666))
	r.want("replaced", r.run(c, asked(c), ""))
}

// A run that makes an output anew may be killed in front of the rename or behind
// it, and so may the next: it is imgpar's own before and after.
func TestReplacingAnOutputAndAKill(t *testing.T) {
	for _, checksum := range []bool{false, true} {
		r := newRuns(t)
		c := config()
		c.Job.Checksum = checksum
		r.want("made", r.run(c, asked(c, "out.jpg"), ""))
		for quality := 90; quality > 84; quality-- {
			c.Job.Quality = quality
			r.killed(c, quality%2 == 0)
			if quality%2 == 0 {
				r.want(upToDate, r.run(c, asked(c, "out.jpg"), ""))
			}
		}
		for quality := 84; quality > 80; quality-- {
			c.Job.Quality = quality
			r.killed(c, true)
		}
		c.Job.Quality++ // what the last but one was to make
		r.killed(c, false)
		r.want("replaced", r.run(c, asked(c, "out.jpg"), ""))
		c.Job.Overwrite = true
		r.killed(c, true)
		c.Job.Overwrite = false
		r.want(upToDate, r.run(c, asked(c, "out.jpg"), ""))
		r.write("out.jpg")
		r.want(edited, r.run(c, asked(c, "out.jpg"), ""))
	}
}

// killed is a run that ends before it can record that it has replaced out.jpg, in
// front of the rename or behind it.
func (r *runs) killed(c Config, behind bool) {
	r.t.Helper()
	j, err := journal.Open(r.file)
	must(r.t, err)
	c.Journal = j
	it := asked(c, "out.jpg")
	fi, err := os.Stat("in.jpg")
	must(r.t, err)
	c.look(&it, fi)
	must(r.t, j.Close())
	if it.Done != nil || !it.Job.Overwrite {
		r.t.Fatalf("not to be replaced: %+v", it.Done)
	}
	r.write("temp")
	temp, err := os.Lstat("temp")
	must(r.t, err)
	if to := it.Job.Intent; to != nil {
		must(r.t, journal.AppendTo(string(to.Journal), journal.Record{Key: to.Key, Digest: to.Digest, State: journal.Made(journal.State(temp), to.Input), Outcome: job.OK}, false))
	}
	if behind {
		must(r.t, os.Rename("temp", "out.jpg"))
	}
}

// A run that watches looks at its own product again.
func TestWhatWasDoneIsKnownToTheRunItself(t *testing.T) {
	r := newRuns(t)
	for _, outs := range [][]string{{"out.jpg"}, nil} {
		c := config()
		j, err := journal.Open(r.file)
		must(t, err)
		j.Follow()
		c.Journal = j
		for _, want := range []bool{false, true} {
			fi, err := os.Stat("in.jpg")
			must(t, err)
			it := asked(c, outs...)
			c.look(&it, fi)
			if (it.Done != nil) != want {
				t.Errorf("%q: done %v, want %v", outs, it.Done, want)
			} else if !want {
				res, _ := r.work(it, "")
				must(t, (&Plan{}).Record(it, res))
			}
		}
		must(t, j.Close())
	}
}

// Without a journal, and when it has failed, nothing is known and nothing said.
func TestWithoutAJournal(t *testing.T) {
	tree(t, "in.jpg", "out.jpg")
	fi, err := os.Stat("in.jpg")
	must(t, err)
	for _, j := range []*journal.Journal{nil, {}} {
		c := config()
		c.Journal = j
		for _, outs := range [][]string{{"out.jpg"}, nil} {
			it := asked(c, outs...)
			c.look(&it, fi)
			if it.Done != nil || it.Job.Overwrite || it.Job.Intent != nil {
				t.Errorf("%+v", it.Job)
			}
			must(t, (&Plan{}).Record(it, it.Job.End(job.OK, "")))
		}
	}
}

// BenchmarkLook is what a second run costs for each file that is up to date.
func BenchmarkLook(b *testing.B) {
	const files = 10_000
	b.Chdir(b.TempDir())
	c := config()
	var err error
	c.Journal, err = journal.Open(filepath.Join(b.TempDir(), "a.journal"))
	if err != nil {
		b.Fatal(err)
	}
	c.Journal.Follow()
	c = c.withLedger()
	items, infos := make([]Item, files), make([]os.FileInfo, files)
	for i := range items {
		name := fmt.Sprintf("photos/%03d/%06d", i/1000, i)
		err := os.MkdirAll(filepath.Dir(name), 0o777)
		for _, name := range []string{name + ".jpg", name + "_gray.jpg"} {
			if err == nil {
				err = os.WriteFile(name, []byte("x"), 0o666)
			}
		}
		if err == nil {
			infos[i], err = os.Stat(name + ".jpg")
		}
		if err != nil {
			b.Fatal(err)
		}
		items[i].Job = c.Job
		items[i].Job.Input, items[i].Job.Output = job.Path(name+".jpg"), job.Path(name+"_gray.jpg")
		c.look(&items[i], infos[i])
		if err := (&Plan{}).Record(items[i], job.Result{Outcome: job.OK, OutBytes: 1, State: stateOf(b, items[i].Job, items[i].Job.Target)}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		it := Item{Job: items[i].Job}
		if c.look(&it, infos[i]); it.Done == nil {
			b.Fatal("it is to be done again")
		}
		if i++; i == files {
			i = 0
		}
	}
}
