package peers

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// mostFiles that one process of a peer is given. There are at least 4 processes for each
// worker where there are so many files, so that workers end at much the same time.
const mostFiles = 100

// eachArgs returns the command of one process: what stands before the names of its files,
// which end like ext, or where one is not one: true, once for a file, "{}" in it for the
// name. It runs in a folder beside one named out. nil: it has no means to do the work.
type eachArgs func(found []string, w Work, ext string) (args []string, one bool)

// each makes commands that run a program for a few files at a time, by xargs. So that no
// name can be taken for anything else, the files are given as links 0.jpg, 1.jpg, ...,
// in the folder in of scratch, and their names as one list for each extension.
func each(process eachArgs, env []string) func([]string, task) (args, env []string, err error) {
	return func(found []string, t task) ([]string, []string, error) {
		names, err := t.link()
		if err != nil {
			return nil, nil, err
		}
		var shell strings.Builder
		fmt.Fprintf(&shell, "cd %s\n", quote(filepath.Join(t.scratch, "in")))
		can := false
		for _, ext := range slices.Sorted(maps.Keys(names)) {
			args, one := process(found, t.Work, ext)
			if args == nil {
				continue
			}
			can = true
			list := strings.Join(names[ext], "\n") + "\n"
			if err := os.WriteFile(filepath.Join(t.scratch, "list"+ext), []byte(list), 0o600); err != nil {
				return nil, nil, err
			}
			per := "-I {}"
			if !one {
				per = "-n " + strconv.Itoa(min(mostFiles, 1+(len(names[ext])-1)/(4*t.workers)))
			}
			for i, a := range args {
				args[i] = quote(a)
			}
			fmt.Fprintf(&shell, "xargs -P %d %s %s <%s\n", t.workers, per, strings.Join(args, " "), quote("../list"+ext))
		}
		if !can {
			return nil, nil, ErrCannot
		}
		return []string{shellPath, "-c", shell.String()}, env, nil
	}
}

// shellPath is where POSIX systems have it.
const shellPath = "/bin/sh"

// link lays out the files and the folder for what becomes of them in scratch, and returns
// the names of the links, in order, by extension.
func (t task) link() (map[string][]string, error) {
	files, err := t.files()
	if err != nil {
		return nil, err
	}
	if err := os.Mkdir(filepath.Join(t.scratch, "in"), 0o700); err != nil {
		return nil, err
	}
	if err := os.Symlink(t.out, filepath.Join(t.scratch, "out")); err != nil {
		return nil, err
	}
	names := map[string][]string{}
	for i, source := range files {
		link := Output(filepath.Join(t.scratch, "in"), i, source)
		if err := os.Symlink(source, link); err != nil {
			return nil, err
		}
		names[extension(source)] = append(names[extension(source)], filepath.Base(link))
	}
	return names, nil
}

// quote makes one word of a shell. What needs no quotes has none, as people write it.
func quote(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./,:=+@%{}", r)
	}
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !plain(r) }) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
