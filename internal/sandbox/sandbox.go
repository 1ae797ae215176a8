// Package sandbox confines a process for good: what it has open it keeps, and it gets
// nothing else of the machine. On Linux that rests on
//
//   - seccomp (seccomp(2)): of several hundred system calls it has some forty left, with
//     arguments that are checked (rules_linux.go);
//   - landlock (landlock(7)): no file, no TCP port, no abstract socket and no other process
//     is in reach, whatever the filter may have forgotten;
//   - no_new_privs (prctl(2)) and no capabilities (capabilities(7));
//   - limits of its memory, its descriptors and the files it writes (setrlimit(2)).
//
// Other systems have none of that, and Status says so. See SECURITY.md for what all of it
// is worth, and against whom.
package sandbox

// Policy says what is left to a process. Its zero value leaves it no limits but those
// that the process has.
type Policy struct {
	// Memory is the bytes of private writable memory, mapped and not only used
	// (RLIMIT_DATA); 0: any. A Go program begins with some 70 MB of it, to which its heap
	// is added. Beyond it the runtime ends the program, with exit status 2 and a "fatal
	// error:" of memory that is out or cannot be allocated, which nothing recovers from.
	// The limit is not set under the race detector, which maps terabytes.
	Memory int64

	// FileSize is the bytes that a file may grow to (RLIMIT_FSIZE), beyond which writing
	// fails with EFBIG; 0: any. A standard error that is a regular file is one, too.
	FileSize int64

	// Files is how many descriptors may be open at once (RLIMIT_NOFILE), those of standard
	// input, output and error, of the link and two of the runtime's poller included; 0: any.
	Files int
}

// Status says what holds a process, or what could on this machine.
type Status struct {
	NoNewPrivs bool     `json:"no_new_privs"` // no program gives it more rights than it has
	Landlock   int      `json:"landlock"`     // version of the kernel's interface (ABI) by which files, network and signals are out of reach; 0: none
	Seccomp    bool     `json:"seccomp"`      // system calls are filtered
	Limits     []string `json:"limits"`       // resource limits in force, such as "data 2147483648"
	Missing    []string `json:"missing"`      // in words: what this system lacks, and nothing else here makes up for
}

// Complete tells whether nothing is missing.
func (s Status) Complete() bool { return len(s.Missing) == 0 }
