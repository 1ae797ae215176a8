package journal

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/imgpar/imgpar/internal/atomicfile"
)

const (
	// A journal is written anew where more than half of at least so many lines
	// are superseded.
	compactLines = 10_000

	// A run waits for another that writes the journal anew: so many times so
	// long, 10 seconds in all.
	lockTries = 500
	lockPause = 20 * time.Millisecond

	// readBatch is how many records are read at a time.
	readBatch = 4096

	// roomAhead is the most records for which memory is taken before they are read.
	roomAhead = 1 << 20
)

// errBusy says that another run holds the journal for itself.
var errBusy = errors.New("another run has kept it locked for 10 seconds")

// Open reads the journal in file, and makes it and its folder if it is not
// there. A file that is something else is a *NotJournalError and stays as it is.
// Where lines that are superseded outweigh the rest, the file is written anew,
// unless another run has it open.
func Open(file string) (*Journal, error) {
	file, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	if real, err := filepath.EvalSymlinks(file); err == nil {
		file = real // what is written anew takes the file's place, not the link's
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, err
	}
	for range lockTries {
		j, err := tryOpen(file)
		if err == nil || !errors.Is(err, errBusy) {
			return j, err
		}
		time.Sleep(lockPause)
	}
	return nil, fmt.Errorf("%s: %w", file, errBusy)
}

// tryOpen is Open, but returns errBusy when another run was faster.
func tryOpen(file string) (*Journal, error) {
	if fi, err := os.Stat(file); err == nil && !fi.Mode().IsRegular() {
		return nil, &NotJournalError{file, "is no regular file"}
	}
	f, err := os.OpenFile(file, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	j := &Journal{file: file, open: f}
	if err := j.begin(); err != nil {
		return nil, errors.Join(err, j.open.Close())
	}
	return j, nil
}

// begin locks and reads the open file. The lock is exclusive while the file may
// be written anew, and then shared. Between the two nobody has it: whether the
// file is still the one of its name is looked at behind each.
func (j *Journal) begin() error {
	alone, err := lock(j.open, true)
	if err == nil && !alone {
		err = j.share()
	}
	if err != nil {
		return err
	}
	if err := j.stillAt(); err != nil {
		return err
	}
	lines, err := j.read(j.open)
	if err != nil {
		return err
	}
	if !alone {
		return nil
	}
	if lines >= compactLines && j.known.count < lines/2 {
		j.compact()
	}
	return errors.Join(j.share(), j.stillAt())
}

// share makes the lock a shared one.
func (j *Journal) share() error {
	ok, err := lock(j.open, false)
	if err == nil && !ok {
		return errBusy
	}
	return err
}

func (j *Journal) stillAt() error {
	have, err := j.open.Stat()
	if err != nil {
		return err
	}
	want, err := os.Stat(j.file)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && !os.SameFile(have, want):
		return errBusy
	}
	return err
}

// read takes in the records of f and returns the number of lines. It gives an
// empty file its header, if j may write.
func (j *Journal) read(f *os.File) (lines int, err error) {
	fi, err := f.Stat()
	if err != nil {
		return 0, err
	}
	j.known = newTable(int(min(fi.Size()/(okLen+1), roomAhead)))
	in := bufio.NewReaderSize(io.NewSectionReader(f, 0, 1<<62), 1<<18)
	first, err := in.ReadSlice('\n')
	switch {
	case err == nil:
		err = checkHeader(f.Name(), string(first[:len(first)-1]))
	case err == io.EOF && strings.HasPrefix(header, string(first)):
		return 0, j.writeHeader(len(first) > 0)
	case err == io.EOF, errors.Is(err, bufio.ErrBufferFull):
		err = checkHeader(f.Name(), "")
	}
	if err != nil {
		return 0, err
	}
	return j.readLines(in)
}

// writeHeader begins the file, which may hold a torn header. It is synced: what
// has no header is refused.
func (j *Journal) writeHeader(torn bool) error {
	if j.open == nil {
		return nil
	}
	if torn {
		if err := os.Truncate(j.file, 0); err != nil { // by its name: not every system does it while appending
			return err
		}
	}
	if _, err := j.open.WriteString(header); err != nil {
		return err
	}
	if err := j.open.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	_ = atomicfile.SyncFolder(filepath.Dir(j.file)) // so that the name survives a power failure too, where that can be had
	return nil
}

// readLines parses the lines, while a goroutine puts the records into the table:
// either takes about half of the time.
func (j *Journal) readLines(in *bufio.Reader) (lines int, err error) {
	batches, used := make(chan []Record, 2), make(chan []Record, 2)
	for range cap(used) {
		used <- make([]Record, 0, readBatch)
	}
	entered := make(chan struct{})
	go func() {
		defer close(entered)
		for batch := range batches {
			for part := range slices.Chunk(batch, batchSize) {
				j.known.setAll(part)
			}
			used <- batch[:0]
		}
	}()
	batch := <-used
	defer func() {
		batches <- batch
		close(batches)
		<-entered
	}()
	take := func(line []byte) {
		r, ok := parseLine(line)
		if !ok {
			return
		}
		if batch = append(batch, r); len(batch) == cap(batch) {
			batches <- batch
			batch = <-used
		}
	}
	for {
		line, err := in.ReadSlice('\n')
		switch {
		case err == nil:
			take(line[:len(line)-1])
			lines++
		case errors.Is(err, bufio.ErrBufferFull): // no record is that long
			lines, err = lines+1, skipLine(in)
			if err != nil {
				return lines, err
			}
		case err == io.EOF:
			take(line) // it may be whole but for its end
			j.torn = len(line) > 0
			return lines, nil
		default:
			return lines, err
		}
	}
}

// skipLine reads to the end of a line.
func skipLine(in *bufio.Reader) error {
	for {
		_, err := in.ReadSlice('\n')
		if err == nil || err == io.EOF {
			return nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

// compact writes the file anew without the lines that are superseded. Where
// that fails, the file stays as it is.
func (j *Journal) compact() {
	f, err := j.rewrite(j.file + ".new")
	if err != nil {
		return
	}
	j.open.Close() // nothing was written to it
	j.open, j.torn = f, false
}

// rewrite returns the open file of that name with every record once, in j's
// place.
func (j *Journal) rewrite(temp string) (*os.File, error) {
	if err := os.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err // of a run that was killed
	}
	f, err := os.OpenFile(temp, os.O_RDWR|os.O_APPEND|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	if _, err = lock(f, false); err == nil {
		err = j.writeAll(f)
	}
	if err == nil {
		err = f.Sync() // a power failure must not take what was on the disk before
	}
	if err == nil {
		err = os.Rename(temp, j.file)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(temp))
	}
	_ = atomicfile.SyncFolder(filepath.Dir(j.file)) // so that the name survives a power failure too, where that can be had
	return f, nil
}

func (j *Journal) writeAll(f *os.File) error {
	out := bufio.NewWriterSize(f, 1<<18)
	out.WriteString(header) // Flush returns the first error
	var line []byte
	for r := range j.known.all {
		line = appendLine(line[:0], r)
		out.Write(line)
	}
	return out.Flush()
}
