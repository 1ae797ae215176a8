package peers

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/imgpar/imgpar/bench"
)

// mostFiles that one process of a peer is given.
const mostFiles = 100

// perProcess is how many files one process is given: few enough for four processes a
// worker, so that workers end at much the same time.
func perProcess(files, workers int) int {
	return min(mostFiles, 1+(files-1)/(4*workers))
}

// eachArgs returns the command of one process: what stands before the names of its files,
// which end like ext; or, where "{}" stands for a name, of one process for each file.
// Results go to the folder out. nil: the program has no means to do the work.
type eachArgs func(found []string, w Work, ext string) []string

// each makes commands that run a program for a few files at a time, by xargs. So that no
// name can be taken for anything else, the files are links 0.jpg, 1.jpg, ... in scratch,
// and out is one too; there is a list of names for each extension.
func each(process eachArgs, env []string) func([]string, task) (args, env []string, err error) {
	return func(found []string, t task) ([]string, []string, error) {
		names, err := t.link()
		if err != nil {
			return nil, nil, err
		}
		var shell strings.Builder
		fmt.Fprintf(&shell, "%s\n", bench.Shell([]string{"cd", t.scratch}))
		can := false
		for _, ext := range slices.Sorted(maps.Keys(names)) {
			args := process(found, t.Work, ext)
			if args == nil {
				continue
			}
			can = true
			list := strings.Join(names[ext], "\n") + "\n"
			if err := os.WriteFile(filepath.Join(t.scratch, "list"+ext), []byte(list), 0o600); err != nil {
				return nil, nil, err
			}
			per := "-n " + strconv.Itoa(perProcess(len(names[ext]), t.workers))
			if slices.Contains(args, "{}") {
				per = "-I {}"
			}
			fmt.Fprintf(&shell, "xargs -P %d %s %s <%s\n", t.workers, per, bench.Shell(args), bench.Shell([]string{"list" + ext}))
		}
		if !can {
			return nil, nil, bench.ErrCannot
		}
		return []string{shellPath, "-c", shell.String()}, env, nil
	}
}

// shellPath is where POSIX systems have it.
const shellPath = "/bin/sh"

// link lays out the files, and the folder for what becomes of them, and returns the names
// of the files by extension, in order.
func (t task) link() (map[string][]string, error) {
	files, err := t.files()
	if err != nil {
		return nil, err
	}
	if err := os.Symlink(t.out, filepath.Join(t.scratch, "out")); err != nil {
		return nil, err
	}
	names := map[string][]string{}
	for i, source := range files {
		link := output(t.scratch, i, source)
		if err := os.Symlink(source, link); err != nil {
			return nil, err
		}
		names[extension(source)] = append(names[extension(source)], filepath.Base(link))
	}
	return names, nil
}
