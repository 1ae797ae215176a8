//go:build faults && linux

package main

import (
	"bufio"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
)

// workersOpenNothing runs the cases of proc mode under strace, and looks for calls
// that name a file in the worker, behind its first task.
func (s *suite) workersOpenNothing() error {
	for _, c := range cases() {
		name := c.name() + ", workers open nothing"
		if c.mode != "proc" || c.idle || !s.wants(name) {
			continue
		}
		workers, received, wrong, err := s.opensOf(c)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if workers == 0 || received == 0 {
			wrong = append(wrong, fmt.Sprintf("%d workers were seen, which received %d messages", workers, received))
		}
		s.group(name, fmt.Sprintf("%3d messages", received), wrong)
	}
	return nil
}

// opensOf returns the calls of a run's workers that name a file, from the first
// message on that brought one.
func (s *suite) opensOf(c testCase) (workers, received int, opens []string, err error) {
	dir, err := s.bedOf(c)
	if err != nil {
		return 0, 0, nil, err
	}
	defer os.RemoveAll(dir)
	log := dir + ".log"
	defer os.Remove(log)
	args := []string{"-f", "-qq", "-o", log, "-e", "trace=%file,%process,recvmsg", s.imgpar}
	if _, err := s.exec(dir, "strace", append(args, c.command()...)...); err != nil {
		return 0, 0, nil, err
	}
	f, err := os.Open(log)
	if err != nil {
		return 0, 0, nil, err
	}
	defer f.Close() // only read
	w := watched{process: map[string]string{}, forks: map[string]bool{}, isWorker: map[string]bool{}, works: map[string]bool{}}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		w.line(lines.Text())
	}
	return len(w.isWorker), w.received, w.opens, nil
}

// watched is what is seen of processes, by the numbers of their threads.
type watched struct {
	process         map[string]string // of a thread, by its first one; itself if it is missing
	forks           map[string]bool   // of a thread: its last clone makes a process
	isWorker, works map[string]bool   // of a process
	received        int
	opens           []string
}

var (
	begun  = regexp.MustCompile(`^(\d+) +(\w+)\(`)
	resume = regexp.MustCompile(`^(\d+) +<\.\.\. (\w+) resumed>`)
	cloned = regexp.MustCompile(` = (\d+)$`)
)

// harmless are calls of %process that start and name nothing.
var harmless = []string{"clone", "clone3", "exit", "exit_group", "wait4", "waitid", "kill", "tgkill", "tkill", "pidfd_send_signal", "rt_sigqueueinfo", "recvmsg"}

func (w *watched) line(text string) {
	m := begun.FindStringSubmatch(text)
	if m == nil {
		m = resume.FindStringSubmatch(text)
	} else {
		w.forks[m[1]] = !strings.Contains(text, "CLONE_THREAD")
	}
	if m == nil {
		return
	}
	p, call := w.of(m[1]), m[2]
	if child := cloned.FindStringSubmatch(text); child != nil && strings.HasPrefix(call, "clone") && !w.forks[m[1]] {
		w.process[child[1]] = p
	}
	switch {
	case call == "execve" && strings.Contains(text, `"worker"`):
		w.isWorker[p] = true
	case !w.isWorker[p]:
	case call == "recvmsg" && strings.Contains(text, "SCM_RIGHTS"):
		w.received++
		w.works[p] = true
	case w.works[p] && !slices.Contains(harmless, call):
		w.opens = append(w.opens, text)
	}
}

func (w *watched) of(thread string) string {
	if p, ok := w.process[thread]; ok {
		return p
	}
	return thread
}
