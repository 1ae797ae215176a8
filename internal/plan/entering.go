package plan

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Entering returns what tells whether a walk over the folders of c.Paths would
// come into a folder found in one that it comes into. Asked in the order of a
// walk, it reads each .imgparignore once. It is not safe for concurrent use.
func (c Config) Entering() func(path string) bool {
	e := entering{cfg: &c}
	if c.Out != "" {
		e.out, _ = os.Stat(c.Out) // not there yet: see isOut
	}
	for _, p := range c.Paths {
		path, below := splitRoot(p)
		w := walker{cfg: &c}
		if root := w.rootFolder(filepath.Clean(path), below); e.readRules(&root) {
			e.chains = append(e.chains, []folder{root})
		}
	}
	return e.enters
}

// entering has for each root the folders from it down to the one that was asked
// for last, each with its rules.
type entering struct {
	cfg    *Config
	out    fs.FileInfo
	chains [][]folder
}

// readRules reads the rules of a folder; false: it is not walked, because they
// cannot be read.
func (e *entering) readRules(f *folder) bool {
	rules, err := f.rules.read(f.path, len(f.prefix))
	f.rules = rules
	return err == nil
}

func (e *entering) enters(path string) bool {
	path = filepath.Clean(path)
	for i := range e.chains {
		if e.entersFrom(&e.chains[i], path) {
			return true
		}
	}
	return false
}

// entersFrom tells whether the walk from the root of a chain comes into a folder,
// and makes it the last of the chain if so.
func (e *entering) entersFrom(chain *[]folder, path string) bool {
	list := *chain
	for len(list) > 1 && !strings.HasPrefix(path, list[len(list)-1].prefix) {
		list = list[:len(list)-1]
	}
	last := list[len(list)-1]
	rest, ok := strings.CutPrefix(path, last.prefix)
	if !ok || !filepath.IsLocal(rest) {
		return false
	}
	for name := range strings.SplitSeq(rest, sep) {
		if !e.cfg.enters(&last, name) || e.isOut(last.prefix+name) {
			return false
		}
		last = last.child(name)
		if !e.readRules(&last) {
			return false
		}
		list = append(list, last)
	}
	*chain = list
	return true
}

// isOut tells whether a folder is that of the outputs, which the run may make.
func (e *entering) isOut(path string) bool {
	if e.cfg.Out == "" {
		return false
	}
	if e.out == nil {
		e.out, _ = os.Stat(e.cfg.Out)
	}
	w := walker{out: e.out}
	return w.isOut(path)
}
