package tiff

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"slices"

	"github.com/klauspost/compress/zstd"

	"github.com/imgpar/imgpar/codec/jpeg"
)

// rowsAtOnce is how many bytes of a strip or tile are unpacked before they become pixels.
const rowsAtOnce = 64 << 10

// Limits of the bytes that are read for strips and tiles beyond those that they give: so many for one of the file, and
// besides.
const (
	maxOverlapShare = 4
	maxOverlapSlack = 64 << 20
)

// Decode returns the picture of a page: *image.Gray or Gray16; *image.Paletted; RGBA or RGBA64, which are opaque or whose
// colours are multiplied by alpha; NRGBA or NRGBA64, whose are not; *image.CMYK. Samples of more than 8 bits become 16.
// The notes say what of the page is not in the picture. It gives up soon after ctx is done.
func (p *Page) Decode(ctx context.Context) (m image.Image, notes []string, err error) {
	if p.err != nil {
		return nil, nil, p.err
	}
	if err := p.findBlocks(); err != nil {
		return nil, nil, err
	}
	d := &decoder{Page: p}
	if err := d.prepare(); err != nil {
		return nil, nil, err
	}
	defer func() {
		for i := range d.blocks {
			d.blocks[i].close()
		}
	}()
	for by := range p.down {
		for bx := range p.across {
			if err := ctx.Err(); err != nil {
				return nil, nil, fmt.Errorf("read: %w", err)
			}
			if err := d.area(ctx, bx, by); err != nil {
				return nil, nil, err
			}
		}
	}
	if 2*d.clipped > int64(p.Width)*int64(p.Height)*int64(p.Samples) { // heights, say, of which a white picture would be left
		return nil, nil, missingf("floating-point values of which most are outside of 0 to 1")
	}
	return d.img, d.notes(), nil
}

// DecodeBytes estimates the memory that Decode takes, without what of the file is read: the picture; a JPEG with its
// coefficients; rows of samples on their way.
func (p *Page) DecodeBytes() int64 {
	each := int64(4)
	if p.Photometric == photoPalette && p.Bits <= 8 || p.Colors == 1 && !p.Alpha {
		each = 1
	}
	if p.deep() && p.Photometric != photoPalette && p.Photometric != photoCMYK {
		each *= 2
	}
	n := each * int64(p.Width) * int64(p.Height)
	if p.compression == compJPEG {
		n += 3 * int64(p.Samples) * int64(p.blockW) * int64(p.blockH)
	}
	if p.compression == compZstd || p.compression == compZstdPrivate {
		n += minWindow * int64(p.planes()) // of the usual ones
	}
	const packed = 160 << 10 // of a block: its source, rows, and tables
	return n + packed*int64(p.planes()) + 8*int64(p.Samples)*int64(p.blockW)
}

// decoder makes pixels of samples.
type decoder struct {
	*Page
	img     image.Image
	pix     []byte
	stride  int
	each    int // bytes of a pixel
	blocks  []block
	scratch jpeg.Scratch
	raw     [][]byte // of each plane: rows as they were packed
	row8    []uint8  // the samples of a row, or of the rows that share chroma; the one or the other is in use
	row16   []uint16
	values  []uint64 // of a row, before they become 8 or 16 bits
	plane8  []uint8  // the samples of a row of one plane
	small   *[256]uint8
	put8    func(dst []byte, s []uint8)
	put16   func(dst []byte, s []uint16)
	ycc     *yccTables
	colours [][4]uint8 // of a palette that is too large for image.Paletted

	tables  []byte // JPEGTables; nil before they are read
	overlap int64  // bytes read for strips and tiles beyond those that they gave

	clipped    int64 // values beyond 0 to 1
	above      bool  // some colours were beyond their alpha
	shallowMap bool  // the colour map has 16 bits
}

// area decodes the strip or tile in a column and row of them, of all planes.
func (d *decoder) area(ctx context.Context, bx, by int) error {
	x0, y0 := bx*d.blockW, by*d.blockH
	w, h := min(d.blockW, d.Width-x0), min(d.blockH, d.Height-y0)
	first := by*d.across + bx
	var err error
	if d.compression == compJPEG {
		err = d.jpegArea(ctx, first, x0, y0, w, h)
	} else {
		err = d.rows(first, x0, y0, w, h)
	}
	return d.blockErr(first, err)
}

// rows unpacks the rows of an area and puts them into the picture.
func (d *decoder) rows(first, x0, y0, w, h int) error {
	packed := make([]unpacker, d.planes())
	for k := range packed {
		var err error
		if packed[k], err = d.openBlock(first, k, h); err != nil {
			return err
		}
	}
	size := d.rowBytes()
	for y := 0; y < h; {
		n := min(max(1, rowsAtOnce/size), (h-y+d.subV-1)/d.subV)
		for k, u := range packed {
			d.raw[k] = slices.Grow(d.raw[k][:0], n*size)[:n*size]
			if err := u.fill(d.raw[k]); err != nil {
				return short(err)
			}
		}
		for i := range n {
			d.group(i*size, size, x0, y0+y, w, min(d.subV, h-y))
			y += d.subV
		}
	}
	for k, u := range packed {
		if err := u.finish(); err != nil {
			return err
		}
		if err := d.pay(d.blocks[k].src.taken(), int64(size)*int64((h+d.subV-1)/d.subV)); err != nil {
			return err
		}
	}
	return nil
}

// pay takes account of a strip or tile for which so many bytes were read, and which gave so many. Those that are apart read
// no more than the file; those that are one may be filled with what means nothing, and read it millions of times.
func (d *decoder) pay(read, gave int64) error {
	if d.overlap += max(0, read-gave); d.overlap > maxOverlapShare*d.file.size+maxOverlapSlack {
		return overf("strips or tiles that overlap in the file, and unpack to less than they are")
	}
	return nil
}

// group puts one row, or the rows that share chroma, into the picture.
func (d *decoder) group(off, size, x0, y, w, h int) {
	switch {
	case d.subH*d.subV > 1:
		d.expandChroma(d.raw[0][off:off+size], w)
	case d.put8 != nil:
		for k := range d.raw {
			d.samples8(d.raw[k][off:off+size], k, w)
		}
	default:
		for k := range d.raw {
			d.samples16(d.raw[k][off:off+size], k, w)
		}
	}
	for i := range h {
		d.put(i, x0, y+i, w)
	}
}

// put puts row i of those in row8 or row16 into the picture.
func (d *decoder) put(i, x, y, w int) {
	dst := d.pix[y*d.stride+x*d.each:][:w*d.each]
	if d.put16 != nil {
		d.put16(dst, d.row16[:w*d.Samples])
		return
	}
	row := d.row8[i*d.blockW*d.Samples:][:w*d.Samples]
	if d.ycc != nil {
		d.ycc.toRGB(row, d.Samples)
	}
	d.put8(dst, row)
}

// openBlock begins plane k of an area of h rows.
func (d *decoder) openBlock(first, k, h int) (unpacker, error) {
	i := k*d.across*d.down + first
	at, n := d.offsets[i], d.size[i]
	if at > uint64(d.file.size) || n > uint64(d.file.size)-at {
		return nil, io.ErrUnexpectedEOF
	}
	if need := uint64(d.rowBytes()) * uint64((h+d.subV-1)/d.subV); d.compression == compNone && n < need {
		return nil, io.ErrUnexpectedEOF
	}
	b := &d.blocks[k]
	b.src.reset(d.r, int64(at), int64(n), d.lsb && d.compression != compJPEG)
	u, err := b.open(d.Page)
	return u, short(err)
}

func short(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// blockErr says of an error which strip or tile it is of.
func (d *decoder) blockErr(i int, err error) error {
	var (
		bad  *FormatError
		gone *UnsupportedError
		over *LimitError
		what = "strip"
	)
	if d.tiled {
		what = "tile"
	}
	for k := range d.blocks {
		if e := d.blocks[k].src.err; e != nil {
			return e
		}
	}
	switch {
	case err == nil, done(err), errors.As(err, &gone), errors.As(err, &over):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return badf("%s %d ends too early", what, i)
	case errors.As(err, &bad):
		return badf("%s %d: %s", what, i, bad.Reason)
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return overf("%s %d: %v", what, i, err)
	}
	return badf("%s %d is damaged: %v", what, i, err)
}

// notes says what of the page is not in the picture.
func (d *decoder) notes() []string {
	var out []string
	add := func(is bool, format string, a ...any) {
		if is {
			out = append(out, fmt.Sprintf(format, a...))
		}
	}
	n := d.dropped()
	add(d.alphaDropped && d.Photometric == photoCMYK, "the transparency of CMYK was left out")
	add(d.alphaDropped && d.Photometric == photoPalette, "the transparency of a palette's pixels was left out")
	add(n == 1, "one extra sample a pixel was left out")
	add(n > 1, "%d extra samples a pixel were left out", n)
	add(d.Bits > 16 && d.format != formatFloat, "%d bits a channel became 16", d.Bits)
	add(d.format == formatFloat, "floating point became 16 bits a channel")
	add(d.Photometric == photoCMYK && d.Bits > 8, "16 bits a channel became 8")
	add(d.shallowMap, "a palette of 16 bits a channel became 8")
	add(d.clipped > 0, "values outside of 0 to 1 were clipped")
	add(d.above, "colours larger than their alpha were clipped")
	return out
}
