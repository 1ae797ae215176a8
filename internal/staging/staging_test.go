package staging

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/journal"
)

// way is how the work gets its ends: as a goroutine, or as another process.
type way struct {
	name string
	ends func(*testing.T, *Stage) (job.Work, io.ReaderAt, []io.Writer)
}

var ways = []way{
	{"goroutine", func(_ *testing.T, s *Stage) (job.Work, io.ReaderAt, []io.Writer) {
		s.Begin()
		return s.Work(), s.Input(), s.Writers()
	}},
	{"process", func(t *testing.T, s *Stage) (job.Work, io.ReaderAt, []io.Writer) {
		files := begunFiles(s)
		work := s.Work()
		in, outs, ok := Received(work, files)
		if !ok {
			t.Fatalf("%d files for %v", len(files), work.Wanted())
		}
		return work, in, outs
	}},
}

// bothWays runs a test in a folder of its own, each way.
func bothWays(t *testing.T, test func(t *testing.T, w way)) {
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			must(t, os.WriteFile("in.jpg", []byte(picture), 0o666))
			test(t, w)
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// picture is one of 3x4 pixels, as far as its header goes: a GIF, which may be
// followed by anything.
const picture = "GIF89a\x03\x00\x04\x00\x00\x00\x00;"

// made is a part that is ok.
func made(n int) job.Part {
	return job.Part{Outcome: job.OK, Width: 3, Height: 4, Pixels: 12, Bytes: int64(n)}
}

// begunFiles are those of a stage that has not begun.
func begunFiles(s *Stage) []*os.File {
	s.Begin()
	return s.Files()
}

// do is a job done: each output that is wanted holds its number and what the
// input holds, unless parts say otherwise.
func do(t *testing.T, w way, j job.Job, parts map[int]job.Part) job.Result {
	t.Helper()
	s := Open(j)
	if !s.Wanted() {
		return s.Result()
	}
	work, in, outs := w.ends(t, s)
	if !s.Wanted() {
		return s.Result()
	}
	s.Working()
	a := job.Answer{Parts: make([]job.Part, len(outs))}
	for _, i := range work.Wanted() {
		data := make([]byte, work.Size)
		if _, err := in.ReadAt(data, 0); err != nil {
			t.Fatal(err)
		}
		data = append(data, byte('0'+i))
		if p, ok := parts[i]; ok {
			a.Parts[i] = p
			continue
		}
		a.Parts[i] = made(len(data))
		if _, err := outs[i].Write(data); err != nil {
			var write *job.WriteError
			a.Parts[i] = job.Part{Outcome: job.Failed, Reason: err.Error(), DiskFull: errors.As(err, &write) && write.DiskFull}
		}
	}
	return s.Commit(a)
}

// to is a job with these outputs.
func to(names ...job.Path) job.Job {
	j := job.Job{Input: "in.jpg"}
	for i, n := range names {
		t := job.Target{Output: n, Pipeline: "gray"}
		if i == 0 {
			j.Target = t
		} else {
			j.Also = append(j.Also, t)
		}
	}
	return j
}

// holds compares the names below the folder, and what is in them.
func holds(t *testing.T, want map[string]string) {
	t.Helper()
	got := map[string]string{}
	must(t, filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		if d.IsDir() {
			got[filepath.ToSlash(name)+"/"] = ""
			return nil
		}
		data, err := os.ReadFile(name)
		got[filepath.ToSlash(name)] = string(data)
		return err
	}))
	for name, text := range want {
		if have, ok := got[name]; !ok || have != text {
			t.Errorf("%s holds %q, want %q", name, have, text)
		}
		delete(got, name)
	}
	for name := range got {
		t.Errorf("%s was left behind", name)
	}
}

func TestWhatIsMadeGetsItsName(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		res := do(t, w, to("out/a.jpg", "out/deep/b.jpg"), nil)
		if res.Outcome != job.OK || res.OutBytes != int64(len(picture)+1) || res.InBytes != int64(len(picture)) || res.Width != 3 || res.Also[0].OutBytes != int64(len(picture)+1) || res.Also[0].Output != "out/deep/b.jpg" {
			t.Errorf("%+v", res)
		}
		holds(t, map[string]string{"in.jpg": picture, "out/": "", "out/a.jpg": picture + "0", "out/deep/": "", "out/deep/b.jpg": picture + "1"})
	})
}

// A result tells how its outputs were when they had their names, and nothing of what
// has none.
func TestTheStateOfWhatIsMade(t *testing.T) {
	look := func(t *testing.T, name job.Path) fs.FileInfo {
		fi, err := os.Lstat(string(name))
		must(t, err)
		return fi
	}
	bothWays(t, func(t *testing.T, w way) {
		j := to("out/a.jpg", "out/b.jpg", "out/c.jpg")
		j.Carry.Mtime = true
		must(t, os.Chtimes("in.jpg", time.Unix(1e9, 7), time.Unix(1e9, 7)))
		res := do(t, w, j, map[int]job.Part{2: {Outcome: job.Failed, Reason: "corrupt: it is"}})
		if a, b := look(t, "out/a.jpg"), look(t, "out/b.jpg"); res.State != journal.State(a) || res.Also[0].State != journal.State(b) || res.Also[1].State != 0 {
			t.Errorf("%+v", res)
		}
		again := do(t, w, to("out/a.jpg", "other.jpg"), nil)
		if other := look(t, "other.jpg"); again.State != 0 || again.Also[0].State != journal.State(other) {
			t.Errorf("with one that exists: %+v", again)
		}
		j = to("in.jpg", "out/d.jpg")
		j.InPlace = &job.InPlace{}
		res = do(t, w, j, nil)
		if in, d := look(t, "in.jpg"), look(t, "out/d.jpg"); res.Outcome != job.OK || res.State != journal.Identity(in) || res.Also[0].State != journal.State(d) {
			t.Errorf("in place: %+v", res)
		}
	})
}

// What fails leaves nothing: no temporary file, and no folder that was made for it.
func TestWhatFailsLeavesNothing(t *testing.T) {
	bad := job.Part{Outcome: job.Failed, Reason: "corrupt: it is"}
	bothWays(t, func(t *testing.T, w way) {
		must(t, os.Mkdir("old", 0o777))
		res := do(t, w, to("out/deep/a.jpg", "old/b.jpg"), map[int]job.Part{0: bad, 1: bad})
		if res.Outcome != job.Failed || res.Reason != "corrupt: it is" || res.OutBytes != 0 {
			t.Errorf("%+v", res)
		}
		holds(t, map[string]string{"in.jpg": picture, "old/": ""})
		res = do(t, w, to("out/a.jpg", "out/deep/b.jpg"), map[int]job.Part{1: bad})
		if res.Outcome != job.Failed || res.Reason != "corrupt: it is (b.jpg)" || res.OutBytes != int64(len(picture)+1) || res.Primary != job.OK {
			t.Errorf("%+v", res)
		}
		holds(t, map[string]string{"in.jpg": picture, "old/": "", "out/": "", "out/a.jpg": picture + "0"})
	})
}

func TestWorkThatComesToNoAnswer(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		j := to("out/a.jpg", "b.jpg", "c.jpg")
		j.Also[1].UpToDate = true
		s := Open(j)
		_, _, outs := w.ends(t, s)
		if outs[2] != nil {
			t.Error("what is up to date can be written")
		}
		if _, err := outs[1].Write([]byte("half")); err != nil {
			t.Fatal(err)
		}
		res := s.End(job.Timeout, "took\nlonger")
		if res.Outcome != job.Timeout || res.Reason != "took; longer (a.jpg)" || res.Also[0].Outcome != job.Timeout || res.Also[1].Outcome != job.Skipped || res.OutBytes != 0 {
			t.Errorf("%+v", res)
		}
		holds(t, map[string]string{"in.jpg": picture})
	})
}

// A worker that was killed has left something, which is longer than what the next
// one writes.
func TestASecondAttempt(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, os.WriteFile("in.jpg", []byte(picture), 0o666))
	s := Open(to("out.jpg"))
	files := begunFiles(s)
	for _, text := range []string{"half of something long", "whole"} {
		in, outs, ok := Received(s.Work(), files)
		if !ok {
			t.Fatal(len(files))
		}
		var got [len(picture)]byte
		if n, err := in.ReadAt(got[:], 0); n != len(picture) || string(got[:]) != picture {
			t.Errorf("read %q, %v", got[:n], err)
		}
		if _, err := outs[0].Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if res := s.Commit(job.Answer{Parts: []job.Part{made(5)}}); res.Outcome != job.OK {
		t.Errorf("%+v", res)
	}
	holds(t, map[string]string{"in.jpg": picture, "out.jpg": "whole"})
}

// A worker that was taken over may say and write anything: it costs its own
// picture, of which nothing is kept.
func TestAWorkerThatLies(t *testing.T) {
	for what, c := range map[string]struct {
		write  map[int]string
		answer []job.Part
		want   string
	}{
		"longer":      {map[int]string{1: "four", 2: "four"}, []job.Part{{}, made(4), made(3)}, "it wrote 4 bytes and says 3"},
		"shorter":     {map[int]string{1: "four", 2: "four"}, []job.Part{{}, made(5), made(4)}, "it wrote 4 bytes and says 5"},
		"nothing":     {map[int]string{1: "four"}, []job.Part{{}, made(4), made(4)}, "it wrote 0 bytes and says 4"},
		"no answer":   {map[int]string{1: "four", 2: "four"}, nil, "it answered for 0 outputs of 3"},
		"nonsense":    {map[int]string{1: "four", 2: "four"}, []job.Part{{}, made(4), {Outcome: "done", Bytes: 4}}, "an outcome of 4 bytes"},
		"negative":    {map[int]string{1: "four"}, []job.Part{{}, made(4), made(-1)}, "-1 bytes"},
		"of the time": {map[int]string{1: "four"}, []job.Part{{}, made(4), {Outcome: job.Canceled}}, "an outcome of 8 bytes"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Chdir(t.TempDir())
			must(t, os.WriteFile("in.jpg", []byte(picture), 0o666))
			must(t, os.WriteFile("b.jpg", []byte("old"), 0o666))
			j := to("a.jpg", "b.jpg", "out/c.jpg")
			j.UpToDate, j.Also[0].Overwrite = true, true
			s := Open(j)
			_, outs, _ := Received(s.Work(), begunFiles(s))
			for i, text := range c.write {
				if _, err := outs[i].Write([]byte(text)); err != nil {
					t.Fatal(err)
				}
			}
			res := s.Commit(job.Answer{Parts: c.answer})
			if res.Outcome != job.Crashed || !strings.Contains(res.Reason, "the worker went wrong: ") || !strings.Contains(res.Reason, c.want) {
				t.Errorf("%s %q, want %q", res.Outcome, res.Reason, c.want)
			}
			for _, m := range res.Also {
				if m.Outcome != job.Crashed || m.OutBytes != 0 || m.Width != 0 {
					t.Errorf("%+v", m)
				}
			}
			holds(t, map[string]string{"in.jpg": picture, "b.jpg": "old"})
		})
	}
}

// The only copy of a picture is not given for what is none.
func TestAWorkerThatLiesInPlace(t *testing.T) {
	for what, c := range map[string]struct {
		write  string
		answer job.Part
		format string
		want   string // "": it is believed
	}{
		"picture":        {picture, made(len(picture)), "", ""},
		"with format":    {picture, made(len(picture)), "gif", ""},
		"garbage":        {"garbage", made(7), "", "it wrote what is no picture: "},
		"zeros":          {string(make([]byte, 1<<16)), made(1 << 16), "", "it wrote what is no picture: "},
		"cut":            {picture[:8], made(8), "", "it wrote what is no picture: "},
		"other format":   {"BM" + picture, made(2 + len(picture)), "", "it wrote what is no picture: "},
		"not as asked":   {picture, made(len(picture)), "png", "it wrote gif and was to write png"},
		"not as it says": {picture, job.Part{Outcome: job.OK, Width: 30, Height: 4, Bytes: int64(len(picture))}, "", "it wrote a picture of 3x4 pixels and says 30x4"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, "in.jpg", picture)
			j := inPlace("")
			j.Format = c.format
			s := Open(j)
			_, outs, _ := Received(s.Work(), begunFiles(s))
			if _, err := outs[0].Write([]byte(c.write)); err != nil {
				t.Fatal(err)
			}
			res := s.Commit(job.Answer{Parts: []job.Part{c.answer}})
			if c.want == "" != (res.Outcome == job.OK) || !strings.Contains(res.Reason, c.want) {
				t.Errorf("%s %q, want %q", res.Outcome, res.Reason, c.want)
			}
			holds(t, map[string]string{"in.jpg": picture})
		})
	}
}

// That a disk is full ends a run, so that a worker is not believed.
func TestAWorkerThatSaysThatTheDiskIsFull(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, os.WriteFile("in.jpg", []byte(picture), 0o666))
	s := Open(to("a.jpg"))
	begunFiles(s)
	res := s.Commit(job.Answer{Parts: []job.Part{{Outcome: job.Failed, Reason: "unwritable: no space left on device", DiskFull: true}}})
	if res.DiskFull || res.Outcome != job.Failed {
		t.Errorf("%+v", res)
	}
	holds(t, map[string]string{"in.jpg": picture})
}

// What is told of a picture may be out of it, and of any length.
func TestLongWords(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, os.WriteFile("in.jpg", []byte(picture), 0o666))
	long := strings.Repeat("x", 1<<20)
	res := do(t, ways[1], to("a.jpg"), map[int]job.Part{0: {Outcome: job.Failed, Reason: "two\nlines" + long}})
	if len(res.Reason) > 2*maxText || strings.Contains(res.Reason, "\n") {
		t.Errorf("a reason of %d bytes", len(res.Reason))
	}
	s := Open(to("a.jpg"))
	_, outs, _ := Received(s.Work(), begunFiles(s))
	if _, err := outs[0].Write([]byte("text")); err != nil {
		t.Fatal(err)
	}
	p := made(4)
	for i := range 3 * maxNotes {
		p.Notes = append(p.Notes, string(rune('a'+i%26))+long[i:])
	}
	res = s.Commit(job.Answer{Parts: []job.Part{p}})
	if res.Outcome != job.OK || len(res.Notes) > maxNotes || slices.ContainsFunc(res.Notes, func(n string) bool { return len(n) > 2*maxText }) {
		t.Errorf("%s, %d notes", res.Outcome, len(res.Notes))
	}
}

// The input is replaced when all that is made of it is there.
func TestTheInputIsReplacedLast(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		must(t, os.WriteFile("file", nil, 0o666))
		j := to("in.jpg", "b.jpg", "file/c.jpg")
		j.InPlace = &job.InPlace{Backup: "~"}
		res := do(t, w, j, nil)
		if res.Outcome != job.Failed || res.Primary != job.Skipped || res.Also[0].Outcome != job.OK || !strings.HasPrefix(res.Reason, "unwritable: ") {
			t.Errorf("%+v", res)
		}
		holds(t, map[string]string{"in.jpg": picture, "b.jpg": picture + "1", "file": ""})
		j.Also = j.Also[:1]
		j.Also[0].Overwrite = true
		if res = do(t, w, j, nil); res.Outcome != job.OK {
			t.Errorf("%+v", res)
		}
		holds(t, map[string]string{"in.jpg": picture + "0", "in.jpg~": picture, "b.jpg": picture + "1", "file": ""})
	})
}

// What appears while the work goes on is not replaced unasked.
func TestAnOutputThatAppears(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		s := Open(to("a.jpg"))
		_, _, outs := w.ends(t, s)
		_, err := outs[0].Write([]byte("mine"))
		must(t, errors.Join(err, os.WriteFile("a.jpg", []byte("another's"), 0o666)))
		res := s.Commit(job.Answer{Parts: []job.Part{made(4)}})
		if res.Outcome != job.Skipped || res.Reason != job.ReasonExists || res.OutBytes != 0 {
			t.Errorf("%+v", res)
		}
		holds(t, map[string]string{"in.jpg": picture, "a.jpg": "another's"})
	})
}

// A worker hears of no place.
func TestTheWorkNamesNoPlace(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, os.Mkdir("secret", 0o777))
	must(t, os.WriteFile("secret/in.jpg", []byte(picture), 0o666))
	j := to("secret/a.jpg", "secret/b.jpg")
	j.Input = "secret/in.jpg"
	j.Intent = &job.Intent{Journal: "secret/journal"}
	s := Open(j)
	defer s.End(job.Canceled, "")
	payload := job.EncodeWork(s.Work())
	w, err := job.DecodeWork(payload)
	must(t, err)
	if w.Input != "in.jpg" || w.Output != "" || w.Also[0].Output != "" || w.Intent != nil || bytes.Contains(payload, []byte("secret")) {
		t.Errorf("%s", payload)
	}
	if _, _, ok := Received(w, make([]*os.File, 2)); ok {
		t.Error("a file too few is enough")
	}
}
