package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// probed is what the uncounted run of a contender found out.
type probed struct {
	files   int
	ok      int
	pixels  int64 // of the sources
	inBytes int64
	peak    int64          // most memory of all processes, bytes
	ms      []float64      // of each file that is ok, sorted
	kept    map[int]string // outputs for Quality, by the number of the file
}

// result is a line that imgpar --json writes of a file, or of all.
type result struct {
	Type       string
	Input      string
	InputBytes []byte `json:"input_base64"` // where Input is not the name to the byte
	Output     string
	Outcome    string
	Reason     string
	Ms         float64
	Inputs     int
	OK         int
	Pixels     int64
	InBytes    int64 `json:"in_bytes"`
}

// probe runs each contender once, to find out what the counted rounds cannot: the
// programs on those files that imgpar could read, which are known from its first run.
func (m *measurement) probe(ctx context.Context) error {
	begun := time.Now()
	defer func() { m.spent = time.Since(begun) }()
	m.Say(m.task.Name + ": warming up")
	for _, v := range variants(m.Workers) {
		c := &contender{variant: v, same: true}
		if err := m.probeOwn(ctx, c); err != nil {
			return fmt.Errorf("%s: %w", c, err)
		}
		m.contenders = append(m.contenders, c)
	}
	for i := range m.task.Programs {
		c := &contender{program: &m.task.Programs[i]}
		err := m.probeProgram(ctx, c)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err == nil:
			m.contenders = append(m.contenders, c)
		case !errors.Is(err, ErrCannot):
			m.leaveOut(c, err)
		}
	}
	return nil
}

// probeOwn is the uncounted run of a variant of imgpar.
func (m *measurement) probeOwn(ctx context.Context, c *contender) error {
	cmd := m.imgpar(m.task, c.variant, m.out(), true)
	lines, err := os.Create(filepath.Join(m.dir, "results"))
	if err != nil {
		return err
	}
	defer lines.Close() // only read below
	var results []result
	_, err = m.run(ctx, c, cmd, lines, func() error {
		if _, err := lines.Seek(0, io.SeekStart); err != nil {
			return err
		}
		if results, err = c.probed.read(lines); err != nil {
			return err
		}
		if len(m.contenders) == 0 {
			m.list = inputs(results)
		}
		if c.mode == auto {
			m.keep(c, func(i int) string { return outputOf(results, m.list[i]) })
		}
		return nil
	})
	return err
}

// read takes in what imgpar --json has written.
func (p *probed) read(r io.Reader) (results []result, err error) {
	lines := json.NewDecoder(r)
	var bad result // the first that is not ok
	for {
		var l result
		switch err := lines.Decode(&l); {
		case err == io.EOF && p.files == 0:
			return nil, errors.New("there is no picture")
		case err == io.EOF:
			slices.Sort(p.ms)
			return results, nil
		case err != nil:
			return nil, fmt.Errorf("read the results: %w", err)
		}
		switch {
		case l.Type == "summary":
			p.files, p.ok, p.pixels, p.inBytes = l.Inputs, l.OK, l.Pixels, l.InBytes
			if p.ok == 0 && p.files > 0 {
				return nil, fmt.Errorf("none of %s can be worked on; %s: %s", plural(p.files, "file"), bad.Input, bad.Reason)
			}
		case l.Type == "result" && l.Outcome != "ok" && bad.Input == "":
			bad = l
		case l.Type == "result" && l.Outcome == "ok":
			if l.InputBytes != nil {
				l.Input = string(l.InputBytes)
			}
			p.ms = append(p.ms, l.Ms)
			results = append(results, l)
		}
	}
}

// inputs are the names of what was worked on, in an order that does not depend on who
// was ready first.
func inputs(results []result) []string {
	var names []string
	for _, r := range results {
		names = append(names, r.Input)
	}
	slices.Sort(names)
	return names
}

func outputOf(results []result, input string) string {
	i := slices.IndexFunc(results, func(r result) bool { return r.Input == input })
	if i < 0 {
		return ""
	}
	return results[i].Output
}

// errLines is why programs, who read names line by line, cannot be measured.
var errLines = errors.New("a name has a line break, and programs are handed names line by line")

// probeProgram is the uncounted run of a program.
func (m *measurement) probeProgram(ctx context.Context, c *contender) error {
	list := filepath.Join(m.dir, "list")
	var names strings.Builder
	for _, name := range m.list {
		name, err := filepath.Abs(name)
		if err != nil {
			return err
		}
		if strings.ContainsAny(name, "\r\n") {
			return errLines
		}
		names.WriteString(name + "\n")
	}
	if err := os.WriteFile(list, []byte(names.String()), 0o666); err != nil {
		return err
	}
	scratch, err := os.MkdirTemp(m.dir, "scratch-")
	if err != nil {
		return err
	}
	args, env, err := c.program.Command(list, m.out(), scratch, m.Workers)
	if err != nil {
		return err
	}
	c.runs = command{args[0], args, env}
	legible := strings.NewReplacer(list, "LIST", m.out(), "OUT", scratch, "SCRATCH")
	for _, a := range slices.Concat(env, args) {
		c.legible = append(c.legible, legible.Replace(a))
	}
	e, err := m.run(ctx, c, c.runs, nil, func() error {
		m.keep(c, func(i int) string { return numbered(m.out(), i) })
		return nil
	})
	if err == nil && e.status != 0 {
		m.note(fmt.Sprintf("%s wrote %d of %s: %v", c, c.probed.ok, plural(len(m.list), "file"), e.failed()))
	}
	return err
}

// numbered finds the output of a file by its number; "": there is none.
func numbered(out string, i int) string {
	found, _ := filepath.Glob(filepath.Join(out, fmt.Sprintf("%d.*", i))) // the pattern is right
	if len(found) == 0 {
		return ""
	}
	return found[0]
}
