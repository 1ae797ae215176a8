package tiff

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/imgpar/imgpar/codec/ifd"
	"github.com/imgpar/imgpar/codec/jpeg"
)

// jpegArea decodes an area whose blocks are JPEGs (TIFF Technical Note 2), and puts it into the picture.
func (d *decoder) jpegArea(ctx context.Context, first, x0, y0, w, h int) error {
	var all []jpeg.Plane
	var whole [2]int
	for k := range d.planes() {
		p, err := d.jpegBlock(ctx, k*d.across*d.down+first, h)
		if err != nil {
			return err
		}
		all, whole = append(all, p.Planes...), [2]int{p.Width, p.Height}
	}
	hmax, vmax := 1, 1
	for _, p := range all {
		hmax, vmax = max(hmax, p.H), max(vmax, p.V)
	}
	for _, p := range all {
		if hmax%p.H != 0 || vmax%p.V != 0 {
			return missingf("JPEG with samples of fractional size")
		}
	}
	if whole[0] < w || whole[1] < h {
		return badf("a JPEG of %dx%d pixels for %dx%d", whole[0], whole[1], w, h)
	}
	for y := range h {
		for k, p := range all {
			shareH, shareV := hmax/p.H, vmax/p.V
			from := p.Pix[y/shareV*p.Stride:]
			for x := range w {
				d.row8[x*d.Samples+k] = from[x/shareH]
			}
		}
		if d.Photometric == whiteIsZero {
			for x := range w {
				d.row8[x*d.Samples] ^= 0xff
			}
		}
		d.put(0, x0, y0+y, w)
	}
	return nil
}

// jpegBlock decodes strip or tile i, of which h rows are needed. Its tables may stand in a tag: they go before it.
func (d *decoder) jpegBlock(ctx context.Context, i, h int) (*jpeg.Planes, error) {
	at, n := d.offsets[i], d.size[i]
	if at > uint64(d.file.size) || n > uint64(d.file.size)-at {
		return nil, io.ErrUnexpectedEOF
	}
	if n > maxJPEGBlock {
		return nil, overf("a JPEG of %d bytes; at most %d are read", n, maxJPEGBlock)
	}
	data, err := ifd.Entry{Type: ifd.Byte, Count: int64(n), At: int64(at)}.Load(d.r, maxJPEGBlock)
	if err != nil {
		return nil, err
	}
	tables, err := d.jpegTables()
	if err != nil {
		return nil, err
	}
	if err := d.pay(int64(len(tables)+len(data)), int64(d.blockW)*int64(h)*int64(d.together())); err != nil {
		return nil, err
	}
	if len(tables) > 4 && len(data) > 2 { // between SOI and EOI
		data = slices.Concat(tables[:len(tables)-2], data[2:])
	}
	f, err := jpeg.Parse(data)
	if err != nil {
		return nil, jpegErr(err)
	}
	switch {
	case len(f.Components) != d.together():
		return nil, badf("a JPEG of %d components for %d samples", len(f.Components), d.together())
	case f.Width < min(d.blockW, d.Width) || f.Height < h || f.Width > d.blockW+15 || f.Height > d.blockH+15:
		return nil, badf("a JPEG of %dx%d pixels in blocks of %dx%d", f.Width, f.Height, d.blockW, d.blockH)
	}
	p, err := f.Decode(ctx, jpeg.DecodeOptions{}, &d.scratch)
	if err != nil {
		return nil, jpegErr(err)
	}
	return p, nil
}

// jpegTables returns what JPEGTables holds, or nothing.
func (d *decoder) jpegTables() ([]byte, error) {
	e, ok := d.Dir.Find(tagJPEGTables)
	if !ok || d.tables != nil {
		return d.tables, nil
	}
	var err error
	if d.tables, err = e.Load(d.r, maxTagBytes); err != nil {
		return nil, badf("JPEGTables cannot be read")
	}
	return d.tables, nil
}

// jpegErr makes an error of package jpeg one of this package.
func jpegErr(err error) error {
	var (
		gone *jpeg.UnsupportedError
		over *jpeg.LimitError
	)
	switch {
	case errors.As(err, &gone):
		return missingf("%s in JPEG", gone.Feature)
	case errors.As(err, &over):
		return overf("%s in a JPEG", over.Limit)
	case done(err):
		return fmt.Errorf("read: %w", err)
	}
	return badf("JPEG damaged: %v", err)
}
