package main

import "image/color"

// fixture is one file below testdata/images.
type fixture struct {
	name  string // slash-separated
	about string // a phrase for the README
	data  []byte
	// w and h are what the header says, before the orientation is obeyed.
	w, h        int
	orientation int // EXIF's, 1 to 8
	// shows is the displayed picture. A lossless file shows it exactly, a lossy
	// one (leastPSNR above 0) with that many decibels at least. Nil if broken.
	shows     *raster
	leastPSNR float64
	outcome   string // one of the words below
}

// What a careful program makes of a fixture.
const (
	ok          = "ok"
	corrupt     = "corrupt"     // not what the format's specification allows
	unsupported = "unsupported" // valid, but beyond what Go's decoders read
	tooLarge    = "too large"   // claims more than anybody would decode
	costly      = "costly"      // valid and small, but slow: ok, or refused by a limit
)

// exact is a fixture that keeps every sample of a picture.
func exact(name, about string, shows *raster, data []byte) fixture {
	return fixture{name, about, data, shows.w, shows.h, 1, shows, 0, ok}
}

// lossy is a fixture that keeps a picture up to a loss.
func lossy(name, about string, leastPSNR float64, shows *raster, data []byte) fixture {
	return fixture{name, about, data, shows.w, shows.h, 1, shows, leastPSNR, ok}
}

// turned is f with the orientation that its file tells.
func turned(f fixture, orientation int) fixture {
	f.orientation = orientation
	if orientation >= 5 {
		f.w, f.h = f.h, f.w
	}
	return f
}

// rgb8 is the motif with 8 bits a sample.
func rgb8(w, h int) *raster { return motif(w, h).depth(8) }

// pixels converts 8-bit RGB by a function of image/color.
func pixels(m *raster, channels int, f func(r, g, b uint8) []uint8) *raster {
	return m.each(channels, 8, func(dst, src []uint16) {
		for i, v := range f(uint8(src[0]), uint8(src[1]), uint8(src[2])) {
			dst[i] = uint16(v)
		}
	})
}

// ycc converts to the YCbCr of JFIF.
func ycc(m *raster) *raster {
	return pixels(m, 3, func(r, g, b uint8) []uint8 {
		y, cb, cr := color.RGBToYCbCr(r, g, b)
		return []uint8{y, cb, cr}
	})
}

// studioYCC converts to the YCbCr of video and WebP, whose luma is 16 to 235
// and whose chroma is 16 to 240 (Rec. 601).
func studioYCC(m *raster) *raster {
	return pixels(m, 3, func(r8, g8, b8 uint8) []uint8 {
		r, g, b := int(r8), int(g8), int(b8)
		const half = 1 << 15
		return []uint8{
			uint8((16839*r + 33059*g + 6420*b + 16<<16 + half) >> 16),
			uint8((-9719*r - 19081*g + 28800*b + 128<<16 + half) >> 16),
			uint8((28800*r - 24116*g - 4684*b + 128<<16 + half) >> 16),
		}
	})
}

// adobeCMYK converts to CMYK as Adobe stores it: 255 means no ink.
func adobeCMYK(m *raster) *raster {
	return pixels(m, 4, func(r, g, b uint8) []uint8 {
		c, m, y, k := color.RGBToCMYK(r, g, b)
		return []uint8{255 - c, 255 - m, 255 - y, 255 - k}
	})
}

// adobeYCCK is adobeCMYK with the three colours as YCbCr.
func adobeYCCK(m *raster) *raster {
	return pixels(m, 4, func(r, g, b uint8) []uint8 {
		c, m, y, k := color.RGBToCMYK(r, g, b)
		luma, cb, cr := color.RGBToYCbCr(c, m, y)
		return []uint8{luma, cb, cr, 255 - k}
	})
}
