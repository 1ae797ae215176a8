package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// programLimit is how long a program may take for all files, once. It is there for one
// that hangs.
const programLimit = 5 * time.Minute

// measurement is that of one task.
type measurement struct {
	Config
	task       Task
	dir        string // for all files of it
	contenders []*contender
	list       []string      // the files that imgpar could read
	expected   *digest       // of what the first run of all wrote
	files      int           // of that
	spent      time.Duration // by the probe
	done       int           // counted rounds
	notes      []string
}

func (m *measurement) out() string   { return filepath.Join(m.dir, "out") }
func (m *measurement) state() string { return filepath.Join(m.dir, "state") }

func (m *measurement) note(text string) {
	m.notes = append(m.notes, text)
	m.Say(m.task.Name + ": " + text)
}

// leaveOut says why a program is not measured, or no longer.
func (m *measurement) leaveOut(c *contender, err error) {
	m.note(fmt.Sprintf("%s is left out: %v", c, err))
	m.contenders = slices.DeleteFunc(m.contenders, func(o *contender) bool { return o == c })
}

// rounds measures all contenders in turn, until enough is known or time is up.
func (m *measurement) rounds(ctx context.Context, budget time.Duration) error {
	p := pace{most: m.Rounds, budget: budget}
	begun := time.Now()
	for p.another() && !settled(m.contenders) {
		start := time.Now()
		p.done++
		m.Say(fmt.Sprintf("%s: round %d", m.task.Name, p.done))
		for _, c := range slices.Clone(m.contenders) {
			err := m.round(ctx, c)
			switch {
			case ctx.Err() != nil:
				return context.Cause(ctx)
			case err != nil && c.program != nil:
				m.leaveOut(c, err)
			case err != nil:
				return fmt.Errorf("%s: %w", c, err)
			}
		}
		p.last, p.spent = time.Since(start), time.Since(begun)
	}
	m.done = p.done
	return nil
}

// round measures a contender once.
func (m *measurement) round(ctx context.Context, c *contender) error {
	cmd := c.runs
	if c.program == nil {
		cmd = m.imgpar(m.task, c.variant, m.out(), false)
	}
	e, err := m.run(ctx, c, cmd, nil, nil)
	c.wall = append(c.wall, e.wall.Seconds())
	c.cpu = append(c.cpu, e.cpu.Seconds())
	return err
}

// run runs a contender once, looks at what it wrote and removes that. With then, which
// is called in between, it is the probe: memory is watched, and what it wrote is what
// the rounds are to write.
func (m *measurement) run(ctx context.Context, c *contender, cmd command, stdout io.Writer, then func() error) (e execution, err error) {
	if err := errors.Join(os.Mkdir(m.out(), 0o777), os.Mkdir(m.state(), 0o777)); err != nil {
		return e, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(m.out()), os.RemoveAll(m.state())) }()
	var watch func(int) func()
	if then != nil {
		watch = func(pid int) func() { return watchMemory(pid, &c.probed.peak) }
	}
	if c.program != nil {
		limited, cancel := context.WithTimeoutCause(ctx, programLimit, fmt.Errorf("it takes more than %v", programLimit))
		defer cancel()
		ctx = limited
	} else {
		cmd.env = []string{"XDG_STATE_HOME=" + m.state()} // for a journal of its own, as of a first run
	}
	if e, err = execute(ctx, cmd, stdout, watch); err != nil {
		return e, err
	}
	if c.program == nil && e.status > 1 { // 1: some files failed, which is no concern here
		return e, e.failed()
	}
	digest, files, err := digestOf(m.out())
	if err != nil {
		return e, err
	}
	if then != nil {
		if c.program != nil {
			c.probed.ok = files
		}
		err = then()
	}
	switch {
	case err != nil:
		return e, err
	case c.program == nil:
		if m.expected == nil {
			m.expected, m.files = &digest, files
		}
		if files != m.files && c.same { // a disk may be full, or a picture gone, which is no other byte
			m.note(fmt.Sprintf("%s wrote %s, and the first run %d", c, plural(files, "file"), m.files))
		}
		c.same = c.same && digest == *m.expected
	case files == 0 || files < c.probed.ok:
		return e, fmt.Errorf("it wrote %d of %s: %w", files, plural(len(m.list), "file"), e.failed())
	}
	return e, nil
}
