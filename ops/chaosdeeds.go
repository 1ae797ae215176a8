//go:build chaos && linux

package ops

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// A deed is a harm that Chaos does.
type deed struct {
	name     string
	do       func(c Chaos, task uint64) // may return: the picture passes then
	anywhere bool                       // the process is to survive it, whichever it is
}

// Deeds names all that Chaos can do.
func Deeds() []string {
	names := make([]string, len(deeds))
	for i, d := range deeds {
		names[i] = d.name
	}
	return names
}

var deeds = append(frameDeeds,
	deed{"panic", func(Chaos, uint64) { panic("chaos") }, true},
	deed{"stall", func(Chaos, uint64) { time.Sleep(stallTime) }, true},
	deed{"elsewhere", func(Chaos, uint64) { go panic("chaos elsewhere"); hang() }, false},
	deed{"exit0", func(Chaos, uint64) { os.Exit(0) }, false},
	deed{"exit1", func(Chaos, uint64) { os.Exit(1) }, false},
	deed{"fault", func(Chaos, uint64) { fault() }, false},
	deed{"segv", func(Chaos, uint64) { segv() }, false},
	deed{"kill", func(Chaos, uint64) { raise(syscall.SIGKILL) }, false},
	deed{"stop", func(Chaos, uint64) { raise(syscall.SIGSTOP) }, false},
	deed{"loop", func(Chaos, uint64) { loop() }, false},
	deed{"deadlock", func(Chaos, uint64) { hang() }, false},
	deed{"overflow", func(Chaos, uint64) { overflow() }, false},
	deed{"unlock", func(Chaos, uint64) { new(sync.Mutex).Unlock() }, false},
	deed{"race", func(Chaos, uint64) { race() }, false},
	deed{"allocate", func(c Chaos, _ uint64) { allocate(c.Size); hang() }, false},
	deed{"flood", func(Chaos, uint64) { flood() }, false},
	deed{"drown", func(Chaos, uint64) { flood(); os.Exit(1) }, false},
	deed{"mute", func(Chaos, uint64) { mute() }, false},
	deed{"leak", func(Chaos, uint64) { leak() }, false},
	deed{"crowd", func(Chaos, uint64) { crowd() }, false},
	deed{"late", func(_ Chaos, task uint64) { go late(task) }, false},
	deed{"family", func(Chaos, uint64) { family(); os.Exit(1) }, false},
	deed{"scribble", func(Chaos, uint64) { scribble(); os.Exit(1) }, false},
)

// stallTime is longer than any --timeout that a test has, and ends by itself: a goroutine cannot be killed.
const stallTime = 10 * time.Second

// hang waits for good.
func hang() { select {} }

// loop keeps a CPU busy for good.
func loop() {
	for n := 0; ; n++ {
		if n < 0 {
			n = 0
		}
	}
}

// fault writes where nothing may be written, which the Go runtime ends the process for.
func fault() {
	page, err := syscall.Mmap(-1, 0, os.Getpagesize(), syscall.PROT_NONE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	blocked("mmap", err)
	page[0] = 1
}

// segv does the same where the runtime does not look: the kernel ends the process.
func segv() {
	var byDefault [64]byte // an all zero sigaction
	const setSize = 8      // of a sigset_t, in bytes
	_, _, e := syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(syscall.SIGSEGV), uintptr(unsafe.Pointer(&byDefault)), 0, setSize, 0, 0)
	if e != 0 {
		blocked("sigaction", e)
	}
	fault()
}

// raise sends this process a signal.
func raise(s syscall.Signal) {
	blocked("kill", syscall.Kill(os.Getpid(), s))
	hang()
}

// blocked ends the process where a sandbox does not let it do worse.
func blocked(call string, err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "chaos: %s: %v\n", call, err)
		os.Exit(1)
	}
}

// overflow calls itself until the stack is full, which is at 1 GB if nobody says otherwise.
func overflow() {
	debug.SetMaxStack(1 << 20)
	var deeper func(n int) int
	deeper = func(n int) int {
		var frame [1 << 10]int
		frame[n%len(frame)] = deeper(n + 1)
		return frame[0]
	}
	deeper(0)
}

// race writes to a map from two goroutines until the runtime sees it.
func race() {
	runtime.GOMAXPROCS(2)
	m := map[int]int{}
	write := func() {
		for n := 0; ; n++ {
			m[n%1000] = n
		}
	}
	go write()
	write()
}

// held is memory that is taken for good.
var held [][]byte

// allocate takes so many mebibytes, and every page of them.
func allocate(size int) {
	const mebibyte = 1 << 20
	for range size {
		block := make([]byte, mebibyte)
		for i := 0; i < mebibyte; i += os.Getpagesize() {
			block[i] = 1
		}
		held = append(held, block)
	}
}

// flood prints 4 MB to standard output, and as much to standard error.
func flood() {
	lines := []byte(strings.Repeat(strings.Repeat("chaos ", 10)+"\n", 1000))
	for n := 0; n < 4<<20; n += len(lines) {
		_, _ = os.Stdout.Write(lines) // what becomes of it is not the point
		_, _ = os.Stderr.Write(lines)
	}
}

// mute closes standard output and standard error, if they are that: once they are closed, files that come with a task
// have their numbers.
func mute() {
	for fd := 1; fd <= 2; fd++ {
		if !isFile(fd) {
			syscall.Close(fd)
		}
	}
}

// isFile tells whether a descriptor is that of a file on a disk.
func isFile(fd int) bool {
	var st syscall.Stat_t
	return syscall.Fstat(fd, &st) == nil && st.Mode&syscall.S_IFMT == syscall.S_IFREG
}

// leak takes descriptors until there are no more, or many.
func leak() {
	for range 2000 {
		if _, err := syscall.Dup(2); err != nil {
			return
		}
	}
}

// crowd starts goroutines that never end.
func crowd() {
	for range 1000 {
		go hang()
	}
}

// late ends the process when it is at its next picture, which cannot help it.
func late(task uint64) {
	for applied.Load() == task {
		time.Sleep(time.Millisecond)
	}
	os.Exit(1)
}

// family starts a process that would outlive this one by far.
func family() {
	cmd := exec.Command("/bin/sleep", "1000")
	cmd.Stderr = os.Stderr // which it holds open
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
	}
}

// scribble fills every file that can be written to.
func scribble() {
	const last, size = 64, 32 << 20
	junk := make([]byte, 1<<20)
	for fd := linkFD + 1; fd < last; fd++ {
		if !isFile(fd) {
			continue
		}
		for at := int64(0); at < size; at += int64(len(junk)) {
			if _, err := syscall.Pwrite(fd, junk, at); err != nil {
				break
			}
		}
	}
}
