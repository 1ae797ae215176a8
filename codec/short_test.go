package codec

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
)

// Every beginning of every format is refused in words, by both readers.
func TestFilesOfAFewBytes(t *testing.T) {
	files := [][]byte{
		fixture(t, "jpeg_420.jpg"), fixture(t, "png_rgb8.png"), fixture(t, "gif_still.gif"), fixture(t, "bmp_24.bmp"),
		fixture(t, "tiff_rgb.tif"), fixture(t, "tiff_big_endian.tif"), fixture(t, "webp_lossy.webp"), fixture(t, "webp_lossless.webp"),
		[]byte("\xff\xd8\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
		[]byte("RIFF\x00\x00\x00\x00WEBPVP8X\x00\x00\x00\x00"),
		[]byte("II*\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"),
		[]byte("BM\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff\x00\x00"),
	}
	for i, file := range files {
		for n := range 21 {
			data := file[:n]
			_, err := header(data)
			whole := n >= 13 && string(data[:3]) == "GIF" // which has no more of a header
			if own := new(Error); !whole && (!errors.As(err, &own) || own.Kind == TooLarge || own.Detail == "") {
				t.Errorf("file %d, %d bytes: %v", i, n, err)
			}
			if _, err := Decode(t.Context(), data, DecodeOptions{MaxPixels: MaxPixels}); err == nil {
				t.Errorf("file %d, %d bytes: decoded", i, n)
			} else if own := new(Error); !errors.As(err, &own) {
				t.Errorf("file %d, %d bytes: %v is no *Error", i, n, err)
			}
		}
	}
}

// What stands against reading is not the file's fault.
func TestErrorsOfTheDiskAreNotTheFiles(t *testing.T) {
	for _, name := range []string{"jpeg_420.jpg", "png_rgb8.png", "bmp_24.bmp", "tiff_rgb.tif", "webp_lossy.webp"} {
		data := fixture(t, name)
		for _, good := range []int64{0, 12} {
			_, err := ReadHeader(failing{bytes.NewReader(data), good}, int64(len(data)), MaxPixels)
			if !errors.Is(err, errDisk) {
				t.Errorf("%s, from byte %d on: %v", name, good, err)
			}
		}
	}
}

var errDisk = errors.New("input/output error")

// failing reads what stands before the offset good only.
type failing struct {
	r    *bytes.Reader
	good int64
}

func (f failing) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) <= f.good {
		return f.r.ReadAt(p, off)
	}
	n, _ := f.r.ReadAt(p[:max(f.good-off, 0)], off)
	return n, fmt.Errorf("read: %w", errDisk)
}
