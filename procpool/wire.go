package procpool

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
)

// The wire format
//
// Parent and child share one byte stream in each direction (see link_unix.go and
// link_windows.go). A stream is a sequence of frames, all integers little endian:
//
//	offset  size  field
//	0       4     length of the payload, at most MaxPayload; the receiver's limits are below
//	4       1     kind
//	5       1     number of files that come along, at most MaxFiles; only with a request
//	6       2     zero
//	8       8     id
//	16      …     payload
//	        8n    on Windows: the n handles of the files, in the child
//
//	kind       direction         id               payload
//	1 hello    child to parent   protocolVersion  the 8 bytes "procpool"
//	2 request  parent to child   task number      Task.Payload
//	3 result   child to parent   that number      what the handler returned
//	4 failure  child to parent   that number      the text of the handler's error or panic
//
// The child speaks first and says hello once. From then on the parent sends requests, and
// the child answers each with one result or failure, in their order. Of short tasks there
// may be several requests on the way (see line.go), of others never two. A child that sends
// anything else, or at any other time, is killed. Task numbers count from 1 for each child. The parent ends a child by closing the stream; the child
// then exits, in the middle of a task too.
//
// protocolVersion changes with any of this but the hello, which never changes: two
// versions can always tell each other apart.

// MaxPayload is the largest request and the largest result, in bytes. Config.MaxResult
// makes that of results smaller.
const MaxPayload = 64 << 20

// MaxFiles is the most open files that a task can have.
const MaxFiles = 128

const (
	protocolVersion = 4
	magic           = "procpool"
	headerSize      = 16

	// bufferSize is that of the buffers on both sides: a smaller frame is one write.
	bufferSize = 32 << 10

	// readStep bounds the memory that a length field alone can claim: beyond it the
	// buffer of a payload at most doubles, as bytes arrive.
	readStep = 1 << 20

	// maxMessage is how much of a handler's error is sent, in bytes.
	maxMessage = 64 << 10

	// maxHello leaves a stranger room to be told by what it says.
	maxHello = 64
)

type kind byte

const (
	kindHello kind = 1 + iota
	kindRequest
	kindResult
	kindFailure
)

type frame struct {
	kind    kind
	id      uint64
	payload []byte
	files   int // how many come along
}

// limits are the largest payloads that one side takes of the other, in bytes.
type limits struct {
	request, result int
}

func (l limits) of(k kind) int {
	switch k {
	case kindRequest:
		return l.request
	case kindResult:
		return l.result
	case kindFailure:
		return maxMessage
	}
	return maxHello
}

// A protocolError is a frame that this protocol does not know. It completes the
// sentence "worker 4711 ...".
type protocolError string

func (e protocolError) Error() string { return string(e) }

// appendHeader appends the header of f.
func appendHeader(to []byte, f frame) []byte {
	to = binary.LittleEndian.AppendUint32(to, uint32(len(f.payload)))
	to = append(to, byte(f.kind), byte(f.files), 0, 0)
	return binary.LittleEndian.AppendUint64(to, f.id)
}

// writeFrame sends f, which has no files, with one write where it fits into w's buffer.
func writeFrame(w *bufio.Writer, f frame) error {
	if w.Available() < headerSize {
		if err := w.Flush(); err != nil {
			return err
		}
	}
	if _, err := w.Write(appendHeader(w.AvailableBuffer(), f)); err != nil {
		return err
	}
	if _, err := w.Write(f.payload); err != nil {
		return err
	}
	return w.Flush()
}

// readFrame receives the next frame. It returns io.EOF at the end of the stream,
// io.ErrUnexpectedEOF at an end within a frame, and a protocolError for a malformed one
// or one that is larger than largest allows, of which it reads no more than the header.
func readFrame(r *bufio.Reader, largest limits) (frame, error) {
	head, err := r.Peek(headerSize)
	if err == io.EOF && len(head) > 0 {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return frame{}, err
	}
	size := int64(binary.LittleEndian.Uint32(head))
	f := frame{kind: kind(head[4]), id: binary.LittleEndian.Uint64(head[8:]), files: int(head[5])}
	switch {
	case f.kind < kindHello || f.kind > kindFailure || head[6]|head[7] != 0:
		return frame{}, protocolError(fmt.Sprintf("sent something that is not a frame: % x", head))
	case f.files > 0 && f.kind != kindRequest || f.files > MaxFiles:
		return frame{}, protocolError(fmt.Sprintf("sent %d files with a frame of kind %d", f.files, f.kind))
	case size > int64(largest.of(f.kind)):
		return frame{}, protocolError(fmt.Sprintf("sent a frame of %d bytes, the limit is %d", size, largest.of(f.kind)))
	}
	if _, err := r.Discard(headerSize); err != nil {
		return frame{}, err
	}
	f.payload, err = readPayload(r, int(size))
	return f, err
}

func readPayload(r io.Reader, size int) ([]byte, error) {
	payload := make([]byte, min(size, readStep))
	for have := 0; ; {
		n, err := io.ReadFull(r, payload[have:])
		have += n
		switch {
		case err == io.EOF && size > 0:
			return nil, io.ErrUnexpectedEOF
		case err != nil:
			return nil, err
		case have == size:
			return payload, nil
		}
		payload = append(payload, make([]byte, min(size-have, have))...)
	}
}

// checkHello tells a peer of this protocol from one of another version and from a stranger.
func checkHello(f frame) error {
	switch {
	case f.kind != kindHello || string(f.payload) != magic:
		return protocolError("does not speak the worker protocol: is it the right program, with the right arguments?")
	case f.id != protocolVersion:
		return protocolError(fmt.Sprintf("speaks protocol %d, this is %d: the binary was replaced while running; start the program again", f.id, protocolVersion))
	}
	return nil
}
