// Package corpus makes pictures to measure with, the same ones everywhere.
package corpus

// Photos writes n JPEGs like those of a camera into dir: 4:2:0, 12 megapixels, as
// many bytes a pixel as photos have.
func Photos(dir string, n int) error { panic("to be written") }

// Tiny writes n JPEGs of 64x64 pixels into dir, in folders of 1,000.
func Tiny(dir string, n int) error { panic("to be written") }
