package watch

import (
	"os"
	"path/filepath"
	"time"
)

// settling keeps the files that are not known to be complete. The work on a
// file is the same however many there are: folders wait in the order in which
// their turns come, and only files that something was heard of are looked at.
type settling struct {
	settle time.Duration
	look   func(path string) (state, bool) // false: there is no such file

	folders map[string]map[string]sighting // names that wait, by folder
	queue   []turn                         // one for each of folders, sorted by time
	ready   map[string]map[string]bool     // names that are complete, by folder
}

// sighting is what a file was like when it was looked at.
type sighting struct {
	state
	at time.Time
}

// turn says when the files of a folder are looked at.
type turn struct {
	folder string
	at     time.Time
}

// state is what must not change in a file that is complete.
type state struct {
	size, mtime int64 // bytes; nanoseconds since 1970
}

// lookAt returns the state of a file, of its target if it is a link. A dangling
// link has one, too: what is to be said of it is not decided here.
func lookAt(path string) (state, bool) {
	fi, err := os.Stat(path)
	if err != nil {
		if fi, err = os.Lstat(path); err != nil {
			return state{}, false
		}
	}
	return state{fi.Size(), fi.ModTime().UnixNano()}, true
}

// touch says that something was heard of a file.
func (s *settling) touch(folder, name string, now time.Time) {
	if s.waits(folder, name) {
		return // the next look at it tells
	}
	st, ok := s.look(filepath.Join(folder, name))
	if !ok {
		return
	}
	if s.folders[folder] == nil {
		if s.folders == nil {
			s.folders = map[string]map[string]sighting{}
		}
		s.folders[folder] = map[string]sighting{}
		s.queue = append(s.queue, turn{folder, now.Add(s.settle)})
	}
	s.folders[folder][name] = sighting{st, now}
	if names := s.ready[folder]; names[name] { // not any more
		if delete(names, name); len(names) == 0 {
			delete(s.ready, folder)
		}
	}
}

func (s *settling) waits(folder, name string) bool {
	_, ok := s.folders[folder][name]
	return ok
}

// next returns when the next turn is; false: nothing waits.
func (s *settling) next() (time.Time, bool) {
	if len(s.queue) == 0 {
		return time.Time{}, false
	}
	return s.queue[0].at, true
}

// pass looks at the files of the folders whose turn has come.
func (s *settling) pass(now time.Time) {
	for len(s.queue) > 0 && !s.queue[0].at.After(now) {
		folder := s.queue[0].folder
		s.queue = s.queue[1:]
		s.check(folder, now)
		if len(s.folders[folder]) == 0 {
			delete(s.folders, folder)
			continue
		}
		s.queue = append(s.queue, turn{folder, now.Add(s.settle)})
	}
}

// check looks at the files of a folder that have waited for a settle time.
func (s *settling) check(folder string, now time.Time) {
	names := s.folders[folder]
	for name, before := range names {
		if now.Sub(before.at) < s.settle {
			continue
		}
		st, ok := s.look(filepath.Join(folder, name))
		switch {
		case !ok:
			delete(names, name)
		case st != before.state:
			names[name] = sighting{st, now}
		default:
			delete(names, name)
			s.complete(folder, name)
		}
	}
}

func (s *settling) complete(folder, name string) {
	if s.ready == nil {
		s.ready = map[string]map[string]bool{}
	}
	if s.ready[folder] == nil {
		s.ready[folder] = map[string]bool{}
	}
	s.ready[folder][name] = true
}
