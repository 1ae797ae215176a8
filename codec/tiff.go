package codec

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"iter"
	"strconv"

	"github.com/imgpar/imgpar/codec/ifd"
	"github.com/imgpar/imgpar/codec/meta"
	"github.com/imgpar/imgpar/codec/tiff"
)

// tiffHeader returns the header of the first page.
func tiffHeader(r *io.SectionReader) (Header, error) {
	f, err := tiff.Open(r, r.Size())
	if err != nil {
		return Header{}, tiffErr(err)
	}
	h, err := pageHeader(f, 0)
	for i, p := range f.Pages[:h.Frames] {
		if other, wrong := pageHeader(f, i); wrong == nil && checkSize(other, 1<<62) == nil {
			h.pageBytes = max(h.pageBytes, p.DecodeBytes())
			if p.Width*p.Height > h.page[0]*h.page[1] {
				h.page = [2]int{p.Width, p.Height}
			}
		}
	}
	return h, tiffErr(err)
}

// tiffColors by PhotometricInterpretation (TIFF 6.0, sections 8, 16, 21 and 23).
var tiffColors = map[int]Color{
	0: ColorGray, 1: ColorGray, 2: ColorRGB, 3: ColorPalette, 5: ColorCMYK, 6: ColorYCbCr, 8: ColorLab, 9: ColorLab, 10: ColorLab,
}

// pageHeader returns the header of a page. Of one that cannot be read it has the size at most.
func pageHeader(f *tiff.File, page int) (Header, error) {
	p := f.Pages[page]
	h := Header{
		Format: TIFF, Width: p.Width, Height: p.Height, Bits: p.Bits, Channels: p.Colors, Color: tiffColors[p.Photometric], Alpha: p.Alpha,
		Orientation: tiffOrientation(p), Frames: min(len(f.Pages), MaxFrames), Variant: p.Variant(),
	}
	if h.Alpha {
		h.Channels++
	}
	if h.Width < 1 || h.Height < 1 || h.Width > MaxSide || h.Height > MaxSide { // checkSize refuses these
		return h, nil
	}
	h.decodeBytes = float64(p.DecodeBytes()) / float64(h.Width) / float64(h.Height)
	return h, p.Check()
}

func tiffOrientation(p *tiff.Page) int {
	if v := p.Uint(ifd.TagOrientation, 1); v >= 1 && v <= 8 {
		return v
	}
	return 1
}

func decodeTIFF(ctx context.Context, h Header, data []byte, _ DecodeOptions) (*Picture, error) {
	f, err := tiff.Open(newReader(ctx, data), int64(len(data)))
	if err != nil {
		return nil, tiffErr(err)
	}
	img, notes, err := f.Pages[0].Decode(ctx)
	if err != nil {
		return nil, tiffErr(err)
	}
	return &Picture{Header: h, Image: img, Metadata: tiffMetadata(f, f.Pages[0]), Notes: notes}, nil
}

// tiffFrames decodes all pages, and holds each against the limits before.
func tiffFrames(ctx context.Context, _ Header, data []byte, o DecodeOptions) iter.Seq2[Frame, error] {
	return func(yield func(Frame, error) bool) {
		f, err := tiff.Open(newReader(ctx, data), int64(len(data)))
		if err != nil {
			yield(Frame{}, tiffErr(err))
			return
		}
		if len(f.Pages) > MaxFrames {
			yield(Frame{}, tooLargef("%d pages; at most %d are read", len(f.Pages), MaxFrames))
			return
		}
		beside, most := int64(0), max(maxPageMeta, int64(len(data)))
		for i := range f.Pages {
			frame, err := tiffPage(ctx, f, i, o)
			if beside += frame.Metadata.Size(); err == nil && beside > most {
				err = tooLargef("%d pages of %d have more than %d bytes of metadata", i+1, len(f.Pages), most)
			}
			if !yield(frame, err) || err != nil {
				return
			}
		}
	}
}

// tiffPage decodes a page. Its errors say which one it is.
func tiffPage(ctx context.Context, f *tiff.File, i int, o DecodeOptions) (Frame, error) {
	h, err := pageHeader(f, i)
	if err == nil {
		err = checkSize(h, o.MaxPixels)
	}
	if err != nil {
		return Frame{}, onPage(i, tiffErr(err))
	}
	img, notes, err := f.Pages[i].Decode(ctx)
	if err != nil {
		return Frame{}, onPage(i, tiffErr(err))
	}
	p := Picture{Header: h, Image: img, Metadata: tiffMetadata(f, f.Pages[i]), Notes: notes}
	p.Frames = 1
	if err := p.complete(ctx); err != nil {
		return Frame{}, onPage(i, err)
	}
	return Frame{Image: p.Image, Orientation: h.Orientation, Metadata: p.Metadata, Notes: p.Notes}, nil
}

func onPage(i int, err error) error {
	var own *Error
	if !errors.As(err, &own) {
		return err
	}
	return &Error{own.Kind, "page " + strconv.Itoa(i+1) + ": " + own.Detail}
}

// tiffErr makes an error of package tiff one of ours.
func tiffErr(err error) error {
	var (
		bad  *tiff.FormatError
		gone *tiff.UnsupportedError
		over *tiff.LimitError
	)
	switch {
	case errors.As(err, &bad):
		return corruptf("%s", bad.Reason)
	case errors.As(err, &gone):
		return unsupportedf("TIFF with %s", gone.Feature)
	case errors.As(err, &over):
		return tooLargef("%s", over.Limit)
	}
	return err
}

// encodeTIFF writes a picture as the only page.
func encodeTIFF(buf *bytes.Buffer, img image.Image, _ Options, m meta.Data) error {
	return writePage(tiff.NewWriter(buf), img, m)
}

func writePage(w *tiff.Writer, img image.Image, m meta.Data) error {
	d, err := tiffDescription(m)
	if err != nil {
		return err
	}
	d.Gray = m.ICC == nil || profileSpace(m.ICC) == "GRAY"
	return w.WritePage(img, d)
}

// writePages writes each picture as a page with its own metadata.
func writePages(buf *bytes.Buffer, frames iter.Seq2[Frame, error], o Options) (notes []string, err error) {
	w, pages := tiff.NewWriter(buf), 0
	for f, err := range frames {
		if err != nil {
			return nil, err
		}
		o.Metadata = f.Metadata
		img, kept, lost, err := o.prepare(f.Image)
		if err != nil {
			return nil, err
		}
		notes = addNotes(notes, lost...)
		if err := writePage(w, img, kept); err != nil {
			return nil, fmt.Errorf("encode page %d: %w", pages+1, err)
		}
		pages++
	}
	if pages == 0 {
		return nil, errors.New("encode TIFF: no pages")
	}
	return notes, nil
}
