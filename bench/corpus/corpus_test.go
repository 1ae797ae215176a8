package corpus

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/imgpar/imgpar/codec/jpeg"
)

// The figures that others compare depend on the pictures: a change of these sums is a change of the corpus, and makes
// bench/results begin anew.
func TestPicturesAreTheSameEverywhere(t *testing.T) {
	var c camera
	part := photo(4) // as a photo, but for its size
	part.width, part.height = 256, 192
	for name, test := range map[string]struct {
		shot shot
		want string
	}{
		"photo": {part, "396a64ccd2005b24"},
		"tiny":  {tiny(7), "436a5e70245e5d92"},
	} {
		file := c.take(test.shot)
		sum := sha256.Sum256(file)
		if got := hex.EncodeToString(sum[:8]); got != test.want {
			t.Errorf("%s: %d bytes of sum %s, not %s", name, len(file), got, test.want)
		}
	}
}

func TestPhotos(t *testing.T) {
	dir := t.TempDir()
	if err := Photos(t.Context(), dir, 4); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for i := range 4 {
		b := read(t, dir, fmt.Sprintf("IMG_%04d.jpg", i+1))
		f, err := jpeg.Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		if f.Width*f.Height != 12e6 || f.Progressive || len(f.Components) != 3 || f.Components[0].H != 2 || f.Components[0].V != 2 {
			t.Errorf("photo %d: %d x %d, components %v", i+1, f.Width, f.Height, f.Components)
		}
		if density := float64(len(b)) / 12e6; density < 0.15 || density > 0.5 {
			t.Errorf("photo %d: %.3f bytes a pixel", i+1, density)
		}
		if upright := f.Height > f.Width; upright != (i == 3) {
			t.Errorf("photo %d: %d x %d", i+1, f.Width, f.Height)
		}
		seen[string(b[len(b)/2:])] = true
	}
	if len(seen) != 4 {
		t.Error("photos are alike")
	}
}

// A camera that has taken another picture before takes the same.
func TestOrder(t *testing.T) {
	var c, fresh camera
	for _, i := range []int{3, 4, 3, 0} {
		small := photo(i)
		small.width, small.height = small.width/10&^15, small.height/10&^15
		got := c.take(small)
		fresh = camera{}
		want := fresh.take(small)
		if !bytes.Equal(got, want) {
			t.Errorf("photo %d depends on those before it", i)
		}
	}
}

func TestOrientation(t *testing.T) {
	var c camera
	for i, want := range map[int]byte{0: 1, 4: 6} {
		s := photo(i)
		s.width, s.height = 64, 48
		file := c.take(s)
		at := bytes.Index(file, []byte("\x01\x12\x00\x03\x00\x00\x00\x01\x00"))
		if at < 0 || file[at+9] != want {
			t.Errorf("photo %d: no orientation of %d in % x", i, want, file[:60])
		}
	}
}

func TestTiny(t *testing.T) {
	dir := t.TempDir()
	const n = perFolder + 2
	if err := Tiny(t.Context(), dir, n); err != nil {
		t.Fatal(err)
	}
	var names []string
	seen := map[string]bool{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, name)
			names = append(names, filepath.ToSlash(rel))
			seen[string(read(t, name))] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(names) != n || len(seen) != n {
		t.Errorf("%d files, %d of them different, not %d", len(names), len(seen), n)
	}
	if first, last := names[0], names[n-1]; first != "000/IMG_000000.jpg" || last != "001/IMG_001001.jpg" {
		t.Errorf("from %s to %s", first, last)
	}
	f, err := jpeg.Parse(read(t, dir, names[0]))
	if err != nil {
		t.Fatal(err)
	}
	if f.Width != tinySide || f.Height != tinySide {
		t.Errorf("%d x %d", f.Width, f.Height)
	}
}

func TestErrorsAreTold(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := Tiny(t.Context(), file, 3); err == nil {
		t.Error("pictures below a file, and no error")
	}
}

func read(t *testing.T, path ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Who waits for pictures is not kept waiting.
func TestPicturesAreNoLongerMade(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("interrupted")
	cancel(why)
	dir := t.TempDir()
	if err := Photos(ctx, dir, 1000); err != why {
		t.Errorf("photos: %v", err)
	}
	if err := Tiny(ctx, dir, 1e6); err != why {
		t.Errorf("tiny pictures: %v", err)
	}
	if made, err := os.ReadDir(dir); err != nil || len(made) != 0 {
		t.Errorf("%v, %v", made, err)
	}
}
