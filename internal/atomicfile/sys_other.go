//go:build !unix

package atomicfile

import (
	"os"
	"time"
)

const (
	noFollow   = 0
	closeFirst = true // an open file can be neither renamed nor replaced here
)

// lock is a no-op: here an open file cannot be opened or renamed by another
// process in the first place, or there are no locks.
func lock(*os.File) error { return nil }

// flush closes f, so that what was written has arrived.
func flush(f *os.File) error { return f.Close() }

// setTimes gives the file the time t, if that is not zero.
func setTimes(name string, t time.Time) error {
	if t.IsZero() {
		return nil
	}
	return os.Chtimes(name, t, t)
}

// SyncFolder is a no-op: folders cannot be opened for that here.
func SyncFolder(string) error { return nil }
