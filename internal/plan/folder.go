package plan

import (
	"cmp"
	"errors"
	"hash/maphash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/imgpar/imgpar/codec"
)

// maxListed is how many entries of a folder are kept at a time. One that has more
// is read again whenever they are wanted, in the order in which the system gives
// them.
const maxListed = 65_536

// readFolder lists a folder, sorted by name; huge: there are more than most. Beside
// an error stands what was listed before it.
func readFolder(path string, most int) (list []fs.DirEntry, huge bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, false, err
	}
	defer f.Close() // only read
	for len(list) <= most {
		more, err := f.ReadDir(most + 1 - len(list))
		list = append(list, more...)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			sortEntries(list)
			return list, false, err
		}
	}
	if len(list) > most {
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

// stems tells which pictures are in folders, by their names without extension.
type stems struct {
	folder string // the last that was asked for
	list   []fs.DirEntry
}

// has tells whether a folder has a picture of a stem.
func (s *stems) has(folder, stem string) bool {
	if s.folder != folder {
		s.folder = folder
		s.list, _ = os.ReadDir(folder) // what cannot be read has none
	}
	return hasStem(s.list, stem)
}

// hasStem tells the same of a sorted list.
func hasStem(list []fs.DirEntry, stem string) bool {
	begin := stem + "."
	at, _ := slices.BinarySearchFunc(list, begin, func(e fs.DirEntry, s string) int { return cmp.Compare(e.Name(), s) })
	for ; at < len(list) && strings.HasPrefix(list[at].Name(), begin); at++ {
		if s, ok := pictureStem(list[at].Name()); ok && s == stem {
			return true
		}
	}
	return false
}

// pictureStem returns the stem of a name that is like a picture's.
func pictureStem(name string) (string, bool) {
	if _, ok := codec.FromName(name); !ok {
		return "", false
	}
	return strings.TrimSuffix(name, filepath.Ext(name)), true
}

// stemsOf returns what tells the same of a folder that is too large to be kept,
// by hashes of 64 bits.
func stemsOf(path string) (func(stem string) bool, error) {
	seed, known := maphash.MakeSeed(), map[uint64]struct{}{}
	err := readBatches(path, func(list []fs.DirEntry) bool {
		for _, e := range list {
			if stem, ok := pictureStem(e.Name()); ok {
				known[maphash.String(seed, stem)] = struct{}{}
			}
		}
		return true
	})
	return func(stem string) bool {
		_, ok := known[maphash.String(seed, stem)]
		return ok
	}, err
}
