package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// maxSlug is the most bytes of a folder's name in the name of its journal.
const maxSlug = 40

// DefaultFile returns where the journal for outputs below folder is kept: in
// the user's state folder, never below folder itself. Its name is that of the
// folder, with a hash of the whole of it.
func DefaultFile(folder string) (string, error) {
	state, err := stateFolder()
	if err != nil {
		return "", err
	}
	folder, err = filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	return filepath.Join(state, "imgpar", fmt.Sprintf("%s-%016x.journal", slug(filepath.Base(folder)), Text(folder))), nil
}

// InPlaceFile returns where the journal of all files that are replaced is kept.
// It is one for all folders: what was done to a file must be known from wherever
// it is named, since it cannot be done again or undone.
func InPlaceFile() (string, error) {
	state, err := stateFolder()
	if err != nil {
		return "", err
	}
	return filepath.Join(state, "imgpar", "in-place.journal"), nil
}

// stateFolder is where programs keep what they remember. XDG_STATE_HOME, if it
// is an absolute path, says so on every system; see the XDG Base Directory
// Specification. Without it, it is the system's own place.
func stateFolder() (string, error) {
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return dir, nil
	}
	if runtime.GOOS == "windows" {
		if dir := os.Getenv("LocalAppData"); dir != "" {
			return dir, nil
		}
		return "", errors.New("%LocalAppData% is not defined")
	}
	home, err := os.UserHomeDir()
	switch {
	case err != nil:
		return "", err
	case !filepath.IsAbs(home):
		return "", errors.New("$HOME is not an absolute path")
	case runtime.GOOS == "darwin":
		return filepath.Join(home, "Library", "Application Support"), nil
	}
	return filepath.Join(home, ".local", "state"), nil
}

// slug makes a folder's name one that every system takes.
func slug(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '_':
			return r
		}
		return '-'
	}, name)
	name = strings.Trim(name[:min(len(name), maxSlug)], "-")
	if name == "" {
		return "folder"
	}
	return name
}
