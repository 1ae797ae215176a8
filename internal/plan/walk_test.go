package plan

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"sync/atomic"
	"testing"

	"github.com/imgpar/imgpar/internal/job"
)

func TestAFolderIsWalked(t *testing.T) {
	tree(t, "p/b.PNG", "p/a.jpg", "p/text.txt", "p/README", "p/.hidden.jpg", "p/.git/c.jpg", "p/sub/deep/c.webp", "p/sub.jpg/d.gif", "p/empty/")
	p := planned(t, Config{Out: "out"}, "p")
	check(t, p,
		"p/a.jpg -> out/a.jpg",
		"p/b.PNG -> out/b.PNG",
		"p/sub/deep/c.webp -> out/sub/deep/c.webp",
		"p/sub.jpg/d.gif -> out/sub.jpg/d.gif",
	)
	if p.ignored != 3 { // the hidden folder's content is not looked at
		t.Errorf("%d ignored, want text.txt, README and .hidden.jpg", p.ignored)
	}
}

func TestTheCurrentFolder(t *testing.T) {
	tree(t, "a.jpg", "sub/b.jpg")
	check(t, planned(t, Config{}, "."), "a.jpg -> a_gray.jpg", "sub/b.jpg -> sub/b_gray.jpg")
}

// What is named is taken, whatever its name.
func TestNamedPaths(t *testing.T) {
	tree(t, "p/.hidden.jpg", "p/text.txt", "p/.dir/a.jpg", "p/noext", "p/q/a.jpg", "real/z.jpg", "dir -> real")
	check(t, planned(t, Config{Out: "out"}, "p/.hidden.jpg", "p/text.txt", "./p//noext", "p/.dir", "p/q/../q/a.jpg", "dir"),
		"p/.hidden.jpg -> out/.hidden.jpg",
		"p/text.txt -> out/text.txt",
		"p/noext -> out/noext",
		"p/.dir/a.jpg: failed: collision: p/q/a.jpg would write out/a.jpg, too",
		"p/q/a.jpg: failed: collision: p/.dir/a.jpg would write out/a.jpg, too",
		"dir/z.jpg -> out/z.jpg",
	)
}

func TestLinks(t *testing.T) {
	tree(t, "real/r.jpg", "p/dangling.jpg -> nowhere", "p/file.jpg -> ../real/r.jpg", "p/folder -> ../real", "p/folder.jpg -> ../real",
		"p/loop.jpg -> loop.jpg", "p/text -> ../real/r.jpg", "p/evil.jpg -> line\nbreak")
	p := planned(t, Config{Out: "out"}, "p")
	check(t, p,
		"p/dangling.jpg: failed: unreadable: a dangling link to nowhere",
		"p/evil.jpg: failed: unreadable: a dangling link to line; break",
		"p/file.jpg -> out/file.jpg",
		"p/loop.jpg: failed: unreadable: "+statError(t, "p/loop.jpg"),
	)
	if p.items[2].Bytes != int64(len("real/r.jpg")) {
		t.Errorf("the size of a link: %d", p.items[2].Bytes)
	}
	if p.ignored != 3 {
		t.Errorf("%d ignored, want the two links to folders and text", p.ignored)
	}
}

func statError(t *testing.T, name string) string {
	t.Helper()
	_, err := os.Stat(name)
	if err == nil {
		t.Fatalf("%s can be looked at", name)
	}
	return job.Plain(err)
}

func TestWhatCannotBeRead(t *testing.T) {
	tree(t, "p/a.jpg", "file")
	p := planned(t, Config{}, "p", "nowhere", "nowhere.jpg", "file/below")
	check(t, p,
		"p/a.jpg -> p/a_gray.jpg",
		"nowhere: failed: unreadable: no such file or directory",
		"nowhere.jpg: failed: unreadable: no such file or directory",
		"file/below: failed: unreadable: "+statError(t, "file/below"),
	)
	for _, it := range p.items[1:] {
		if it.Done.Output != "" {
			t.Errorf("%s has the output %s", it.Job.Input, it.Done.Output)
		}
	}
}

// A folder that cannot be listed is one failure, however often it is met, and
// the rest goes on. Permissions do not bind every user: the walker is led to a
// file in place of a folder, which cannot be listed either.
func TestAFolderThatCannotBeListed(t *testing.T) {
	tree(t, "p/sub")
	names, err := newNamer(Config{Out: "out"})
	must(t, err)
	c := Config{Out: "out", names: &names, listed: maxListed}
	w := walker{ctx: t.Context(), cfg: &c, seen: newPathSet(), ignored: new(atomic.Int64)}
	w.seen.begin()
	f := &found{}
	w.hand = func(b batch) bool {
		f.items = append(f.items, b.done...)
		return true
	}
	for range 2 {
		w.group([]folder{w.rootFolder("p", -1).child("sub")})
	}
	_, err = os.ReadDir("p/sub")
	check(t, f, "p/sub: failed: unreadable: "+job.Plain(err))
	if it := f.items[0]; it.Done.Output != "" {
		t.Errorf("it has the output %s", it.Done.Output)
	} else if name := ListName(it); name != "p/./sub" {
		t.Errorf("a list has %s for it", name)
	}
}

func TestTheOutputFolderIsNotWalked(t *testing.T) {
	tree(t, "p/a.jpg", "p/out/a.jpg", "p/out/sub/b.jpg", "p/sub/out/c.jpg", "alias -> p/out")
	for _, out := range []string{"p/out", "./p/../p/out", "alias"} {
		p := planned(t, Config{Out: out}, "p")
		if got := len(p.items); got != 2 || p.items[0].Job.Input != "p/a.jpg" || p.items[1].Job.Input != "p/sub/out/c.jpg" {
			t.Errorf("--out %s: %q", out, lines(p))
		}
	}
}

func TestSeveralRoots(t *testing.T) {
	tree(t, "p/a.jpg", "p/sub/b.jpg", "q/sub/c.jpg", "q/a.png")
	check(t, planned(t, Config{Out: "out"}, "p", "q"),
		"p/a.jpg -> out/a.jpg", "p/sub/b.jpg -> out/sub/b.jpg", "q/a.png -> out/a.png", "q/sub/c.jpg -> out/sub/c.jpg")
}

func TestNothingIsTakenTwice(t *testing.T) {
	tree(t, "p/a.jpg", "p/sub/b.jpg", "p/c.jpg", "p/c_gray.jpg")
	abs, err := os.Getwd()
	must(t, err)
	check(t, planned(t, Config{}, "p/a.jpg", "p", "./p/a.jpg", "p/sub", "p", abs+"/p/a.jpg", "nowhere", "nowhere", "p/c_gray.jpg", "p/c_gray.jpg"),
		"p/a.jpg -> p/a_gray.jpg",
		"p/c.jpg -> p/c_gray.jpg",
		"p/sub/b.jpg -> p/sub/b_gray.jpg",
		"nowhere: failed: unreadable: no such file or directory",
		"p/c_gray.jpg: skipped: an output of an earlier run",
	)
}

func TestOutputsOfAnEarlierRun(t *testing.T) {
	tree(t, "p/a.jpg", "p/a_gray.jpg", "p/a_gray_gray.jpg", "p/b.webp", "p/b_gray.webp", "p/orphan_gray.jpg", "p/_gray.jpg", "p/c_gray.txt", "p/d_resize.jpg", "p/d.jpg", "p/gray.jpg")
	p := planned(t, Config{}, "p")
	check(t, p,
		"p/_gray.jpg -> p/_gray_gray.jpg",
		"p/a.jpg -> p/a_gray.jpg",
		"p/b.webp -> p/b_gray.webp",
		"p/d.jpg -> p/d_gray.jpg",
		"p/d_resize.jpg -> p/d_resize_gray.jpg",
		"p/gray.jpg -> p/gray_gray.jpg",
		"p/orphan_gray.jpg -> p/orphan_gray_gray.jpg",
	)
	if p.ignored != 4 {
		t.Errorf("%d ignored, want a_gray.jpg, a_gray_gray.jpg, b_gray.png and c_gray.txt", p.ignored)
	}
	check(t, planned(t, Config{}, "p/a_gray.jpg", "p/orphan_gray.jpg", "p/a_gray.png"),
		"p/a_gray.jpg: skipped: an output of an earlier run",
		"p/orphan_gray.jpg -> p/orphan_gray_gray.jpg",
		"p/a_gray.png: failed: unreadable: no such file or directory", // it is not there, whatever its name
	)
	if p := planned(t, Config{Out: "out"}, "p"); len(p.items) != 10 {
		t.Errorf("with --out: %q", lines(p))
	}
	if p := planned(t, Config{InPlace: true}, "p"); len(p.items) != 10 {
		t.Errorf("with --in-place: %q", lines(p))
	}
	if p := planned(t, Config{Format: "png"}, "p"); len(p.items) != 10 {
		t.Errorf("without a suffix: %q", lines(p))
	}
}

func TestGlobs(t *testing.T) {
	names := []string{"p/a.jpg", "p/b.png", "p/raw/c.jpg", "p/2024/d.jpg", "p/2024/raw/e.png", "p/2024/x/f.jpg"}
	for _, c := range []struct {
		include, exclude []string
		want             string // letters of the files that are taken: those of a folder, then those below
		ignored          int
	}{
		{nil, nil, "abdefc", 0},
		{[]string{"*.jpg"}, nil, "adfc", 2},
		{[]string{"*.jpg", "b.*"}, nil, "abdfc", 1},
		{[]string{"2024/**"}, nil, "def", 3},
		{[]string{"2024/*"}, nil, "d", 5},
		{[]string{"**/raw/*"}, nil, "ec", 4},
		{[]string{"*/*.jpg"}, nil, "dc", 4},
		{[]string{"/a.jpg"}, nil, "", 6},
		{[]string{"[ab].*"}, nil, "ab", 4},
		{[]string{"*.{jpg,gif}"}, nil, "adfc", 2},
		{nil, []string{"*.png"}, "adfc", 2},
		{nil, []string{"raw"}, "abdf", 0},
		{nil, []string{"**/raw"}, "abdf", 0},
		{nil, []string{"2024/raw"}, "abdfc", 0},
		{nil, []string{"2024"}, "abc", 0},
		{nil, []string{"2024/**"}, "abc", 0},
		{[]string{"*.jpg"}, []string{"2024", "a*"}, "c", 2},
		{nil, []string{"*"}, "", 2},
	} {
		tree(t, names...)
		p := planned(t, Config{Out: "out", Include: c.include, Exclude: c.exclude}, "p")
		got := ""
		for _, it := range p.items {
			base := string(it.Job.Input)
			got += base[len(base)-5 : len(base)-4]
		}
		if got != c.want || p.ignored != c.ignored {
			t.Errorf("include %q, exclude %q: %q and %d ignored, want %q and %d", c.include, c.exclude, got, p.ignored, c.want, c.ignored)
		}
	}
}

// What is named is not held against the globs, they are for walks.
func TestGlobsDoNotTouchNamedFiles(t *testing.T) {
	tree(t, "p/a.jpg", "p/b.jpg")
	check(t, planned(t, Config{Out: "out", Include: []string{"x*"}, Exclude: []string{"*.jpg"}}, "p/a.jpg"), "p/a.jpg -> out/a.jpg")
}

func TestADoneContextEndsTheWalk(t *testing.T) {
	tree(t, "p/a.jpg", "p/sub/b.jpg")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, path := range []string{"p", "p/a.jpg"} {
		p, err := Open(ctx, Config{Out: "out", Paths: []string{path}})
		if p != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, %v", path, p, err)
		}
	}
}

func TestDescribe(t *testing.T) {
	for mode, want := range map[fs.FileMode]string{
		fs.ModeNamedPipe: "a named pipe", fs.ModeSocket: "a socket", fs.ModeDevice: "a device",
		fs.ModeDevice | fs.ModeCharDevice: "a device", fs.ModeIrregular: "no regular file",
	} {
		if got := describe(mode); got != want {
			t.Errorf("%v is %q, want %q", mode, got, want)
		}
	}
}
