package main

import (
	"regexp"
	"testing"
)

// Avo allocates registers 16 to 31 where 16 are not enough. They are AVX-512's,
// and most instructions with them assemble.
func TestRegistersOfAVX2(t *testing.T) {
	beyond := regexp.MustCompile(`\b[XYZ](1[6-9]|2[0-9]|3[01])\b|\bZ[0-9]`)
	for _, f := range files {
		for name, text := range f.generate() {
			if found := beyond.Find(text); found != nil {
				t.Errorf("%s uses %s", name, found)
			}
		}
	}
}
