package tiff

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite testdata/suites/image-tiff/pixels.txt")

const suite = "../../testdata/suites/image-tiff"

// TestSuite holds the pictures of image-tiff against pixels that were compared, once, with those of other readers; the
// suite's README says with which.
func TestSuite(t *testing.T) {
	list, err := os.ReadFile(filepath.Join(suite, "pixels.txt"))
	if err != nil && !*update {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(suite, "*.tif*"))
	if err != nil || len(names) < 100 {
		t.Fatalf("%d pictures, %v", len(names), err)
	}
	var got strings.Builder
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&got, "%s: %s\n", filepath.Base(name), described(t, data))
	}
	if *update {
		if err := os.WriteFile(filepath.Join(suite, "pixels.txt"), []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want := strings.Split(string(list), "\n")
	for i, line := range strings.Split(got.String(), "\n") {
		if i >= len(want) || line != want[i] {
			t.Errorf("got  %s", line)
		}
	}
}

// described returns the type, size and hash of the pixels of each page, or why it is not read.
func described(t *testing.T, data []byte) string {
	f, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err.Error()
	}
	var out []string
	for _, p := range f.Pages {
		m, _, err := p.Decode(t.Context())
		if err != nil {
			out = append(out, err.Error())
			continue
		}
		sum := sha256.New()
		switch m := m.(type) {
		case *image.Gray:
			sum.Write(m.Pix)
		case *image.Gray16:
			sum.Write(m.Pix)
		case *image.Paletted:
			for _, v := range m.Pix {
				r, g, b, a := m.Palette[v].RGBA()
				sum.Write([]byte{byte(r), byte(g), byte(b), byte(a)})
			}
		case *image.RGBA:
			sum.Write(m.Pix)
		case *image.NRGBA:
			sum.Write(m.Pix)
		case *image.RGBA64:
			sum.Write(m.Pix)
		case *image.NRGBA64:
			sum.Write(m.Pix)
		case *image.CMYK:
			sum.Write(m.Pix)
		}
		out = append(out, fmt.Sprintf("%s %dx%d %s", strings.TrimPrefix(fmt.Sprintf("%T", m), "*image."), p.Width, p.Height, hex.EncodeToString(sum.Sum(nil))[:16]))
	}
	return strings.Join(out, ", ")
}
