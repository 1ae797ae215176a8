package staging

import (
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/imgpar/imgpar/internal/job"
)

// A disk that fills up costs the output and no input, in place too, and the
// result says that further files will fail as well.
func TestAFullDiskIsTold(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("needs root: a user can mount no small disk")
	}
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			must(t, os.Mkdir("disk", 0o777))
			if err := unix.Mount("tmpfs", "disk", "tmpfs", 0, "size=64k"); err != nil {
				t.Skip("cannot mount a small disk:", err)
			}
			t.Cleanup(func() { must(t, unix.Unmount("disk", 0)) })
			large := strings.Repeat("picture", 8000)
			write(t, "in.jpg", large)
			write(t, "disk/b.jpg", large)
			place := to("disk/b.jpg")
			place.Input, place.InPlace = "disk/b.jpg", &job.InPlace{Backup: "~"}
			for _, j := range []job.Job{to("disk/sub/a.jpg"), place} {
				if res := ends(t, w, j, job.Failed, "unwritable: no space left on device"); !res.DiskFull {
					t.Errorf("%s: it is not said that the disk is full", j.Output)
				}
			}
			if w.name == "process" {
				holds(t, map[string]string{"in.jpg": large, "disk/": "", "disk/b.jpg": large})
			}
			j := to("disk/c.jpg")
			j.Input = "nowhere.jpg"
			if res := ends(t, w, j, job.Failed, "unreadable: "); res.DiskFull {
				t.Error("a missing input is a full disk")
			}
		})
	}
}
