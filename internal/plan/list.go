package plan

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
)

// maxName is how many bytes a name in a List may have.
const maxName = 65_536

// List is names of files and folders that end with NUL, as find -print0 writes
// them, kept in a file. It may be looped over by several goroutines at once.
type List struct {
	name   string
	file   *os.File
	size   int64
	remove bool // file is our own, and could not be removed while it is open
}

// OpenList opens the list in a file, or in stdin if name is "-". What is no regular
// file is copied into a temporary one, because it is read several times. A name
// that is too long is an error here.
func OpenList(name string, stdin io.Reader) (*List, error) {
	l, err := openList(name, stdin)
	if err != nil {
		return nil, err
	}
	for _, err := range l.Names() {
		if err != nil {
			return nil, errors.Join(err, l.Close())
		}
	}
	return l, nil
}

func openList(name string, stdin io.Reader) (*List, error) {
	if name == "-" {
		return spool("standard input", stdin)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	fi, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if fi.Mode().IsRegular() {
		return &List{name: name, file: f, size: fi.Size()}, nil
	}
	defer f.Close() // only read
	return spool(name, f)
}

// spool copies a list into a file that goes with this process.
func spool(name string, r io.Reader) (*List, error) {
	f, err := os.CreateTemp("", "imgpar-list-*")
	if err != nil {
		return nil, err
	}
	l := &List{name: name, file: f}
	l.remove = os.Remove(f.Name()) != nil // Windows does not remove what is open
	if l.size, err = io.Copy(f, r); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// Close ends the use of l; nil is no list.
func (l *List) Close() error {
	if l == nil {
		return nil
	}
	err := l.file.Close()
	if l.remove {
		err = errors.Join(err, os.Remove(l.file.Name()))
	}
	return err
}

// Names yields the names in order, empty ones left out. An error is the last, and
// comes with the name of the list.
func (l *List) Names() iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		in := bufio.NewScanner(io.NewSectionReader(l.file, 0, l.size))
		in.Buffer(make([]byte, 0, 4096), maxName+1)
		in.Split(untilNUL)
		for in.Scan() {
			if name := in.Bytes(); len(name) > 0 && !yield(string(name), nil) {
				return
			}
		}
		err := in.Err()
		if errors.Is(err, bufio.ErrTooLong) {
			err = fmt.Errorf("a name of more than %d bytes; names end with NUL, as find -print0 writes them", maxName)
		}
		if err != nil {
			yield(l.name, err)
		}
	}
}

func untilNUL(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return i + 1, data[:i], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

// splitRoot returns the path that a name means, and where in it that below the
// root begins: behind the first /./, if what follows does not lead out again;
// else -1.
func splitRoot(name string) (path string, below int) {
	path = filepath.Clean(name)
	slashed := filepath.ToSlash(name)
	at := strings.Index(slashed, "/./")
	if at < 0 {
		return path, -1
	}
	rel := filepath.Clean(strings.TrimLeft(filepath.FromSlash(slashed[at+3:]), sep))
	if rel == "." || !filepath.IsLocal(rel) || !strings.HasSuffix(path, rel) {
		return path, -1
	}
	return path, len(path) - len(rel)
}
