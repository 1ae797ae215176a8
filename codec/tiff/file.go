package tiff

import (
	"context"
	"errors"
	"io"

	"github.com/imgpar/imgpar/codec/ifd"
)

// Limits of what is read, whatever the caller allows.
const (
	MaxDirectories = 10_000    // directories of a file that are looked at, those of smaller copies included
	MaxSamples     = 64        // samples of a pixel
	MaxBlocks      = 1 << 22   // strips or tiles of a page
	maxTagBytes    = 16 << 20  // bytes of a tag's values
	maxTileShare   = 16        // pixels of all tiles for one of the page, and
	maxTileSlack   = 1 << 20   // so many besides
	maxRowBytes    = 64 << 20  // bytes of a row of a strip or tile
	maxJPEGBlock   = 256 << 20 // bytes of a strip or tile that is a JPEG, which is read at once
)

// File is an open TIFF. Its pages have been looked at, but no pixel of them.
type File struct {
	ifd.File
	Pages []*Page

	r    io.ReaderAt
	size int64
}

// Open reads the directories of a TIFF or BigTIFF of size bytes. Pages that cannot be read are among the pages: what is
// wrong with one, its Check says. Errors are *FormatError, *UnsupportedError, *LimitError and those of r.
func Open(r io.ReaderAt, size int64) (*File, error) {
	head, err := ifd.ReadFile(r)
	if err != nil {
		return nil, structural(err)
	}
	f := &File{File: head, r: r, size: size}
	var copies []*Page // reduced pictures and masks
	seen := map[int64]bool{}
	for at := f.First; at != 0; {
		if seen[at] {
			return nil, badf("the chain of directories is a loop")
		}
		if len(seen) == MaxDirectories {
			return nil, overf("more than %d directories", MaxDirectories)
		}
		seen[at] = true
		d, err := f.ReadDirectory(r, at)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, badf("directory %d is cut off, or outside of the file", len(seen))
		} else if err != nil {
			return nil, structural(err)
		}
		p := newPage(f, d)
		switch what := p.lesser(); {
		case what == "":
			f.Pages = append(f.Pages, p)
		case len(f.Pages) > 0:
			f.Pages[len(f.Pages)-1].leaveOut(what)
			fallthrough
		default:
			copies = append(copies, p)
		}
		at = d.Next
	}
	if len(f.Pages) > 0 {
		return f, nil
	}
	if err := f.onlyCopies(copies); err != nil {
		return nil, err
	}
	return f, nil
}

// onlyCopies takes the first of the directories for a page where all say that they are copies of another picture, unless
// that stands in a directory below, as in the raw files of cameras.
func (f *File) onlyCopies(copies []*Page) error {
	if len(copies) == 0 {
		return badf("the TIFF has no directory")
	}
	for _, p := range copies {
		if _, ok := p.Dir.Find(tagSubIFDs); ok {
			return missingf("a raw photo, whose picture is in a SubIFD")
		}
	}
	f.Pages = copies[:1]
	for range copies[1:] {
		copies[0].leaveOut("reduced copy")
	}
	return nil
}

// structural makes an error of reading a directory one of this package's, unless it is the reader's.
func structural(err error) error {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return badf("the TIFF ends too early")
	case errors.Is(err, ifd.ErrFormat):
		return badf("%v", err)
	}
	return err
}

// lesser names what a directory holds that is no page (NewSubfileType, TIFF 6.0, page 36; SubfileType, page 40).
func (p *Page) lesser() string {
	const reduced, mask = 1, 4
	kind := p.Uint(ifd.TagNewSubfileType, 0)
	if old := p.Uint(tagSubfileType, 0); old == 2 {
		kind |= reduced
	}
	switch {
	case kind&mask != 0:
		return "transparency mask"
	case kind&reduced != 0:
		return "reduced copy"
	}
	return ""
}

// done tells whether an error is that of a context, which is nobody's fault.
func done(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// ReadAt reads from the file.
func (f *File) ReadAt(p []byte, off int64) (int, error) { return f.r.ReadAt(p, off) }
