package main

import "slices"

// vp8Encoder writes one key frame (RFC 6386): 16x16 prediction, one set of
// quantisers, one partition of coefficients, no loop filter.
type vp8Encoder struct {
	planes          [3]vp8Plane // Y, U, V
	mbw, mbh        int
	modes, residual boolWriter
	// above and left say which blocks next to the macroblock have coefficients:
	// four of Y, two each of U and V, and the Y2 block.
	above [][9]int
	left  [9]int
}

// vp8Plane is a plane in whole macroblocks of the given size, and what a decoder
// makes of it, with a border on the left and above.
type vp8Plane struct {
	size, stride   int
	source, output []int
}

// The quantisers at index 12 (RFC 6386, section 14.1): of DC and of AC, for luma
// blocks, for the luma DCs (Y2), and for chroma.
const vp8QuantIndex = 12

var vp8Quant = struct{ y, y2, uv [2]int }{y: [2]int{15, 16}, y2: [2]int{30, 24}, uv: [2]int{15, 16}}

// Kinds of blocks, RFC 6386, section 13.3.
const (
	vp8LumaAC = iota // luma without DC
	vp8Y2
	vp8Chroma
)

// encodeVP8 returns a VP8 chunk of an 8-bit picture in YCbCr of studio range
// (see studioYCC).
func encodeVP8(m *raster) []byte {
	e := &vp8Encoder{mbw: ceilDiv(m.w, 16), mbh: ceilDiv(m.h, 16)}
	e.modes, e.residual = newBoolWriter(), newBoolWriter()
	e.above = make([][9]int, e.mbw)
	for i := range e.planes {
		e.planes[i] = newVP8Plane(m, i, e.mbw, e.mbh)
	}
	e.header()
	for mby := range e.mbh {
		e.left = [9]int{}
		for mbx := range e.mbw {
			e.macroblock(mbx, mby)
		}
	}
	first, second := e.modes.bytes(), e.residual.bytes()
	const keyFrame, show = 0, 1 << 4
	out := le24(keyFrame | show | len(first)<<5)
	out = le16(append(out, 0x9d, 0x01, 0x2a), m.w, m.h)
	return riffChunk("VP8 ", slices.Concat(out, first, second))
}

func newVP8Plane(m *raster, channel, mbw, mbh int) vp8Plane {
	size, step := 16, 1
	if channel > 0 {
		size, step = 8, 2
	}
	w, h := mbw*size, mbh*size
	p := vp8Plane{size: size, stride: w + 1}
	p.source, p.output = make([]int, p.stride*(h+1)), make([]int, p.stride*(h+1))
	for y := range h + 1 {
		for x := range w + 1 {
			i := y*p.stride + x
			switch {
			case y == 0:
				p.output[i] = 127
			case x == 0:
				p.output[i] = 129
			default:
				for k := range step * step {
					p.source[i] += int(m.clamped((x-1)*step+k%step, (y-1)*step+k/step)[channel])
				}
				p.source[i] = divRound(p.source[i], step*step)
			}
		}
	}
	return p
}

// header writes the frame header (RFC 6386, section 9.2 to 9.11).
func (e *vp8Encoder) header() {
	w := &e.modes
	w.literal(0, 1)             // colour space
	w.literal(0, 1)             // decoders clamp
	w.literal(0, 1)             // no segments
	w.literal(0, 1+6+3)         // loop filter: normal, level 0, sharpness 0
	w.literal(0, 1)             // no adjustments of the filter
	w.literal(0, 2)             // one partition
	w.literal(vp8QuantIndex, 7) // for luma AC
	w.literal(0, 5)             // the others do not differ from it
	w.literal(0, 1)             // refresh entropy
	for i := range vp8Updates {
		for j := range vp8Updates[i] {
			for k := range vp8Updates[i][j] {
				for _, p := range vp8Updates[i][j][k] {
					w.bit(0, int(p))
				}
			}
		}
	}
	w.literal(0, 1) // macroblocks are never skipped
}

// macroblock predicts, codes and reconstructs one macroblock.
func (e *vp8Encoder) macroblock(mbx, mby int) {
	y := &e.planes[0]
	mode := y.bestMode(mbx, mby)
	chroma := e.planes[1].bestMode(mbx, mby)
	e.writeModes(mode, chroma)
	y.predict(mbx, mby, mode)
	e.luma(mbx, mby)
	for i := 1; i <= 2; i++ {
		e.planes[i].predict(mbx, mby, chroma)
		e.chroma(mbx, mby, i)
	}
}

// luma codes the DCs of the sixteen blocks in a Y2 block of their own.
func (e *vp8Encoder) luma(mbx, mby int) {
	p := &e.planes[0]
	var blocks [16][16]int
	var dcs [16]int
	for i := range blocks {
		blocks[i] = vp8Forward(p.difference(mbx, mby, i), &dctBasis, 12)
		dcs[i] = blocks[i][0]
	}
	y2 := quantise(vp8Forward(dcs, &whtBasis, 0), vp8Quant.y2)
	e.tokens(vp8Y2, y2, 0, &e.above[mbx][8], &e.left[8])
	decoded := inverseWHT(dequantise(y2, vp8Quant.y2))
	for i := range blocks {
		q := quantise(blocks[i], vp8Quant.y)
		e.tokens(vp8LumaAC, q, 1, &e.above[mbx][i%4], &e.left[i/4])
		q = dequantise(q, vp8Quant.y)
		q[0] = decoded[i]
		p.add(mbx, mby, i, inverseDCT(q))
	}
}

func (e *vp8Encoder) chroma(mbx, mby, plane int) {
	p, context := &e.planes[plane], 2+2*plane
	for i := range 4 {
		q := quantise(vp8Forward(p.difference(mbx, mby, i), &dctBasis, 12), vp8Quant.uv)
		e.tokens(vp8Chroma, q, 0, &e.above[mbx][context+i%2], &e.left[context+i/2])
		p.add(mbx, mby, i, inverseDCT(dequantise(q, vp8Quant.uv)))
	}
}
