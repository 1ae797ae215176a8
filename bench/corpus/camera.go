package corpus

import (
	"encoding/binary"

	"github.com/imgpar/imgpar/codec/jpeg"
)

// shot is how one picture is taken.
type shot struct {
	seed          uint32
	width, height int
	cell          uint // the finest cells of the landscape have sides of so many pixels, as a power of two
	quality       int
	orientation   uint16 // of EXIF
}

// camera takes pictures, one at a time; its memory is kept between them.
type camera struct {
	planes jpeg.Planes
	file   []byte
	row    []int32 // heights
}

// take returns a JPEG file, which is the caller's until the next one.
func (c *camera) take(s shot) (file []byte, err error) {
	c.frame(s)
	sc := newScene(s)
	for y := range s.height {
		c.luma(sc, y)
		if y%2 == 0 {
			c.chroma(sc, y/2) // of the same heights
		}
	}
	segments := []jpeg.Segment{{Marker: app1, Data: exif(s.orientation)}}
	c.file, err = jpeg.Encode(c.file[:0], &c.planes, jpeg.EncodeOptions{Quality: s.quality, Segments: segments})
	return c.file, err
}

// frame makes planes for 4:2:0.
func (c *camera) frame(s shot) {
	if c.planes.Width*c.planes.Height != s.width*s.height {
		c.planes = jpeg.Planes{Color: jpeg.YCbCr, Planes: make([]jpeg.Plane, 3)}
		for i := range c.planes.Planes {
			c.planes.Planes[i].Pix = make([]byte, s.width*s.height>>(2*min(i, 1)))
		}
		c.row = make([]int32, max(s.width, s.height)+1<<s.cell)
	}
	c.planes.Width, c.planes.Height = s.width, s.height
	for i := range c.planes.Planes {
		p, half := &c.planes.Planes[i], min(i, 1)
		p.H, p.V = 2-half, 2-half
		p.Width, p.Height = s.width>>half, s.height>>half
		p.Stride = p.Width
	}
}

// luma draws a row: the tone of the height, its texture, the noise.
func (c *camera) luma(sc *scene, y int) {
	p := &c.planes.Planes[0]
	out := p.Pix[y*p.Stride:][:p.Width]
	sc.land.row(c.row, y)
	heights := c.row[:len(out)]
	texture, noise := &sc.texture[(y+sc.textureY)%tileSide], &sc.grain[(y+sc.noiseY)%tileSide]
	for x := range out {
		grain := int32(texture[(x+sc.textureX)%tileSide])
		t := &sc.tones[toneAt(heights[x]+grain*sc.ragged)]
		v := t.luma + (grain*t.texture+int32(noise[(x+sc.noiseX)%tileSide])*sc.noise)>>5
		out[x] = uint8(min(max(v, 0), 255))
	}
}

// chroma draws a row of both planes, of half as many samples, with a noise that is finer.
func (c *camera) chroma(sc *scene, y int) {
	cb, cr := &c.planes.Planes[1], &c.planes.Planes[2]
	out, out2 := cb.Pix[y*cb.Stride:][:cb.Width], cr.Pix[y*cr.Stride:][:cr.Width]
	texture, noise := &sc.texture[(2*y+sc.textureY)%tileSide], &sc.grain[(y+sc.noiseX)%tileSide]
	for x := range out {
		grain := int32(texture[(2*x+sc.textureX)%tileSide])
		t := &sc.tones[toneAt(c.row[2*x]+grain*sc.ragged)]
		cloud := grain * t.texture >> 8
		out[x] = uint8(min(max(t.cb-cloud+int32(noise[(x+sc.noiseY)%tileSide])*sc.noise>>7, 0), 255))
		out2[x] = uint8(min(max(t.cr+cloud+int32(noise[(x+sc.textureY)%tileSide])*sc.noise>>7, 0), 255))
	}
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
