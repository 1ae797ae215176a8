package procpool

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func header(size uint32, k kind, id uint64) []byte {
	b := binary.LittleEndian.AppendUint32(nil, size)
	b = append(b, byte(k), 0, 0, 0)
	return binary.LittleEndian.AppendUint64(b, id)
}

var anything = limits{request: MaxPayload, result: MaxPayload}

func read(stream []byte) (frame, error) {
	return readFrame(bufio.NewReaderSize(bytes.NewReader(stream), bufferSize), anything)
}

// A countingWriter counts the calls of Write, which are system calls on a link.
type countingWriter struct {
	bytes.Buffer
	calls int
}

func (w *countingWriter) Write(p []byte) (int, error) {
	w.calls++
	return w.Buffer.Write(p)
}

func TestWriteFrame(t *testing.T) {
	w := new(countingWriter)
	if err := writeFrame(bufio.NewWriterSize(w, bufferSize), frame{kind: kindRequest, id: 0x0102030405060708, payload: []byte("hi")}); err != nil {
		t.Fatal(err)
	}
	want := []byte{2, 0, 0, 0, 2, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1, 'h', 'i'}
	if diff := cmp.Diff(want, w.Bytes()); diff != "" {
		t.Error(diff)
	}
	if w.calls != 1 {
		t.Errorf("%d writes, want 1", w.calls)
	}
}

func TestFrameLimit(t *testing.T) {
	var malformed protocolError
	if _, err := read(header(MaxPayload+1, kindResult, 1)); !errors.As(err, &malformed) {
		t.Errorf("one byte over the limit: %v", err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := read(append(header(MaxPayload, kindResult, 1), "ten bytes."...))
	runtime.ReadMemStats(&after)
	if err != io.ErrUnexpectedEOF {
		t.Errorf("at the limit, but cut short: %v", err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > readStep+2*bufferSize {
		t.Errorf("%d bytes allocated for 10 bytes", used)
	}
}

func TestReadFrameErrors(t *testing.T) {
	malformed := func(err error) bool { _, ok := errors.AsType[protocolError](err); return ok }
	reserved := header(0, kindResult, 1)
	reserved[6] = 1
	for name, c := range map[string]struct {
		stream []byte
		want   func(error) bool
	}{
		"end":             {nil, func(err error) bool { return err == io.EOF }},
		"end in header":   {header(1, kindResult, 1)[:7], func(err error) bool { return err == io.ErrUnexpectedEOF }},
		"no payload":      {header(1, kindResult, 1), func(err error) bool { return err == io.ErrUnexpectedEOF }},
		"half a payload":  {append(header(2, kindResult, 1), 'x'), func(err error) bool { return err == io.ErrUnexpectedEOF }},
		"kind 0":          {header(0, 0, 1), malformed},
		"kind 5":          {header(0, 5, 1), malformed},
		"reserved is set": {reserved, malformed},
	} {
		if _, err := read(c.stream); !c.want(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReadFrame(f *testing.F) {
	f.Add(append(header(2, kindResult, 1), "ok"...))
	f.Add(append(header(8, kindHello, protocolVersion), magic...))
	f.Add(header(MaxPayload+1, kindFailure, 1))
	f.Add(append(header(0, kindRequest, 3), header(9, kindRequest, 4)...))
	f.Add([]byte("HTTP/1.1 200 OK\r\n\r\n"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		r := bufio.NewReaderSize(bytes.NewReader(stream), bufferSize)
		var again bytes.Buffer
		for {
			got, err := readFrame(r, anything)
			if err != nil {
				if _, ok := errors.AsType[protocolError](err); !ok && err != io.EOF && err != io.ErrUnexpectedEOF {
					t.Fatalf("unexpected error %v", err)
				}
				break
			}
			if len(got.payload) > MaxPayload || cap(got.payload) > readStep+2*len(stream) {
				t.Fatalf("payload of %d bytes in %d for a stream of %d", len(got.payload), cap(got.payload), len(stream))
			}
			if err := writeFrame(bufio.NewWriter(&again), got); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.HasPrefix(stream, again.Bytes()) {
			t.Fatalf("frames of %x are written as %x", stream, again.Bytes())
		}
	})
}
