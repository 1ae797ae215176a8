package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// infoContract is the name and type of every field that info --json gives of a
// file that can be read.
var infoContract = map[string]string{
	"type": "string", "input": "string", "outcome": "string", "reason": "string", "in_bytes": "float64",
	"format": "string", "variant": "string", "width": "float64", "height": "float64",
	"displayed_width": "float64", "displayed_height": "float64", "bits": "float64", "color": "string", "alpha": "bool",
	"orientation": "float64", "frames": "float64", "animated": "bool", "loop": "float64",
	"camera": "string", "lens": "string", "taken": "string", "artist": "string", "copyright": "string", "gps": "bool",
	"exif_bytes": "float64", "xmp_bytes": "float64", "iptc_bytes": "float64",
	"comment_bytes": "[]interface {}", "other": "[]interface {}",
	"gray": "map[string]interface {}", "resize": "map[string]interface {}",
}

// Every fixture has a line that keeps the contract: good ones all fields, broken
// ones a reason or, where only their pixels are broken, all fields as well.
func TestInfoJSON(t *testing.T) {
	var names []string
	err := filepath.WalkDir(fixtures(t), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Ext(path) != ".md" {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	end := imgpar(t, append([]string{"info", "--json"}, names...)...)
	if end.status != exitFailed || end.stderr != "" {
		t.Errorf("status %d, %s", end.status, end.stderr)
	}
	lines := strings.Split(strings.TrimSuffix(end.stdout, "\n"), "\n")
	if len(lines) != len(names) {
		t.Fatalf("%d lines for %d files", len(lines), len(names))
	}
	for i, line := range lines {
		var object map[string]any
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if object["input"] != names[i] {
			t.Errorf("line %d is on %v, want %s", i, object["input"], names[i])
		}
		broken := strings.Contains(filepath.ToSlash(names[i]), "/broken/")
		if object["outcome"] == "failed" && broken && object["reason"] != "" && object["format"] == nil {
			continue
		}
		if object["outcome"] != "ok" || object["reason"] != "" {
			t.Errorf("%s", line)
		}
		for name, kind := range infoContract {
			if got := fmt.Sprintf("%T", object[name]); got != kind {
				t.Errorf("%s: %s is %s, want %s", names[i], name, got, kind)
			}
		}
		if _, ok := object["profile"]; !ok {
			t.Errorf("%s: no word on a profile", names[i])
		}
		for name := range object {
			if infoContract[name] == "" && name != "profile" {
				t.Errorf("%s: field %s is not in the contract", names[i], name)
			}
		}
	}
}
