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

	// Before, if not nil, is called when the new file has all but its name, with
	// what the file is going to be. Its error is that of Write.
	Before func(fs.FileInfo) error
}

// TempName returns the temporary file that a Write of name goes through.
func TempName(name string) string {
	sum := sha256.Sum256([]byte(filepath.Base(name)))
	return filepath.Join(filepath.Dir(name), Prefix+hex.EncodeToString(sum[:10])+".tmp")
}

// Write makes the file name with data, and the folders above it. Its errors
// wrap those of the os package; where one is left, no new file is.
func Write(name string, data []byte, opt Options) error {
	if err := makeFolder(filepath.Dir(name)); err != nil {
		return err
	}
	temp := TempName(name)
	perm := opt.Perm
	if perm == 0 {
		perm = 0o666
	}
	f, err := openTemp(temp, perm)
	if err != nil {
		return err
	}
	if err = fill(f, data, opt); err == nil {
		err = complete(f, opt.ModTime, opt.Durable)
	}
	if err == nil && opt.Before != nil {
		var fi fs.FileInfo
		if fi, err = os.Lstat(temp); err == nil {
			err = opt.Before(fi)
		}
	}
	if err == nil {
		err = publish(temp, name, opt.Overwrite)
	}
	if err != nil {
		return giveUp(f, err)
	}
	release(f)
	if opt.Durable {
		return SyncFolder(filepath.Dir(name))
	}
	return nil
}

// makeFolder makes a folder and those above it.
func makeFolder(dir string) error {
	err := os.MkdirAll(dir, 0o777)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist), isNoFolder(err):
		return because("something that is no folder stands in the way of the output's folder", err)
	}
	return because("the output's folder cannot be made", err)
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

// giveUp removes the temporary file f, while it is locked where there are locks.
// It returns err, and says so if the file had to stay.
func giveUp(f *os.File, err error) error {
	if closeFirst {
		release(f)
	}
	if rerr := os.Remove(f.Name()); rerr != nil && !errors.Is(rerr, fs.ErrNotExist) {
		err = and(err, because("the temporary file "+filepath.Base(f.Name())+" is left", rerr))
	}
	release(f)
	return err
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
			return nil, giveUp(f, err)
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

// fill writes data to f.
func fill(f *os.File, data []byte, opt Options) error {
	_, err := f.Write(data)
	if err == nil && opt.Perm != 0 {
		err = f.Chmod(opt.Perm) // one that was left over may have another
	}
	return err
}
