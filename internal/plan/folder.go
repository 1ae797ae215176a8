package plan

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxListed is how many entries of a folder are kept at a time. One that has more
// is read again whenever they are wanted, in the order in which the system gives
// them.
const maxListed = 65_536

// readFolder lists a folder, sorted by name; huge: these are not all. Beside an
// error stands what was listed before it.
func readFolder(path string) (list []fs.DirEntry, huge bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, false, err
	}
	defer f.Close() // only read
	for len(list) <= maxListed {
		more, err := f.ReadDir(maxListed + 1 - len(list))
		list = append(list, more...)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			sortEntries(list)
			return list, false, err
		}
	}
	if len(list) > maxListed {
		return list, true, nil
	}
	sortEntries(list)
	return list, false, nil
}

func sortEntries(list []fs.DirEntry) {
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
}

// readBatches calls take with the entries of a folder, a batch at a time, until
// it returns false.
func readBatches(path string, take func([]fs.DirEntry) bool) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close() // only read
	for {
		list, err := f.ReadDir(maxBatch)
		if len(list) > 0 && !take(list) || errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// madeIn tells whether name, in a folder with a sorted list, is what an earlier run
// made of one of its neighbours.
func (c *Config) madeIn(list []fs.DirEntry, name string) bool {
	stem, ok := c.source(name)
	if !ok {
		return false
	}
	begin := stem + "."
	at, _ := slices.BinarySearchFunc(list, begin, func(e fs.DirEntry, s string) int { return cmp.Compare(e.Name(), s) })
	for ; at < len(list) && strings.HasPrefix(list[at].Name(), begin); at++ {
		if s, ok := pictureStem(list[at].Name()); ok && s == stem {
			return true
		}
	}
	return false
}

// madeEarlier tells the same of a file that is named on the command line.
func (c *Config) madeEarlier(path string) bool {
	dir, name := filepath.Split(path)
	if _, ok := c.source(name); !ok {
		return false
	}
	list, err := os.ReadDir(filepath.Clean(dir + "."))
	return err == nil && c.madeIn(list, name)
}

// madeInHuge tells the same of names in a folder that is not kept: by the hashes
// of the stems in it, if they matter.
func (c *Config) madeInHuge(path string) (func(name string) bool, error) {
	if c.Out != "" || c.InPlace || c.Suffix == "" {
		return func(string) bool { return false }, nil
	}
	stems := (*nameSet)(nil).next()
	err := readBatches(path, func(list []fs.DirEntry) bool {
		for _, e := range list {
			if stem, ok := pictureStem(e.Name()); ok {
				stems.has(stem)
			}
		}
		return true
	})
	stems.complete = true
	return func(name string) bool {
		stem, ok := c.source(name)
		return ok && stems.has(stem)
	}, err
}
