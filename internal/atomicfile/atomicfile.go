// Package atomicfile makes files that appear whole, under their final name, or
// not at all.
//
// A file is made as a temporary one in the same folder, and renamed. The
// temporary name follows from the final one, so that what a killed process left
// behind is found again: who makes the same file next takes it over. A lock on
// the temporary file keeps two processes that make the same file apart.
package atomicfile

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/imgpar/imgpar/internal/diskfile"
)

// Prefix begins the names of temporary files. They are hidden on Unix.
const Prefix = ".imgpar-"

// ErrBusy says that another process is writing the same file now.
var ErrBusy = errors.New("another process is writing this file")

// Options of a new file. The zero value leaves the moment of its arrival on the
// disk to the system.
type Options struct {
	Overwrite bool      // replace an existing file; else Commit fails with fs.ErrExist
	ModTime   time.Time // of the new file, of its last change and of its last use; zero: now
	Folders   *Folders  // notes the folders that are made; nil: they stay

	// Before, if not nil, is called when the new file has all but its name, with
	// what the file is going to be. Its error is that of Commit.
	Before func(fs.FileInfo) error
}

// Pending is a file on its way: Commit or Abort ends it. Its methods are not safe
// for concurrent use.
type Pending struct {
	File *os.File // the temporary file, for the content: empty, locked, open for reading and writing

	name  string
	opt   Options
	swap  *Replacement // nil: it is a new file
	old   *os.File     // that is replaced
	notes []string
}

// TempName returns the temporary file that the file name is made as.
func TempName(name string) string {
	sum := sha256.Sum256([]byte(filepath.Base(name)))
	return filepath.Join(filepath.Dir(name), Prefix+hex.EncodeToString(sum[:10])+".tmp")
}

// Create begins the file name, and makes the folders above it. Its errors wrap
// those of the os package, as do those of Commit.
func Create(name string, opt Options) (*Pending, error) {
	begin := func() (*Pending, error) {
		f, err := openTemp(TempName(name), 0o666)
		if err != nil {
			return nil, err
		}
		noteBegun(f.Name())
		return &Pending{File: f, name: name, opt: opt}, nil
	}
	dir := filepath.Dir(name)
	p, err := begin() // most often the folder is there
	if err == nil {
		opt.Folders.use(dir)
		return p, nil
	}
	if errors.Is(err, ErrBusy) {
		return nil, err
	}
	if err = opt.Folders.make(dir); err == nil {
		if p, err = begin(); err == nil {
			return p, nil
		}
	}
	opt.Folders.leave(dir)
	return nil, err
}

// Commit gives the file its name. With an error there is no new file, and what
// was there is as it was. What goes wrong behind the new name is a note.
func (p *Pending) Commit() (notes []string, err error) {
	noteEnding(p.File.Name())
	if p.swap != nil {
		return p.replace()
	}
	temp := p.File.Name()
	if err = complete(p.File, p.opt.ModTime, false); err == nil && p.opt.Before != nil {
		var fi fs.FileInfo
		if fi, err = os.Lstat(temp); err == nil {
			err = p.opt.Before(fi)
		}
	}
	if err == nil {
		err = publish(temp, p.name, p.opt.Overwrite)
	}
	if err != nil {
		return nil, and(err, p.Abort())
	}
	release(p.File)
	p.opt.Folders.keep(filepath.Dir(p.name))
	return nil, nil
}

// Abort removes the temporary file, and the folders that were made for it and that
// nobody uses. Its error says what is left.
func (p *Pending) Abort() error {
	noteEnding(p.File.Name())
	err := discard(p.File)
	if p.old != nil {
		_ = p.old.Close() // only read
	}
	p.opt.Folders.leave(filepath.Dir(p.name))
	return err
}

// HasRoom tells whether n more bytes can be written behind those that are there;
// what is written for that is for Abort to remove.
func (p *Pending) HasRoom(n int64) bool {
	fi, err := p.File.Stat()
	if err == nil {
		_, err = p.File.WriteAt(make([]byte, n), fi.Size())
	}
	return !IsFull(err)
}

// because puts words before what the system said, without the call and the
// names, so that it is one sentence whoever prints it.
func because(what string, err error) error { return fmt.Errorf("%s: %w", what, bare(err)) }

// bare returns the error of a call without the call and the names.
func bare(err error) error {
	var (
		path *fs.PathError
		link *os.LinkError
		call *os.SyscallError
	)
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	case errors.As(err, &call):
		return call.Err
	}
	return err
}

// and adds a second failure to the words of err.
func and(err, second error) error {
	if second == nil {
		return err
	}
	return fmt.Errorf("%w; %v", bare(err), bare(second))
}

// complete sees to it that all of f has arrived, before it gets its final
// name. Some file systems keep what does not fit for Close to say (NFS and
// FUSE send what was written then, so that an exceeded quota or a full disk
// shows no earlier), and Sync would say it, but costs seconds for a folder of
// pictures. Where closing would end the lock, a second descriptor of the same
// open file is closed, which sends everything just as well.
func complete(f *os.File, modTime time.Time, durable bool) error {
	if !closeFirst {
		if err := setTimes(f.Name(), modTime); err != nil {
			return err
		}
	}
	if durable {
		if err := f.Sync(); err != nil {
			return err
		}
	}
	if err := flush(f); err != nil {
		return err
	}
	if closeFirst {
		return setTimes(f.Name(), modTime) // closing sets them too
	}
	return nil
}

// release ends the lock on a file that has its final name: whoever gets it later
// sees that the temporary name is no longer this file's. What was written has
// arrived, so that closing has nothing more to say.
func release(f *os.File) { _ = f.Close() }

// discard removes the temporary file f, while it is locked where there are locks.
func discard(f *os.File) error {
	if closeFirst {
		release(f)
	}
	err := os.Remove(f.Name())
	release(f)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return because("the temporary file "+filepath.Base(f.Name())+" is left", err)
	}
	return nil
}

// Probe returns the error of making a file in a folder, and leaves none there: what
// is left by a process that is killed meanwhile, the next one removes.
func Probe(dir string) error {
	f, err := openTemp(TempName(filepath.Join(dir, "probe")), 0o600)
	switch {
	case errors.Is(err, ErrBusy): // it can be made: another process has just done so
		return nil
	case err != nil:
		return err
	case closeFirst:
		release(f)
	}
	err = os.Remove(f.Name())
	release(f)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// maxTakeovers bounds how often openTemp loses a race for a temporary name
// against another process that writes the same file.
const maxTakeovers = 10

// openTemp opens the temporary file, new or left over, locked and empty.
func openTemp(temp string, perm fs.FileMode) (*os.File, error) {
	for range maxTakeovers {
		const flags = os.O_RDWR | os.O_CREATE | noFollow
		f, err := diskfile.Open(temp, flags|os.O_EXCL, perm)
		left := errors.Is(err, fs.ErrExist)
		if left {
			f, err = diskfile.Open(temp, flags, perm)
		}
		if err != nil {
			return nil, err
		}
		if err := lock(f); err != nil {
			return nil, errors.Join(err, f.Close())
		}
		fi, same, err := isAt(f, temp)
		if err != nil || !same {
			// Renamed or removed by the one who had the lock before.
			if cerr := f.Close(); err == nil {
				err = cerr
			}
			if err != nil {
				return nil, err
			}
			continue
		}
		if left || fi.Size() > 0 {
			if err := f.Truncate(0); err != nil {
				return nil, and(err, discard(f))
			}
		}
		return f, nil
	}
	return nil, fmt.Errorf("%s: %w", temp, ErrBusy)
}

// isAt tells whether name still names the open file f, and what the system says
// of f.
func isAt(f *os.File, name string) (have fs.FileInfo, same bool, err error) {
	if have, err = f.Stat(); err != nil {
		return nil, false, err
	}
	want, err := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return have, false, nil
	}
	return have, err == nil && os.SameFile(have, want), err
}
