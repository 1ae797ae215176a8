// Package jfif converts rows of pixels between RGBA and YCbCr as JFIF 1.02 has it,
// and knows how many pixels share a sample of chroma.
package jfif

import (
	"image"
	"image/color"

	"github.com/imgpar/imgpar/internal/simd"
)

// FromRGBA converts two rows of opaque pixels, top and low, of 4 bytes each.
// y0 and y1 get a sample for each pixel, cb and cr one for 2x2 pixels, that of
// their mean colour; where the number of pixels is odd, the last one counts
// twice. The lengths must fit; that of y0 is the number of pixels, not 0.
func FromRGBA(y0, y1, cb, cr, top, low []byte) {
	w := len(y0)
	cw := (w + 1) / 2
	y1, cb, cr, top, low = y1[:w], cb[:cw], cr[:cw], top[:4*w], low[:4*w]
	done := 0
	if groups := w / 16; groups > 0 && simd.AVX2() {
		halve(&y0[0], &y1[0], &cb[0], &cr[0], &top[0], &low[0], groups)
		if done = 16 * groups; done == w {
			return
		}
	}
	lumaRow(y0[done:], top[4*done:])
	lumaRow(y1[done:], low[4*done:])
	chromaRow(cb[done/2:], cr[done/2:], top[4*done:], low[4*done:])
}

// lumaRow and chromaRow have 16 bits behind the point; chroma is of the sum of
// four pixels, and so has two more.
func lumaRow(dst, rgba []byte) {
	for x := range dst {
		p := rgba[4*x : 4*x+4 : 4*x+4]
		dst[x] = uint8((19595*uint32(p[0]) + 38470*uint32(p[1]) + 7471*uint32(p[2]) + 1<<15) >> 16)
	}
}

func chromaRow(cb, cr, top, low []byte) {
	const middle = 128<<18 + 1<<17 - 1
	last := len(top) - 4
	for x := range cb {
		i, k := 8*x, min(8*x+4, last)
		a, b, c, d := top[i:i+4:i+4], top[k:k+4:k+4], low[i:i+4:i+4], low[k:k+4:k+4]
		red := int32(a[0]) + int32(b[0]) + int32(c[0]) + int32(d[0])
		green := int32(a[1]) + int32(b[1]) + int32(c[1]) + int32(d[1])
		blue := int32(a[2]) + int32(b[2]) + int32(c[2]) + int32(d[2])
		cb[x] = uint8((middle - 11059*red - 21709*green + 32768*blue) >> 18)
		cr[x] = uint8((middle + 32768*red - 27439*green - 5329*blue) >> 18)
	}
}

// ToRGBA writes the pixels of src, whose values are those of color.YCbCrToRGB,
// as opaque RGBA to dst, with its upper left corner first and stride bytes from
// a row to the next. Each row has 4 bytes a pixel.
func ToRGBA(dst []byte, stride int, src *image.YCbCr) {
	r := src.Rect
	w := r.Dx()
	if r.Empty() {
		return
	}
	shift := 0 // log2 of how many pixels share a chroma sample in a row
	switch src.SubsampleRatio {
	case image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420:
		shift = 1
	case image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410:
		shift = 2
	}
	phase := r.Min.X & (1<<shift - 1)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := dst[(y-r.Min.Y)*stride:][:4*w]
		luma := src.Y[src.YOffset(r.Min.X, y):][:w]
		c := src.COffset(r.Min.X, y)
		if r.Min.X < 0 && shift > 0 { // package image rounds to 0, so that more pixels share the chroma there
			for x := range luma {
				at := src.COffset(r.Min.X+x, y)
				pixels(row[4*x:], luma[x:x+1], src.Cb[at:], src.Cr[at:], 0, 0)
			}
			continue
		}
		n := (phase+w-1)>>shift + 1
		toRow(row, luma, src.Cb[c:][:n], src.Cr[c:][:n], shift, phase)
	}
}

// toRow converts a row. The first of each 1<<shift pixels that share chroma is
// phase pixels before the first.
func toRow(dst, y, cb, cr []byte, shift, phase int) {
	done := 0
	if shift < 2 && simd.AVX2() {
		if done = -phase & (1<<shift - 1); done > 0 {
			pixels(dst, y[:done], cb, cr, shift, phase)
		}
		if groups := (len(y) - done) / 8; groups > 0 {
			c := (done + phase) >> shift
			n := 8 * groups
			to, luma, b, r := dst[4*done:][:4*n], y[done:][:n], cb[c:][:n>>shift], cr[c:][:n>>shift]
			if shift == 0 {
				expandWhole(&to[0], &luma[0], &b[0], &r[0], groups)
			} else {
				expandHalved(&to[0], &luma[0], &b[0], &r[0], groups)
			}
			done += n
		}
	}
	if done == len(y) {
		return
	}
	c := (done + phase) >> shift
	pixels(dst[4*done:], y[done:], cb[c:], cr[c:], shift, (done+phase)&(1<<shift-1))
}

func pixels(dst, y, cb, cr []byte, shift, phase int) {
	for x, v := range y {
		p, c := dst[4*x:4*x+4:4*x+4], (x+phase)>>shift
		p[0], p[1], p[2] = color.YCbCrToRGB(v, cb[c], cr[c])
		p[3] = 0xff
	}
}
