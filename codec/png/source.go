package png

import (
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"slices"

	"github.com/imgpar/imgpar/codec/pixels"
)

// Colour types (section 11.2.1).
const (
	typeGray      = 0
	typeRGB       = 2
	typePalette   = 3
	typeGrayAlpha = 4
	typeRGBA      = 6
)

// source is a picture to be written, in one of the forms that PNG has.
type source struct {
	width, height int
	colour        byte // colour type
	bits          int  // of a channel, or of an index
	channels      int
	indexed       *image.Paletted // a palette picture

	pix    []uint8 // from the first pixel on; of 16 bits big-endian
	stride int
	four   bool // pix has red, green, blue and alpha, whatever is written
	alphas bool // and red, green and blue are multiplied by alpha
}

// sourceOf chooses the form of a picture.
func sourceOf(img image.Image, colour bool) (*source, error) {
	b := img.Bounds()
	s := &source{width: b.Dx(), height: b.Dy(), bits: 8, channels: 1}
	switch m := img.(type) {
	case *image.Paletted:
		return s, s.setPalette(m)
	case *image.Gray:
		s.pix, s.stride = m.Pix[m.PixOffset(b.Min.X, b.Min.Y):], m.Stride
		return s, nil
	case *image.Gray16:
		s.pix, s.stride, s.bits = m.Pix[m.PixOffset(b.Min.X, b.Min.Y):], m.Stride, 16
		return s, nil
	case *image.RGBA:
		s.pix, s.stride, s.alphas = m.Pix[m.PixOffset(b.Min.X, b.Min.Y):], m.Stride, true
	case *image.NRGBA:
		s.pix, s.stride = m.Pix[m.PixOffset(b.Min.X, b.Min.Y):], m.Stride
	case *image.RGBA64:
		s.pix, s.stride, s.bits, s.alphas = m.Pix[m.PixOffset(b.Min.X, b.Min.Y):], m.Stride, 16, true
	case *image.NRGBA64:
		s.pix, s.stride, s.bits = m.Pix[m.PixOffset(b.Min.X, b.Min.Y):], m.Stride, 16
	default:
		n := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
		draw.Draw(n, n.Rect, img, b.Min, draw.Src)
		s.pix, s.stride = n.Pix, n.Stride
	}
	s.setColours(colour)
	return s, nil
}

// setColours chooses the colour type of a picture with four channels.
func (s *source) setColours(colour bool) {
	s.four = true
	opaque, gray := pixels.Look(s.pix, s.stride, s.width, s.height, s.bits/8)
	switch {
	case opaque:
		s.colour, s.channels, s.alphas = typeRGB, 3, false
	case gray && !colour:
		s.colour, s.channels = typeGrayAlpha, 2
	default:
		s.colour, s.channels = typeRGBA, 4
	}
}

func (s *source) setPalette(m *image.Paletted) error {
	n := len(m.Palette)
	if n == 0 || n > 256 {
		return fmt.Errorf("png: a palette of %d colours", n)
	}
	s.indexed, s.colour = m, typePalette
	s.pix, s.stride = m.Pix[m.PixOffset(m.Rect.Min.X, m.Rect.Min.Y):], m.Stride
	for s.bits > 1 && n <= 1<<(s.bits/2) {
		s.bits /= 2
	}
	return nil
}

func (s *source) rowBytes() int { return (s.width*s.bits*s.channels + 7) / 8 }

// header returns the data of IHDR (section 11.2.1).
func (s *source) header() []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(s.width))
	b = binary.BigEndian.AppendUint32(b, uint32(s.height))
	return append(b, byte(s.bits), s.colour, 0, 0, 0)
}

// row writes row y into dst, of rowBytes.
func (s *source) row(dst []byte, y int) error {
	src := s.pix[y*s.stride:]
	switch {
	case s.indexed != nil:
		src = src[:s.width]
		if n := len(s.indexed.Palette); n < 256 && int(slices.Max(src)) >= n {
			return errIndex
		}
		packBits(dst, src, s.bits)
	case !s.four:
		copy(dst, src[:len(dst)])
	case s.bits == 8:
		s.row8(dst, src[:4*s.width])
	default:
		s.row16(dst, src[:8*s.width])
	}
	return nil
}

// packBits packs indices, the first into the highest bits.
func packBits(dst, src []byte, bits int) {
	if bits == 8 {
		copy(dst, src)
		return
	}
	clear(dst)
	perByte := 8 / bits
	for x, v := range src {
		dst[x/perByte] |= v << (8 - bits - x%perByte*bits)
	}
}

func (s *source) row8(dst, src []byte) {
	if s.colour == typeRGB {
		for ; len(src) >= 4 && len(dst) >= 3; src, dst = src[4:], dst[3:] {
			dst[0], dst[1], dst[2] = src[0], src[1], src[2]
		}
		return
	}
	for ; len(src) >= 4; src = src[4:] {
		c := color.NRGBA{src[0], src[1], src[2], src[3]}
		if s.alphas {
			c = color.NRGBAModel.Convert(color.RGBA(c)).(color.NRGBA)
		}
		if s.colour == typeGrayAlpha {
			dst[0], dst[1] = c.R, c.A
			dst = dst[2:]
			continue
		}
		dst[0], dst[1], dst[2], dst[3] = c.R, c.G, c.B, c.A
		dst = dst[4:]
	}
}

func (s *source) row16(dst, src []byte) {
	size := 2 * s.channels
	for ; len(src) >= 8; src, dst = src[8:], dst[size:] {
		switch {
		case s.alphas:
			p := binary.BigEndian.Uint64(src)
			c := color.NRGBA64Model.Convert(color.RGBA64{uint16(p >> 48), uint16(p >> 32), uint16(p >> 16), uint16(p)}).(color.NRGBA64)
			binary.BigEndian.PutUint16(dst, c.R)
			if s.colour == typeRGBA {
				binary.BigEndian.PutUint16(dst[2:], c.G)
				binary.BigEndian.PutUint16(dst[4:], c.B)
			}
			binary.BigEndian.PutUint16(dst[size-2:], c.A)
		case s.colour == typeGrayAlpha:
			copy(dst, src[:2])
			copy(dst[2:], src[6:8])
		default:
			copy(dst[:size], src)
		}
	}
}
