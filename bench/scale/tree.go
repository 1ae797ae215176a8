package main

import (
	"bytes"
	"image"
	"image/jpeg"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// makeTiny fills a new folder with n JPEGs of 16x16 pixels.
func makeTiny(folder string, n int) error {
	var picture bytes.Buffer
	if err := jpeg.Encode(&picture, image.NewNRGBA(image.Rect(0, 0, 16, 16)), nil); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	for i := range n {
		if err := os.WriteFile(filepath.Join(folder, strconv.Itoa(i)+".jpg"), picture.Bytes(), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// list returns the files below a folder.
func list(folder string) (names []string, err error) {
	err = filepath.WalkDir(folder, func(name string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			names = append(names, name)
		}
		return err
	})
	return names, err
}

// copyFiles copies files below a folder to the same places below another.
func copyFiles(names []string, from, to string) error {
	for _, name := range names {
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		copied := filepath.Join(to, rel)
		if err := os.MkdirAll(filepath.Dir(copied), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(copied, data, 0o666); err != nil {
			return err
		}
	}
	return nil
}
