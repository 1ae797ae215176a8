package plan

import (
	"golang.org/x/sys/unix"

	"github.com/imgpar/imgpar/internal/journal"
)

// statFolder looks at files in a folder, which is opened for that: the system
// need not find it again for each.
type statFolder struct{ fd int }

func openStat(path string) (statFolder, error) {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	return statFolder{fd}, err
}

// stat returns size and state of a file; not ok: it is none, or no regular one.
func (f statFolder) stat(name string) (size int64, state uint64, ok bool) {
	var st unix.Stat_t
	if unix.Fstatat(f.fd, name, &st, unix.AT_SYMLINK_NOFOLLOW) != nil || st.Mode&unix.S_IFMT != unix.S_IFREG {
		return 0, 0, false
	}
	return st.Size, journal.StateOf(st.Size, st.Mtim.Nano()), true
}

func (f statFolder) close() { _ = unix.Close(f.fd) } // nothing was written
