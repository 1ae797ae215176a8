//go:build faults && linux

package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// calls are those that change files, or decide that they are changed.
const calls = "openat,write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,close,ftruncate,flock,fchmod,fchown,fsetxattr,fremovexattr,utimensat"

// point is a call that a run makes on a file below its folder.
type point struct {
	call, path string
	nth        int  // of this call on this path, from 1, whichever thread makes it
	reads      bool // it opens to read
}

func (p point) String() string { return fmt.Sprintf("%s %s #%d", p.call, p.path, p.nth) }

var (
	entry  = regexp.MustCompile(`^\d+ +(\w+)\((.*)$`)
	quoted = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`)
	opened = regexp.MustCompile(`^\d+<([^>]*)>(\(deleted\))?`)
)

// trace returns the points of a run that nothing disturbs.
func (s *suite) trace(c testCase) ([]point, error) {
	dir, err := s.bedOf(c)
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	log := dir + ".log"
	defer os.Remove(log)
	r, err := s.exec(dir, "strace", append([]string{"-f", "-y", "-qq", "--seccomp-bpf", "-s", "0", "-o", log, "-e", "trace=" + calls, s.imgpar}, c.command()...)...)
	if err != nil {
		return nil, err
	}
	if r.status != 1 { // for the broken picture
		return nil, fmt.Errorf("strace: exit status %d: %s", r.status, r.stderr)
	}
	points, err := readLog(log, dir)
	return slices.DeleteFunc(points, func(p point) bool {
		return !strings.HasPrefix(p.path, c.below) && !strings.HasPrefix("./"+p.path, c.below)
	}), err
}

func readLog(name, dir string) ([]point, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() // only read
	type pathCall struct{ path, call string }
	seen := map[pathCall]int{}
	var list []point
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		m := entry.FindStringSubmatch(lines.Text())
		if m == nil {
			continue // the end of a call that was interrupted, a signal, an exit
		}
		call, args := m[1], m[2]
		path, ok := below(dir, args)
		if !ok {
			continue
		}
		seen[pathCall{path, call}]++
		list = append(list, point{
			call: call, path: path, nth: seen[pathCall{path, call}],
			reads: call == "openat" && !strings.Contains(args, "O_CREAT") && !strings.Contains(args, "O_RDWR") && !strings.Contains(args, "O_WRONLY"),
		})
	}
	return list, lines.Err()
}

// below returns the first path that a call names, from dir on, if it is below
// that.
func below(dir, args string) (string, bool) {
	if m := opened.FindStringSubmatch(args); m != nil {
		if m[2] != "" {
			return "", false // it has no name any more
		}
		rel, ok := strings.CutPrefix(m[1], dir+"/")
		return rel, ok
	}
	m := quoted.FindStringSubmatch(args)
	if m == nil || m[1] == "" {
		return "", false
	}
	if !filepath.IsAbs(m[1]) {
		return m[1], true
	}
	rel, ok := strings.CutPrefix(m[1], dir+"/")
	return rel, ok
}

// firstHit returns which of the logged calls had the fault, from 1: the first
// with an error, or the last one before a kill; 0, if there was none.
func firstHit(log, call string) int {
	n := 0
	for line := range strings.Lines(log) {
		m := entry.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if m != nil && m[1] == call {
			n++
		}
		if strings.Contains(line, "(INJECTED)") || strings.Contains(line, "killed by SIGKILL") {
			return n
		}
	}
	return 0
}
