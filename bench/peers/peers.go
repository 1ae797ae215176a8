// Package peers knows other programs that do what imgpar does, and how each does it
// fastest.
package peers

import "context"

// Peer is a program that is installed here.
type Peer struct {
	Name    string // "OpenCV", "libvips", "sharp", "GraphicsMagick", "ImageMagick", "jpegtran", "Pillow"
	Version string
}

// Work is what is to be done to each file. Exactly one field is set.
type Work struct {
	Gray  bool
	Width int // pixels of the result, which keeps its shape
	Thumb int // side of the square that is filled, cut from the centre, pixels
}

// Installed finds the peers of this machine.
func Installed(ctx context.Context) []Peer { panic("to be written") }

// Command returns the arguments and the further environment of the command that does
// the work on the files that list names, a line each, on so many workers. It writes
// file number i into out as i.jpg, counted from 0, or with another extension where the
// work does not change the format. Whatever it needs besides is put into scratch. ok
// tells whether the peer can do such work.
func (p Peer) Command(w Work, list, out, scratch string, workers int) (args, env []string, ok bool) {
	panic("to be written")
}
