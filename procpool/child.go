package procpool

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"sync"
	"time"
)

const (
	// drainDelay is how long a dead child's standard error is read on while a process
	// that it left behind, outside its group, holds it open.
	drainDelay = 250 * time.Millisecond

	// exitDelay is how long a child that closed its link may take to exit, and so to say
	// why, before it is killed.
	exitDelay = time.Second
)

// A child is one started process. do is for one goroutine at a time; everything else is
// safe for concurrent use.
type child struct {
	cmd    *exec.Cmd
	conn   link
	r      *bufio.Reader
	w      *bufio.Writer
	stderr *tail
	done   chan struct{} // closed by supervise, once the process is reaped

	sent  uint64        // tasks sent, which is the number of the last one
	limit time.Duration // timeout of the task in flight
	timer *time.Timer   // runs expire; nil until a task has a timeout
	fired chan struct{} // one token for each timer or context that has ended this child

	mu    sync.Mutex
	ready bool  // guarded by mu; has said hello
	gone  bool  // guarded by mu; the process number may be another's from now on
	cause error // guarded by mu; why the pool ended this child, nil while it has not
}

func newChild(cmd *exec.Cmd, conn link, stderr *tail) *child {
	return &child{
		cmd:    cmd,
		conn:   conn,
		r:      bufio.NewReaderSize(conn, bufferSize),
		w:      bufio.NewWriterSize(conn, bufferSize),
		stderr: stderr,
		done:   make(chan struct{}),
		fired:  make(chan struct{}, 2),
	}
}

func (c *child) pid() int { return c.cmd.Process.Pid }

// supervise reaps the process when it ends, however it ends, and what is left of its group.
func (c *child) supervise() {
	if awaitExit(c.cmd.Process) {
		c.killRest()
	}
	_ = c.cmd.Wait() // what matters of it is in ProcessState
	c.killRest()
	c.conn.Close() // wakes a do that reads from a process outside the group
	close(c.done)
}

func (c *child) killRest() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.gone {
		killGroup(c.cmd.Process)
		c.gone = true
	}
}

// kill reports whether there was a process to kill.
func (c *child) kill() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gone {
		return false
	}
	killGroup(c.cmd.Process)
	return true
}

// interrupt kills the child and makes do return cause, or an earlier one.
func (c *child) interrupt(cause error) {
	c.mu.Lock()
	if c.cause == nil {
		c.cause = cause
	}
	c.mu.Unlock()
	c.kill()
	c.conn.Close()
}

func (c *child) interrupted() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cause
}

func (c *child) dead() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// working reports whether the child can take tasks, or does one.
func (c *child) working() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ready && !c.gone && c.cause == nil
}

// handshake waits for the child's hello.
func (c *child) handshake(timeout time.Duration) error {
	timer := time.AfterFunc(timeout, func() {
		c.interrupt(fmt.Errorf("worker %d did not say hello within %v", c.pid(), timeout))
		c.fired <- struct{}{}
	})
	f, err := readFrame(c.r)
	if !timer.Stop() {
		<-c.fired
	}
	if err == nil {
		err = checkHello(f)
	}
	if err != nil {
		crash := c.crash(err)
		if cause := c.interrupted(); cause != nil {
			return cause
		}
		return fmt.Errorf("worker %d %s", crash.PID, crash.ending())
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ready = true
	return c.cause
}

// do runs one task. After any error but a *RemoteError the child is dead or about to be.
func (c *child) do(ctx context.Context, t Task) ([]byte, error) {
	stop := c.arm(ctx, t.Timeout)
	f, err := c.roundTrip(t)
	c.disarm(stop, t.Timeout)
	if cause := c.interrupted(); cause != nil {
		return nil, cause
	}
	if err != nil {
		return nil, c.crash(err)
	}
	if f.kind == kindFailure {
		return nil, &RemoteError{Message: string(f.payload)}
	}
	return f.payload, nil
}

func (c *child) roundTrip(t Task) (frame, error) {
	c.sent++
	if err := c.request(t); err != nil {
		return frame{}, err
	}
	f, err := readFrame(c.r)
	switch {
	case err != nil:
		return frame{}, err
	case f.kind != kindResult && f.kind != kindFailure:
		return frame{}, protocolError(fmt.Sprintf("sent a frame of kind %d instead of an answer", f.kind))
	case f.id != c.sent:
		return frame{}, protocolError(fmt.Sprintf("answered task %d when it was asked task %d", f.id, c.sent))
	}
	return f, nil
}

// request sends a task.
func (c *child) request(t Task) error {
	f := frame{kind: kindRequest, id: c.sent, payload: t.Payload, files: len(t.Files)}
	if f.files == 0 {
		return writeFrame(c.w, f)
	}
	if err := c.conn.send(appendHeader(nil, f), t.Files); err != nil {
		return err
	}
	_, err := c.conn.Write(f.payload)
	return err
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

// crash sees to the end of a child whose link failed with err, and tells what became of it.
func (c *child) crash(err error) *CrashError {
	_, malformed := errors.AsType[protocolError](err)
	if !malformed {
		c.await(exitDelay)
		err = errors.New("closed its link to the pool but did not exit")
	}
	killed := c.kill()
	<-c.done
	e := &CrashError{PID: c.pid(), ExitCode: -1, Stderr: c.stderr.String()}
	if malformed || killed {
		e.Err = err
		return e
	}
	e.ExitCode, e.Signal = c.cmd.ProcessState.ExitCode(), signalName(c.cmd.ProcessState)
	return e
}

// await waits for the process to be reaped, at most for d.
func (c *child) await(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-c.done:
		return true
	case <-timer.C:
		return false
	}
}

// shutdown ends an idle child: it closes the link, interrupts the group after grace, and
// kills it after as much again, which is an error.
func (c *child) shutdown(grace time.Duration) error {
	c.conn.Close()
	if c.await(grace) {
		return nil
	}
	c.mu.Lock()
	if !c.gone {
		interruptGroup(c.cmd.Process)
	}
	c.mu.Unlock()
	if c.await(grace) {
		return nil
	}
	c.kill()
	<-c.done
	return fmt.Errorf("procpool: worker %d did not end within %v of its pipe's end, nor of an interrupt, and was killed", c.pid(), grace)
}
