package procpool

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// A Task is one request.
type Task struct {
	// Payload is what the handler gets, at most MaxPayload bytes. Do only reads it, and
	// does not keep it.
	Payload []byte

	// Files go along with the payload, at most MaxFiles. The child gets descriptors of
	// its own of the same open files, which share their offset with these: a second
	// attempt finds it where the first left it. Do does not close them, and does not
	// keep them.
	Files []*os.File

	// Timeout is how long one attempt may take from sending the request to receiving the
	// answer; 0 means any time. Waiting for a free child does not count.
	Timeout time.Duration

	// Short says that the task takes about as long as to hand it over. Where no child is
	// free it may be given to one that is at other short tasks, and is done behind them.
	// Until it is its turn ctx is not heeded, and the timeout does not run.
	// If it has more than 512 bytes of payload or more than 8 files it is a task like any.
	Short bool
}

// do runs one task, behind those that the child has been sent. The child goes on after a
// *RemoteError and an unsentError; after any other it is dead or about to be, and what it
// was on is the error's type. errDisplaced comes once the child is dead.
func (c *child) do(ctx context.Context, t Task) ([]byte, error) {
	c.sending.Lock()
	turn := c.next()
	defer close(turn.over)
	var stop func() bool
	first := turn.first()
	if first {
		if !c.begin(turn.number) {
			c.sending.Unlock()
			return nil, c.displaced()
		}
		stop = c.arm(ctx, t.Timeout)
	}
	err := c.request(turn.number, t)
	c.sending.Unlock()
	if !first {
		<-turn.before
		if !c.begin(turn.number) {
			return nil, c.displaced()
		}
		stop = c.arm(ctx, t.Timeout)
	}
	var f frame
	if err == nil {
		f, err = c.receive(turn.number)
	}
	c.disarm(stop, t.Timeout)
	return c.outcome(f, err)
}

// displaced waits for the end of a child, which may hold the files of a task that it has not
// come to: nobody else is to have them before that.
func (c *child) displaced() error {
	<-c.done
	return errDisplaced
}

// outcome ends a turn that brought f, or err.
func (c *child) outcome(f frame, err error) ([]byte, error) {
	if _, unsent := errors.AsType[unsentError](err); unsent {
		return nil, cmp.Or(c.finish(nil), err)
	}
	cause := c.finish(err)
	if memory, ok := cause.(*MemoryError); ok {
		<-c.done // the next attempt is to have that memory
		memory.Stderr = c.stderr.String()
	}
	switch {
	case cause != nil:
		return nil, cause
	case err != nil:
		return nil, c.died(err)
	case f.kind == kindFailure:
		return nil, &RemoteError{Message: string(f.payload)}
	}
	return f.payload, nil
}

// receive reads the answer to a task.
func (c *child) receive(number uint64) (frame, error) {
	f, err := readFrame(c.r, c.largest)
	switch {
	case err != nil:
		return frame{}, err
	case f.kind != kindResult && f.kind != kindFailure:
		return frame{}, protocolError(fmt.Sprintf("sent a frame of kind %d instead of an answer", f.kind))
	case f.id != number:
		return frame{}, protocolError(fmt.Sprintf("answered task %d when it was asked task %d", f.id, number))
	}
	return f, nil
}

// request sends a task.
func (c *child) request(number uint64, t Task) error {
	f := frame{kind: kindRequest, id: number, payload: t.Payload, files: len(t.Files)}
	if f.files == 0 {
		return writeFrame(c.w, f)
	}
	return c.conn.send(appendHeader(nil, f), f.payload, t.Files)
}

// arm has the child interrupted at the end of ctx and after timeout. Its result is for disarm.
func (c *child) arm(ctx context.Context, timeout time.Duration) (stop func() bool) {
	if timeout > 0 {
		c.limit = timeout
		if c.timer == nil {
			c.timer = time.AfterFunc(timeout, c.expire)
		} else {
			c.timer.Reset(timeout)
		}
	}
	if ctx.Done() == nil {
		return nil
	}
	return context.AfterFunc(ctx, func() {
		c.interrupt(ctx.Err())
		c.fired <- struct{}{}
	})
}

func (c *child) expire() {
	c.interrupt(&TimeoutError{PID: c.pid(), After: c.limit})
	c.fired <- struct{}{}
}

// disarm ends what arm began. A timer that has run out just now has killed the child or
// is about to: disarm waits for that, lest it hit the next task.
func (c *child) disarm(stop func() bool, timeout time.Duration) {
	if timeout > 0 && !c.timer.Stop() {
		<-c.fired
	}
	if stop != nil && !stop() {
		<-c.fired
	}
}

// died tells what became of a child whose link failed with err in the middle of a task.
func (c *child) died(err error) error {
	crash := c.crash(err)
	if crash.Err == nil && outOfMemory(crash.Stderr) {
		return &MemoryError{PID: crash.PID, Stderr: crash.Stderr}
	}
	return crash
}
