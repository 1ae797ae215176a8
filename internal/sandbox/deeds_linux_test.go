//go:build linux && (amd64 || arm64)

package sandbox

import (
	"net/netip"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	denied    = fate(unix.SECCOMP_RET_ERRNO | uint32(unix.EACCES))
	forbidden = fate(unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM))
	unknown   = fate(unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS))
	invalid   = fate(unix.SECCOMP_RET_ERRNO | uint32(unix.EINVAL))
	noTTY     = fate(unix.SECCOMP_RET_ERRNO | uint32(unix.ENOTTY))
)

func deeds() []deed {
	var all []deed
	for _, part := range [][]deed{fileDeeds, processDeeds, networkDeeds, memoryDeeds, kernelDeeds, identityDeeds, deedsOfArch} {
		all = append(all, part...)
	}
	return all
}

// text is the address of a string for the kernel.
func text(s string) uintptr {
	p, err := unix.BytePtrFromString(s)
	if err != nil {
		panic(err)
	}
	return address(p)
}

// address is p for the kernel. What it points to stays, because of alive.
func address[T any](p *T) uintptr {
	alive = append(alive, p)
	return uintptr(unsafe.Pointer(p))
}

var alive []any

func mustAddrPort(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }

func open(name string, flags int) error {
	fd, err := unix.Open(name, flags, 0o600)
	if err != nil {
		return err
	}
	return unix.Close(fd)
}

// openPhoto has the photo open when the sandbox is entered.
func openPhoto(s *scene) (err error) {
	s.fd, err = unix.Open(s.photo(), unix.O_RDWR|unix.O_CLOEXEC, 0)
	return err
}

const atCWD = ^uintptr(99) // AT_FDCWD, which is -100

var fileDeeds = []deed{
	{name: "read a file", fate: denied, do: func(s *scene) error { return open(s.photo(), unix.O_RDONLY) }},
	{name: "write a file", fate: denied, do: func(s *scene) error { return open(s.photo(), unix.O_WRONLY) }},
	{name: "make a file", fate: denied, do: func(s *scene) error { return open(s.path("new"), unix.O_CREAT|unix.O_WRONLY) }},
	{name: "make a file without a name", fate: denied, refused: true, do: func(s *scene) error { return open(s.dir, unix.O_TMPFILE|unix.O_WRONLY) }},
	{name: "list a folder", fate: denied, do: func(s *scene) error { return open(s.dir, unix.O_DIRECTORY) }},
	{name: "open by openat2", fate: unknown, do: func(s *scene) error {
		_, err := unix.Openat2(unix.AT_FDCWD, s.photo(), &unix.OpenHow{})
		return err
	}},
	{name: "stat", fate: denied, do: func(s *scene) error { return unix.Stat(s.photo(), new(unix.Stat_t)) }},
	{name: "statx", fate: unknown, do: func(s *scene) error {
		return unix.Statx(unix.AT_FDCWD, s.photo(), 0, unix.STATX_SIZE, new(unix.Statx_t))
	}},
	{name: "access", fate: denied, do: func(s *scene) error { return unix.Access(s.photo(), unix.R_OK) }},
	{name: "readlink", fate: denied, do: func(s *scene) error {
		_, err := unix.Readlink(s.path("alias"), make([]byte, 100))
		return err
	}},
	{name: "getcwd", fate: denied, do: func(*scene) error { return sys(unix.SYS_GETCWD, address(new([4096]byte)), 4096) }},
	{name: "chdir", fate: kill, do: func(s *scene) error { return unix.Chdir(s.dir) }},
	{name: "statfs", fate: kill, do: func(s *scene) error { return unix.Statfs(s.dir, new(unix.Statfs_t)) }},
	{name: "chmod", fate: kill, do: func(s *scene) error { return sys(unix.SYS_FCHMODAT, atCWD, text(s.photo()), 0o777) }},
	{name: "fchmod", fate: kill, prepare: openPhoto, do: func(s *scene) error { return unix.Fchmod(s.fd, 0o777) }},
	{name: "chown", fate: kill, do: func(s *scene) error { return unix.Lchown(s.photo(), os.Getuid(), os.Getgid()) }},
	{name: "utimes", fate: kill, do: func(s *scene) error { return sys(unix.SYS_UTIMENSAT, atCWD, text(s.photo()), 0, 0) }},
	{name: "setxattr", fate: kill, refused: true, do: func(s *scene) error { return unix.Setxattr(s.photo(), "user.a", []byte("b"), 0) }},
	{name: "unlink", fate: kill, do: func(s *scene) error { return sys(unix.SYS_UNLINKAT, atCWD, text(s.photo()), 0) }},
	{name: "rename", fate: kill, do: func(s *scene) error {
		return sys(unix.SYS_RENAMEAT2, atCWD, text(s.photo()), atCWD, text(s.path("b")), 0)
	}},
	{name: "link", fate: kill, do: func(s *scene) error {
		return sys(unix.SYS_LINKAT, atCWD, text(s.photo()), atCWD, text(s.path("b")), 0)
	}},
	{name: "symlink", fate: kill, do: func(s *scene) error { return sys(unix.SYS_SYMLINKAT, text("a"), atCWD, text(s.path("b"))) }},
	{name: "mkdir", fate: kill, do: func(s *scene) error { return sys(unix.SYS_MKDIRAT, atCWD, text(s.path("b")), 0o700) }},
	{name: "make a fifo", fate: kill, do: func(s *scene) error {
		return sys(unix.SYS_MKNODAT, atCWD, text(s.path("b")), unix.S_IFIFO|0o600, 0)
	}},
	{name: "truncate by name", fate: kill, do: func(s *scene) error { return unix.Truncate(s.photo(), 0) }},
	{name: "lock a file", fate: kill, prepare: openPhoto, do: func(s *scene) error { return unix.Flock(s.fd, unix.LOCK_EX) }},
	{name: "take a lease", fate: forbidden, prepare: openPhoto, do: func(s *scene) error {
		return sys(unix.SYS_FCNTL, uintptr(s.fd), unix.F_SETLK, address(&unix.Flock_t{Type: unix.F_WRLCK}))
	}},
	{name: "be told of a file by a signal", fate: forbidden, prepare: openPhoto, do: func(s *scene) error {
		return sys(unix.SYS_FCNTL, uintptr(s.fd), unix.F_SETOWN, uintptr(s.parent))
	}},
	{name: "multiply a descriptor", fate: kill, prepare: openPhoto, do: func(s *scene) error {
		return sys(unix.SYS_DUP, uintptr(s.fd))
	}},
	{name: "make a file handle", fate: kill, refused: true, do: func(s *scene) error {
		_, _, err := unix.NameToHandleAt(unix.AT_FDCWD, s.photo(), 0)
		return err
	}},
	{name: "open a file handle", fate: kill, refused: true, do: func(s *scene) error {
		return sys(unix.SYS_OPEN_BY_HANDLE_AT, atCWD, address(&[4]uint32{8, 1}), 0)
	}},
	{name: "watch by inotify", fate: kill, do: func(*scene) error { return sys(unix.SYS_INOTIFY_INIT1, 0) }},
	{name: "watch by fanotify", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_FANOTIFY_INIT, 0, 0) }},
	{name: "read the parent's environment", fate: denied, do: func(s *scene) error { return open(s.proc("environ"), unix.O_RDONLY) }},
	{name: "write the parent's memory", fate: denied, refused: true, do: func(s *scene) error { return open(s.proc("mem"), unix.O_RDWR) }},
	{name: "type at a terminal", fate: noTTY, refused: true, prepare: openTerminal, do: func(s *scene) error {
		return sys(unix.SYS_IOCTL, uintptr(s.fd), unix.TIOCSTI, address(&[1]byte{'x'}))
	}},
}

func openTerminal(s *scene) (err error) {
	s.fd, err = unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
	return err
}

// signal is one that does nothing to who gets it.
const signal = uintptr(unix.SIGCONT)

// fork leaves the child at once, so that none runs on with this one's memory.
func fork(number uintptr, args ...uintptr) error {
	pid, err := sysValue(number, args...)
	if err == nil && pid == 0 {
		sys(unix.SYS_EXIT_GROUP, 0)
	}
	return err
}

var processDeeds = []deed{
	{name: "exec", fate: kill, do: func(*scene) error {
		return syscall.Exec("/bin/echo", []string{"echo", "-n", succeeded}, nil)
	}},
	{name: "clone a process", fate: kill, do: func(*scene) error { return fork(unix.SYS_CLONE, uintptr(unix.SIGCHLD)) }},
	{name: "clone as vfork does", fate: kill, do: func(*scene) error { return fork(unix.SYS_CLONE, unix.CLONE_VFORK|uintptr(unix.SIGCHLD)) }},
	{name: "run a program", fate: kill, do: func(*scene) error {
		p, err := os.StartProcess("/bin/true", []string{"true"}, &os.ProcAttr{})
		if err != nil {
			return err
		}
		_, err = p.Wait()
		return err
	}},
	{name: "clone into namespaces", fate: kill, refused: true, do: func(*scene) error {
		return fork(unix.SYS_CLONE, unix.CLONE_NEWUSER|unix.CLONE_NEWNET|uintptr(unix.SIGCHLD))
	}},
	{name: "clone by clone3", fate: unknown, do: func(*scene) error {
		return fork(unix.SYS_CLONE3, address(&struct {
			flags, pidfd, childTID, parentTID, exitSignal, stack, stackSize, tls uint64
		}{exitSignal: uint64(unix.SIGCHLD)}), 64)
	}},
	{name: "ptrace the parent", fate: kill, refused: true, do: func(s *scene) error {
		return sys(unix.SYS_PTRACE, unix.PTRACE_SEIZE, uintptr(s.parent))
	}},
	{name: "read the parent's memory", fate: kill, refused: true, do: func(s *scene) error {
		_, err := unix.ProcessVMReadv(s.parent, []unix.Iovec{{}}, []unix.RemoteIovec{{Base: address(&[1]byte{}), Len: 1}}, 0)
		return err
	}},
	{name: "write the parent's memory at once", fate: kill, refused: true, do: func(s *scene) error {
		return sys(unix.SYS_PROCESS_VM_WRITEV, uintptr(s.parent))
	}},
	{name: "kill the parent", fate: kill, do: func(s *scene) error { return sys(unix.SYS_KILL, uintptr(s.parent), signal) }},
	{name: "kill the group", fate: kill, do: func(*scene) error { return sys(unix.SYS_KILL, 0, signal) }},
	{name: "kill the parent's group", fate: kill, prepare: groupOfParent, do: func(s *scene) error {
		return sys(unix.SYS_KILL, uintptr(-s.fd), signal)
	}},
	{name: "kill everybody", fate: kill, do: func(*scene) error { return sys(unix.SYS_KILL, ^uintptr(0), 0) }},
	{name: "tgkill the parent", fate: kill, do: func(s *scene) error {
		return sys(unix.SYS_TGKILL, uintptr(s.parent), uintptr(s.parent), signal)
	}},
	{name: "tkill the parent", fate: kill, do: func(s *scene) error { return sys(unix.SYS_TKILL, uintptr(s.parent), signal) }},
	{name: "queue a signal to the parent", fate: kill, do: func(s *scene) error {
		return sys(unix.SYS_RT_SIGQUEUEINFO, uintptr(s.parent), signal, address(&[32]int32{0, 0, -1}))
	}},
	{name: "hold the parent by pidfd", fate: kill, do: func(s *scene) error { return sys(unix.SYS_PIDFD_OPEN, uintptr(s.parent), 0) }},
	{name: "take a descriptor of the parent", fate: kill, refused: true, do: func(*scene) error {
		return sys(unix.SYS_PIDFD_GETFD, ^uintptr(0), 1, 0)
	}},
	{name: "limit the parent", fate: forbidden, do: func(s *scene) error {
		return unix.Prlimit(s.parent, unix.RLIMIT_CORE, nil, new(unix.Rlimit))
	}},
	{name: "raise an own limit", fate: forbidden, do: func(*scene) error {
		return unix.Prlimit(0, unix.RLIMIT_CORE, &unix.Rlimit{}, nil)
	}},
	{name: "keep the parent off its CPUs", fate: kill, do: func(s *scene) error {
		var set unix.CPUSet
		if err := sys(unix.SYS_SCHED_SETAFFINITY, uintptr(s.parent), unsafe.Sizeof(set), address(allCPUs())); err != nil {
			return err
		}
		return nil
	}},
	{name: "look at the parent's CPUs", fate: forbidden, do: func(s *scene) error {
		return sys(unix.SYS_SCHED_GETAFFINITY, uintptr(s.parent), unsafe.Sizeof(unix.CPUSet{}), address(new(unix.CPUSet)))
	}},
	{name: "slow the parent down", fate: kill, do: func(s *scene) error { return unix.Setpriority(unix.PRIO_PROCESS, s.parent, 0) }},
	{name: "leave the group", fate: kill, do: func(*scene) error { return sys(unix.SYS_SETPGID, 0, 0) }},
	{name: "leave the session", fate: kill, do: func(*scene) error { return sys(unix.SYS_SETSID) }},
	{name: "outlive the parent", fate: invalid, do: func(*scene) error { return sys(unix.SYS_PRCTL, unix.PR_SET_PDEATHSIG, 0) }},
	{name: "wait for processes", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_WAIT4, ^uintptr(0), 0, unix.WNOHANG) }},
}

func groupOfParent(s *scene) (err error) {
	s.fd, err = unix.Getpgid(s.parent)
	return err
}

func allCPUs() *unix.CPUSet {
	var set unix.CPUSet
	set.Fill()
	return &set
}
