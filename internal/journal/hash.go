package journal

import (
	"encoding/binary"
	"io"
	"io/fs"

	"github.com/cespare/xxhash/v2"
)

// Key returns the key of an output by its absolute name. It is never 0.
func Key(name []byte) uint64 { return max(1, xxhash.Sum64(name)) }

// Hash returns the xxHash64 of parts: of numbers, in this order.
func Hash(parts ...uint64) uint64 {
	var room [64]byte
	b := room[:0]
	for _, p := range parts {
		b = binary.LittleEndian.AppendUint64(b, p)
	}
	return xxhash.Sum64(b)
}

// Text returns the xxHash64 of a text.
func Text(s string) uint64 { return xxhash.Sum64String(s) }

// Content returns the xxHash64 of what r reads.
func Content(r io.Reader) (uint64, error) {
	h := xxhash.New()
	_, err := io.Copy(h, r)
	return h.Sum64(), err
}

// State returns what tells a file from the same one changed: its size and time
// of change. It is never 0.
func State(fi fs.FileInfo) uint64 {
	return state(fi.Size(), fi.ModTime().UnixNano(), fi.Mode().Type())
}

// StateOf returns the State of a regular file of that size, changed at a time in
// nanoseconds since 1970.
func StateOf(size, changed int64) uint64 { return state(size, changed, 0) }

func state(size, changed int64, typ fs.FileMode) uint64 {
	return max(1, Hash(uint64(size), uint64(changed), uint64(typ)))
}

// stateBits are how many bits of a Made are of the state; the others are of the input.
const stateBits = 24

// Made returns what an output in a state that was made of the input with that
// Key is known by. It is never 0.
func Made(state, input uint64) uint64 {
	return max(1, input>>stateBits<<stateBits|state&(1<<stateBits-1))
}

// SameInput and SameState tell what two that are Made have in common.
func SameInput(a, b uint64) bool { return a>>stateBits == b>>stateBits }
func SameState(a, b uint64) bool { return (a^b)&(1<<stateBits-1) == 0 }

// Identity returns what tells a file from every other: its State and, where
// there is one, its inode. It is never 0. A rename does not change it.
func Identity(fi fs.FileInfo) uint64 { return max(1, Hash(State(fi), inode(fi))) }
