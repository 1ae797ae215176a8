//go:build linux && (amd64 || arm64)

package sandbox

import (
	"math"

	"golang.org/x/sys/unix"
)

// A rule says what becomes of one system call: it is let pass if all checks hold, and
// meets its fate if not. A rule without checks is its fate.
type rule struct {
	name         string
	amd64, arm64 int // its number; none where the architecture does not have it
	fate         fate
	checks       []check
}

// none is the number of a system call that an architecture does not have.
const none = -1

// A fate is what a filter returns to the kernel: the SECCOMP_RET values of seccomp(2).
type fate uint32

const (
	allow fate = unix.SECCOMP_RET_ALLOW
	kill  fate = unix.SECCOMP_RET_KILL_PROCESS
)

// fail has the call fail without being made.
func fail(errno unix.Errno) fate { return unix.SECCOMP_RET_ERRNO | fate(errno) }

// A check is a condition on one argument of a system call, as 64 bits: the upper half must
// be zero, so that it does not matter how many bits the kernel looks at. Of the lower half
// the bits of mask must be one of values.
type check struct {
	arg    int
	mask   uint32
	values []uint32
}

// is holds if the argument is one of values.
func is(arg int, values ...uint32) check { return check{arg, math.MaxUint32, values} }

// has holds if the argument has all bits of must, and besides them no bits but those of may.
func has(arg int, must, may uint32) check { return check{arg, ^may, []uint32{must}} }

// An arch is what a filter must know of a processor.
type arch struct {
	audit  uint32 // what the kernel calls it
	number func(rule) int
	x32    bool // it has the x32 ABI, whose system calls have a number with x32Bit
}

const x32Bit = 0x40000000 // __X32_SYSCALL_BIT of asm/unistd.h

var (
	amd64 = arch{unix.AUDIT_ARCH_X86_64, func(r rule) int { return r.amd64 }, true}
	arm64 = arch{unix.AUDIT_ARCH_AARCH64, func(r rule) int { return r.arm64 }, false}
)

// Offsets in struct seccomp_data (linux/seccomp.h), on little-endian machines.
const (
	numberOffset = 0
	archOffset   = 4
	argsOffset   = 16
)

// assemble makes the program that the kernel runs at each system call: classic BPF, which
// only jumps forward (Documentation/userspace-api/seccomp_filter.rst). Rules stand one
// behind another, each as a block that is passed over when the number is another's and
// that ends with a verdict. Calls that no rule is for are killed, but those that are newer
// than the rules do not exist.
func assemble(a arch, rules []rule) []unix.SockFilter {
	program := []unix.SockFilter{
		load(archOffset),
		jump(unix.BPF_JEQ, a.audit, 1, 0),
		verdict(kill), // 32-bit calls of a 64-bit process, by which numbers mean other calls
		load(numberOffset),
	}
	if a.x32 {
		program = append(program, jump(unix.BPF_JGE, x32Bit, 0, 1), verdict(kill))
	}
	for _, r := range rules {
		number := a.number(r)
		if number == none {
			continue
		}
		b := block(r)
		program = append(program, jump(unix.BPF_JEQ, uint32(number), 0, len(b)))
		program = append(program, b...)
	}
	return append(program,
		jump(unix.BPF_JGE, firstUnknown, 0, 1), verdict(fail(unix.ENOSYS)),
		verdict(kill))
}

// block is a rule's verdict.
func block(r rule) []unix.SockFilter {
	if len(r.checks) == 0 {
		return []unix.SockFilter{verdict(r.fate)}
	}
	b := []unix.SockFilter{verdict(allow), verdict(r.fate)}
	for i := len(r.checks) - 1; i >= 0; i-- {
		b = append(condition(r.checks[i], len(b)-1), b...)
	}
	return b
}

// condition goes on behind itself if c holds, and if not, toRefusal instructions further.
func condition(c check, toRefusal int) []unix.SockFilter {
	low := argsOffset + 8*c.arg
	n := len(c.values)
	b := []unix.SockFilter{
		load(low + 4),
		jump(unix.BPF_JEQ, 0, 0, n+2+toRefusal),
		load(low),
		{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: c.mask},
	}
	for i, value := range c.values {
		left := n - 1 - i // comparisons behind this one
		otherwise := 0
		if left == 0 {
			otherwise = toRefusal
		}
		b = append(b, jump(unix.BPF_JEQ, value, left, otherwise))
	}
	return b
}

func load(offset int) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: uint32(offset)}
}

// jump passes over as many instructions as yes says if the condition holds, and else no.
func jump(condition uint16, k uint32, yes, no int) unix.SockFilter {
	if yes > math.MaxUint8 || no > math.MaxUint8 {
		panic("sandbox: a rule is too long to be passed over")
	}
	return unix.SockFilter{Code: unix.BPF_JMP | condition | unix.BPF_K, Jt: uint8(yes), Jf: uint8(no), K: k}
}

func verdict(f fate) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: uint32(f)}
}
