// Package peers knows other programs that do what imgpar does, and how each does it
// fastest.
package peers

import (
	"context"
	"errors"
	"path/filepath"
	"strconv"
	"strings"
)

// Peer is a program that is installed here. Installed makes them.
type Peer struct {
	Name    string // "OpenCV", "libvips", "sharp", "GraphicsMagick", "ImageMagick", "jpegtran", "Pillow"
	Version string
}

// Work is what is to be done to each file. Exactly one field is set.
type Work struct {
	Gray  bool
	Width int // pixels of the result, which keeps its shape; nothing is enlarged
	Thumb int // side of the square that is filled, cut from the centre, pixels
}

// Installed finds the peers of this machine.
func Installed(ctx context.Context) []Peer { panic("to be written") }

// ErrCannot is the error for work that a peer has no means to do.
var ErrCannot = errors.New("it cannot do that")

// Command returns the arguments and the further environment of the command that does
// the work on the files that list names, a line each, on so many workers, and writes
// what becomes of file number i as Output says. args[0] is the path of a program.
// Whatever it needs besides is put into the folder scratch, which belongs to this one
// command and may be removed with it. Errors are ErrCannot and those of the file system.
func (p Peer) Command(w Work, list, out, scratch string, workers int) (args, env []string, err error) {
	panic("to be written")
}

// Output returns the name in the folder out of what a peer makes of source, which
// stands in line i of the list, counted from 0: i and the extension of source in lower case.
func Output(out string, i int, source string) string {
	return filepath.Join(out, strconv.Itoa(i)+strings.ToLower(filepath.Ext(source)))
}
