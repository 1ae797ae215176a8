// Package journal remembers what has been done, so that a run does nothing twice
// and one that was killed goes on where it was.
//
// A journal is a file to which records are appended, one a line; line.go has its
// format. What is not there any more, or was never written to the end, is only
// forgotten: then work is done again or, where its output is there, left alone.
//
// Several runs may append to one journal at once; each knows what was there when
// it began. A record is one write and is not synced: a kill loses none, a power
// failure may lose the last ones, as it may the outputs, which are not synced
// either.
package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"github.com/imgpar/imgpar/internal/job"
)

// Record is what became of one output.
type Record struct {
	Key     uint64      // of the output: Key of its name
	Digest  uint64      // of all that decides its bytes: the input's name and state, and the terms of the job
	State   uint64      // of the output as it was written, see Made, in place Identity; 0: nothing was written
	Outcome job.Outcome // OK, Failed, Crashed or Timeout
	Reason  string      // of what is not OK
}

// Journal is the records of one file. Its methods are safe for concurrent use.
// A nil Journal knows nothing and keeps nothing.
type Journal struct {
	file string

	mu     sync.RWMutex
	known  table    // guarded by mu, as is what follows
	follow bool     // appended records are known as well
	open   *os.File // locked; nil: read only, or closed
	broken bool     // an Append failed: there will be no more
	torn   bool     // the file ends within a line
	line   []byte   // the one being written
}

// Read reads the journal in file for looking up only. One that is not there is
// empty.
func Read(file string) (*Journal, error) {
	j := &Journal{}
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return j, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close() // only read
	_, err = j.read(f)
	return j, err
}

// Follow lets j know what is appended from now on. It costs memory, and only
// who looks up a key again has a use for it.
func (j *Journal) Follow() {
	if j == nil {
		return
	}
	j.mu.Lock()
	j.follow = true
	j.mu.Unlock()
}

// File returns the name of the file to which records are appended, also when an
// Append has failed: AppendTo tells by itself whether it can. "": none is kept,
// since j is read only or closed.
func (j *Journal) File() string {
	if j == nil {
		return ""
	}
	j.mu.RLock()
	defer j.mu.RUnlock()
	if j.open == nil {
		return ""
	}
	return j.file
}

// Lookup returns the last record of a key.
func (j *Journal) Lookup(key uint64) (Record, bool) {
	if j == nil {
		return Record{}, false
	}
	j.mu.RLock()
	defer j.mu.RUnlock()
	return j.known.get(key)
}

// LookupAll returns the last record of each key, in their order; where there is
// none, one without a key. It is faster than Lookup for each.
func (j *Journal) LookupAll(keys []uint64) []Record {
	list := make([]Record, len(keys))
	if j == nil {
		return list
	}
	j.mu.RLock()
	defer j.mu.RUnlock()
	for begin := 0; begin < len(keys); begin += batchSize {
		end := min(begin+batchSize, len(keys))
		j.known.fetch(keys[begin:end])
		for i, key := range keys[begin:end] {
			list[begin+i], _ = j.known.get(key)
		}
	}
	return list
}

// Len returns the number of keys that have a record.
func (j *Journal) Len() int {
	if j == nil {
		return 0
	}
	j.mu.RLock()
	defer j.mu.RUnlock()
	return j.known.count
}

// Append adds a record. Its first error is the last: from then on nothing is
// kept, so that it can be told once.
func (j *Journal) Append(r Record) error {
	if j == nil {
		return nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.follow {
		j.known.set(r)
	}
	if j.open == nil || j.broken {
		return nil
	}
	j.line = j.line[:0]
	if j.torn {
		j.line = append(j.line, '\n')
	}
	j.line = appendLine(j.line, r)
	if _, err := j.open.Write(j.line); err != nil {
		j.broken = true
		return fmt.Errorf("journal %s: %s", j.file, job.Plain(err))
	}
	j.torn = false
	return nil
}

// Note lets a journal that follows know a record which AppendTo has written to
// its file.
func (j *Journal) Note(r Record) {
	if j == nil {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.follow {
		j.known.set(r)
	}
}

// Close closes the file.
func (j *Journal) Close() error {
	if j == nil {
		return nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.open == nil {
		return nil
	}
	f := j.open
	j.open = nil
	return f.Close()
}

// AppendTo appends a record to the journal in file, which another process may
// have open. If it is to be durable, it returns when the record would survive a
// power failure.
func AppendTo(file string, r Record, durable bool) error {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	if err = appendRecord(f, r); err == nil && durable {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func appendRecord(f *os.File, r Record) error {
	fi, err := f.Stat()
	if err != nil {
		return err
	}
	whole, err := endsWhole(f, fi.Size())
	if err != nil {
		return err
	}
	var line []byte
	if !whole {
		line = append(line, '\n')
	}
	_, err = f.Write(appendLine(line, r))
	return err
}

// endsWhole tells whether the last line of a file of that size has its end. It may
// be one that is being written, of which the size counts a part already; the end
// that is written for it then makes an empty line, which a reader passes over.
func endsWhole(f *os.File, size int64) (bool, error) {
	if size == 0 {
		return true, nil
	}
	var last [1]byte
	if _, err := f.ReadAt(last[:], size-1); err != nil {
		return false, err
	}
	return last[0] == '\n', nil
}
