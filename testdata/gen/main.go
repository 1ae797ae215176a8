// Gen makes the pictures that the tests use, the same bytes on every 64-bit machine.
//
//	go run -C testdata/gen . ../images
package main

//go:generate go run . ../images

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gen FOLDER")
		os.Exit(2)
	}
	if err := writeAll(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// files returns everything that belongs into the folder, by slash-separated name.
func files() map[string][]byte {
	good, broken := goodFixtures(), brokenFixtures()
	out := map[string][]byte{"README.md": readme(good, broken)}
	for _, f := range append(good, broken...) {
		out[f.name] = f.data
	}
	return out
}

// writeAll writes the files below a folder. It leaves other files alone.
func writeAll(folder string) error {
	for name, data := range files() {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
