// Package bench answers the question that imgpar began with: goroutines or
// subprocesses, how many, and what does isolation cost?
//
// Every measurement is a whole process of its own, from its start to its exit,
// so that CPU and memory are those of that run alone. Rounds are interleaved:
// each runs every variant once, and a machine that slows down slows them all.
package bench

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/imgpar/imgpar/internal/machine"
)

// Config says what to compare.
type Config struct {
	Binary  []string // the imgpar to run: argv[0], and the path of its file
	Paths   []string // pictures
	Works   []Work
	Jobs    int // variants run on 1 to Jobs workers
	Rounds  int // counted ones; one more, not counted, comes first
	Flags   []string
	Scratch string // folder for the outputs; "": the system's
}

// Work is an operation to time.
type Work struct {
	Name string
	Args []string
}

// Works are the operations that people run most.
func Works() []Work {
	return []Work{{"gray", []string{"gray"}}, {"resize", []string{"resize"}}}
}

// Variant is one way to run a Work.
type Variant struct {
	Mode string
	Jobs int
}

// variants begins with the one that the others are compared with.
func variants(jobs int) []Variant {
	v := []Variant{{"sequential", 1}}
	for _, mode := range []string{"goroutine", "proc", "auto"} {
		for n := 1; n <= jobs; n++ {
			v = append(v, Variant{mode, n})
		}
	}
	return v
}

// Sample is one run.
type Sample struct {
	Wall    time.Duration
	CPU     time.Duration // user and system, of the process and those it waited for
	Peak    int64         // most resident bytes of all processes together, as sampled
	Files   int
	OK      int
	Pixels  int64
	InBytes int64
	Digest  string // of all outputs, names and bytes
}

// series is what the rounds of a Variant gave.
type series struct {
	Work string
	Variant
	Samples []Sample
}

// Run measures all variants of all works. It calls say before each round.
func Run(ctx context.Context, c Config, say func(string)) ([]series, error) {
	var rows []series
	for _, w := range c.Works {
		for _, v := range variants(c.Jobs) {
			rows = append(rows, series{Work: w.Name, Variant: v})
		}
	}
	for round := range c.Rounds + 1 {
		if round == 0 {
			say("warming up")
		} else {
			say(fmt.Sprintf("round %d of %d", round, c.Rounds))
		}
		i := 0
		for _, w := range c.Works {
			for _, v := range variants(c.Jobs) {
				s, err := measure(ctx, c, w, v)
				if err != nil {
					return nil, fmt.Errorf("%s on %d %s: %w", w.Name, v.Jobs, v.Mode, err)
				}
				if round > 0 {
					rows[i].Samples = append(rows[i].Samples, s)
				}
				i++
			}
		}
	}
	return rows, nil
}

// measure runs one variant once.
func measure(ctx context.Context, c Config, w Work, v Variant) (s Sample, err error) {
	out, err := os.MkdirTemp(c.Scratch, "imgpar-bench-")
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(out)) }()

	args := append([]string{c.Binary[0], "--mode=" + v.Mode, "--jobs=" + strconv.Itoa(v.Jobs), "--json", "--progress=none", "--quiet", "--no-journal"}, c.Flags...)
	args = append(append(append(args, w.Args...), "--out", out, "--"), c.Paths...)
	cmd := exec.CommandContext(ctx, c.Binary[1])
	cmd.Args = args
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return s, err
	}
	peak := watch(cmd.Process.Pid)
	err = cmd.Wait()
	s.Wall = time.Since(start)
	s.Peak = peak()
	if code := cmd.ProcessState.ExitCode(); code != 0 && code != 1 { // 1: some files failed, which is no concern here
		return s, errors.Join(err, errors.New(lastLine(stderr.String())))
	}
	s.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if err := s.readSummary(&stdout); err != nil {
		return s, err
	}
	if s.OK == 0 {
		return s, fmt.Errorf("none of %d files could be worked on", s.Files)
	}
	s.Digest, err = digest(out)
	return s, err
}

// Periods of watch. Looking for processes costs more than looking at them.
const (
	samplePeriod  = 20 * time.Millisecond
	refreshPeriod = 10 // samples
)

// watch samples the memory of a process and all below it until the returned
// function is called, which gives the most that was seen.
func watch(pid int) (peak func() int64) {
	stop, most := make(chan struct{}), make(chan int64)
	go func() {
		top := int64(0)
		tree := []int{pid}
		tick := time.NewTicker(samplePeriod)
		defer tick.Stop()
		for n := 0; ; n++ {
			select {
			case <-stop:
				most <- top
				return
			case <-tick.C:
			}
			if n%refreshPeriod == 0 {
				if t, err := machine.Tree(pid); err == nil {
					tree = t
				}
			}
			top = max(top, machine.RSS(tree...))
		}
	}()
	return func() int64 {
		close(stop)
		return <-most
	}
}

// readSummary reads the last line of --json.
func (s *Sample) readSummary(r io.Reader) error {
	var sum struct {
		Type    string
		Inputs  int
		OK      int
		Pixels  int64
		InBytes int64 `json:"in_bytes"`
	}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if bytes.HasPrefix(lines.Bytes(), []byte(`{"type":"summary"`)) {
			if err := json.Unmarshal(lines.Bytes(), &sum); err != nil {
				return err
			}
		}
	}
	if sum.Type != "summary" {
		return errors.Join(errors.New("the run wrote no summary"), lines.Err())
	}
	s.Files, s.OK, s.Pixels, s.InBytes = sum.Inputs, sum.OK, sum.Pixels, sum.InBytes
	return nil
}

// digest is equal for folders that hold the same files.
func digest(dir string) (string, error) {
	h := sha256.New()
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		fmt.Fprintf(h, "%d %s %d ", len(name), name, len(data))
		h.Write(data)
		return err
	})
	return hex.EncodeToString(h.Sum(nil)), err
}

func lastLine(s string) string {
	lines := bytes.Split(bytes.TrimSpace([]byte(s)), []byte("\n"))
	return string(lines[len(lines)-1])
}
