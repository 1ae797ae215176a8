package scene

import "math/bits"

// scene is what a picture shows: heights, of which each has a tone.
type scene struct {
	land  landscape
	tones [toneCount]tone

	texture, grain     *tile
	textureX, textureY int // which part of the tiles it has
	noiseX, noiseY     int
	ragged             int32 // how far texture frays the edges
	noise              int32 // of the sensor: 32 are the grain's
}

// tone is how heights of one kind look.
type tone struct {
	luma, cb, cr int32
	texture      int32 // 32 are the scene's
}

const (
	toneCount = 1024
	toneShift = 16 - 10 // heights have 16 bits
)

func toneAt(height int32) int32 { return min(max(height>>toneShift, 0), toneCount-1) }

func newScene(seed uint32, width, height int) *scene {
	r := dice{seed: seed}
	sc := &scene{
		land:    newLandscape(seed, width, height),
		texture: textureTile(), grain: noiseTile(),
		ragged: int32(r.roll(24)), noise: 3 + int32(r.roll(14)),
		textureX: r.roll(tileSide), textureY: r.roll(tileSide), noiseX: r.roll(tileSide), noiseY: r.roll(tileSide),
	}
	var hard [toneCount]tone // edges as sharp as no lens draws them
	for from := 0; from < toneCount; {
		to := min(from+24+r.roll(160), toneCount)
		t := tone{luma: 30 + int32(r.roll(190)), cb: 104 + int32(r.roll(48)), cr: 104 + int32(r.roll(48))}
		if r.roll(5) > 1 { // the others are skies, walls, faces
			t.texture = 8 + int32(r.roll(44))
		}
		slope := int32(r.roll(97)) - 48 // of light, in a quarter of all heights
		for i := from; i < to; i++ {
			hard[i] = t
			hard[i].luma += slope * int32(i-from) / (toneCount / 4)
		}
		from = to
	}
	for i := range sc.tones {
		sc.tones[i] = blend(hard[max(i-edge, 0):min(i+edge+1, toneCount)])
	}
	return sc
}

const edge = 5 // tones to either side of which an edge is made

// blend is the mean of tones.
func blend(all []tone) tone {
	var t tone
	for _, o := range all {
		t.luma, t.cb, t.cr, t.texture = t.luma+o.luma, t.cb+o.cb, t.cr+o.cr, t.texture+o.texture
	}
	n := int32(len(all))
	return tone{t.luma / n, t.cb / n, t.cr / n, t.texture / n}
}

// landscape is heights of 16 bits, given at the corners of cells and linear between them.
type landscape struct {
	cell    uint // side of a cell, as a power of two
	stride  int
	corners []int32
}

// octaves of the landscape: each adds hills a quarter as wide and, here, fewer of its 65,536.
var octaves = [...]struct{ cells, height uint32 }{{16, 40000}, {4, 18000}, {1, 7536}}

// newLandscape has some 64 cells along its longer side, none of them smaller than 8x8 pixels.
func newLandscape(seed uint32, width, height int) landscape {
	cell := uint(max(bits.Len(uint(max(width, height)/64)), 3))
	columns, rows := width>>cell+2, height>>cell+2
	l := landscape{cell: cell, stride: columns, corners: make([]int32, columns*rows)}
	for i := range l.corners {
		x, y := uint32(i%columns), uint32(i/columns)
		for n, o := range octaves {
			corner := func(dx, dy uint32) uint32 {
				return hash(seed, uint32(n)<<16|(y/o.cells+dy), x/o.cells+dx) >> 16
			}
			fx, fy := x%o.cells, y%o.cells
			top := corner(0, 0)*(o.cells-fx) + corner(1, 0)*fx
			bottom := corner(0, 1)*(o.cells-fx) + corner(1, 1)*fx
			mean := (top*(o.cells-fy) + bottom*fy) / (o.cells * o.cells)
			l.corners[i] += int32(mean * o.height >> 16)
		}
	}
	return l
}

// row writes the heights of a row of pixels, in whole cells.
func (l *landscape) row(dst []int32, y int) {
	const fraction = 8 // bits
	side := int32(1) << l.cell
	above := l.corners[y>>l.cell*l.stride:][:l.stride]
	below := l.corners[(y>>l.cell+1)*l.stride:][:l.stride]
	fy := int32(y) & (side - 1)
	at := func(i int) int32 { return (above[i]<<l.cell + (below[i]-above[i])*fy) << fraction >> l.cell }
	left := at(0)
	for i := 1; i < l.stride && len(dst) >= int(side); i++ {
		right := at(i)
		step := (right - left) >> l.cell
		cell := dst[:side]
		for x := range cell {
			cell[x] = left >> fraction
			left += step
		}
		left, dst = right, dst[side:]
	}
}
