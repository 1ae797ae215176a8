package main

// The motif is drawn on a board of boardW x boardH units that is stretched to
// the size asked for. Arithmetic is in integers throughout: the same bits on
// every machine.
const (
	boardW = 1600
	boardH = 1200
	ground = 900 // where the ground begins
)

// motif draws the picture that the fixtures show, 16-bit RGB: a smooth sky, a
// sun, a mountain with sharp edges, noise for the ground, a line of small text,
// and an F, which looks different after every turn and in every mirror.
func motif(w, h int) *raster {
	m := newRaster(w, h, 3, 16)
	for y := range h {
		for x := range w {
			antialias(m.at(x, y), x, y, w, h)
			if y*boardH/h >= ground {
				addNoise(m.at(x, y), x, y)
			}
		}
	}
	drawText(m, 3, h-8, "IMGPAR 0123456789")
	return m
}

// motifAlpha is motif with an alpha channel: transparent in the corners, a soft
// edge, opaque in the middle. The colours below the transparency remain.
func motifAlpha(w, h int) *raster {
	return alphaOf(motif(w, h), func(x, y int) int {
		dx, dy := (2*x+1-w)*1000/w, (2*y+1-h)*1000/h
		return min(max((1300*1300-dx*dx-dy*dy)/12, 0), 0xffff)
	})
}

// alphaOf adds an alpha channel of 16 bits.
func alphaOf(m *raster, alpha func(x, y int) int) *raster {
	out := m.each(4, 16, func(dst, src []uint16) { copy(dst, src) })
	for y := range m.h {
		for x := range m.w {
			out.at(x, y)[3] = uint16(alpha(x, y))
		}
	}
	return out
}

// antialias averages 4x4 points of the board below one pixel.
func antialias(dst []uint16, x, y, w, h int) {
	var sum [3]int
	for j := range 4 {
		for i := range 4 {
			c := board((8*x+2*i+1)*boardW/(8*w), (8*y+2*j+1)*boardH/(8*h))
			for k := range sum {
				sum[k] += c[k]
			}
		}
	}
	for k := range sum {
		dst[k] = uint16((sum[k] + 8) / 16)
	}
}

// board returns the colour of one point, 16 bits each of red, green and blue.
func board(x, y int) [3]int {
	switch {
	case letterF(x, y, 0):
		return [3]int{0xd123, 0x1a4c, 0x2288}
	case letterF(x, y, 30):
		return [3]int{0xfafa, 0xf8f1, 0xf3c7}
	case y >= ground:
		return [3]int{0x4800 + 8*x, 0x7700 - 11*(y-ground), 0x3480}
	case mountain(x, y) && x < 1000:
		return [3]int{0x3c21, 0x3391, 0x4e7f}
	case mountain(x, y):
		return [3]int{0x8f11, 0x8403, 0x9377}
	case (x-1240)*(x-1240)+(y-260)*(y-260) < 150*150:
		return [3]int{0xffd0, 0xe6a1, 0x6b5d}
	}
	return [3]int{0x2a00 + 31*y + 7*x, 0x5c00 + 29*y + 3*x, 0xb600 + 17*y}
}

// letterF reports whether a point lies in the F, grown by a border.
func letterF(x, y, border int) bool {
	inside := func(x0, y0, x1, y1 int) bool {
		return x >= x0-border && x < x1+border && y >= y0-border && y < y1+border
	}
	return inside(200, 160, 320, 820) || inside(200, 160, 640, 270) || inside(200, 440, 520, 550)
}

func mountain(x, y int) bool {
	return y >= 420 && y < ground && abs(x-1000)*(ground-420) < 440*(y-420)
}

// addNoise moves a pixel's brightness by up to 0x1800 either way.
func addNoise(px []uint16, x, y int) {
	n := int(hash(uint32(x), uint32(y))%0x3001) - 0x1800
	for i := range px {
		px[i] = uint16(min(max(int(px[i])+n, 0), 0xffff))
	}
}

// hash mixes two coordinates into 32 bits that look random.
func hash(x, y uint32) uint32 {
	v := x*0x9e3779b1 ^ (y+0x7f4a7c15)*0x85ebca77
	v = (v ^ v>>15) * 0xc2b2ae3d
	v = (v ^ v>>13) * 0x27d4eb2f
	return v ^ v>>16
}

func abs(x int) int { return max(x, -x) }

// glyphs are 3x5 pixels each, a digit per row, the leftmost pixel as 4.
var glyphs = map[rune]string{
	'A': "25755", 'G': "34553", 'I': "72227", 'M': "57755", 'P': "65644", 'R': "65655",
	'0': "25552", '1': "26227", '2': "61247", '3': "61216", '4': "55711",
	'5': "74616", '6': "34652", '7': "71222", '8': "25252", '9': "25316",
}

// drawText writes light letters on a dark band, one pixel a dot.
func drawText(m *raster, x0, y0 int, s string) {
	light, dark := []uint16{0xffff, 0xffff, 0xee11}, []uint16{0x1234, 0x1456, 0x1111}
	for y := y0; y < y0+7; y++ {
		for x := x0 - 1; x < m.w-2; x++ {
			copy(m.at(x, y), dark)
		}
	}
	for i, c := range s {
		for row, bits := range glyphs[c] {
			for col := range 3 {
				x := x0 + 4*i + col
				if x < m.w-3 && int(bits-'0')>>(2-col)&1 == 1 {
					copy(m.at(x, y0+1+row), light)
				}
			}
		}
	}
}
