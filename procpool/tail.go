package procpool

import (
	"bytes"
	"strings"
	"sync"
	"time"
)

// MaxStderr is how much of the end of a child's standard error is kept, in bytes.
const MaxStderr = 8 << 10

// maxLastWords bounds the line of it that an error's text quotes, in bytes.
const maxLastWords = 200

// A child's output is read at most at a rate of outputStep each outputPause, 64 MB/s: what
// floods waits for the pipe, and does not keep the parent busy.
const (
	outputStep  = 64 << 10
	outputPause = time.Millisecond
)

// A tail is a writer that keeps the last MaxStderr bytes, and of what was before them the
// line that says why a Go program gave up: a trace of all goroutines may be megabytes.
type tail struct {
	mu      sync.Mutex
	buf     []byte // guarded by mu; at most twice MaxStderr
	cut     bool   // guarded by mu; bytes were dropped
	verdict string // guarded by mu; the last such line of what was dropped
	written int    // since the last pause
}

// Write is for one goroutine at a time.
func (t *tail) Write(p []byte) (int, error) {
	if t.written += len(p); t.written >= outputStep {
		t.written = 0
		time.Sleep(outputPause)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for rest := p; len(rest) > 0; {
		step := rest[:min(len(rest), MaxStderr)]
		rest = rest[len(step):]
		if len(t.buf)+len(step) > 2*MaxStderr {
			t.trim(MaxStderr)
		}
		t.buf = append(t.buf, step...)
	}
	return len(p), nil
}

// trim drops all but the last n bytes. The caller holds mu.
func (t *tail) trim(n int) {
	dropped := t.buf[:len(t.buf)-n]
	if end := bytes.IndexByte(t.buf[len(dropped):], '\n'); end >= 0 {
		dropped = t.buf[:len(dropped)+end] // a line may go on in what is kept
	}
	if line := verdict(string(dropped)); line != "" {
		t.verdict = line
	}
	t.buf = append(t.buf[:0], t.buf[len(t.buf)-n:]...)
	t.cut = true
}

// String returns what is kept, at most MaxStderr bytes: from the start of a line if it has
// one, and after the verdict if that is not in it.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.buf) > MaxStderr {
		t.trim(MaxStderr)
	}
	kept, before := t.buf, ""
	if t.verdict != "" && verdict(string(kept)) == "" {
		before = t.verdict + "\n...\n"
		kept = kept[max(0, len(before)+len(kept)-MaxStderr):]
	}
	if _, rest, found := bytes.Cut(kept, []byte("\n")); t.cut && found && len(rest) > 0 {
		kept = rest
	}
	return before + string(kept)
}

// lastWords is the one line of stderr that tells most: the verdict, or else the last line.
func lastWords(stderr string) string {
	if line := verdict(stderr); line != "" {
		return line
	}
	last := stderr[strings.LastIndexByte(strings.TrimSpace(stderr), '\n')+1:]
	return bounded(last)
}

// verdict is the first line in which the Go runtime says why it gave up, or "".
func verdict(stderr string) string {
	for line := range strings.Lines(stderr) {
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			return bounded(line)
		}
	}
	return ""
}

func bounded(line string) string {
	line = strings.TrimSpace(line)
	return line[:min(len(line), maxLastWords)]
}

// outOfMemory reports whether a Go program gave up for want of memory. Its runtime says
// "fatal error: runtime: out of memory", "fatal error: out of memory allocating heap arena
// metadata", "fatal error: runtime: cannot allocate memory" and the like.
func outOfMemory(stderr string) bool {
	line := verdict(stderr)
	return strings.HasPrefix(line, "fatal error: ") &&
		(strings.Contains(line, "out of memory") || strings.Contains(line, "cannot allocate memory"))
}
