//go:build linux && (amd64 || arm64)

package sandbox

import (
	"fmt"

	"github.com/landlock-lsm/go-landlock/landlock"
	"golang.org/x/sys/unix"
)

// landlockABI is the version of landlock's interface that the kernel has, or 0.
func landlockABI() int {
	version, _, errno := unix.RawSyscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0
	}
	return int(version)
}

// restrict takes all that landlock knows from all threads.
func restrict() error {
	return landlock.V11.BestEffort().Restrict()
}

// missingOf says what holds a process less than it could: at a version of landlock, 0 for
// none, and with or without the filter of system calls. What one of the two keeps from a
// process the other need not: see the section on compatibility in landlock(7).
func missingOf(abi int, seccomp bool) []string {
	var missing []string
	if abi == 0 {
		missing = append(missing, "landlock (Linux 5.13)")
	}
	if seccomp {
		return missing
	}
	missing = append(missing, "seccomp with SECCOMP_RET_KILL_PROCESS (Linux 4.14): system calls are not filtered")
	for _, m := range []struct {
		abi  int
		what string
	}{
		{2, "links across folders"},
		{3, "truncate"},
		{4, "TCP"},
		{5, "ioctl on devices"},
		{6, "signals and abstract sockets"},
	} {
		if abi > 0 && abi < m.abi {
			missing = append(missing, fmt.Sprintf("landlock for %s (version %d; this kernel has %d)", m.what, m.abi, abi))
		}
	}
	return missing
}
