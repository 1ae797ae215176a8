// Package sandbox confines a process for good: what it has open it keeps, and it gets
// nothing else of the machine. See SECURITY.md for what that is worth, and against whom.
package sandbox

// Policy says what is left to a process. Its zero value leaves it no limits but those
// that the process has.
type Policy struct {
	Memory   int64 // bytes of private writable memory (RLIMIT_DATA); 0: any
	FileSize int64 // bytes that a file may grow to (RLIMIT_FSIZE); 0: any
	Files    int   // descriptors open at once (RLIMIT_NOFILE); 0: any
}

// Status says what holds a process, or what could on this machine.
type Status struct {
	NoNewPrivs bool     `json:"no_new_privs"` // no program gives it more rights than it has
	Landlock   int      `json:"landlock"`     // version of the kernel's interface (ABI) by which files, network and signals are out of reach; 0: none
	Seccomp    bool     `json:"seccomp"`      // system calls are filtered
	Limits     []string `json:"limits"`       // resource limits in force, such as "data 2147483648"
	Missing    []string `json:"missing"`      // in words: what this system lacks
}

// Complete tells whether nothing is missing.
func (s Status) Complete() bool { return len(s.Missing) == 0 }
