//go:build unix

package plan

import (
	"net"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// Opening a named pipe would wait for ever.
func TestSpecialFiles(t *testing.T) {
	tree(t, "p/a.jpg")
	must(t, unix.Mkfifo("p/pipe.jpg", 0o666))
	l, err := net.Listen("unix", "p/socket.jpg")
	must(t, err)
	defer l.Close()
	check(t, planned(t, Config{}, "p", "/dev/null"),
		"p/a.jpg -> p/a_gray.jpg",
		"p/pipe.jpg: failed: unsupported: a named pipe, not a file",
		"p/socket.jpg: failed: unsupported: a socket, not a file",
		"/dev/null: failed: unsupported: a device, not a file",
	)
}

func TestStrangeNames(t *testing.T) {
	names := []string{"p/line\nbreak.jpg", "p/tab\t.jpg", "p/*?[.jpg", "p/ .jpg", "p/-o.jpg"}
	if runtime.GOOS != "darwin" { // whose names are UTF-8
		names = append(names, "p/\xff\xfelatin\xe9.jpg")
	}
	tree(t, names...)
	p := planned(t, Config{Out: "out"}, "p")
	got := map[string]string{}
	for _, it := range p.items {
		got[string(it.Job.Input)] = string(it.Job.Output)
	}
	for _, name := range names {
		if want := "out" + name[1:]; got[name] != want {
			t.Errorf("%q is written as %q, want %q", name, got[name], want)
		}
	}
	if len(got) != len(names) {
		t.Errorf("%d files, want %d", len(got), len(names))
	}
}

// A reason may name another file, and stays one line.
func TestStrangeNamesInReasons(t *testing.T) {
	tree(t, "p/a\nb.jpg", "p/a\nb.png")
	check(t, planned(t, Config{Out: "out", Format: "png"}, "p"),
		"p/a\nb.jpg: failed: collision: p/a; b.png would write out/a; b.png, too",
		"p/a\nb.png: failed: collision: p/a; b.jpg would write out/a; b.png, too",
	)
}

// Folders beside each other whose names differ in case only are one below the
// output folder on some systems, and so are their files there.
func TestFoldersThatAreOneToSome(t *testing.T) {
	if runtime.GOOS == "darwin" {
		t.Skip("such folders are one here")
	}
	tree(t, "p/A/x.jpg", "p/a/X.jpg", "p/a/y.jpg", "p/A/sub/z.jpg", "p/a/SUB/z.jpg", "p/b/x.jpg", "p/c/x.jpg", "p/C\u0327/w.jpg", "p/\u00e7/w.jpg")
	want := []string{
		"p/A/x.jpg: failed: collision: p/a/X.jpg would write out/a/X.jpg, too",
		"p/a/X.jpg: failed: collision: p/A/x.jpg would write out/A/x.jpg, too",
		"p/a/y.jpg -> out/a/y.jpg",
		"p/a/SUB/z.jpg: failed: collision: p/A/sub/z.jpg would write out/A/sub/z.jpg, too",
		"p/A/sub/z.jpg: failed: collision: p/a/SUB/z.jpg would write out/a/SUB/z.jpg, too",
		"p/C\u0327/w.jpg: failed: collision: p/\u00e7/w.jpg would write out/\u00e7/w.jpg, too",
		"p/\u00e7/w.jpg: failed: collision: p/C\u0327/w.jpg would write out/C\u0327/w.jpg, too",
		"p/b/x.jpg -> out/b/x.jpg",
		"p/c/x.jpg -> out/c/x.jpg",
	}
	check(t, planned(t, Config{Out: "out"}, "p"), want...)

	p, err := Open(t.Context(), Config{Out: "out", Paths: []string{"p"}})
	must(t, err)
	f := &found{}
	for it := range p.Again(t.Context(), "p/a/SUB") {
		f.items = append(f.items, it)
	}
	if got := lines(f); len(got) != 1 || got[0] != want[3] {
		t.Errorf("planned again: %q", got)
	}
}
