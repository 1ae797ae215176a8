package peers

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// programs puts shell scripts into the only folder of PATH.
func programs(t *testing.T, scripts map[string]string) (dir string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the programs of this test are shell scripts")
	}
	dir = t.TempDir()
	for name, text := range scripts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+text+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	t.Setenv(sharpEnv, "")
	return dir
}

// withoutPython leaves out what may be found at /usr/bin/python3, outside of PATH.
func withoutPython(all []Peer) []Peer {
	return slices.DeleteFunc(all, func(p Peer) bool { return p.Name == "OpenCV" || p.Name == "Pillow" })
}

func TestVersionsAreRead(t *testing.T) {
	dir := programs(t, map[string]string{
		"python":        `case $2 in *cv2*) echo warning; printf 'found\n/opt/py thon\n4.11.0\n3.13.1\n';; *) exit 1;; esac`,
		"python3":       "echo no such package >&2; exit 1",
		"node":          `test "$3" = sharp && printf 'found\n/opt/sharp/lib/index.js\n0.34.1\n8.16.1\n'`,
		"vips":          "echo vips-8.15.1-Sat",
		"vipsthumbnail": "echo libvips 8.15.1",
		"gm":            "echo GraphicsMagick 1.3.40 2023-01-14 Q16",
		"mogrify":       "echo Version: ImageMagick 6.9.11-60 Q16 x86_64",
		"magick":        "echo Version: ImageMagick 7.1.1-43 Q16-HDRI",
		"jpegtran":      "echo 'libjpeg-turbo version 2.1.5 (build 20230203)' >&2; exit 1",
	})
	want := map[string]string{
		"OpenCV":         "4.11.0, Python 3.13.1: /opt/py thon",
		"sharp":          "0.34.1, libvips 8.16.1: DIR/node /opt/sharp/lib/index.js",
		"libvips":        "8.15.1: DIR/vips DIR/vipsthumbnail",
		"GraphicsMagick": "1.3.40: DIR/gm mogrify",
		"ImageMagick":    "7.1.1-43: DIR/magick mogrify",
		"jpegtran":       "libjpeg-turbo 2.1.5: DIR/jpegtran",
	}
	for _, p := range Installed(t.Context()) {
		if p.Name == "Pillow" {
			continue // /usr/bin/python3 may have it
		}
		if got := p.Version + ": " + strings.ReplaceAll(strings.Join(p.found, " "), dir, "DIR"); got != want[p.Name] {
			t.Errorf("%s %s, not %s", p.Name, got, want[p.Name])
		}
		delete(want, p.Name)
	}
	for name := range want {
		t.Errorf("%s was not found", name)
	}
}

func TestSharpIsLookedForInThreePlaces(t *testing.T) {
	dir := programs(t, map[string]string{
		"node": `test "$3" = "$HERE" && printf 'found\n%s\n1\n2\n' "$3"`,
		"npm":  "echo /global/root",
	})
	for _, c := range []struct{ here, env, want string }{
		{"sharp", "", "sharp"},
		{"/global/root/sharp", "", "/global/root/sharp"},
		{"/odd", "/odd", "/odd"},
		{"sharp", "/odd", ""}, // who names a folder means it
		{"nowhere", "", ""},
	} {
		t.Setenv("HERE", c.here)
		t.Setenv(sharpEnv, c.env)
		var want []string
		if c.want != "" {
			want = []string{filepath.Join(dir, "node"), c.want}
		}
		if got, _ := findSharp(t.Context()); !slices.Equal(got, want) {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func TestOtherProgramsOfTheNameAreNotTaken(t *testing.T) {
	programs(t, map[string]string{
		"magick":        "echo a game",
		"mogrify":       "echo usage: mogrify >&2; exit 2",
		"gm":            "echo gm 1.0",
		"vips":          "echo vips-8.15.1",
		"vipsthumbnail": "exit 127",
		"jpegtran":      "exit 1",
		"node":          "echo found",
	})
	if got := withoutPython(Installed(t.Context())); len(got) > 0 {
		t.Errorf("found %+v", got)
	}
}

func TestNothingInstalled(t *testing.T) {
	programs(t, nil)
	if got := withoutPython(Installed(t.Context())); len(got) > 0 {
		t.Errorf("found %+v", got)
	}
}

// TestWhatHangsIsNotWaitedFor has programs whose children keep their output open.
func TestWhatHangsIsNotWaitedFor(t *testing.T) {
	hang := "/bin/sleep 300"
	programs(t, map[string]string{"python3": hang, "node": hang, "gm": hang, "magick": hang, "jpegtran": hang})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	if got := Installed(ctx); len(got) > 0 {
		t.Errorf("found %+v", got)
	}
	if d := time.Since(start); d > 60*time.Second {
		t.Errorf("it took %v", d)
	}
}
