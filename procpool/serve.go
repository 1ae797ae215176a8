package procpool

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"sync/atomic"
)

// linkEnv is the environment variable that tells a child where its end of the link is.
const linkEnv = "PROCPOOL_LINK"

// Serve is the child's side of a pool: it answers requests with handle, one at a time and
// in its own goroutine, until the parent closes the pipe, and then returns nil. When the
// parent vanishes in the middle of a task Serve does not wait for handle: it ends the
// process.
//
// handle owns the payload and must not keep the slice that it returns. An error of handle,
// a panic in it and a result of more than MaxPayload bytes reach the caller of Do as a
// *RemoteError. ctx is done when Serve returns. Standard output and standard error both go
// to the parent, which keeps their end for a CrashError.
//
// After an error the program should print it to its standard error and exit with
// ExitProtocol.
func Serve(handle func(ctx context.Context, payload []byte) ([]byte, error)) error {
	conn, err := inheritedLink()
	if err != nil {
		return err
	}
	defer conn.Close()
	s := &server{handle: handle, r: bufio.NewReaderSize(conn, bufferSize), w: bufio.NewWriterSize(conn, bufferSize), requests: make(chan frame)}
	if err := writeFrame(s.w, frame{kindHello, protocolVersion, []byte(magic)}); err != nil {
		return fmt.Errorf("worker: cannot say hello: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go s.receive()
	for f := range s.requests {
		answer := s.answer(ctx, f)
		s.busy.Add(-1)
		if err := writeFrame(s.w, answer); err != nil {
			return fmt.Errorf("worker: cannot answer: %w", err)
		}
	}
	return s.err
}

func inheritedLink() (io.ReadWriteCloser, error) {
	description, found := os.LookupEnv(linkEnv)
	if !found {
		return nil, fmt.Errorf("worker: this is started by its parent process, not by hand (%s is not set)", linkEnv)
	}
	if err := os.Unsetenv(linkEnv); err != nil {
		return nil, err
	}
	conn, err := openLink(description)
	if err != nil {
		return nil, fmt.Errorf("worker: cannot open the link to the parent process: %w", err)
	}
	return conn, nil
}

type server struct {
	handle   func(context.Context, []byte) ([]byte, error)
	r        *bufio.Reader
	w        *bufio.Writer
	requests chan frame   // closed by receive
	busy     atomic.Int32 // requests received whose handler has not returned: 0 or 1, by the protocol
	err      error        // why receive ended; read once requests is closed
}

// receive reads requests on a goroutine of its own, so that the end of the stream is seen
// during a task as well, and ends with the stream.
func (s *server) receive() {
	defer close(s.requests)
	for {
		f, err := readFrame(s.r)
		if err == nil && f.kind != kindRequest {
			err = protocolError(fmt.Sprintf("sent a frame of kind %d instead of a request", f.kind))
		}
		if err != nil {
			if s.busy.Load() > 0 {
				os.Exit(ExitProtocol)
			}
			if err != io.EOF {
				s.err = fmt.Errorf("worker: the parent process failed: %w", err)
			}
			return
		}
		s.busy.Add(1)
		s.requests <- f
	}
}

func (s *server) answer(ctx context.Context, request frame) frame {
	result, err := s.call(ctx, request.payload)
	if err == nil && len(result) > MaxPayload {
		err = fmt.Errorf("the result of %d bytes is larger than %d", len(result), MaxPayload)
	}
	if err != nil {
		message := err.Error()
		return frame{kindFailure, request.id, []byte(message[:min(len(message), maxMessage)])}
	}
	return frame{kindResult, request.id, result}
}

func (s *server) call(ctx context.Context, payload []byte) (result []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n\n%s", r, debug.Stack())
		}
	}()
	return s.handle(ctx, payload)
}
