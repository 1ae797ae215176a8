//go:build linux && (amd64 || arm64)

package sandbox

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// limit sets the limits of p, soft and hard, and says which are in force. A limit that is
// lower already stays.
//
// Data is private writable memory, used or not (mm/mmap.c counts it when it is mapped),
// without the address space that the Go runtime reserves, which RLIMIT_AS would count.
// RLIMIT_NPROC is left alone: it is held against all threads that the user has on the
// machine, so that any number breaks a worker which needs one more thread once the user
// has other work to do, and root is exempt from it. Processes there are none, by the filter.
func limit(p Policy) ([]string, error) {
	limits := []struct {
		name     string
		resource int
		value    int64
		set      bool
	}{
		{"data", unix.RLIMIT_DATA, p.Memory, p.Memory > 0 && !shadowed},
		{"fsize", unix.RLIMIT_FSIZE, p.FileSize, p.FileSize > 0},
		{"nofile", unix.RLIMIT_NOFILE, int64(p.Files), p.Files > 0},
		{"core", unix.RLIMIT_CORE, 0, true}, // it would hold pictures
	}
	var inForce []string
	for _, l := range limits {
		if !l.set {
			continue
		}
		var had unix.Rlimit
		if err := unix.Prlimit(0, l.resource, nil, &had); err != nil {
			return nil, os.NewSyscallError("prlimit "+l.name, err)
		}
		value := min(uint64(l.value), had.Cur, had.Max)
		if err := unix.Prlimit(0, l.resource, &unix.Rlimit{Cur: value, Max: value}, nil); err != nil {
			return nil, os.NewSyscallError("prlimit "+l.name, err)
		}
		inForce = append(inForce, fmt.Sprintf("%s %d", l.name, value))
	}
	return inForce, nil
}
