package codec

import (
	"bytes"

	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// counted counts the reads of a file.
type counted struct {
	io.ReaderAt
	reads int
}

func (c *counted) ReadAt(p []byte, off int64) (int, error) {
	c.reads++
	return c.ReaderAt.ReadAt(p, off)
}

// Whatever is read where, a window gives what the file gives, with its error.
func TestAWindowReadsAsItsFile(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	data := make([]byte, 3*windowLen+100)
	for i := range data {
		data[i] = byte(rng.Uint32())
	}
	for _, good := range []int64{1, windowLen + 5, int64(len(data)) - 1, math.MaxInt64} {
		file := failing{bytes.NewReader(data), good}
		w := &window{r: file, size: int64(len(data))}
		for range 20_000 {
			n := rng.IntN(12)
			if rng.IntN(4) == 0 {
				n = rng.IntN(2 * windowLen)
			}
			off := rng.Int64N(int64(len(data)) + 10)
			want, got := make([]byte, n), make([]byte, n)
			wantN, wantErr := file.ReadAt(want, off)
			gotN, gotErr := w.ReadAt(got, off)
			if n > 0 && (gotN != wantN || !sameError(gotErr, wantErr) || !bytes.Equal(got[:gotN], want[:wantN])) {
				t.Fatalf("good to %d: %d bytes at %d: %d, %v, want %d, %v", good, n, off, gotN, gotErr, wantN, wantErr)
			}
		}
	}
}

// The header of a small picture costs one read, and one behind 60 KB of EXIF three.
func TestReadsOfAHeader(t *testing.T) {
	small := fixture(t, "jpeg_420.jpg")
	exif := append([]byte("\xff\xd8\xff\xe1\xea\x62Exif\x00\x00"), make([]byte, 59_994)...)
	for name, c := range map[string]struct {
		file []byte
		most int
	}{
		"small":  {small, 1},
		"camera": {append(exif, small[2:]...), 3},
	} {
		r := &counted{ReaderAt: bytes.NewReader(c.file)}
		got, err := ReadHeader(r, int64(len(c.file)), math.MaxInt64)
		if err != nil || got.Width != 123 || got.Height != 81 {
			t.Errorf("%s: %dx%d, %v", name, got.Width, got.Height, err)
		}
		if r.reads > c.most {
			t.Errorf("%s: %d reads, want %d", name, r.reads, c.most)
		}
	}
}

// A file has the header that its bytes in memory have, or the error.
func TestHeadersOfFilesAndMemory(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("..", "testdata", "images", "*"))
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil { // a folder
			continue
		}
		for _, n := range []int{len(data), len(data) / 2, min(len(data), 40)} {
			part, size := data[:n], int64(n)
			want, wantErr := ReadHeader(bytes.NewReader(part), size, math.MaxInt64)
			got, gotErr := ReadHeader(&counted{ReaderAt: bytes.NewReader(part)}, size, math.MaxInt64)
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(Header{})); diff != "" {
				t.Errorf("%s, %d bytes (-memory +file):\n%s", name, n, diff)
			}
			if !sameError(gotErr, wantErr) {
				t.Errorf("%s, %d bytes: %v from memory, %v from a file", name, n, wantErr, gotErr)
			}
		}
	}
}

func sameError(a, b error) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Error() == b.Error()
}
