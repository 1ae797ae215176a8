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
