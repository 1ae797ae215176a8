//go:build linux || darwin

package atomicfile

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

type fateOf int

const (
	keep  fateOf = iota // or fail
	try                 // or say that it was lost
	leave               // to the system
)

// copyAttributes gives f the extended attributes of the old file, and takes
// those away that it has and the old file has not: it may have been given an
// access list by its folder, or be left over from another run.
func copyAttributes(f, old *os.File) (notes []string, err error) {
	want, err := attributes(old)
	if err != nil {
		return nil, err
	}
	have, err := attributes(f)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		value := want[name]
		if is, there := have[name]; fate(name) == leave || there && bytes.Equal(is, value) {
			continue
		}
		err := unix.Fsetxattr(int(f.Fd()), name, value, 0)
		switch {
		case err == nil:
		case fate(name) == try:
			notes = append(notes, fmt.Sprintf("the attribute %s is lost: %v", name, err))
		default: // not wrapped: no space for attributes is not no space on the disk
			return nil, fmt.Errorf("it cannot keep the attribute %q: %v", name, err)
		}
	}
	for name := range have {
		if _, there := want[name]; there || fate(name) != keep {
			continue
		}
		if err := unix.Fremovexattr(int(f.Fd()), name); err != nil {
			return nil, fmt.Errorf("it would have the attribute %q: %v", name, err)
		}
	}
	return notes, nil
}

// maxRaces bounds how often attributes are asked for again because they have
// grown since their size was asked for.
const maxRaces = 10

// attributes returns the extended attributes of f; none, where there are none.
func attributes(f *os.File) (map[string][]byte, error) {
	fd := int(f.Fd())
	names, err := sized(func(b []byte) (int, error) { return unix.Flistxattr(fd, b) })
	if errors.Is(err, unix.ENOTSUP) || errors.Is(err, unix.ENOSYS) {
		return nil, nil
	}
	if err != nil {
		return nil, because("its attributes cannot be read", err)
	}
	all := map[string][]byte{}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(names), "\x00"), "\x00") {
		if name == "" || fate(name) == leave {
			continue
		}
		value, err := sized(func(b []byte) (int, error) { return unix.Fgetxattr(fd, name, b) })
		switch {
		case err == nil:
			all[name] = value
		case gone(err): // a moment ago, or listed and not to be had
		default:
			return nil, because(fmt.Sprintf("its attribute %q cannot be read", name), err)
		}
	}
	return all, nil
}

// sized calls get for the size, and again for as many bytes.
func sized(get func([]byte) (int, error)) ([]byte, error) {
	for range maxRaces {
		n, err := get(nil)
		if err != nil || n == 0 {
			return nil, err
		}
		b := make([]byte, n)
		n, err = get(b)
		if err == nil {
			return b[:n], nil
		}
		if !errors.Is(err, unix.ERANGE) {
			return nil, err
		}
	}
	return nil, unix.ERANGE
}
