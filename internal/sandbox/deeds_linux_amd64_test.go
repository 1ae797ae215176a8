package sandbox

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// Calls and ways to call that only this architecture has.
var deedsOfArch = []deed{
	{name: "creat", fate: kill, do: func(s *scene) error { return sys(unix.SYS_CREAT, text(s.path("new")), 0o600) }},
	{name: "old open", fate: denied, do: func(s *scene) error { return sys(unix.SYS_OPEN, text(s.photo()), 0, 0) }},
	{name: "old unlink", fate: kill, do: func(s *scene) error { return sys(unix.SYS_UNLINK, text(s.photo())) }},
	{name: "fork", fate: kill, do: func(*scene) error { return fork(unix.SYS_FORK) }},
	{name: "ports", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_IOPERM, 0, 0, 0) }},
	{name: "segments", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_MODIFY_LDT, 0, 0, 0) }},
	{name: "x32 call", fate: kill, refused: true, do: func(*scene) error { return sys(unix.SYS_GETPID | x32Bit) }},
	{name: "32-bit call", fate: kill, refused: true, prepare: makeInt80, do: func(s *scene) error {
		code := &s.code
		call := *(*func() int32)(unsafe.Pointer(&code))
		if result := call(); result < 0 {
			return unix.Errno(-result)
		}
		return nil
	}},
}

// makeInt80 makes a function that asks for the number of the process in the way of 32-bit
// programs, by an interrupt.
func makeInt80(s *scene) error {
	code := []byte{
		0xb8, 20, 0, 0, 0, // mov eax, 20 (getpid)
		0xcd, 0x80, // int 0x80
		0xc3, // ret
	}
	memory, err := unix.Mmap(-1, 0, page, rw, private)
	if err != nil {
		return err
	}
	copy(memory, code)
	s.code = uintptr(unsafe.Pointer(&memory[0]))
	return unix.Mprotect(memory, unix.PROT_READ|unix.PROT_EXEC)
}
