package watch

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// disk is files that are looked at, and how often.
type disk struct {
	files map[string]state
	looks int
}

func (d *disk) look(path string) (state, bool) {
	d.looks++
	st, ok := d.files[filepath.ToSlash(path)]
	return st, ok
}

// clock begins somewhere and is set by hand.
var clock = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func at(seconds float64) time.Time { return clock.Add(time.Duration(seconds * float64(time.Second))) }

func settled(d *disk) *settling { return &settling{settle: 2 * time.Second, look: d.look} }

// taken returns what is complete, as folder/name, and takes it away.
func taken(s *settling) []string {
	var list []string
	for folder, names := range s.ready {
		for name := range names {
			list = append(list, folder+"/"+name)
		}
	}
	s.ready = nil
	slices.Sort(list)
	return list
}

func TestAFileIsCompleteWhenItStaysTheSame(t *testing.T) {
	d := &disk{files: map[string]state{"f/a": {1, 1}}}
	s := settled(d)
	s.touch("f", "a", at(0))
	for _, step := range []struct {
		at   float64
		now  state // of the file
		want int
	}{
		{1.9, state{1, 1}, 0},
		{2, state{2, 1}, 0}, // it has grown
		{4, state{2, 2}, 0}, // it was written to
		{5, state{2, 2}, 0},
		{6, state{2, 2}, 1},
		{8, state{2, 2}, 0}, // once
	} {
		d.files["f/a"] = step.now
		s.pass(at(step.at))
		if got := taken(s); len(got) != step.want {
			t.Errorf("after %v s: %q is complete, want %d", step.at, got, step.want)
		}
	}
	if _, waits := s.next(); waits || len(s.folders) > 0 {
		t.Errorf("something waits still: %v", s.folders)
	}
}

func TestFilesOfAFolderAreReportedTogether(t *testing.T) {
	d := &disk{files: map[string]state{"f/a": {}, "f/b": {}, "f/late": {}, "g/c": {}}}
	s := settled(d)
	s.touch("f", "a", at(0))
	s.touch("f", "b", at(0))
	s.touch("g", "c", at(1))
	s.touch("f", "late", at(1.5))
	s.touch("f", "never", at(1.5))
	var got []string
	for len(s.queue) > 0 {
		next, _ := s.next()
		s.pass(next)
		got = append(got, fmt.Sprint(next.Sub(clock), taken(s)))
	}
	// late has waited for half a second at 2s; f has its next turn at 4s
	want := []string{"2s [f/a f/b]", "3s [g/c]", "4s [f/late]"}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}

// What was complete is not any more when something is heard of it again before
// it was handed over; and a file that is deleted is forgotten.
func TestCompleteNoMore(t *testing.T) {
	d := &disk{files: map[string]state{"f/a": {}, "f/b": {}}}
	s := settled(d)
	s.touch("f", "a", at(0))
	s.touch("f", "b", at(0))
	s.pass(at(2))
	s.touch("f", "a", at(2.5))
	if got := taken(s); !slices.Equal(got, []string{"f/b"}) {
		t.Errorf("%q is complete, want b alone", got)
	}
	delete(d.files, "f/a")
	s.pass(at(4.5))
	if got := taken(s); got != nil || len(s.folders) != 0 || len(s.queue) != 0 {
		t.Errorf("%q is complete, %v waits", got, s.folders)
	}

	s.touch("f", "b", at(5))
	s.pass(at(7))
	s.touch("f", "b", at(8))
	if len(s.ready) != 0 {
		t.Errorf("a folder without names is reported: %v", s.ready)
	}
}

// Hundreds of thousands of files in one folder cost each file a few looks, also
// when they come one by one and events come in masses.
func TestWorkIsLinear(t *testing.T) {
	const files, perSecond = 200_000, 10_000
	d := &disk{files: map[string]state{}}
	s := settled(d)
	reported, reports := 0, 0
	pass := func(now time.Time) {
		for next, waits := s.next(); waits && !next.After(now); next, waits = s.next() {
			s.pass(next)
			if n := len(taken(s)); n > 0 {
				reported += n
				reports++
			}
		}
	}
	for i := range files {
		now := at(float64(i) / perSecond)
		name := fmt.Sprint(i)
		d.files["f/"+name] = state{1, 1}
		for range 3 { // created, written, closed
			s.touch("f", name, now)
		}
		pass(now)
	}
	pass(at(files/perSecond + 10))
	if reported != files {
		t.Errorf("%d of %d files are complete", reported, files)
	}
	if d.looks > 3*files {
		t.Errorf("%d looks at %d files", d.looks, files)
	}
	if most := files/perSecond/2 + 3; reports > most {
		t.Errorf("%d reports in %d settle times", reports, most)
	}
	if len(s.folders) != 0 || len(s.queue) != 0 {
		t.Errorf("left: %v", slices.Collect(maps.Keys(s.folders)))
	}
}
