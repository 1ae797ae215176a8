package codec

import (
	"image"
	"image/color"
	"iter"
	"time"

	"github.com/imgpar/imgpar/codec/meta"
	"github.com/imgpar/imgpar/internal/jfif"
)

// disposal says what becomes of a frame before the next one is drawn.
type disposal byte

const (
	keepFrame    disposal = iota // it stays
	clearFrame                   // its rectangle becomes transparent
	restoreFrame                 // what was there before it comes back
)

// placement is how a file wants a frame to be put on the canvas.
type placement struct {
	image.Rectangle // where; what lies beyond the canvas is cut off
	dispose         disposal
	over            bool // its transparency shows what is below; else it takes the place of that
	delay           time.Duration
}

// compositor puts the frames of an animation on their canvas, which is
// transparent at first, as browsers have it whatever background the file names.
type compositor struct {
	w, h, size int    // size: bytes of a pixel, 4 or, with 16 bits a channel, 8; not premultiplied
	pix        []byte // the canvas
	shown      []byte // the copy of it that was handed out
	saved      []byte // what the last frame covered, if that is to come back
	last       placement
}

func newCompositor(h Header) *compositor {
	c := &compositor{w: h.Width, h: h.Height, size: 4}
	if h.Format == PNG && h.Bits == 16 {
		c.size = 8
	}
	c.pix = make([]byte, c.w*c.h*c.size)
	c.shown = make([]byte, len(c.pix))
	return c
}

// framesOf composes count frames. The first one has the metadata of the file.
func framesOf(h Header, m meta.Data, count int, frame func(i int) (placement, image.Image, []string, error)) iter.Seq2[Frame, error] {
	return func(yield func(Frame, error) bool) {
		c := newCompositor(h)
		for i := range count {
			p, img, notes, err := frame(i)
			if err != nil {
				yield(Frame{}, err)
				return
			}
			f := Frame{Image: c.add(p, img), Orientation: h.Orientation, Delay: p.delay, Notes: notes}
			if i == 0 {
				f.Metadata = m
			}
			if !yield(f, nil) {
				return
			}
		}
	}
}

// checkFrames refuses an animation whose composed frames would be more work
// than maxFramePixels allows.
func checkFrames(h Header, frames int, maxPixels int64) error {
	if frames > MaxFrames {
		return tooLargef("more than %d frames", MaxFrames)
	}
	if n := int64(frames) * int64(h.Width) * int64(h.Height); n/maxFramePixels > maxPixels {
		return tooLargef("%d frames of %dx%d are %d pixels; an animation has at most %d times --max-pixels", frames, h.Width, h.Height, n, maxFramePixels)
	}
	return nil
}

// add disposes of the last frame, draws img, which may be nil if its rectangle
// is empty, and returns what is shown then.
func (c *compositor) add(p placement, img image.Image) image.Image {
	c.disposeLast()
	if p.dispose == restoreFrame {
		c.saved = append(c.saved[:0], c.pix...)
	}
	if !p.Empty() {
		c.draw(p, img)
	}
	c.last = p
	copy(c.shown, c.pix)
	r := image.Rect(0, 0, c.w, c.h)
	if c.size == 8 {
		return &image.NRGBA64{Pix: c.shown, Stride: 8 * c.w, Rect: r}
	}
	return &image.NRGBA{Pix: c.shown, Stride: 4 * c.w, Rect: r}
}

func (c *compositor) disposeLast() {
	switch c.last.dispose {
	case clearFrame:
		r := c.visible(c.last.Rectangle)
		for y := r.Min.Y; y < r.Max.Y; y++ {
			clear(c.row(y, r))
		}
	case restoreFrame:
		copy(c.pix, c.saved)
	}
}

// visible is the part of r on the canvas.
func (c *compositor) visible(r image.Rectangle) image.Rectangle {
	return r.Intersect(image.Rect(0, 0, c.w, c.h))
}

// row returns the pixels of r on a line of the canvas.
func (c *compositor) row(y int, r image.Rectangle) []byte {
	return c.pix[(y*c.w+r.Min.X)*c.size : (y*c.w+r.Max.X)*c.size]
}

func (c *compositor) draw(p placement, img image.Image) {
	r := c.visible(p.Rectangle)
	pix, stride := plain(img, c.size)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		src := pix[(y-p.Min.Y)*stride+(r.Min.X-p.Min.X)*c.size:]
		switch dst := c.row(y, r); {
		case !p.over:
			copy(dst, src)
		case c.size == 8:
			over16(dst, src)
		default:
			over8(dst, src)
		}
	}
}

// plain returns the pixels of a picture as they stand in an NRGBA, or of size 8
// in an NRGBA64.
func plain(img image.Image, size int) (pix []byte, stride int) {
	b := img.Bounds()
	if size == 8 {
		m := nrgba64(img)
		return m.Pix, m.Stride
	}
	switch m := img.(type) {
	case *image.NRGBA:
		return m.Pix[m.PixOffset(b.Min.X, b.Min.Y):], m.Stride
	case *image.RGBA:
		if m.Opaque() { // premultiplied or not is the same
			return m.Pix[m.PixOffset(b.Min.X, b.Min.Y):], m.Stride
		}
	case *image.Paletted:
		return lookUp(m), 4 * b.Dx()
	case *image.Gray:
		pix = make([]byte, 0, 4*b.Dx()*b.Dy())
		for y := range b.Dy() {
			for _, v := range m.Pix[y*m.Stride:][:b.Dx()] {
				pix = append(pix, v, v, v, 255)
			}
		}
		return pix, 4 * b.Dx()
	case *image.YCbCr:
		return rgba(m).Pix, 4 * b.Dx()
	case *image.NYCbCrA:
		pix = make([]byte, 4*b.Dx()*b.Dy())
		jfif.ToRGBA(pix, 4*b.Dx(), &m.YCbCr)
		for y := range b.Dy() {
			for x, a := range m.A[y*m.AStride:][:b.Dx()] {
				pix[4*(y*b.Dx()+x)+3] = a
			}
		}
		return pix, 4 * b.Dx()
	}
	m := nrgba(img)
	return m.Pix, m.Stride
}

// lookUp returns the colours of a picture with a palette.
func lookUp(m *image.Paletted) []byte {
	var colours [256][4]byte
	for i, c := range m.Palette {
		v := color.NRGBAModel.Convert(c).(color.NRGBA)
		colours[i] = [4]byte{v.R, v.G, v.B, v.A}
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	pix := make([]byte, 0, 4*w*h)
	for y := range h {
		for _, i := range m.Pix[y*m.Stride:][:w] {
			pix = append(pix, colours[i][:]...)
		}
	}
	return pix
}

func nrgba64(img image.Image) *image.NRGBA64 {
	if m, ok := img.(*image.NRGBA64); ok && m.Rect.Min == (image.Point{}) {
		return m
	}
	b := img.Bounds()
	out := image.NewNRGBA64(image.Rect(0, 0, b.Dx(), b.Dy()))
	for y := range b.Dy() {
		for x := range b.Dx() {
			out.SetNRGBA64(x, y, color.NRGBA64Model.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.NRGBA64))
		}
	}
	return out
}

// over8 puts as many pixels of src as dst has on dst: the operator over of
// Porter and Duff for colours that are not premultiplied (PNG specification,
// third edition, 13.16), rounded to nearest.
func over8(dst, src []byte) {
	for i := 0; i < len(dst); i += 4 {
		d, s := dst[i:i+4:i+4], src[i:i+4:i+4]
		if s[3] == 255 || d[3] == 0 && s[3] != 0 {
			copy(d, s)
			continue
		}
		if s[3] == 0 {
			continue
		}
		front := uint32(s[3]) * 255
		back := uint32(d[3]) * (255 - uint32(s[3]))
		a := front + back // of 255 * 255
		for k := range 3 {
			d[k] = uint8((uint32(s[k])*front + uint32(d[k])*back + a/2) / a)
		}
		d[3] = uint8((a + 127) / 255)
	}
}

// over16 is over8 for two bytes a channel, the high one first.
func over16(dst, src []byte) {
	for i := 0; i < len(dst); i += 8 {
		d, s := dst[i:i+8:i+8], src[i:i+8:i+8]
		top, bottom := wide(s[6:]), wide(d[6:])
		if top == 0xffff || bottom == 0 && top != 0 {
			copy(d, s)
			continue
		}
		if top == 0 {
			continue
		}
		front, back := top*0xffff, bottom*(0xffff-top)
		a := front + back
		for k := 0; k < 6; k += 2 {
			v := (wide(s[k:])*front + wide(d[k:])*back + a/2) / a
			d[k], d[k+1] = uint8(v>>8), uint8(v)
		}
		a = (a + 0x7fff) / 0xffff
		d[6], d[7] = uint8(a>>8), uint8(a)
	}
}

func wide(b []byte) uint64 { return uint64(b[0])<<8 | uint64(b[1]) }
