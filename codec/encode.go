package codec

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"sync"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
)

// DefaultQuality is the JPEG quality where none is given.
const DefaultQuality = 85

// Options of Encode.
type Options struct {
	Format   Format
	Quality  int // of JPEG, 1 to 100; 0 means DefaultQuality
	Metadata Metadata
}

// Validate says what is wrong with o.
func (o Options) Validate() error {
	if o.Quality < 0 || o.Quality > 100 {
		return fmt.Errorf("quality %d: want 1 to 100", o.Quality)
	}
	if !o.Format.CanWrite() {
		return unsupportedf("%s cannot be written", o.Format)
	}
	return nil
}

// Encode writes img, which is upright, into buf. The notes name what the
// format could not hold.
func Encode(buf *bytes.Buffer, img image.Image, o Options) (notes []string, err error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	img, notes = fitImage(img, o.Format)
	meta, lost := o.Metadata.fit(o.Format, isGray(img))
	if len(lost) > 0 {
		notes = append(notes, "not kept: "+strings.Join(lost, ", "))
	}
	if err := encoders[o.Format](buf, img, o); err != nil {
		return nil, fmt.Errorf("encode %s: %w", o.Format, err)
	}
	file := meta.write(o.Format, buf.Bytes())
	buf.Reset()
	buf.Write(file)
	return notes, nil
}

var encoders = map[Format]func(io.Writer, image.Image, Options) error{
	JPEG: encodeJPEG,
	PNG:  func(w io.Writer, img image.Image, _ Options) error { return pngEncoder.Encode(w, img) },
	GIF:  func(w io.Writer, img image.Image, _ Options) error { return gif.Encode(w, img, nil) },
	BMP:  func(w io.Writer, img image.Image, _ Options) error { return bmp.Encode(w, img) },
	TIFF: func(w io.Writer, img image.Image, _ Options) error {
		return tiff.Encode(w, img, &tiff.Options{Compression: tiff.Deflate, Predictor: true})
	},
}

func encodeJPEG(w io.Writer, img image.Image, o Options) error {
	q := o.Quality
	if q == 0 {
		q = DefaultQuality
	}
	return jpeg.Encode(w, img, &jpeg.Options{Quality: q})
}

// pngEncoder is shared by all workers: its buffers come from a pool.
var pngEncoder = png.Encoder{CompressionLevel: png.DefaultCompression, BufferPool: &pngBuffers{}}

type pngBuffers struct{ pool sync.Pool }

func (b *pngBuffers) Get() *png.EncoderBuffer  { v, _ := b.pool.Get().(*png.EncoderBuffer); return v }
func (b *pngBuffers) Put(v *png.EncoderBuffer) { b.pool.Put(v) }

// fitImage returns img in a type that f's encoder writes fast and without
// losing more than f must.
func fitImage(img image.Image, f Format) (image.Image, []string) {
	var notes []string
	if f != PNG && f != TIFF && isDeep(img) {
		img = shallow(img)
		notes = append(notes, "16 bits a channel became 8")
	}
	switch f {
	case JPEG:
		if !isOpaque(img) {
			return flatten(img), append(notes, "transparency became white")
		}
		switch m := img.(type) {
		case *image.Gray, *image.YCbCr, *image.RGBA:
			return img, notes
		case *image.NRGBA:
			return opaqueRGBA(m), notes
		}
		return rgba(img), notes
	case GIF:
		p, exact := paletted(img)
		if !exact {
			notes = append(notes, "colours reduced to 256")
		}
		return p, notes
	}
	switch img.(type) {
	case *image.YCbCr, *image.CMYK:
		return rgba(img), notes
	case *image.NYCbCrA:
		return nrgba(img), notes
	}
	if f == TIFF && img.Bounds().Min != (image.Point{}) {
		return compact(img), notes
	}
	return img, notes
}

func isGray(img image.Image) bool {
	switch m := img.(type) {
	case *image.Gray, *image.Gray16:
		return true
	case *image.Paletted:
		for _, c := range m.Palette {
			if r, g, b, _ := c.RGBA(); r != g || g != b {
				return false
			}
		}
		return true
	}
	return false
}

func isDeep(img image.Image) bool {
	switch img.(type) {
	case *image.Gray16, *image.RGBA64, *image.NRGBA64:
		return true
	}
	return false
}

func isOpaque(img image.Image) bool {
	o, ok := img.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

// shallow returns a 16-bit picture with 8 bits.
func shallow(img image.Image) image.Image {
	if g, ok := img.(*image.Gray16); ok {
		b := g.Bounds()
		out := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
		draw.Draw(out, out.Rect, g, b.Min, draw.Src)
		return out
	}
	return nrgba(img)
}

func rgba(img image.Image) *image.RGBA {
	b := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Rect, img, b.Min, draw.Src)
	return out
}

func nrgba(img image.Image) *image.NRGBA {
	b := img.Bounds()
	out := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Rect, img, b.Min, draw.Src)
	return out
}

// opaqueRGBA shares the memory of an opaque picture: without transparency,
// premultiplied values are the plain ones.
func opaqueRGBA(m *image.NRGBA) *image.RGBA {
	return &image.RGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect}
}

// flatten puts a picture on white.
func flatten(img image.Image) *image.RGBA {
	b := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, img, b.Min, draw.Over)
	return out
}

// paletted returns img with a palette, exactly if 256 colours are enough.
func paletted(img image.Image) (p *image.Paletted, exact bool) {
	if m, ok := img.(*image.Paletted); ok && m.Rect.Min == (image.Point{}) {
		return m, true
	}
	b := img.Bounds()
	r := image.Rect(0, 0, b.Dx(), b.Dy())
	if g, ok := img.(*image.Gray); ok {
		p = image.NewPaletted(r, grays)
		for y := range r.Dy() {
			copy(p.Pix[y*p.Stride:][:r.Dx()], g.Pix[g.PixOffset(b.Min.X, b.Min.Y+y):])
		}
		return p, true
	}
	src := nrgba(img)
	if pal := fewColors(src); pal != nil {
		p = image.NewPaletted(r, pal)
		index := make(map[color.NRGBA]uint8, len(pal))
		for i, c := range pal {
			index[c.(color.NRGBA)] = uint8(i)
		}
		for i := range p.Pix {
			p.Pix[i] = index[gifColor(src.Pix[4*i:])]
		}
		return p, true
	}
	pal := palette.Plan9
	if !src.Opaque() {
		// A dark blue, the second colour, makes room.
		pal = append(color.Palette{color.NRGBA{}, palette.Plan9[0]}, palette.Plan9[2:]...)
	}
	p = image.NewPaletted(r, pal)
	draw.FloydSteinberg.Draw(p, r, src, image.Point{})
	return p, false
}

var grays = func() color.Palette {
	p := make(color.Palette, 256)
	for i := range p {
		p[i] = color.Gray{Y: uint8(i)}
	}
	return p
}()

// gifColor returns the pixel at the start of pix as GIF can hold it: opaque or
// not there at all.
func gifColor(pix []uint8) color.NRGBA {
	if pix[3] < 128 {
		return color.NRGBA{}
	}
	return color.NRGBA{pix[0], pix[1], pix[2], 255}
}

// fewColors returns the palette of a picture of at most 256 colours, in order
// of appearance, and nil for others.
func fewColors(m *image.NRGBA) color.Palette {
	seen := make(map[color.NRGBA]bool)
	var pal color.Palette
	for i := 0; i < len(m.Pix); i += 4 {
		c := gifColor(m.Pix[i:])
		if seen[c] {
			continue
		}
		if len(pal) == 256 {
			return nil
		}
		seen[c] = true
		pal = append(pal, c)
	}
	return pal
}
