package peers

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/imgpar/imgpar/bench"
)

var installed = sync.OnceValue(func() []Peer { return Installed(context.Background()) })

var works = []Work{{Gray: true}, {Width: 100}, {Thumb: 64}}

// orientation6 is an EXIF segment that has a picture turned to the right.
const orientation6 = "\xff\xe1\x00\x22Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"

// pictures are JPEGs under names that shells and programs take for something else, in
// the order of a list, with what is expected of Width 100.
var pictures = []struct {
	name string
	w, h int
	turn bool // stored as h x w, with orientation6
	at   image.Point
}{
	{"plain.jpg", 320, 200, false, image.Pt(100, 63)}, // 62.5
	{"with  spaces.jpg", 300, 300, false, image.Pt(100, 100)},
	{`it's "quoted" $HOME * %s {}.JPG`, 240, 320, false, image.Pt(100, 133)},
	{"-resize.jpeg", 320, 240, false, image.Pt(100, 75)},
	{"@list[0].jpg", 1200, 900, false, image.Pt(100, 75)},
	{"turned ü.jpg", 240, 320, true, image.Pt(100, 133)},
	{"narrow.jpg", 80, 120, false, image.Pt(80, 120)},
}

// size is that of the result, upright.
func size(i int, w Work) image.Point {
	p := pictures[i]
	switch {
	case w.Width != 0:
		return p.at
	case w.Thumb != 0:
		return image.Pt(w.Thumb, w.Thumb)
	}
	return image.Pt(p.w, p.h)
}

// lay writes the pictures.
func lay(t *testing.T, dir string) (sources []string) {
	t.Helper()
	for _, p := range pictures {
		w, h := p.w, p.h
		if p.turn {
			w, h = h, w
		}
		m := image.NewRGBA(image.Rect(0, 0, w, h))
		for y := range h {
			for x := range w {
				m.SetRGBA(x, y, color.RGBA{uint8(255 * x / w), uint8(255 * y / h), 90, 255})
			}
		}
		var b bytes.Buffer
		if err := jpeg.Encode(&b, m, nil); err != nil {
			t.Fatal(err)
		}
		data := b.Bytes()
		if p.turn {
			data = slices.Concat(data[:2], []byte(orientation6), data[2:])
		}
		name := filepath.Join(dir, p.name)
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		sources = append(sources, name)
	}
	return sources
}

// TestPeersDoTheWork runs what is installed; the rest of what is promised of commands is
// tested without.
func TestPeersDoTheWork(t *testing.T) {
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			i := slices.IndexFunc(installed(), func(p Peer) bool { return p.Name == k.name })
			if i < 0 {
				t.Skipf("%s is not installed here", k.name)
			}
			for _, w := range works {
				run(t, installed()[i], w)
			}
		})
	}
}

func run(t *testing.T, p Peer, w Work) {
	dir := filepath.Join(t.TempDir(), "it's a $folder {}")
	list, out, scratch := folders(t, dir)
	sources := lay(t, dir)
	said, err := do(t, p, w, sources, list, out, scratch, 2)
	if errors.Is(err, bench.ErrCannot) && p.Name == "jpegtran" && !w.Gray {
		return
	}
	if err != nil {
		t.Errorf("%+v: %v: %s", w, err, said)
	}
	for i, source := range sources {
		want := size(i, w)
		if w.Width > pictures[i].w && strings.HasSuffix(p.Name, "Magick") {
			want = image.Pt(w.Width, want.Y*w.Width/want.X) // see hint
		}
		if got, err := upright(output(out, i, source)); err != nil || got != want {
			t.Errorf("%+v of %s is %v, %v, not %v", w, filepath.Base(source), got, err, want)
		}
	}
	if entries, err := os.ReadDir(out); err != nil || len(entries) != len(sources) {
		t.Errorf("%+v: %d outputs for %d files, %v", w, len(entries), len(sources), err)
	}
}

func folders(t *testing.T, dir string) (list, out, scratch string) {
	t.Helper()
	out, scratch = filepath.Join(dir, "out"), filepath.Join(dir, "scratch")
	for _, d := range []string{scratch, out} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "list"), out, scratch
}

func do(t *testing.T, p Peer, w Work, sources []string, list, out, scratch string, workers int) (said []byte, err error) {
	t.Helper()
	if err := os.WriteFile(list, []byte(strings.Join(sources, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args, env, err := p.command(w, list, out, scratch, workers)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), env...)
	return cmd.CombinedOutput()
}

// TestOneBadFileCostsOneFile has it in the middle of what a process is given.
func TestOneBadFileCostsOneFile(t *testing.T) {
	for _, p := range installed() {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			list, out, scratch := folders(t, dir)
			bad := filepath.Join(dir, "bad.jpg")
			if err := os.WriteFile(bad, []byte("\xff\xd8\xff\xc0 no more"), 0o600); err != nil {
				t.Fatal(err)
			}
			good := lay(t, dir)
			sources := slices.Concat(good[:5], []string{bad}, good[:3]) // three for each process
			said, _ := do(t, p, Work{Gray: true}, sources, list, out, scratch, 1)
			for i, source := range sources {
				if _, err := upright(output(out, i, source)); (err == nil) != (source != bad) {
					t.Errorf("%d: %v; %s", i, err, said)
				}
			}
		})
	}
}

// upright reads the size of a JPEG, whose orientation, if any, is 1 or 6.
func upright(name string) (image.Point, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return image.Point{}, err
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(b))
	if bytes.Contains(b, []byte("\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06")) || bytes.Contains(b, []byte("\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00")) {
		return image.Pt(c.Height, c.Width), err
	}
	return image.Pt(c.Width, c.Height), err
}
