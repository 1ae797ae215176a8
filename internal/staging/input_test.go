package staging

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

// A stage has one look at its input, which says all that is asked before the work; what
// becomes of the name meanwhile is nothing to it.
func TestTheInputIsOpenedOnce(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, size := range []int{len(picture), headBytes - 1, headBytes, headBytes + 1, 3*headBytes + 5, 200 << 10} {
		text := append([]byte(picture), make([]byte, size-len(picture))...)
		text[size-1] = 'x'
		write(t, "in.jpg", string(text))
		j := to("a.jpg")
		j.MaxPixels = 12
		s := Open(j)
		must(t, os.Remove("in.jpg"))
		if h, err := s.Header(); err != nil || h.Width != 3 || h.Height != 4 || h.Format != codec.GIF || s.Format() != codec.GIF {
			t.Errorf("%d bytes: %+v, %v", size, h, err)
		}
		s.ReadAhead(t.Context())
		for _, part := range [][2]int{{0, size}, {0, 1}, {size - 1, 1}, {size / 2, size - size/2}} {
			got := make([]byte, part[1])
			if n, err := s.Input().ReadAt(got, int64(part[0])); n != len(got) || err != nil || !bytes.Equal(got, text[part[0]:part[0]+part[1]]) {
				t.Errorf("%d bytes, %v: read %d, %v", size, part, n, err)
			}
		}
		if n, err := s.Input().ReadAt(make([]byte, 2), int64(size)-1); n != 1 || err != io.EOF {
			t.Errorf("%d bytes: behind the end %d, %v", size, n, err)
		}
		s.Begin()
		if res := s.End(job.Canceled, "x"); res.InBytes != 0 {
			t.Errorf("%d bytes are counted of what was not worked on", res.InBytes)
		}
		holds(t, nil)
	}
}

// A header that is refused, and a file that has become shorter, are for the work to fail of.
func TestAHeaderThatIsRefused(t *testing.T) {
	t.Chdir(t.TempDir())
	for text, format := range map[string]codec.Format{picture: codec.GIF, picture[:7]: codec.GIF, "text": "", "": ""} {
		write(t, "in.jpg", text)
		s := Open(to("a.jpg")) // of at most 0 pixels
		if _, err := s.Header(); err == nil || s.Format() != format || !s.Wanted() {
			t.Errorf("%q: %s, %v", text, s.Format(), err)
		}
		s.End(job.Canceled, "")
	}
}

// The clock of a stage stands while it waits.
func TestTheClockOfAStage(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "in.jpg", picture)
	s := Open(to("a.jpg"))
	const long = time.Hour
	back := func() { s.clock.since = s.clock.since.Add(-long) } // as if so much time had passed
	back()
	s.Pause()
	back()
	s.Resume()
	s.Begin()
	back()
	s.Pause()
	back()
	s.Working()
	back()
	res := s.End(job.Timeout, "x")
	onStorage, onWork := s.Spent()
	if onStorage.Round(time.Minute) != 2*long || onWork.Round(time.Minute) != long || res.Elapsed != onStorage+onWork {
		t.Errorf("%v on storage, %v on work, %v in all", onStorage, onWork, res.Elapsed)
	}
	if res.InBytes != int64(len(picture)) {
		t.Errorf("%d bytes", res.InBytes)
	}
}

// What is written over an input while it waits for its turn is worked on whole, not with
// the first bytes and the length of what was there before.
func TestAnInputThatChangesWhileItWaits(t *testing.T) {
	const waited = 2 * fresh
	for name, now := range map[string]string{
		"of the same length": strings.Repeat("x", len(picture)),
		"longer":             picture + strings.Repeat("x", 2*headBytes),
		"shorter":            picture[:7],
	} {
		t.Chdir(t.TempDir())
		write(t, "in.jpg", picture)
		must(t, os.Chtimes("in.jpg", time.Time{}, time.Unix(1e9, 0)))
		s := Open(to("a.jpg"))
		s.Begin()
		s.Pause()
		f, err := os.OpenFile("in.jpg", os.O_WRONLY|os.O_TRUNC, 0)
		must(t, err)
		_, err = f.WriteString(now)
		must(t, errors.Join(err, f.Close()))
		s.clock.since = s.clock.since.Add(-waited)
		s.Working()
		got := make([]byte, s.Work().Size)
		if n, err := s.Input().ReadAt(got, 0); err != nil || string(got) != now {
			t.Errorf("%s: read %q, %v", name, got[:n], err)
		}
		s.End(job.Canceled, "")
	}
}

// Such an input is not replaced: what is there now is nothing that the plan saw.
func TestAnInputThatChangesWhileItWaitsStays(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "in.jpg", picture)
	must(t, os.Chtimes("in.jpg", time.Time{}, time.Unix(1e9, 0)))
	j := to("in.jpg")
	j.InPlace = &job.InPlace{}
	s := Open(j)
	s.Begin()
	s.Pause()
	must(t, os.WriteFile("in.jpg", []byte("newer"), 0o666))
	s.clock.since = s.clock.since.Add(-2 * fresh)
	s.Working()
	_, err := s.Writers()[0].Write([]byte("made"))
	must(t, err)
	res := s.Commit(job.Answer{Parts: []job.Part{{Outcome: job.OK, Width: 3, Height: 4, Bytes: 4}}})
	if res.Outcome != job.Failed {
		t.Errorf("%+v", res)
	}
	holds(t, map[string]string{"in.jpg": "newer"})
}
