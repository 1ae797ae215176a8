package journal

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/imgpar/imgpar/internal/job"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t testing.TB, file string) *Journal {
	t.Helper()
	j, err := Open(file)
	must(t, err)
	t.Cleanup(func() { must(t, j.Close()) })
	return j
}

func read(t testing.TB, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	must(t, err)
	return string(data)
}

// knows fails unless the journal in file holds exactly the given records.
func knows(t testing.TB, file string, want ...Record) {
	t.Helper()
	j, err := Read(file)
	must(t, err)
	if j.known.count != len(want) {
		t.Errorf("%d records, want %d", j.known.count, len(want))
	}
	for _, w := range want {
		if got, ok := j.Lookup(w.Key); !ok || got != w {
			t.Errorf("%v, %v, want %v", got, ok, w)
		}
	}
}

// some are records of every kind.
var some = []Record{
	{1, 2, 3, job.OK, ""},
	{1 << 63, 1<<64 - 1, 1, job.OK, ""},
	{0xabcdef, 0, 0, job.Failed, "damaged at offset 7: \"EOI\" \xff \u2603"},
	{5, 6, 7, job.Crashed, ""},
	{8, 9, 10, job.Timeout, "took longer than 5m0s"},
}

func TestWhatIsAppendedIsKnownLater(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state", "imgpar", "a.journal")
	j := open(t, file)
	for _, r := range some {
		must(t, j.Append(r))
		if _, ok := j.Lookup(r.Key); ok {
			t.Error("without Follow it costs memory")
		}
	}
	knows(t, file, some...)
	j.Follow()
	newer := Record{5, 6, 11, job.OK, ""}
	must(t, j.Append(newer))
	if got, _ := j.Lookup(5); got != newer {
		t.Errorf("with Follow: %v", got)
	}
	older := Record{1, 2, 0, job.Failed, "x"}
	must(t, j.Append(older))
	knows(t, file, older, some[1], some[2], newer, some[4])
	if fi, err := os.Stat(file); err != nil || runtime.GOOS != "windows" && fi.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v: it is nobody else's", fi.Mode(), err)
	}
}

func TestTheFormat(t *testing.T) {
	line := string(appendLine(nil, Record{0xa1, 0xd1, 0xe1, job.OK, "not kept"}))
	if want := "b1946ac9 00000000000000a1 00000000000000d1 00000000000000e1 o\n"; line[sumLen:] != want[sumLen:] || len(line) != okLen+1 {
		t.Errorf("%q", line)
	}
	long := Record{1, 2, 3, job.Failed, strings.Repeat("\xff", 2*maxReason)}
	if line := appendLine(nil, long); len(line) > maxLine+1 {
		t.Errorf("%d bytes, at most %d are read", len(line), maxLine)
	}
	long.Reason = strings.Repeat("ä\n", maxReason)
	got, ok := parseLine(bytes.TrimSuffix(appendLine(nil, long), []byte("\n")))
	if !ok || !strings.HasPrefix(got.Reason, "ä; ä") || len(got.Reason) < maxReason/2 {
		t.Errorf("%v, %q", ok, got.Reason)
	}
}

// A checksum that fits does not make a record of what is none.
func TestLinesThatAreNoRecords(t *testing.T) {
	good := "00000000000000a1 00000000000000d1 00000000000000e1 "
	for text, want := range map[string]bool{
		good + "o": true, good + `f "x"`: true, good + `c ""`: true,
		good + `o "x"`: false, good + "f": false, good + "f x": false, good + `f "x`: false, good + "x": false, good + "o ": false,
		strings.ToUpper(good) + "o": false, strings.Replace(good, "a1", "0 ", 1) + "o": false,
		"0000000000000000 00000000000000d1 00000000000000e1 o": false,
		"00000000000000a1 00000000000000d1 0000000000000000 o": false,
		good + `f "` + strings.Repeat("x", maxLine) + `"`:      false,
		"": false, "o": false,
	} {
		line := fmt.Sprintf("%08x %s", sum([]byte(text)), text)
		if _, ok := parseLine([]byte(line)); ok != want {
			t.Errorf("%q: %v", line, ok)
		}
		if _, ok := parseLine([]byte("1" + line[1:])); ok && line[0] != '1' {
			t.Errorf("%q with another checksum", line)
		}
	}
}

// Whatever a kill or a full disk cuts off, the whole lines are known, and what
// is appended later is too.
func TestATornLineAtEveryByte(t *testing.T) {
	whole := []byte(header)
	ends := []int{len(header)}
	for _, r := range some {
		whole = appendLine(whole, r)
		ends = append(ends, len(whole))
	}
	file := filepath.Join(t.TempDir(), "a.journal")
	next := Record{77, 78, 79, job.OK, ""}
	for cut := range whole {
		must(t, os.WriteFile(file, whole[:cut], 0o600))
		want := []Record{next}
		for i, r := range some {
			if ends[i+1]-1 <= cut {
				want = append(want, r)
			}
		}
		if cut%2 == 0 || cut < len(header) {
			j, err := Open(file)
			must(t, err)
			must(t, j.Append(next))
			must(t, j.Append(next))
			must(t, j.Close())
		} else {
			must(t, AppendTo(file, next, true))
		}
		if t.Failed() {
			t.Fatalf("cut at %d", cut)
		}
		knows(t, file, want...)
	}
}

// A power failure leaves zeros or old bytes, in the middle too.
func TestDamageCostsOnlyItsLines(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.journal")
	line := func(i int) Record { return Record{uint64(i + 1), 2, 3, job.OK, ""} }
	whole := []byte(header)
	for i := range 50 {
		whole = appendLine(whole, line(i))
	}
	at := len(header) + 20*(okLen+1)
	for what, fill := range map[string]string{"zeros": "\x00", "line ends": "\n", "letters": "x", "digits": "0"} {
		for _, n := range []int{1, okLen + 1, 5 * okLen} {
			data := bytes.Clone(whole)
			copy(data[at+3:], strings.Repeat(fill, n))
			must(t, os.WriteFile(file, data, 0o600))
			var want []Record
			for i := range 50 {
				if begin := len(header) + i*(okLen+1); begin+okLen < at+3 || begin >= at+3+n {
					want = append(want, line(i))
				}
			}
			t.Run(fmt.Sprint(what, n), func(t *testing.T) { knows(t, file, want...) })
		}
	}
	must(t, os.WriteFile(file, append(append(bytes.Clone(whole), make([]byte, 3<<20)...), appendLine([]byte("\n"), Record{99, 1, 1, job.OK, ""})...), 0o600))
	j := open(t, file)
	if _, ok := j.Lookup(99); !ok || j.known.count != 51 {
		t.Errorf("behind a line of 3 MB: %v, %d records", ok, j.known.count)
	}
}

func TestWhatIsNoJournalStaysAsItIs(t *testing.T) {
	dir := t.TempDir()
	for text, words := range map[string]string{
		"a text\n":                    "is not a journal of imgpar",
		"no end of line":              "is not a journal of imgpar",
		"imgpar journal\n":            "is not a journal of imgpar",
		"imgpar journal one\n":        "is not a journal of imgpar",
		"imgpar journal 0\n":          "is not a journal of imgpar",
		"imgpar journal 2\n":          "is a journal of version 2, this imgpar knows version 1",
		strings.Repeat("\x00", 1<<19): "is not a journal of imgpar",
		strings.Repeat("x", 1<<19):    "is not a journal of imgpar",
	} {
		file := filepath.Join(dir, "a")
		must(t, os.WriteFile(file, []byte(text), 0o600))
		for _, try := range []func(string) (*Journal, error){Open, Read} {
			var wrong *NotJournalError
			if _, err := try(file); !errors.As(err, &wrong) || wrong.Reason != words {
				t.Errorf("%.20q: %v", text, err)
			}
		}
		if read(t, file) != text {
			t.Errorf("%.20q was written to", text)
		}
	}
	var wrong *NotJournalError
	if _, err := Open(dir); !errors.As(err, &wrong) {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Open(filepath.Join(dir, "a", "b")); err == nil {
		t.Error("a folder that is a file")
	}
}

func TestReadWritesNothing(t *testing.T) {
	dir := t.TempDir()
	j, err := Read(filepath.Join(dir, "none"))
	must(t, err)
	must(t, j.Append(some[0]))
	if j.File() != "" {
		t.Error("it has a file to append to")
	}
	empty := filepath.Join(dir, "empty")
	must(t, os.WriteFile(empty, nil, 0o600))
	_, err = Read(empty)
	must(t, err)
	if list, err := os.ReadDir(dir); err != nil || len(list) != 1 || read(t, empty) != "" {
		t.Errorf("%v, %v", list, err)
	}
}

func TestNil(t *testing.T) {
	var j *Journal
	j.Follow()
	j.Note(some[0])
	if _, ok := j.Lookup(1); ok || j.File() != "" || j.Append(some[0]) != nil || j.Close() != nil {
		t.Error("a nil journal knows something")
	}
}

// What cannot be written is told once. Who is to append to the file himself finds
// out himself whether he can: a file in place is not replaced else.
func TestAFailingAppend(t *testing.T) {
	j := open(t, filepath.Join(t.TempDir(), "a.journal"))
	must(t, j.open.Close())
	if err := j.Append(some[0]); err == nil || !strings.HasPrefix(err.Error(), "journal "+j.file+": ") {
		t.Errorf("%v", err)
	}
	must(t, j.Append(some[1]))
	if j.File() != j.file {
		t.Errorf("its file is %q", j.File())
	}
	j.open = nil
}

// Each run appends to the same file; no line is lost or mixed with another. There
// may be empty ones: a write over the end of a page of memory can be seen half
// done, and who then appends ends that line first.
func TestTwoRunsAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.journal")
	const runs, each = 4, 500
	var want []Record
	var all sync.WaitGroup
	for n := range runs {
		for i := range each {
			want = append(want, Record{uint64(n*each + i + 1), 1, 1, job.OK, ""})
		}
		mine := want[n*each:][:each]
		all.Go(func() {
			j, err := Open(file)
			if err != nil {
				t.Error(err)
				return
			}
			for i, r := range mine {
				if i%50 == 0 {
					err = errors.Join(err, AppendTo(file, r, false))
				} else {
					err = errors.Join(err, j.Append(r))
				}
			}
			if err := errors.Join(err, j.Close()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	knows(t, file, want...)
	lines := 0
	for line := range strings.Lines(read(t, file)) {
		if line != "\n" {
			lines++
		}
	}
	if lines != runs*each+1 {
		t.Errorf("%d lines", lines)
	}
}

// superseded makes a journal of which most is.
func superseded(t *testing.T, file string) (want []Record) {
	whole := []byte(header)
	for i := range compactLines {
		r := Record{uint64(i%400 + 1), uint64(i), 3, job.OK, ""}
		if i%400 == 7 {
			r.Outcome, r.Reason, r.State = job.Failed, "a \"reason\"", uint64(i%3)
		}
		whole = appendLine(whole, r)
		if i >= compactLines-400 {
			want = append(want, r)
		}
	}
	must(t, os.WriteFile(file, whole, 0o600))
	return want
}

func TestTable(t *testing.T) {
	var tab table
	want := map[uint64]Record{}
	r := rand.New(rand.NewPCG(1, 2))
	keys := make([]uint64, 3000)
	for i := range keys {
		keys[i] = max(1, r.Uint64())
		if i < 1000 {
			keys[i] = uint64(i + 1)
		} else if i < 2000 {
			keys[i] = uint64(i) << 50
		}
	}
	for range 20_000 {
		rec := Record{keys[r.IntN(len(keys))], r.Uint64(), 1 + r.Uint64N(9), job.OK, ""}
		if r.IntN(3) == 0 {
			rec.Outcome, rec.Reason = job.Crashed, fmt.Sprint(rec.Digest)
			rec.State--
		}
		tab.set(rec)
		want[rec.Key] = rec
	}
	got := map[uint64]Record{}
	for rec := range tab.all {
		got[rec.Key] = rec
	}
	if diff := cmp.Diff(want, got); diff != "" || tab.count != len(want) {
		t.Errorf("%d records: %s", tab.count, diff)
	}
	for range 1000 {
		if k := r.Uint64(); want[k].Key == 0 {
			if rec, ok := tab.get(k); ok {
				t.Errorf("%x is %v", k, rec)
			}
		}
	}
	if _, ok := tab.get(0); ok {
		t.Error("0 is a key")
	}
}

func TestLookupAll(t *testing.T) {
	j := open(t, filepath.Join(t.TempDir(), "a.journal"))
	j.Follow()
	const n = 3*batchSize + 5
	var keys []uint64
	for i := range uint64(n) {
		keys = append(keys, Hash(i))
		if i%3 != 0 {
			must(t, j.Append(Record{Hash(i), i, 3, job.OK, ""}))
		}
	}
	for i, r := range j.LookupAll(keys) {
		if want, _ := j.Lookup(keys[i]); r != want || (r.Key == 0) != (i%3 == 0) {
			t.Errorf("record %d: %+v, want %+v", i, r, want)
		}
	}
	var none *Journal
	if r := none.LookupAll(keys[:1]); len(r) != 1 || r[0].Key != 0 {
		t.Errorf("without a journal: %+v", r)
	}
}
