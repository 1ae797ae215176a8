package procpool

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"runtime/debug"
)

// linkEnv is the environment variable that tells a child where its end of the link is.
const linkEnv = "PROCPOOL_LINK"

// A Service is what a child does.
type Service struct {
	// Ready, if not nil, is called once the link to the parent is open and the runtime's
	// poller runs, and before the parent hears that the child is ready: the place to give
	// up what the tasks are not to have. Its error is that of Serve.
	Ready func() error

	// Handle answers a request. It must not keep the slice that it returns. Its error, a
	// panic in it and a result of more than MaxPayload bytes reach the caller of Do as a
	// *RemoteError. ctx is done when Serve returns.
	Handle func(ctx context.Context, r Request) ([]byte, error)
}

// A Request is what a child gets of a Task.
type Request struct {
	Payload []byte     // owned by Handle
	Files   []*os.File // closed when Handle returns
}

// Serve is the child's side of a pool: it answers requests, one at a time and in its own
// goroutine, until the parent closes the pipe, and then returns nil. When the parent
// vanishes in the middle of a task Serve does not wait for Handle: it ends the process.
//
// Standard output and standard error both go to the parent, which keeps their end for a
// CrashError. After an error the program should print it to its standard error and exit
// with ExitProtocol.
func Serve(service Service) error {
	conn, err := inheritedLink()
	if err != nil {
		return err
	}
	defer conn.Close()
	if service.Ready != nil {
		if err := service.Ready(); err != nil {
			return err
		}
	}
	s := &server{handle: service.Handle, conn: conn, r: bufio.NewReaderSize(conn, bufferSize), w: bufio.NewWriterSize(conn, bufferSize)}
	if err := writeFrame(s.w, frame{kind: kindHello, id: protocolVersion, payload: []byte(magic)}); err != nil {
		return fmt.Errorf("worker: cannot say hello: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	vigil := vigil{conn: conn}
	for {
		r, err := s.next()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return fmt.Errorf("worker: the parent process failed: %w", err)
		}
		vigil.begin()
		answer := s.answer(ctx, r)
		vigil.end()
		if err := writeFrame(s.w, answer); err != nil {
			return fmt.Errorf("worker: cannot answer: %w", err)
		}
	}
}

func inheritedLink() (link, error) {
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
	handle func(context.Context, Request) ([]byte, error)
	conn   link
	r      *bufio.Reader
	w      *bufio.Writer
}

// request is a Request and its number.
type request struct {
	Request
	id uint64
}

// next reads a request.
func (s *server) next() (request, error) {
	f, err := readFrame(s.r, limits{request: MaxPayload})
	if err == nil && f.kind != kindRequest {
		err = protocolError(fmt.Sprintf("sent a frame of kind %d instead of a request", f.kind))
	}
	if err != nil {
		return request{}, err
	}
	files, err := s.conn.take(s.r, f.files)
	return request{Request{f.payload, files}, f.id}, err
}

func (s *server) answer(ctx context.Context, r request) frame {
	result, err := s.call(ctx, r.Request)
	if err == nil && len(result) > MaxPayload {
		err = fmt.Errorf("the result of %d bytes is larger than %d", len(result), MaxPayload)
	}
	if err != nil {
		message := err.Error()
		return frame{kind: kindFailure, id: r.id, payload: []byte(message[:min(len(message), maxMessage)])}
	}
	return frame{kind: kindResult, id: r.id, payload: result}
}

func (s *server) call(ctx context.Context, request Request) (result []byte, err error) {
	defer func() {
		for _, f := range request.Files {
			f.Close() // whatever it was used for, it is the parent's
		}
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n\n%s", r, debug.Stack())
		}
	}()
	return s.handle(ctx, request)
}
