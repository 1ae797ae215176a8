//go:build linux && (amd64 || arm64)

package sandbox

import (
	"fmt"
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// hasSeccomp tells whether the kernel has filters, and kills a process by them (since
// Linux 4.14).
func hasSeccomp() bool {
	action := uint32(kill)
	_, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_GET_ACTION_AVAIL, 0, uintptr(unsafe.Pointer(&action)))
	return errno == 0
}

// filterCalls puts all threads behind the filter, and sets no_new_privs for them, without
// which the kernel takes no filter.
func filterCalls() error {
	machine := map[string]arch{"amd64": amd64, "arm64": arm64}[runtime.GOARCH]
	program := assemble(machine, rules(os.Getpid()))
	prog := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}

	runtime.LockOSThread() // on which no_new_privs must be, and from which both spread
	defer runtime.UnlockOSThread()
	if err := noNewPrivs(); err != nil {
		return err
	}
	thread, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&prog)))
	runtime.KeepAlive(program)
	switch {
	case errno != 0:
		return os.NewSyscallError("seccomp", errno)
	case thread != 0:
		return fmt.Errorf("seccomp: thread %d has a filter of its own", thread)
	}
	return nil
}

func noNewPrivs() error {
	return os.NewSyscallError("prctl", unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
}
