package procpool

import (
	"bytes"
	"strings"
	"sync"
)

// MaxStderr is how much of the end of a child's standard error is kept, in bytes.
const MaxStderr = 8 << 10

// maxLastWords bounds the line of it that an error's text quotes, in bytes.
const maxLastWords = 200

// A tail is a writer that keeps the last MaxStderr bytes.
type tail struct {
	mu  sync.Mutex
	buf []byte // guarded by mu; at most twice MaxStderr
	cut bool   // guarded by mu; bytes were dropped
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(p)
	if n > MaxStderr {
		p, t.cut = p[n-MaxStderr:], true
	}
	if len(t.buf)+len(p) > 2*MaxStderr {
		t.trim(MaxStderr - len(p))
	}
	t.buf = append(t.buf, p...)
	return n, nil
}

// trim drops all but the last n bytes. The caller holds mu.
func (t *tail) trim(n int) {
	t.buf = append(t.buf[:0], t.buf[len(t.buf)-n:]...)
	t.cut = true
}

// String returns what is kept, from the start of a line if it has one.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.buf) > MaxStderr {
		t.trim(MaxStderr)
	}
	kept := t.buf
	if _, rest, found := bytes.Cut(kept, []byte("\n")); t.cut && found && len(rest) > 0 {
		kept = rest
	}
	return string(kept)
}

// lastWords is the one line of stderr that tells most: where the Go runtime says why it
// gave up, or else the last line.
func lastWords(stderr string) string {
	words := ""
	for line := range strings.Lines(stderr) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			words = line
			break
		}
		if line != "" {
			words = line
		}
	}
	return words[:min(len(words), maxLastWords)]
}
