//go:build chaos && linux

package ops

import (
	"encoding/binary"
	"os"
	"syscall"
	"time"
)

// What a worker may do to its link, in the format that package procpool describes in wire.go. Nothing of that is shared
// with it: what is sent here is what the parent must not take.

// linkFD is the worker's end of the link, for answers.
const linkFD = 4

// Kinds of frames, and the largest payload.
const (
	frameHello   = 1
	frameResult  = 3
	frameFailure = 4
	mostPayload  = 64 << 20
)

var frameDeeds = []deed{
	{"half", func(_ Chaos, task uint64) { send(header(frameResult, task, 200), []byte("half")); os.Exit(0) }, false},
	{"halfhang", func(_ Chaos, task uint64) { send(header(frameResult, task, 200), []byte("half")); hang() }, false},
	{"oversize", func(_ Chaos, task uint64) { send(header(frameResult, task, mostPayload+1)); hang() }, false},
	{"huge", func(_ Chaos, task uint64) { huge(task); os.Exit(0) }, false},
	{"wrongid", func(_ Chaos, task uint64) { send(header(frameResult, task+6, 0)); hang() }, false},
	{"garbage", func(Chaos, uint64) { send([]byte("Loading plug-ins ... done.\n")); hang() }, false},
	{"hello", func(_ Chaos, task uint64) { send(header(frameHello, task, 0)); hang() }, false},
	{"hangup", func(Chaos, uint64) { blocked("close", syscall.Close(linkFD)); hang() }, false},
	{"nonsense", func(_ Chaos, task uint64) { answer(frameResult, task, []byte("{")); os.Exit(0) }, false},
	{"twice", func(_ Chaos, task uint64) { answer(frameFailure, task, []byte("chaos")) }, false},
	{"forge", func(_ Chaos, task uint64) { answer(frameResult, task, forged(1)); os.Exit(0) }, false},
	{"surplus", func(_ Chaos, task uint64) { answer(frameResult, task, forged(3)); os.Exit(0) }, false},
}

// header is that of a frame.
func header(kind byte, id uint64, size int) []byte {
	h := binary.LittleEndian.AppendUint32(nil, uint32(size))
	return binary.LittleEndian.AppendUint64(append(h, kind, 0, 0, 0), id)
}

// answer sends a whole frame.
func answer(kind byte, id uint64, payload []byte) { send(header(kind, id, len(payload)), payload) }

// huge sends the largest answer that there may be.
func huge(id uint64) {
	const part = 1 << 20
	send(header(frameResult, id, mostPayload))
	for n := 0; n < mostPayload; n += part {
		send(make([]byte, part))
	}
}

// forged is an answer that so many outputs are made, none of which is, as package job describes
// it in its wire.go.
func forged(outputs byte) []byte {
	made := append([]byte{2, 'o', 'k'}, 0, 0) // no reason, no notes
	for _, n := range []int64{47, 11, 4711, 517} {
		made = binary.AppendVarint(made, n) // width, height, bytes, pixels
	}
	made = append(made, 0)       // the disk is not full
	answer := []byte{1, outputs} // version 1
	for range outputs {
		answer = append(answer, made...)
	}
	return append(answer, 0) // the checksum
}

// send writes to the link, past the one who owns it.
func send(parts ...[]byte) {
	for _, p := range parts {
		for len(p) > 0 {
			n, err := syscall.Write(linkFD, p)
			switch err {
			case nil:
				p = p[n:]
			case syscall.EAGAIN:
				time.Sleep(time.Millisecond)
			case syscall.EINTR:
			default:
				os.Exit(0) // the parent has hung up
			}
		}
	}
}
