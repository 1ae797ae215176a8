// Package corpus makes files to measure with, the same ones on every machine.
package corpus

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
)

const (
	longSide, shortSide = 4000, 3000 // pixels of a photo
	tinySide            = 64         // pixels of a tiny picture
	perFolder           = 1000       // tiny pictures
)

// Photos writes n JPEGs like those of a camera into dir, IMG_0001.jpg and so on: baseline,
// 4:2:0, 12 megapixels, quality 85 to 93, mostly 0.15 to 0.5 bytes a pixel. Of eight, two stand
// upright in the file, and one by its EXIF orientation. Files of these names are replaced.
func Photos(ctx context.Context, dir string, n int) error {
	return write(ctx, n, func(i int) string { return filepath.Join(dir, fmt.Sprintf("IMG_%04d.jpg", i+1)) }, photo)
}

// Photo returns the file that Photos writes as IMG_0001.jpg for 0, IMG_0002.jpg for 1 and so on.
func Photo(i int) []byte { return new(camera).take(photo(i)) }

// photo says how number i is taken.
func photo(i int) shot {
	s := shot{number: uint32(i), width: longSide, height: shortSide, quality: 85 + i*5%9, orientation: 1}
	switch i % 8 {
	case 3, 6:
		s.width, s.height = s.height, s.width
	case 4:
		s.orientation = 6
	}
	return s
}

// Tiny writes n JPEGs of 64x64 pixels into dir, in folders of 1,000: 000/IMG_000000.jpg and so on.
func Tiny(ctx context.Context, dir string, n int) error {
	name := func(i int) string {
		return filepath.Join(dir, fmt.Sprintf("%03d", i/perFolder), fmt.Sprintf("IMG_%06d.jpg", i))
	}
	return write(ctx, n, name, tiny)
}

// TinyPhoto returns the file that Tiny writes as number i.
func TinyPhoto(i int) []byte { return new(camera).take(tiny(i)) }

func tiny(i int) shot {
	return shot{number: uint32(i), width: tinySide, height: tinySide, quality: 85 + i%9, orientation: 1}
}

// write takes and writes n pictures on every CPU, and returns the first error. When ctx is
// done, it ends with the pictures that are being taken.
func write(ctx context.Context, n int, name func(int) string, take func(int) shot) error {
	var (
		next   atomic.Int64
		all    sync.WaitGroup
		once   sync.Once
		failed error
	)
	for range min(n, runtime.GOMAXPROCS(0)) {
		all.Go(func() {
			var c camera
			for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				if err := c.write(name(i), take(i)); err != nil {
					once.Do(func() { failed = err })
					next.Store(int64(n))
				}
			}
		})
	}
	all.Wait()
	if failed == nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return failed
}

func (c *camera) write(name string, s shot) error {
	file := c.take(s)
	err := os.WriteFile(name, file, 0o666)
	if os.IsNotExist(err) { // so that a folder is looked for once, and not for each of its files
		if err = os.MkdirAll(filepath.Dir(name), 0o777); err == nil {
			err = os.WriteFile(name, file, 0o666)
		}
	}
	return err
}
