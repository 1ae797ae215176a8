//go:build unix

package main

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// process is imgpar at work, the leader of a process group as in a shell.
type process struct {
	t              *testing.T
	cmd            *exec.Cmd
	stdout, stderr *watched
}

// watched is a buffer that can be looked at while it is written.
type watched struct {
	mu  sync.Mutex
	buf bytes.Buffer // guarded by mu
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.Write(p)
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.String()
}

// start starts a program. It is killed at the end of the test at the latest.
func start(t *testing.T, name string, args ...string) *process {
	t.Helper()
	heedSignals()
	p := &process{t: t, cmd: command(t, name, args...), stdout: new(watched), stderr: new(watched)}
	p.cmd.Stdout, p.cmd.Stderr = p.stdout, p.stderr
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.cmd.ProcessState == nil {
			p.signal(syscall.SIGKILL)
			_ = p.cmd.Wait() // it was killed
		}
	})
	return p
}

// heedSignals sees to it that the programs begin with signals as usual: those
// that are ignored here, say because the tests run in the background of a shell
// script, would be ignored there.
var heedSignals = sync.OnceFunc(func() {
	for _, s := range []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		if signal.Ignored(s) {
			signal.Notify(make(chan os.Signal, 1), s)
		}
	}
})

// signal sends a signal to the group, as the keys of a terminal do.
func (p *process) signal(s syscall.Signal) {
	if err := syscall.Kill(-p.cmd.Process.Pid, s); err != nil {
		p.t.Errorf("signal %v: %v", s, err)
	}
}

// wait waits for the end and returns the exit status.
func (p *process) wait() int {
	_ = p.cmd.Wait() // the status tells it
	return p.cmd.ProcessState.ExitCode()
}

// results is what --json told.
func (p *process) results() output {
	p.t.Helper()
	out, err := readJSON(p.stdout.String())
	if err != nil {
		p.t.Fatalf("%v\n%s", err, p.stderr)
	}
	return out
}

// untilBusy waits until two workers are at work, by the rows below the bar.
func (p *process) untilBusy() {
	p.t.Helper()
	until(p.t, "two workers are at work", func() bool {
		bar := p.stderr.String()
		return strings.Contains(bar, "\n   1 big") && strings.Contains(bar, "\n   2 big")
	})
}

// pollDeadline is how long until waits; far more than any state needs.
const pollDeadline = time.Minute

func until(t *testing.T, what string, reached func() bool) {
	t.Helper()
	for end := time.Now().Add(pollDeadline); !reached(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("after %v it is not so that %s", pollDeadline, what)
		}
	}
}

// noise is a JPEG that compresses badly.
var noise = sync.OnceValue(func() []byte {
	img := image.NewGray(image.Rect(0, 0, 1200, 800))
	random := rand.NewChaCha8([32]byte{1})
	_, _ = random.Read(img.Pix) // cannot fail
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		panic(err) // a Buffer takes everything
	}
	return b.Bytes()
})

// bigPictures makes a folder of so many pictures named big*.jpg, and an output
// folder.
func bigPictures(t *testing.T, n int) (in, out string) {
	t.Helper()
	in, out = t.TempDir(), t.TempDir()
	for i := range n {
		if err := os.WriteFile(filepath.Join(in, fmt.Sprintf("big%d.jpg", i)), noise(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return in, out
}

// slowSteps is a pipeline of so many times two steps, of some hundredths of a second together.
func slowSteps(n int) string {
	return strings.Repeat("resize w=4000 enlarge linear | resize w=1200 linear | ", n) + "gray"
}

// forLong is more steps than a test would wait for.
const forLong = 2000

// checkWritten holds a folder against the results: a whole picture for every
// ok, and no other file.
func checkWritten(t *testing.T, dir string, out output) {
	t.Helper()
	files, err := filesBelow(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range out.results {
		if r["outcome"] != "ok" {
			continue
		}
		name := filepath.Base(r["output"].(string))
		if _, err := jpeg.Decode(strings.NewReader(files[name])); err != nil {
			t.Errorf("%s is ok, but its output is not: %v", name, err)
		}
		delete(files, name)
	}
	for name := range files {
		t.Errorf("%s was left behind", name)
	}
}
