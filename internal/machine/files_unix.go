//go:build unix

package machine

import (
	"math"

	"golang.org/x/sys/unix"
)

// MaxOpenFiles returns how many files this process may have open, 0 if that is unknown:
// RLIMIT_NOFILE, which Go's runtime has raised as far as it may.
func MaxOpenFiles() int {
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) != nil {
		return 0
	}
	return int(min(uint64(limit.Cur), math.MaxInt32))
}
