package peers

import (
	"embed"
	"os"
	"path/filepath"
	"strconv"
)

//go:embed scripts
var scripts embed.FS

// script makes commands that run a script of this folder: what was found comes first,
// an interpreter and what the script needs to know of packages. See the head of each
// script for its arguments.
func script(name string) func([]string, task) (args, env []string, err error) {
	return func(found []string, t task) (args, env []string, err error) {
		text, err := scripts.ReadFile("scripts/" + name)
		if err != nil {
			return nil, nil, err
		}
		path := filepath.Join(t.scratch, name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			return nil, nil, err
		}
		work, pixels := "gray", 0
		switch {
		case t.Width != 0:
			work, pixels = "width", t.Width
		case t.Thumb != 0:
			work, pixels = "thumb", t.Thumb
		}
		args = append([]string{found[0], path}, found[1:]...)
		args = append(args, work, strconv.Itoa(pixels), t.list, t.out, strconv.Itoa(t.workers))
		return args, nil, nil
	}
}

// sharp has as many files at a time as there are workers, on threads of node's pool, of
// which there are 4 unless it is told.
func sharp(found []string, t task) (args, env []string, err error) {
	args, _, err = script("sharp.js")(found, t)
	return args, []string{"UV_THREADPOOL_SIZE=" + strconv.Itoa(t.workers)}, err
}
