//go:build faults && linux

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// pictures are the inputs of a run: names below in, and fixtures.
var pictures = map[string]string{
	"a.jpg": "jpeg_420.jpg", "b.png": "png_rgb8.png", "c.gif": "gif_still.gif", "d.tif": "tiff_rgb.tif",
	"broken.jpg": "broken/truncated.jpg", "sub/e.webp": "webp_lossless.webp",
}

// sources makes the inputs below dir.
func (s *suite) sources(dir string) error {
	for name, fixture := range pictures {
		if err := s.source(dir, name, fixture); err != nil {
			return err
		}
	}
	return nil
}

// source makes an input. It is older than anything that a run makes.
func (s *suite) source(dir, name, fixture string) error {
	old := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	data, err := os.ReadFile(filepath.Join(s.fixtures, fixture))
	if err != nil {
		return err
	}
	name = filepath.Join(dir, "in", name)
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	if err := os.WriteFile(name, data, 0o666); err != nil {
		return err
	}
	return os.Chtimes(name, old, old)
}

// tree holds files by their names below a folder.
type tree map[string][]byte

// readTree reads what is below dir, but for the journal.
func readTree(dir string) (tree, error) {
	t := tree{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path == filepath.Join(dir, stateFolder):
			return fs.SkipDir
		case d.IsDir():
			return nil
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		t[rel], err = os.ReadFile(path)
		return err
	})
	return t, err
}

func isTemp(name string) bool { return strings.HasPrefix(filepath.Base(name), ".imgpar-") }

// between says what in t is neither as before the run nor as after it.
func (t tree) between(before, after tree, temps bool) []string {
	var wrong []string
	for name, data := range t {
		was, old := before[name]
		is, made := after[name]
		switch {
		case isTemp(name):
			if !temps {
				wrong = append(wrong, name+" is left")
			}
		case !old && !made:
			wrong = append(wrong, name+" has nothing to do here")
		case (!old || !bytes.Equal(data, was)) && (!made || !bytes.Equal(data, is)):
			wrong = append(wrong, fmt.Sprintf("%s holds %d bytes that are neither old nor new", name, len(data)))
		}
	}
	for name := range before {
		if _, ok := t[name]; !ok {
			wrong = append(wrong, name+" is gone")
		}
	}
	return wrong
}

// differs says where t is not as another tree.
func (t tree) differs(want tree) []string {
	var wrong []string
	for name, data := range want {
		if have, ok := t[name]; !ok {
			wrong = append(wrong, name+" is missing")
		} else if !bytes.Equal(have, data) {
			wrong = append(wrong, name+" differs")
		}
	}
	for name := range t {
		if _, ok := want[name]; !ok {
			wrong = append(wrong, name+" is left")
		}
	}
	return wrong
}

// result is what a run says of an input, or of a further output.
type result struct {
	Type, Output, Outcome string
	Also                  []result
}

// results reads what a run has said of its inputs. Of one that was killed, the last
// line may be torn.
func results(stdout []byte) (list []result) {
	for line := range bytes.Lines(stdout) {
		var r result
		if json.Unmarshal(line, &r) == nil && r.Type == "result" {
			list = append(list, r)
		}
	}
	return list
}

// outcomes counts the inputs by their outcome.
func outcomes(stdout []byte) map[string]int {
	n := map[string]int{}
	for _, r := range results(stdout) {
		n[r.Outcome]++
	}
	return n
}

// claims says which outputs a run reported as written that are not there.
func (t tree) claims(stdout []byte, want tree) []string {
	var wrong []string
	for _, r := range results(stdout) {
		for _, made := range append(r.Also, r) {
			name := filepath.Clean(made.Output)
			if made.Outcome == "ok" && !bytes.Equal(t[name], want[name]) {
				wrong = append(wrong, name+" was reported as ok and is not")
			}
		}
	}
	return wrong
}
