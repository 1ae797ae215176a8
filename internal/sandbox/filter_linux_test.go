//go:build linux && (amd64 || arm64)

package sandbox

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// self is the process in whose name the filters of these tests are made.
const self = 4242

// verdictOf runs a program as the kernel does (the part of classic BPF that assemble
// uses), so that the filter of each architecture is tested on every other.
func verdictOf(t *testing.T, program []unix.SockFilter, audit uint32, number int, args ...uint64) fate {
	t.Helper()
	var words [16]uint32
	words[numberOffset/4], words[archOffset/4] = uint32(number), audit
	for i, arg := range args {
		words[argsOffset/4+2*i], words[argsOffset/4+2*i+1] = uint32(arg), uint32(arg>>32)
	}
	var a uint32
	for pc := 0; ; pc++ {
		in := program[pc]
		holds := false
		switch in.Code {
		case unix.BPF_LD | unix.BPF_W | unix.BPF_ABS:
			a = words[in.K/4]
			continue
		case unix.BPF_ALU | unix.BPF_AND | unix.BPF_K:
			a &= in.K
			continue
		case unix.BPF_RET | unix.BPF_K:
			return fate(in.K)
		case unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K:
			holds = a == in.K
		case unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K:
			holds = a >= in.K
		default:
			t.Fatalf("instruction %d is unknown: %+v", pc, in)
		}
		if holds {
			pc += int(in.Jt)
		} else {
			pc += int(in.Jf)
		}
	}
}

func TestFilter(t *testing.T) {
	const (
		thread = 0x50f00 // what the Go runtime asks of clone
		anon   = unix.MAP_PRIVATE | unix.MAP_ANONYMOUS
		high   = 1 << 32
	)
	for _, machine := range []struct {
		arch
		numbers map[string]int
	}{
		{amd64, map[string]int{"fork": 57, "vfork": 58, "execve": 59, "socket": 41, "ptrace": 101, "creat": 85, "io_uring_setup": 425, "dup": 32, "getppid": 110}},
		{arm64, map[string]int{"execve": 221, "socket": 198, "ptrace": 117, "io_uring_setup": 425, "dup": 23, "getppid": 173}},
	} {
		table := rules(self)
		program := assemble(machine.arch, table)
		for _, r := range table {
			if n := machine.number(r); n != none {
				machine.numbers[r.name] = n
				if len(r.checks) == 0 {
					if got := verdictOf(t, program, machine.audit, n, math.MaxUint64); got != r.fate {
						t.Errorf("%s: %v, want %v", r.name, got, r.fate)
					}
				}
			}
		}
		tests := []struct {
			name string
			args []uint64
			want fate
		}{
			{"mmap", []uint64{0, page, 0, anon}, allow},
			{"mmap", []uint64{0, page, rw, anon | unix.MAP_FIXED | unix.MAP_NORESERVE}, allow},
			{"mmap", []uint64{0, page, rw, 0x28}, allow}, // what the vDSO of Linux 6.11 asks for
			{"mmap", []uint64{0, page, unix.PROT_EXEC, anon}, kill},
			{"mmap", []uint64{0, page, rw | unix.PROT_EXEC, anon}, kill},
			{"mmap", []uint64{0, page, rw | high, anon}, kill},
			{"mmap", []uint64{0, page, rw, anon | high}, kill},
			{"mmap", []uint64{0, page, rw, unix.MAP_PRIVATE}, kill},
			{"mmap", []uint64{0, page, rw, unix.MAP_SHARED | unix.MAP_ANONYMOUS}, kill},
			{"mmap", []uint64{0, page, rw, anon | unix.MAP_GROWSDOWN}, kill},
			{"mmap", []uint64{0, page, rw, anon | unix.MAP_HUGETLB}, kill},
			{"mprotect", []uint64{0, page, rw}, allow},
			{"mprotect", []uint64{0, page, unix.PROT_EXEC}, kill},
			{"mprotect", []uint64{0, page, rw | unix.PROT_GROWSDOWN}, kill},
			{"clone", []uint64{thread}, allow},
			{"clone", []uint64{thread | unix.CLONE_SETTLS}, allow},
			{"clone", []uint64{thread | unix.CLONE_SETTLS | unix.CLONE_PARENT_SETTID | unix.CLONE_CHILD_CLEARTID}, allow},
			{"clone", []uint64{uint64(unix.SIGCHLD)}, kill},
			{"clone", []uint64{0}, kill},
			{"clone", []uint64{unix.CLONE_VM | unix.CLONE_VFORK}, kill},
			{"clone", []uint64{thread &^ unix.CLONE_THREAD}, kill},
			{"clone", []uint64{thread | unix.CLONE_NEWUSER}, kill},
			{"clone", []uint64{thread | unix.CLONE_PTRACE}, kill},
			{"clone", []uint64{thread | high}, kill},
			{"clone3", nil, fail(unix.ENOSYS)},
			{"kill", []uint64{self, 9}, allow},
			{"kill", []uint64{self - 1, 9}, kill},
			{"kill", []uint64{0, 9}, kill},
			{"kill", []uint64{math.MaxUint64, 9}, kill},
			{"kill", []uint64{-self & math.MaxUint64, 9}, kill},
			{"kill", []uint64{self | high, 9}, kill},
			{"tgkill", []uint64{self, 1, 23}, allow},
			{"tgkill", []uint64{self - 1, self, 23}, kill},
			{"futex", []uint64{0, 0 | 128}, allow},
			{"futex", []uint64{0, 1 | 128}, allow},
			{"futex", []uint64{0, 9 | 128 | 256}, allow},
			{"futex", []uint64{0, 6}, fail(unix.ENOSYS)},
			{"futex", []uint64{0, 12 | 128}, fail(unix.ENOSYS)},
			{"futex", []uint64{0, 512}, fail(unix.ENOSYS)},
			{"fcntl", []uint64{3, unix.F_GETFL}, allow},
			{"fcntl", []uint64{3, unix.F_SETFL}, fail(unix.EPERM)},
			{"fcntl", []uint64{3, unix.F_SETOWN}, fail(unix.EPERM)},
			{"fcntl", []uint64{3, unix.F_DUPFD}, fail(unix.EPERM)},
			{"madvise", []uint64{0, page, unix.MADV_DONTNEED}, allow},
			{"madvise", []uint64{0, page, unix.MADV_COLLAPSE}, allow},
			{"madvise", []uint64{0, page, unix.MADV_HWPOISON}, fail(unix.EINVAL)},
			{"sched_getaffinity", []uint64{0}, allow},
			{"sched_getaffinity", []uint64{1}, fail(unix.EPERM)},
			{"execve", nil, kill}, {"fork", nil, kill}, {"vfork", nil, kill}, {"socket", nil, kill}, {"ptrace", nil, kill},
			{"creat", nil, kill}, {"io_uring_setup", nil, kill}, {"dup", nil, kill}, {"getppid", nil, kill},
		}
		for _, test := range tests {
			number, has := machine.numbers[test.name]
			if !has {
				continue
			}
			if got := verdictOf(t, program, machine.audit, number, test.args...); got != test.want {
				t.Errorf("%#x %s %#x: %v, want %v", machine.audit, test.name, test.args, got, test.want)
			}
		}
		read := machine.numbers["read"]
		for _, foreign := range []uint32{unix.AUDIT_ARCH_I386, unix.AUDIT_ARCH_ARM, unix.AUDIT_ARCH_RISCV64, 0} {
			if got := verdictOf(t, program, foreign, read); got != kill {
				t.Errorf("read in the way of architecture %#x: %v", foreign, got)
			}
		}
		if got := verdictOf(t, program, machine.audit, firstUnknown); got != fail(unix.ENOSYS) {
			t.Errorf("a newer call: %v", got)
		}
		if got := verdictOf(t, program, machine.audit, x32Bit|read); got == allow || machine.x32 && got != kill {
			t.Errorf("x32: %v", got)
		}
		t.Logf("%#x: %d instructions", machine.audit, len(program))
	}
}

// The numbers in the table must be those that golang.org/x/sys has from the kernel's headers.
func TestNumbers(t *testing.T) {
	dir, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "golang.org/x/sys").Output()
	if err != nil {
		t.Fatal(err)
	}
	for goarch, machine := range map[string]arch{"amd64": amd64, "arm64": arm64} {
		numbers := numbersOf(t, filepath.Join(strings.TrimSpace(string(dir)), "unix", "zsysnum_linux_"+goarch+".go"))
		for _, r := range rules(self) {
			name := "SYS_" + strings.ToUpper(r.name)
			want, has := numbers[name]
			if !has {
				want = none
			}
			if got := machine.number(r); got != want {
				t.Errorf("%s: %s is %d, want %d", goarch, r.name, got, want)
			}
		}
	}
}

func numbersOf(t *testing.T, name string) map[string]int {
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	numbers := map[string]int{}
	for _, d := range f.Decls {
		for _, spec := range d.(*ast.GenDecl).Specs {
			v := spec.(*ast.ValueSpec)
			n := 0
			for _, digit := range v.Values[0].(*ast.BasicLit).Value {
				n = 10*n + int(digit-'0')
			}
			numbers[v.Names[0].Name] = n
		}
	}
	return numbers
}
