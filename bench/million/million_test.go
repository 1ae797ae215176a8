//go:build unix

package main

import (
	"bytes"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTree(t *testing.T) {
	for _, c := range []struct {
		flat    bool
		folders int
	}{{false, 3}, {true, 1}} {
		tree := filepath.Join(t.TempDir(), "tree")
		const files = 2*perFolder + 1
		if err := makeTree(tree, files, c.flat); err != nil {
			t.Fatal(err)
		}
		folders, pictures := map[string]bool{}, map[string]bool{}
		for i := range files {
			name := filepath.Join(tree, pictureName(i, c.flat))
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			folders[filepath.Dir(name)], pictures[string(data)] = true, true
		}
		if len(folders) != c.folders || len(pictures) != kinds {
			t.Errorf("%d different pictures in %d folders, want %d in %d", len(pictures), len(folders), kinds, c.folders)
		}
		for data := range pictures {
			if _, err := jpeg.Decode(strings.NewReader(data)); err != nil {
				t.Error(err)
			}
		}
		first := filepath.Join(tree, pictureName(0, c.flat))
		if err := os.Remove(first); err != nil {
			t.Fatal(err)
		}
		if err := makeTree(tree, files, c.flat); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(first); err == nil {
			t.Error("a tree that was there was made again")
		}
	}
}

func TestOnlyAPictureIsAnOutput(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	if holdsPicture(out) {
		t.Error("there is one in a folder that is not there")
	}
	if err := os.MkdirAll(filepath.Join(out, "a.jpg"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(out, "a.jpg", ".b.jpg.tmp"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if holdsPicture(out) {
		t.Error("a folder, or a file that is not complete, was taken for one")
	}
	if err := os.WriteFile(filepath.Join(out, "a.jpg", "b.jpg"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if !holdsPicture(out) {
		t.Error("it was not found")
	}
}

func TestAnIdleRunSaysSo(t *testing.T) {
	for text, idle := range map[string]bool{
		`{"type":"result"}` + "\n" + `{"type":"summary","inputs":7,"ok":0,"skipped":7}` + "\n": true,
		`{"type":"summary","inputs":7,"ok":1,"skipped":6}` + "\n":                              false,
		`{"type":"summary","inputs":6,"ok":0,"skipped":6}`:                                     false,
		"": false,
	} {
		f := figures{last: lastLine(bytes.NewReader([]byte(text)))}
		if err := f.checkIdle(7); (err == nil) != idle {
			t.Errorf("%q: %v", text, err)
		}
	}
}
