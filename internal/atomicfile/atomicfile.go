// Package atomicfile writes files that appear whole, under their final name,
// or not at all.
//
// A file is written to a temporary one in the same folder and renamed. The
// temporary name follows from the final one, so that what a killed process
// left behind is found again: the next Write of the same file takes it over,
// and Discard removes it. A lock on the temporary file keeps two processes
// that write the same file apart.
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
)

// Prefix begins the names of temporary files. They are hidden on Unix.
const Prefix = ".imgpar-"

// ErrBusy says that another process is writing the same file now.
var ErrBusy = errors.New("another process is writing this file")

// Options of a Write. The zero value makes a new file and leaves the moment
// of its arrival on the disk to the system.
type Options struct {
	Overwrite bool        // replace an existing file; else Write fails with fs.ErrExist
	Durable   bool        // return only when the file would survive a power failure
	Perm      fs.FileMode // of the new file, before the umask; 0 means 0666
	ModTime   time.Time   // of the new file, of its last change and of its last use; zero: now
}

// TempName returns the temporary file that a Write of name goes through.
func TempName(name string) string {
	sum := sha256.Sum256([]byte(filepath.Base(name)))
	return filepath.Join(filepath.Dir(name), Prefix+hex.EncodeToString(sum[:10])+".tmp")
}

// Write makes the file name with data, and the folders above it. Its errors
// wrap those of the os package.
func Write(name string, data []byte, opt Options) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	temp := TempName(name)
	f, err := openTemp(temp, opt)
	if err != nil {
		return err
	}
	if err := fill(f, data, opt); err != nil {
		return errors.Join(err, discardTemp(temp))
	}
	if err := finish(f, temp, name, opt); err != nil {
		return errors.Join(err, discardTemp(temp))
	}
	if opt.Durable {
		return syncFolder(filepath.Dir(name))
	}
	return nil
}

// finish closes f and gives it its final name. Where there are locks, the lock
// is held until the rename is done: whoever gets it later sees that the
// temporary name is no longer this file's.
func finish(f *os.File, temp, name string, opt Options) error {
	if closeFirst {
		if err := f.Close(); err != nil {
			return err
		}
		if err := setTimes(temp, opt.ModTime); err != nil { // closing sets them too
			return err
		}
		return publish(temp, name, opt.Overwrite)
	}
	return errors.Join(publish(temp, name, opt.Overwrite), f.Close())
}

// discardTemp removes temp unless it has its final name already.
func discardTemp(temp string) error {
	if err := os.Remove(temp); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Discard removes what a killed Write of name left behind. It is no error if
// there is nothing, and nothing happens while a Write is under way.
func Discard(name string) error {
	f, err := os.OpenFile(TempName(name), os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	err = lock(f)
	if err == nil {
		err = os.Remove(f.Name())
	} else if errors.Is(err, ErrBusy) {
		err = nil
	}
	return errors.Join(err, f.Close())
}

// maxTakeovers bounds how often openTemp loses a race for a temporary name
// against another process that writes the same file.
const maxTakeovers = 10

// openTemp opens the temporary file, new or left over, locked and empty.
func openTemp(temp string, opt Options) (*os.File, error) {
	perm := opt.Perm
	if perm == 0 {
		perm = 0o666
	}
	for range maxTakeovers {
		f, err := os.OpenFile(temp, os.O_RDWR|os.O_CREATE|noFollow, perm)
		if err != nil {
			return nil, err
		}
		if err := lock(f); err != nil {
			return nil, errors.Join(err, f.Close())
		}
		if same, err := isAt(f, temp); err != nil || !same {
			// Renamed or removed by the one who had the lock before.
			if cerr := f.Close(); err == nil {
				err = cerr
			}
			if err != nil {
				return nil, err
			}
			continue
		}
		if err := f.Truncate(0); err != nil {
			return nil, errors.Join(err, f.Close())
		}
		return f, nil
	}
	return nil, fmt.Errorf("%s: %w", temp, ErrBusy)
}

// isAt tells whether name still names the open file f.
func isAt(f *os.File, name string) (bool, error) {
	have, err := f.Stat()
	if err != nil {
		return false, err
	}
	want, err := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && os.SameFile(have, want), err
}

// fill writes data to f. It closes f only if that fails.
func fill(f *os.File, data []byte, opt Options) error {
	_, err := f.Write(data)
	if err == nil && opt.Perm != 0 {
		err = f.Chmod(opt.Perm) // one that was left over may have another
	}
	if err == nil && !closeFirst {
		err = setTimes(f.Name(), opt.ModTime)
	}
	if err == nil && opt.Durable {
		err = f.Sync()
	}
	if err != nil {
		return errors.Join(err, f.Close())
	}
	return nil
}
