package peers

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/bench"
)

// found stands for what Installed finds, so that commands are tested without any peer.
var found = map[string][]string{
	"OpenCV":         {"/usr/bin/python3"},
	"Pillow":         {"/usr/bin/python3"},
	"sharp":          {"/usr/bin/node", "/opt/sharp/lib/index.js"},
	"libvips":        {"/usr/bin/vips", "/usr/bin/vipsthumbnail"},
	"GraphicsMagick": {"/opt/Graphics Magick/gm", "mogrify"},
	"ImageMagick":    {"/usr/bin/magick", "mogrify"},
	"jpegtran":       {"/usr/bin/jpegtran"},
}

// TestCommands holds what is run against what is meant, with SCRATCH, LIST and OUT for paths.
func TestCommands(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("paths are those of Unix, and links are not for everybody there")
	}
	gray, width, thumb := Work{Gray: true}, Work{Width: 1200}, Work{Thumb: 256}
	const cd = "/bin/sh\n-c\ncd SCRATCH\n"
	for _, c := range []struct {
		peer string
		work Work
		want string
		env  string
	}{
		{"OpenCV", gray, "/usr/bin/python3\nSCRATCH/opencv.py\ngray\n0\nLIST\nOUT\n3", ""},
		{"OpenCV", width, "/usr/bin/python3\nSCRATCH/opencv.py\nwidth\n1200\nLIST\nOUT\n3", ""},
		{"Pillow", thumb, "/usr/bin/python3\nSCRATCH/pillow.py\nthumb\n256\nLIST\nOUT\n3", ""},
		{"sharp", thumb, "/usr/bin/node\nSCRATCH/sharp.js\n/opt/sharp/lib/index.js\nthumb\n256\nLIST\nOUT\n3", "UV_THREADPOOL_SIZE=3"},
		{"libvips", gray, cd +
			"xargs -P 3 -I {} /usr/bin/vips colourspace {} 'out/{}[Q=85]' b-w <list.jpg\n" +
			"xargs -P 3 -I {} /usr/bin/vips colourspace {} out/{} b-w <list.png\n", "VIPS_CONCURRENCY=1"},
		{"libvips", width, cd +
			"xargs -P 3 -n 2 /usr/bin/vipsthumbnail --size '1200x100000>' -o 'out/%s.jpg[Q=85]' <list.jpg\n" +
			"xargs -P 3 -n 1 /usr/bin/vipsthumbnail --size '1200x100000>' -o out/%s.png <list.png\n", "VIPS_CONCURRENCY=1"},
		{"libvips", thumb, cd +
			"xargs -P 3 -n 2 /usr/bin/vipsthumbnail --size '256x256>' --smartcrop centre -o 'out/%s.jpg[Q=85]' <list.jpg\n" +
			"xargs -P 3 -n 1 /usr/bin/vipsthumbnail --size '256x256>' --smartcrop centre -o out/%s.png <list.png\n", "VIPS_CONCURRENCY=1"},
		{"GraphicsMagick", gray, magick("'/opt/Graphics Magick/gm' mogrify -output-directory out", "-colorspace Gray"), "OMP_NUM_THREADS=1 MAGICK_THREAD_LIMIT=1"},
		{"GraphicsMagick", width, magick("'/opt/Graphics Magick/gm' mogrify -output-directory out", "-size 1200x1200 -thumbnail '1200x100000>'"), "OMP_NUM_THREADS=1 MAGICK_THREAD_LIMIT=1"},
		{"GraphicsMagick", thumb, magick("'/opt/Graphics Magick/gm' mogrify -output-directory out", "-size 256x256 -thumbnail '256x256^' -gravity Center -extent 256x256"), "OMP_NUM_THREADS=1 MAGICK_THREAD_LIMIT=1"},
		{"ImageMagick", gray, magick("/usr/bin/magick mogrify -path out", "-grayscale Rec601Luma"), "OMP_NUM_THREADS=1 MAGICK_THREAD_LIMIT=1"},
		{"ImageMagick", width, magick("/usr/bin/magick mogrify -path out", "-define jpeg:size=1200x1200 -resize '1200x100000>'"), "OMP_NUM_THREADS=1 MAGICK_THREAD_LIMIT=1"},
		{"ImageMagick", thumb, magick("/usr/bin/magick mogrify -path out", "-define jpeg:size=256x256 -resize '256x256^' -gravity Center -extent 256x256"), "OMP_NUM_THREADS=1 MAGICK_THREAD_LIMIT=1"},
		{"jpegtran", gray, cd + "xargs -P 3 -I {} /usr/bin/jpegtran -grayscale -copy all -outfile out/{} {} <list.jpg\n", ""},
	} {
		args, env, err := command(t, c.peer, c.work)
		if err != nil {
			t.Errorf("%s: %v", c.peer, err)
		}
		if got := strings.Join(args, "\n"); got != c.want {
			t.Errorf("%s %+v is\n%s\nnot\n%s", c.peer, c.work, got, c.want)
		}
		if got := strings.Join(env, " "); got != c.env {
			t.Errorf("%s: environment %q, not %q", c.peer, got, c.env)
		}
	}
	for _, w := range []Work{width, thumb} {
		if args, _, err := command(t, "jpegtran", w); !errors.Is(err, bench.ErrCannot) {
			t.Errorf("jpegtran %+v: %q, %v", w, args, err)
		}
	}
}

func magick(program, do string) string {
	do = " -auto-orient -define jpeg:optimize-coding=false " + do + " -quality 85"
	return "/bin/sh\n-c\ncd SCRATCH\nxargs -P 3 -n 2 " + program + do + " <list.jpg\nxargs -P 3 -n 1 " + program + do + " <list.png\n"
}

// command is for 14 JPEGs, a PNG and something else, on 3 workers.
func command(t *testing.T, name string, w Work) (args, env []string, err error) {
	t.Helper()
	dir := t.TempDir()
	list := filepath.Join(dir, "LIST")
	names := strings.Repeat("some/where.JPG\n", 14) + "b.png\nc.txt\n"
	if err := os.WriteFile(list, []byte(names), 0o600); err != nil {
		t.Fatal(err)
	}
	scratch := filepath.Join(dir, "SCRATCH")
	if err := os.Mkdir(scratch, 0o700); err != nil {
		t.Fatal(err)
	}
	args, env, err = Peer{Name: name, found: found[name]}.command(w, list, filepath.Join(dir, "OUT"), scratch, 3)
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], dir+"/", "")
	}
	return args, env, err
}

func TestFilesAreLinksAndListed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links are not for everybody there")
	}
	dir := t.TempDir()
	list := filepath.Join(dir, "list")
	if err := os.WriteFile(list, []byte("/a/-x y'.JPG\n/b/é.png\n/c/z.jpg"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := (Peer{Name: "libvips", found: found["libvips"]}).command(Work{Gray: true}, list, filepath.Join(dir, "o"), dir, 1); err != nil {
		t.Fatal(err)
	}
	for link, want := range map[string]string{"0.jpg": "/a/-x y'.JPG", "1.png": "/b/é.png", "2.jpg": "/c/z.jpg", "out": filepath.Join(dir, "o")} {
		if got, err := os.Readlink(filepath.Join(dir, link)); got != want {
			t.Errorf("%s is a link to %s, %v, not %s", link, got, err, want)
		}
	}
	for name, want := range map[string]string{"list.jpg": "0.jpg\n2.jpg\n", "list.png": "1.png\n"} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); string(got) != want {
			t.Errorf("%s has %q, %v, not %q", name, got, err, want)
		}
	}
}

func TestFilesOfAProcess(t *testing.T) {
	for _, c := range []struct{ files, workers, want int }{
		{1, 2, 1}, {8, 2, 1}, {9, 2, 2}, {800, 2, mostFiles}, {801, 2, mostFiles}, {10000, 2, mostFiles},
	} {
		if got := perProcess(c.files, c.workers); got != c.want {
			t.Errorf("%d files on %d workers: %d, not %d", c.files, c.workers, got, c.want)
		}
	}
}
