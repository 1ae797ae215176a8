package corpus

import (
	"encoding/binary"
	"image"

	"github.com/imgpar/imgpar/bench/corpus/scene"
	"github.com/imgpar/imgpar/codec/jpeg"
)

// shot is how one picture is taken.
type shot struct {
	number        uint32
	width, height int
	quality       int
	orientation   uint16 // of EXIF
}

// camera takes pictures, one at a time; its memory is kept between them.
type camera struct {
	picture *image.YCbCr
	file    []byte
}

// take returns a JPEG file, which is the caller's until the next one.
func (c *camera) take(s shot) []byte {
	var err error
	if size := image.Rect(0, 0, s.width, s.height); c.picture == nil || c.picture.Rect != size {
		c.picture = image.NewYCbCr(size, image.YCbCrSubsampleRatio420)
	}
	scene.Draw(c.picture, s.number)
	segments := []jpeg.Segment{{Marker: app1, Data: exif(s.orientation)}}
	c.file, err = jpeg.Encode(c.file[:0], planes(c.picture), jpeg.EncodeOptions{Quality: s.quality, Segments: segments})
	if err != nil {
		panic(err) // planes, quality and segments are all of our own making
	}
	return c.file
}

// planes are those of a picture whose sides are even.
func planes(m *image.YCbCr) *jpeg.Planes {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	chroma := jpeg.Plane{H: 1, V: 1, Width: w / 2, Height: h / 2, Stride: m.CStride}
	p := &jpeg.Planes{Width: w, Height: h, Color: jpeg.YCbCr, Planes: []jpeg.Plane{
		{H: 2, V: 2, Width: w, Height: h, Stride: m.YStride, Pix: m.Y}, chroma, chroma,
	}}
	p.Planes[1].Pix, p.Planes[2].Pix = m.Cb, m.Cr
	return p
}

const app1 = 0xe1 // the marker of EXIF's segment

// exif is a block of the orientation alone (Exif 2.32, 4.6.2; TIFF 6.0, 2).
func exif(orientation uint16) []byte {
	b := []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08") // big-endian, the directory follows
	b = binary.BigEndian.AppendUint16(b, 1)            // one entry:
	b = binary.BigEndian.AppendUint16(b, 0x0112)       // Orientation,
	b = binary.BigEndian.AppendUint16(b, 3)            // SHORT,
	b = binary.BigEndian.AppendUint32(b, 1)            // one of them
	b = binary.BigEndian.AppendUint16(b, orientation)
	return append(b, 0, 0, 0, 0, 0, 0) // what is left of the value's field; no next directory
}
