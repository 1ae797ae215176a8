//go:build linux && (amd64 || arm64)

package sandbox

import "golang.org/x/sys/unix"

// firstUnknown is the number from which on system calls are newer than this table. Up to
// there they have had the same numbers on all architectures since 424.
const firstUnknown = 472

// rules are what is left of the system calls to the process pid. What the table does not
// have kills the process: nothing honest in a worker comes near it, and an attacker has one
// try. What fails instead of killing is what the Go runtime, the C library or a package may
// try in good faith and can do without; ENOSYS is for what they have another way to do.
//
// Those that are called most stand first. The kernel answers the ones without checks from
// a bitmap, without running the program (since Linux 5.11).
func rules(pid int) []rule {
	self := uint32(pid)
	return []rule{
		// Work and wait. Of futexes those that inherit priorities are left out.
		{"futex", 202, 98, fail(unix.ENOSYS), []check{{1, ^uint32(futexModes), futexOperations}}},
		{"epoll_pwait", 281, 22, allow, nil},
		{"read", 0, 63, allow, nil},
		{"write", 1, 64, allow, nil},
		{"pread64", 17, 67, allow, nil},
		{"pwrite64", 18, 68, allow, nil},
		{"fstat", 5, 80, allow, nil},
		{"ftruncate", 77, 46, allow, nil},
		{"lseek", 8, 62, allow, nil},
		{"close", 3, 57, allow, nil},
		{"epoll_ctl", 233, 21, allow, nil},
		{"epoll_wait", 232, none, allow, nil},
		{"poll", 7, none, allow, nil},
		{"ppoll", 271, 73, allow, nil},
		{"nanosleep", 35, 101, allow, nil},
		{"clock_nanosleep", 230, 115, allow, nil},
		{"sched_yield", 24, 124, allow, nil},
		{"restart_syscall", 219, 128, allow, nil}, // the kernel's own, behind SIGCONT
		{"clock_gettime", 228, 113, allow, nil},   // these two where the vDSO has none
		{"gettimeofday", 96, 169, allow, nil},
		{"getrandom", 318, 278, allow, nil},

		// Descriptors come by recvmsg, from the parent. Nothing is sent: an answer is
		// written, and a written one carries no descriptors.
		{"recvmsg", 47, 212, allow, nil},
		{"fcntl", 72, 25, fail(unix.EPERM), []check{is(1, unix.F_GETFD, unix.F_SETFD, unix.F_GETFL)}},

		// Memory is private and anonymous, and never executable: neither mapped so nor made
		// so. Shared memory and growing stacks would not count as data (RLIMIT_DATA).
		{"mmap", 9, 222, kill, []check{
			has(2, 0, unix.PROT_READ|unix.PROT_WRITE),
			has(3, unix.MAP_ANONYMOUS, mapPrivate|unix.MAP_FIXED|unix.MAP_NORESERVE|unix.MAP_STACK),
		}},
		{"mprotect", 10, 226, kill, []check{has(2, 0, unix.PROT_READ|unix.PROT_WRITE)}},
		{"munmap", 11, 215, allow, nil},
		{"madvise", 28, 233, fail(unix.EINVAL), []check{is(2, unix.MADV_DONTNEED, unix.MADV_FREE,
			unix.MADV_HUGEPAGE, unix.MADV_NOHUGEPAGE, unix.MADV_COLLAPSE, unix.MADV_DONTDUMP)}},
		{"brk", 12, 214, allow, nil},
		{"mremap", 25, 216, fail(unix.ENOMEM), nil},

		// Threads of this process, no processes. What clone3 is asked for stands in memory,
		// where a filter cannot look; the C library does without it.
		{"clone", 56, 220, kill, []check{has(0, threadFlags, threadExtras)}},
		{"clone3", 435, 435, fail(unix.ENOSYS), nil},
		{"gettid", 186, 178, allow, nil},
		{"getpid", 39, 172, allow, nil},
		{"sched_getaffinity", 204, 123, fail(unix.EPERM), []check{is(0, 0)}},
		{"set_robust_list", 273, 99, allow, nil}, // this and the next by the C library, in each thread
		{"rseq", 334, 293, allow, nil},
		{"exit", 60, 93, allow, nil},
		{"exit_group", 231, 94, allow, nil},

		// Signals to itself: the runtime interrupts its threads by them, and dies by them.
		{"tgkill", 234, 131, kill, []check{is(0, self)}},
		{"kill", 62, 129, kill, []check{is(0, self)}},
		{"rt_sigaction", 13, 134, allow, nil},
		{"rt_sigprocmask", 14, 135, allow, nil},
		{"rt_sigreturn", 15, 139, allow, nil},
		{"sigaltstack", 131, 132, allow, nil},

		// Files by name: there are none.
		{"open", 2, none, fail(unix.EACCES), nil},
		{"openat", 257, 56, fail(unix.EACCES), nil},
		{"openat2", 437, 437, fail(unix.ENOSYS), nil},
		{"stat", 4, none, fail(unix.EACCES), nil},
		{"lstat", 6, none, fail(unix.EACCES), nil},
		{"newfstatat", 262, 79, fail(unix.EACCES), nil},
		{"statx", 332, 291, fail(unix.ENOSYS), nil},
		{"access", 21, none, fail(unix.EACCES), nil},
		{"faccessat", 269, 48, fail(unix.EACCES), nil},
		{"faccessat2", 439, 439, fail(unix.ENOSYS), nil},
		{"readlink", 89, none, fail(unix.EACCES), nil},
		{"readlinkat", 267, 78, fail(unix.EACCES), nil},
		{"getcwd", 79, 17, fail(unix.EACCES), nil},
		{"getdents64", 217, 61, fail(unix.EACCES), nil},

		// What is asked in good faith.
		{"ioctl", 16, 29, fail(unix.ENOTTY), nil},      // is this a terminal?
		{"prctl", 157, 167, fail(unix.EINVAL), nil},    // the runtime and the C library give names to memory and threads
		{"prlimit64", 302, 261, fail(unix.EPERM), nil}, // how large is the stack?
		{"getrlimit", 97, 163, fail(unix.EPERM), nil},
		{"setrlimit", 160, 164, fail(unix.EPERM), nil},
		{"getrusage", 98, 165, fail(unix.EPERM), nil},
		{"sysinfo", 99, 179, fail(unix.EPERM), nil},
		{"uname", 63, 160, fail(unix.EPERM), nil},
		{"setitimer", 38, 103, fail(unix.EPERM), nil}, // these two start the profiler
		{"timer_create", 222, 107, fail(unix.EPERM), nil},
		{"membarrier", 324, 283, fail(unix.ENOSYS), nil},
		{"epoll_pwait2", 441, 441, fail(unix.ENOSYS), nil},
		{"futex_waitv", 449, 449, fail(unix.ENOSYS), nil},
	}
}

// Flags of mmap(2): a private mapping, or one that may be dropped, in which the vDSO keeps
// the state of its random numbers (linux/mman.h; x/sys does not have it).
const mapPrivate = unix.MAP_PRIVATE | 0x08

// What makes a clone a thread (clone(2)), and what the runtime and the C library add.
const (
	threadFlags  = unix.CLONE_VM | unix.CLONE_FS | unix.CLONE_FILES | unix.CLONE_SIGHAND | unix.CLONE_THREAD | unix.CLONE_SYSVSEM
	threadExtras = unix.CLONE_SETTLS | unix.CLONE_PARENT_SETTID | unix.CLONE_CHILD_CLEARTID | unix.CLONE_DETACHED
)

// Operations of futex(2), from linux/futex.h: wait, wake, both for a set of bits, and what
// condition variables of the C library do; and the modes that each may have.
const futexModes = 128 | 256 // FUTEX_PRIVATE_FLAG, FUTEX_CLOCK_REALTIME

var futexOperations = []uint32{0, 1, 9, 10, 3, 4, 5}
