package transform

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

// The dimensions that a name tells are those of the picture that is written, of
// every file that can be read; of any other the reason is that of the work.
func TestSizeIsWhatIsWritten(t *testing.T) {
	folder(t)
	var files []string
	must(t, filepath.WalkDir(images, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && codec.NamesPicture(name) {
			files = append(files, name)
		}
		return err
	}))
	if len(files) < 80 {
		t.Fatalf("%d fixtures", len(files))
	}
	sized, refused := 0, 0
	var w Worker
	for _, name := range files {
		for _, pipeline := range []string{"gray", "flip h", "rotate 90", "rotate 7.3", "resize w=20", "resize w=7 h=5 fill", "thumb 9", "crop 9x5+2+3", "orient", "rotate 90 | crop 5x9 | resize w=4 | gray"} {
			j := todo(name, filepath.Join(t.TempDir(), "out"), pipeline)
			width, height, reason := Size(name, pipeline, j.MaxPixels)
			res := perform(&w, t.Context(), j)
			switch {
			case res.Outcome == job.OK:
				sized++
				if reason != "" || width != res.Width || height != res.Height {
					t.Errorf("%s of %s: %dx%d, written are %dx%d (%s)", pipeline, name, width, height, res.Width, res.Height, reason)
				}
			case reason != "":
				refused++
				if reason != res.Reason {
					t.Errorf("%s of %s: %q, the work says %q", pipeline, name, reason, res.Reason)
				}
			case !strings.Contains(name, "broken"):
				t.Errorf("%s of %s: %s", pipeline, name, res.Reason)
			}
		}
	}
	if sized < 500 || refused < 50 {
		t.Errorf("%d pictures and %d reasons compared", sized, refused)
	}
}

func TestSizeOfWhatIsNoPicture(t *testing.T) {
	folder(t)
	put(t, "a.png", gradient(40, 30), codec.PNG)
	for _, c := range []struct{ name, pipeline, want string }{
		{"nowhere.png", "gray", "unreadable: "},
		{".", "gray", "unsupported: not a regular file"},
		{"a.png", "nonsense", "unknown operation"},
		{"a.png", "resize w=1000 enlarge", "too-large: "},
		{fixture("broken/empty.jpg"), "gray", "corrupt: "},
	} {
		if w, h, reason := Size(c.name, c.pipeline, 1200); w != 0 || h != 0 || !strings.HasPrefix(reason, c.want) {
			t.Errorf("%s of %s: %dx%d, %q; want %q", c.pipeline, c.name, w, h, reason, c.want)
		}
	}
}
