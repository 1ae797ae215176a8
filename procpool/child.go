package procpool

import (
	"bufio"
	"errors"
	"fmt"
	"os/exec"
	"sync"
	"time"
)

const (
	// drainDelay is how long a dead child's standard error and its answers are read on
	// while a process that it left behind, outside its group, holds them open.
	drainDelay = 250 * time.Millisecond

	// exitDelay is how long a child that closed its link may take to exit, and so to say
	// why, before it is killed.
	exitDelay = time.Second
)

// A child is one started process. Its methods are safe for concurrent use; what they share
// without a lock is for the task that is at its turn.
type child struct {
	cmd    *exec.Cmd
	conn   link
	r      *bufio.Reader
	w      *bufio.Writer
	stderr *tail
	done   chan struct{} // closed once the process is reaped

	largest limits    // of what it may answer
	born    time.Time // when it was started
	share   share     // what it may do before it is replaced
	slot    *slot     // its own; set before it has a task

	sending sync.Mutex    // held while a request is written
	sent    uint64        // guarded by sending; requests, which is the number of the last one
	last    chan struct{} // guarded by sending; closed once the last one is over; nil: none was sent

	limit time.Duration // timeout of the task at its turn
	timer *time.Timer   // runs expire; nil until a task has a timeout
	fired chan struct{} // one token for each timer or context that has ended this child

	mu      sync.Mutex
	ready   bool      // guarded by mu; has said hello
	line    line      // guarded by mu; the tasks that it has
	weighed time.Time // guarded by mu; when it was last asked for RecycleRSS
	gone    bool      // guarded by mu; the process number may be another's from now on
	reaped  bool      // guarded by mu; there is a ProcessState
	cause   error     // guarded by mu; why the pool ended this child, nil while it has not
	fault   error     // guarded by mu; what it did against the protocol between tasks
	settled bool      // guarded by mu; its end is accounted for, see settle
}

func newChild(cmd *exec.Cmd, conn link, stderr *tail, cfg Config) *child {
	conn.connect(cmd.Process)
	return &child{
		cmd:     cmd,
		conn:    conn,
		r:       bufio.NewReaderSize(conn, bufferSize),
		w:       bufio.NewWriterSize(conn, bufferSize),
		stderr:  stderr,
		done:    make(chan struct{}),
		largest: limits{result: cfg.MaxResult},
		born:    time.Now(),
		share:   draw(cfg),
		fired:   make(chan struct{}, 2),
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
	c.mu.Lock()
	c.reaped = true
	busy := c.busy()
	c.mu.Unlock()
	if busy { // it may have answered before it died, which is still to be read
		time.AfterFunc(drainDelay, func() { c.conn.Close() })
		return
	}
	c.conn.Close()
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

// settle claims the child's end for one of the counts of Stats. It reports false if another
// has it already.
func (c *child) settle() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	claimed := !c.settled
	c.settled = true
	return claimed
}

// settleLost is settle for a child that was ready and has died between tasks.
func (c *child) settleLost() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.ready || !c.reaped || c.busy() || c.cause != nil || c.settled {
		return false
	}
	c.settled = true
	return true
}

// quiet reports whether the child can be sent a task: it lives, and has said nothing
// since its last answer. If not, quiet sees to its end.
func (c *child) quiet() bool {
	if c.dead() {
		return false
	}
	if c.r.Buffered() == 0 && !c.conn.pending() {
		return true
	}
	c.mu.Lock()
	c.fault = protocolError("spoke without being asked, or hung up")
	c.mu.Unlock()
	c.kill()
	<-c.done
	return false
}

// handshake waits for the child's hello.
func (c *child) handshake(timeout time.Duration) error {
	timer := time.AfterFunc(timeout, func() {
		c.interrupt(fmt.Errorf("worker %d did not say hello within %v", c.pid(), timeout))
		c.fired <- struct{}{}
	})
	f, err := readFrame(c.r, limits{result: maxHello})
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

// crash sees to the end of a child whose link failed with err, and tells what became of it.
func (c *child) crash(err error) *CrashError {
	_, malformed := errors.AsType[protocolError](err)
	if !malformed {
		c.await(exitDelay)
		err = errors.New("closed its link to the pool but did not exit")
	}
	killed := c.kill()
	<-c.done
	if malformed || killed {
		return &CrashError{PID: c.pid(), ExitCode: -1, Stderr: c.stderr.String(), Err: err}
	}
	return c.obituary()
}

// obituary is of a child that has ended, by itself or for its fault.
func (c *child) obituary() *CrashError {
	c.mu.Lock()
	fault := c.fault
	c.mu.Unlock()
	state := c.cmd.ProcessState
	return &CrashError{PID: c.pid(), ExitCode: state.ExitCode(), Signal: signalName(state), Stderr: c.stderr.String(), Err: fault}
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
	c.settle()
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
