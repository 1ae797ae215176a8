package codec

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"strings"

	"github.com/imgpar/imgpar/codec/gif"
	"github.com/imgpar/imgpar/codec/meta"
	"github.com/imgpar/imgpar/codec/pixels"
	"github.com/imgpar/imgpar/internal/jfif"
)

// DefaultQuality is the JPEG quality where none is given.
const DefaultQuality = 85

// NoteShallow is the note on a picture of 16 bits a channel that has 8 now.
const NoteShallow = "16 bits a channel became 8"

// noteFlat begins the note on a transparent picture that was put on a
// background, whose name follows.
const noteFlat = "transparency became "

// IsNoteFlat tells whether a note says that a picture was transparent.
func IsNoteFlat(note string) bool { return strings.HasPrefix(note, noteFlat) }

// Options of Encode and EncodeFrames. The zero value but for Format keeps all that
// the format can hold.
type Options struct {
	Format   Format
	Quality  int       // of JPEG, 1 to 100; 0 means DefaultQuality
	Optimize bool      // Huffman tables made for the picture, in JPEG: smaller and slower
	Metadata meta.Data // of Encode; each frame of EncodeFrames has its own
	Origin   Format    // of Metadata: EXIF that does not come from a JPEG gets the tags that Format asks for; "" stands for JPEG
	Carry
	Background color.NRGBA // under a transparent picture in a format without transparency; the zero value stands for white
	Loop       int         // how often an animation is played, not negative; 0: for ever

	mostOutput int64 // bytes of several pictures; 0: MaxFileSize
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

// Encode writes img, which is upright, into buf in place of what is there. The
// notes name what the format could not hold, and what became of the profile. Errors
// are those of Validate, *Error of kind TooLarge for more than the format can say,
// and those of the format's encoder.
func Encode(buf *bytes.Buffer, img image.Image, o Options) (notes []string, err error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	img, kept, notes, err := o.prepare(img)
	if err != nil {
		return nil, err
	}
	buf.Reset()
	if err := encoders[o.Format](buf, img, o, kept); err != nil {
		return nil, fmt.Errorf("encode %s: %w", o.Format, err)
	}
	return notes, nil
}

// prepare returns a picture and its metadata as they go into a file.
func (o Options) prepare(img image.Image) (out image.Image, kept meta.Data, notes []string, err error) {
	profiled := o.Metadata.ICC != nil // before it is converted
	if img, o.Metadata.ICC, notes, err = inProfile(img, o, becomesGray(img, o.Format)); err != nil {
		return nil, kept, nil, err
	}
	out, unfit := fitImage(img, o)
	kept, lost := o.keep(profiled, out.Bounds(), becomesGray(out, o.Format))
	return out, kept, append(append(notes, unfit...), lost...), nil
}

// encoders write a picture that fitImage has made one for the format.
var encoders = map[Format]func(*bytes.Buffer, image.Image, Options, meta.Data) error{
	JPEG: encodeJPEG,
	PNG:  encodePNG,
	GIF:  encodeGIF,
	BMP:  encodeBMP,
	TIFF: encodeTIFF,
	WebP: encodeWebP,
}

// fitImage returns img in a type that the format's encoder writes fast and
// without losing more than the format must.
func fitImage(img image.Image, o Options) (image.Image, []string) {
	f := o.Format
	var notes []string
	if f != PNG && f != TIFF && IsDeep(img) {
		img = shallow(img)
		notes = append(notes, NoteShallow)
	}
	if (f == JPEG || f == BMP) && !pixels.IsOpaque(img) { // readers ignore the fourth byte of a BMP
		out, name := flatten(img, o.Background)
		return out, append(notes, noteFlat+name)
	}
	if f == GIF {
		p, lost := gif.Paletted(img)
		return p, append(notes, lost...)
	}
	switch m := img.(type) {
	case *image.YCbCr:
		if f == JPEG {
			return m, notes
		}
		return rgba(m), notes
	case *image.CMYK:
		return rgba(m), notes
	case *image.NYCbCrA:
		return nrgba(m), notes
	case *image.NRGBA:
		if f == JPEG {
			return opaqueRGBA(m), notes
		}
	case *image.Paletted:
		switch {
		case f == JPEG && isGray(m):
			return gray(m), notes
		case f == JPEG:
			return rgba(m), notes
		case f == TIFF && !m.Opaque(): // its colour map has no alpha
			return nrgba(m), notes
		}
	}
	return img, notes
}

// IsGray tells whether a picture has no colours: by its type or its palette, or,
// where it has transparency, by its pixels.
func IsGray(img image.Image) bool { return isGray(img) || pixels.IsGrayAlpha(img) }

// isGray tells whether a picture has gray values only, by its type or its
// palette.
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

// IsDeep tells whether a picture has 16 bits a channel.
func IsDeep(img image.Image) bool {
	switch img.(type) {
	case *image.Gray16, *image.RGBA64, *image.NRGBA64:
		return true
	}
	return false
}

// shallow returns a 16-bit picture with 8 bits.
func shallow(img image.Image) image.Image {
	if g, ok := img.(*image.Gray16); ok {
		return gray(g)
	}
	return nrgba(img)
}

func gray(img image.Image) *image.Gray {
	b := img.Bounds()
	out := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Rect, img, b.Min, draw.Src)
	return out
}

func rgba(img image.Image) *image.RGBA {
	b := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	if m, ok := img.(*image.YCbCr); ok {
		jfif.ToRGBA(out.Pix, out.Stride, m)
		return out
	}
	draw.Draw(out, out.Rect, img, b.Min, draw.Src)
	return out
}

// nrgba may share the memory of img.
func nrgba(img image.Image) *image.NRGBA {
	pix, stride := pixels.Straight(img, false)
	return &image.NRGBA{Pix: pix, Stride: stride, Rect: image.Rectangle{Max: img.Bounds().Size()}}
}

// opaqueRGBA shares the memory of an opaque picture: without transparency,
// premultiplied values are the plain ones.
func opaqueRGBA(m *image.NRGBA) *image.RGBA {
	return &image.RGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect}
}

// flatten puts a picture on a background, by default white, and names that. One
// without colours on gray stays gray.
func flatten(img image.Image, background color.NRGBA) (out image.Image, name string) {
	if background == (color.NRGBA{}) {
		background = color.NRGBA{255, 255, 255, 255}
	}
	b := img.Bounds()
	flat := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(flat, flat.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(flat, flat.Rect, image.NewUniform(background), image.Point{}, draw.Over)
	name = colourName(flat.RGBAAt(0, 0))
	draw.Draw(flat, flat.Rect, img, b.Min, draw.Over)
	for i := 0; i < len(flat.Pix); i += 4 {
		if p := flat.Pix[i : i+3]; p[0] != p[1] || p[1] != p[2] {
			return flat, name
		}
	}
	return gray(flat), name
}

func colourName(c color.RGBA) string {
	switch [3]uint8{c.R, c.G, c.B} {
	case [3]uint8{255, 255, 255}:
		return "white"
	case [3]uint8{}:
		return "black"
	}
	return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B)
}
