package transform

import (
	"bytes"
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

// A disk that fills up costs the output and no input, in place too, and the
// result says that further files will fail as well.
func TestAFullDiskIsTold(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("needs root: a user can mount no small disk")
	}
	folder(t)
	put(t, "a.bmp", gradient(40, 30), codec.BMP)
	must(t, os.Mkdir("disk", 0o777))
	if err := unix.Mount("tmpfs", "disk", "tmpfs", 0, "size=64k"); err != nil {
		t.Skip("cannot mount a small disk:", err)
	}
	t.Cleanup(func() { must(t, unix.Unmount("disk", 0)) })
	before := put(t, "disk/b.bmp", gradient(40, 30), codec.BMP)
	place := todo("disk/b.bmp", "disk/b.bmp", "resize w=400 enlarge")
	place.InPlace = &job.InPlace{Backup: "~"}
	for _, j := range []job.Job{todo("a.bmp", "disk/sub/a.bmp", "resize w=400 enlarge"), place} {
		if res := done(t, j, job.Failed, "unwritable: no space left on device"); !res.DiskFull {
			t.Errorf("%s: it is not said that the disk is full", j.Output)
		}
	}
	if now, err := os.ReadFile("disk/b.bmp"); err != nil || !bytes.Equal(now, before) {
		t.Errorf("the input changed, or %v", err)
	}
	holds(t, "a.bmp", "disk/b.bmp")
	if res := done(t, todo("nowhere.bmp", "disk/c.bmp", "gray"), job.Failed, "unreadable: "); res.DiskFull {
		t.Error("a missing input is a full disk")
	}
}
