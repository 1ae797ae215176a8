// Package scene draws pictures to measure with, the same ones on every machine: all of
// it is integer arithmetic on the number of the picture.
//
// They are no photos, but cost what photos cost: soft gradients, edges, texture that is
// strong in one place and missing in the next, and a sensor's noise over all.
package scene

import (
	"image"
	"image/draw"
)

// New draws a picture of so many pixels, 4:2:0. Pictures of different numbers differ.
func New(number uint32, width, height int) *image.YCbCr {
	m := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	Draw(m, number)
	return m
}

// RGBA is New for what takes pixels.
func RGBA(number uint32, width, height int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(m, m.Rect, New(number, width, height), image.Point{}, draw.Src)
	return m
}

// Draw draws a picture over m, which is 4:2:0 and begins at 0, 0.
func Draw(m *image.YCbCr, number uint32) {
	width, height := m.Rect.Dx(), m.Rect.Dy()
	sc := newScene(number, width, height)
	row := make([]int32, sc.land.stride<<sc.land.cell)
	for y := range height {
		sc.land.row(row, y)
		sc.luma(m.Y[y*m.YStride:][:width], row[:width], y)
		if y%2 == 0 {
			at, n := y/2*m.CStride, (width+1)/2
			sc.chroma(m.Cb[at:][:n], m.Cr[at:][:n], row, y/2)
		}
	}
}

// luma draws a row: the tone of the height, its texture, the noise.
func (sc *scene) luma(out []byte, heights []int32, y int) {
	texture, noise := &sc.texture[(y+sc.textureY)%tileSide], &sc.grain[(y+sc.noiseY)%tileSide]
	for x := range out {
		grain := int32(texture[(x+sc.textureX)%tileSide])
		t := &sc.tones[toneAt(heights[x]+grain*sc.ragged)]
		v := t.luma + (grain*t.texture+int32(noise[(x+sc.noiseX)%tileSide])*sc.noise)>>5
		out[x] = uint8(min(max(v, 0), 255))
	}
}

// chroma draws a row of both planes, of half as many samples, with noise of their own.
func (sc *scene) chroma(cb, cr []byte, heights []int32, y int) {
	texture, noise := &sc.texture[(2*y+sc.textureY)%tileSide], &sc.grain[(y+sc.noiseX)%tileSide]
	for x := range cb {
		grain := int32(texture[(2*x+sc.textureX)%tileSide])
		t := &sc.tones[toneAt(heights[2*x]+grain*sc.ragged)]
		cloud := grain * t.texture >> 8
		cb[x] = uint8(min(max(t.cb-cloud+int32(noise[(x+sc.noiseY)%tileSide])*sc.noise>>7, 0), 255))
		cr[x] = uint8(min(max(t.cr+cloud+int32(noise[(x+sc.textureY)%tileSide])*sc.noise>>7, 0), 255))
	}
}
