//go:build linux && (amd64 || arm64)

package sandbox

import (
	"os"

	"golang.org/x/sys/unix"
)

// socket is the deed of making one, which is what every other needs.
func socket(domain, kind, protocol int) func(*scene) error {
	return func(*scene) error { return sys(unix.SYS_SOCKET, uintptr(domain), uintptr(kind), uintptr(protocol)) }
}

// openSocket has a socket open when the sandbox is entered.
func openSocket(domain, kind int) func(*scene) error {
	return func(s *scene) (err error) {
		s.fd, err = unix.Socket(domain, kind|unix.SOCK_CLOEXEC, 0)
		return err
	}
}

const mptcp = 262 // IPPROTO_MPTCP of linux/in.h

var networkDeeds = []deed{
	{name: "TCP", fate: kill, do: socket(unix.AF_INET, unix.SOCK_STREAM, 0)},
	{name: "MPTCP", fate: kill, refused: true, do: socket(unix.AF_INET, unix.SOCK_STREAM, mptcp)},
	{name: "UDP", fate: kill, do: socket(unix.AF_INET, unix.SOCK_DGRAM, 0)},
	{name: "UDP over IPv6", fate: kill, refused: true, do: socket(unix.AF_INET6, unix.SOCK_DGRAM, 0)},
	{name: "unix socket", fate: kill, do: socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)},
	{name: "raw socket", fate: kill, refused: true, do: socket(unix.AF_INET, unix.SOCK_RAW, unix.IPPROTO_ICMP)},
	{name: "packet socket", fate: kill, refused: true, do: socket(unix.AF_PACKET, unix.SOCK_RAW, 0)},
	{name: "netlink socket", fate: kill, do: socket(unix.AF_NETLINK, unix.SOCK_RAW, unix.NETLINK_ROUTE)},
	{name: "socket to the hypervisor", fate: kill, refused: true, do: socket(unix.AF_VSOCK, unix.SOCK_STREAM, 0)},
	{name: "socket to the kernel's ciphers", fate: kill, refused: true, do: socket(unix.AF_ALG, unix.SOCK_SEQPACKET, 0)},
	{name: "pair of sockets", fate: kill, do: func(*scene) error {
		return sys(unix.SYS_SOCKETPAIR, unix.AF_UNIX, unix.SOCK_STREAM, 0, address(new([2]int32)))
	}},
	{name: "connect", fate: kill, prepare: openSocket(unix.AF_INET, unix.SOCK_STREAM), do: func(s *scene) error {
		return unix.Connect(s.fd, s.listener())
	}},
	{name: "bind", fate: kill, prepare: openSocket(unix.AF_INET, unix.SOCK_STREAM), do: func(s *scene) error {
		return unix.Bind(s.fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})
	}},
	{name: "bind an abstract name", fate: kill, prepare: openSocket(unix.AF_UNIX, unix.SOCK_STREAM), do: func(s *scene) error {
		return unix.Bind(s.fd, &unix.SockaddrUnix{Name: "@" + s.dir})
	}},
	{name: "listen", fate: kill, prepare: openSocket(unix.AF_INET, unix.SOCK_STREAM), do: func(s *scene) error { return unix.Listen(s.fd, 1) }},
	{name: "accept", fate: kill, refused: true, prepare: openSocket(unix.AF_INET, unix.SOCK_STREAM), do: func(s *scene) error {
		return sys(unix.SYS_ACCEPT4, uintptr(s.fd), 0, 0, 0)
	}},
	{name: "send a datagram", fate: kill, prepare: openSocket(unix.AF_INET, unix.SOCK_DGRAM), do: func(s *scene) error {
		return unix.Sendto(s.fd, []byte("x"), 0, s.listener())
	}},
	{name: "send a descriptor", fate: kill, prepare: openPair, do: func(s *scene) error {
		return unix.Sendmsg(s.fd, []byte("x"), unix.UnixRights(1), nil, 0)
	}},
	{name: "shut a socket down", fate: kill, prepare: openPair, do: func(s *scene) error { return unix.Shutdown(s.fd, unix.SHUT_RDWR) }},
	{name: "make a pipe", fate: kill, do: func(*scene) error { return unix.Pipe2(make([]int, 2), 0) }},
}

func openPair(s *scene) error {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	s.fd = pair[0]
	return err
}

const (
	page    = 64 << 10 // a multiple of every page size
	private = unix.MAP_PRIVATE | unix.MAP_ANONYMOUS
	rw      = unix.PROT_READ | unix.PROT_WRITE
	none64  = ^uintptr(0)
)

func mapMemory(s *scene) (err error) {
	s.code, err = sysValue(unix.SYS_MMAP, 0, page, rw, private, none64, 0)
	return err
}

var memoryDeeds = []deed{
	{name: "map memory to write and run", fate: kill, do: func(*scene) error {
		return sys(unix.SYS_MMAP, 0, page, rw|unix.PROT_EXEC, private, none64, 0)
	}},
	{name: "map memory to run", fate: kill, do: func(*scene) error {
		return sys(unix.SYS_MMAP, 0, page, unix.PROT_EXEC, private, none64, 0)
	}},
	{name: "map a file to run", fate: kill, prepare: openPhoto, do: func(s *scene) error {
		return sys(unix.SYS_MMAP, 0, page, unix.PROT_READ|unix.PROT_EXEC, unix.MAP_PRIVATE, uintptr(s.fd), 0)
	}},
	{name: "map a file", fate: kill, prepare: openPhoto, do: func(s *scene) error {
		return sys(unix.SYS_MMAP, 0, page, unix.PROT_READ, unix.MAP_SHARED, uintptr(s.fd), 0)
	}},
	{name: "map shared memory", fate: kill, do: func(*scene) error {
		return sys(unix.SYS_MMAP, 0, page, rw, unix.MAP_SHARED|unix.MAP_ANONYMOUS, none64, 0)
	}},
	{name: "map a stack that grows", fate: kill, do: func(*scene) error {
		return sys(unix.SYS_MMAP, 0, page, rw, private|unix.MAP_GROWSDOWN, none64, 0)
	}},
	{name: "make memory run", fate: kill, prepare: mapMemory, do: func(s *scene) error {
		return sys(unix.SYS_MPROTECT, s.code, page, unix.PROT_READ|unix.PROT_EXEC)
	}},
	{name: "make memory run by pkey_mprotect", fate: kill, prepare: mapMemory, do: func(s *scene) error {
		return sys(unix.SYS_PKEY_MPROTECT, s.code, page, unix.PROT_READ|unix.PROT_EXEC, none64)
	}},
	{name: "advise what the runtime never does", fate: invalid, do: func(*scene) error {
		return sys(unix.SYS_MADVISE, address(new([2 * page]byte))&^(page-1), page, unix.MADV_DONTFORK)
	}},
	{name: "memfd_create", fate: kill, do: func(*scene) error { return sys(unix.SYS_MEMFD_CREATE, text("x"), 0) }},
	{name: "memfd_secret", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_MEMFD_SECRET, 0) }},
	{name: "shmget", fate: kill, do: func(*scene) error {
		id, err := sysValue(unix.SYS_SHMGET, unix.IPC_PRIVATE, page, 0o600|unix.IPC_CREAT)
		if err != nil {
			return err
		}
		return sys(unix.SYS_SHMCTL, id, unix.IPC_RMID)
	}},
	{name: "msgget", fate: kill, do: func(*scene) error {
		id, err := sysValue(unix.SYS_MSGGET, unix.IPC_PRIVATE, 0o600|unix.IPC_CREAT)
		if err != nil {
			return err
		}
		return sys(unix.SYS_MSGCTL, id, unix.IPC_RMID)
	}},
	{name: "semget", fate: kill, do: func(*scene) error {
		id, err := sysValue(unix.SYS_SEMGET, unix.IPC_PRIVATE, 1, 0o600|unix.IPC_CREAT)
		if err != nil {
			return err
		}
		return sys(unix.SYS_SEMCTL, id, 0, unix.IPC_RMID)
	}},
	{name: "mq_open", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_MQ_OPEN, text("none"), 0) }},
	{name: "userfaultfd", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_USERFAULTFD, unix.O_CLOEXEC) }},
	{name: "futex with priorities", fate: unknown, do: func(*scene) error {
		const tryLockPI = 8
		return sys(unix.SYS_FUTEX, address(new(uint32)), tryLockPI|128)
	}},
}

var kernelDeeds = []deed{
	{name: "bpf", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_BPF, unix.BPF_PROG_LOAD) }},
	{name: "keyctl", fate: kill, refused: true, do: func(*scene) error {
		return sys(unix.SYS_KEYCTL, unix.KEYCTL_GET_KEYRING_ID, none64-1, 0) // KEY_SPEC_PROCESS_KEYRING
	}},
	{name: "add_key", fate: kill, refused: true, do: func(*scene) error {
		return sys(unix.SYS_ADD_KEY, text("user"), text("x"), text("y"), 1, none64-1)
	}},
	{name: "perf_event_open", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_PERF_EVENT_OPEN, 0, 0, none64, none64, 0) }},
	{name: "io_uring", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_IO_URING_SETUP, 1, address(new([120]byte))) }},
	{name: "another filter", fate: kill, refused: true, do: func(*scene) error {
		return sys(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, 0)
	}},
	{name: "another ruleset", fate: kill, refused: true, do: func(*scene) error {
		return sys(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	}},
	{name: "mount", fate: kill, refused: true, do: func(s *scene) error { return unix.Mount("none", s.path("none"), "tmpfs", 0, "") }},
	{name: "umount", fate: kill, refused: true, do: func(s *scene) error { return unix.Unmount(s.path("none"), 0) }},
	{name: "open a file system", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_FSOPEN, text("none"), 0) }},
	{name: "copy a mount", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_OPEN_TREE, atCWD, text("/none"), 1) }},
	{name: "unshare", fate: kill, refused: true, do: func(*scene) error { return unix.Unshare(unix.CLONE_NEWUTS) }},
	{name: "setns", fate: kill, refused: true, do: func(*scene) error { return unix.Setns(-1, 0) }},
	{name: "chroot", fate: kill, refused: true, do: func(*scene) error { return unix.Chroot("/") }},
	{name: "pivot_root", fate: kill, refused: true, do: func(*scene) error { return unix.PivotRoot("/none", "/none") }},
	{name: "quotactl", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_QUOTACTL, 0, 0, 0, 0) }},
	{name: "reboot", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_REBOOT, 0, 0, 0, 0) }},
	{name: "kexec", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_KEXEC_LOAD, 0, 0, 0, 1<<40) }},
	{name: "init_module", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_INIT_MODULE, 0, 0, text("")) }},
	{name: "finit_module", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_FINIT_MODULE, none64, text(""), 0) }},
	{name: "delete_module", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_DELETE_MODULE, text("none"), 0) }},
	{name: "acct", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_ACCT, text("/none/none")) }},
	{name: "swapon", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_SWAPON, text("/none/none"), 0) }},
	{name: "settimeofday", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_SETTIMEOFDAY, 0, 0) }},
	{name: "adjust the clock", fate: kill, do: func(*scene) error { return sys(unix.SYS_ADJTIMEX, address(new(unix.Timex))) }},
	{name: "sethostname", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_SETHOSTNAME, 0, none64) }},
	{name: "read the kernel's log", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_SYSLOG, 10, 0, 0) }},
	{name: "personality", fate: kill, do: func(*scene) error { return sys(unix.SYS_PERSONALITY, 0xffffffff) }},
	{name: "splice", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_SPLICE, none64, 0, none64, 0, 1, 0) }},
}

var identityDeeds = []deed{
	{name: "setuid", fate: kill, do: func(*scene) error { return sys(unix.SYS_SETUID, uintptr(os.Getuid())) }},
	{name: "setresuid", fate: kill, do: func(*scene) error { return sys(unix.SYS_SETRESUID, none64, none64, none64) }},
	{name: "setgid", fate: kill, do: func(*scene) error { return sys(unix.SYS_SETGID, uintptr(os.Getgid())) }},
	{name: "setgroups", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_SETGROUPS, 0, 0) }},
	{name: "capset", fate: kill, refused: true, do: func(*scene) error {
		return sys(unix.SYS_CAPSET, address(&unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}), address(new([2]unix.CapUserData)))
	}},
	{name: "keep capabilities", fate: invalid, do: func(*scene) error { return sys(unix.SYS_PRCTL, unix.PR_SET_KEEPCAPS, 1) }},
}
