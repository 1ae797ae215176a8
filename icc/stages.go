package icc

import (
	"math"
	"slices"
)

// curves is a stage of tables of 65,536 numbers, nil for what changes nothing.
type curves [3][]uint16

// newCurves returns nil for curves that change nothing. Equal ones share their memory.
func newCurves(list []curve) stage {
	var s curves
	for i, c := range list {
		if !c.isLinear() {
			if j := slices.IndexFunc(list[:i], c.equal); j >= 0 {
				s[i] = s[j]
				continue
			}
			s[i] = c.sample16()
		}
	}
	if s[0] == nil && s[1] == nil && s[2] == nil {
		return nil
	}
	return &s
}

func (s *curves) apply(v *[4]int32) {
	for i, t := range s {
		if t != nil {
			v[i] = int32(t[v[i]])
		}
	}
}

// matrix is a stage, with coefficients in units of 1/65536.
type matrix struct {
	m   [3][3]int64
	off [3]int64
}

// readMatrix reads nine numbers, and three to add to the results if there are any. It tells whether the result is the
// identity.
func readMatrix(b, off []byte) (m *matrix, same bool) {
	m = new(matrix)
	for i := range 9 {
		m.m[i/3][i%3] = int64(s15Fixed16(b[4*i:]) * 65536)
	}
	for i := range len(off) / 4 {
		m.off[i] = int64(s15Fixed16(off[4*i:])*65536) * 65535
	}
	return m, *m == matrix{m: [3][3]int64{{65536, 0, 0}, {0, 65536, 0}, {0, 0, 65536}}}
}

func (m *matrix) apply(v *[4]int32) {
	a, b, c := int64(v[0]), int64(v[1]), int64(v[2])
	for i := range 3 {
		sum := m.m[i][0]*a + m.m[i][1]*b + m.m[i][2]*c + m.off[i]
		v[i] = int32(max(0, min((sum+1<<15)>>16, 65535)))
	}
}

// clut is a table over 1, 3 or 4 channels. Between its points is interpolated in tetrahedra over the last three
// channels, and between two of these over a first of four.
type clut struct {
	last [4]int32 // points of each channel, less 1
	step [4]int   // numbers from one point to the next
	four bool
	data []uint16
}

func newCLUT(grid []int, data []uint16) stage {
	if len(grid) == 1 {
		return ramp(data)
	}
	c := &clut{data: data, four: len(grid) == 4}
	step := 3
	for i := len(grid) - 1; i >= 0; i-- {
		c.last[i], c.step[i] = int32(grid[i]-1), step
		step *= grid[i]
	}
	return c
}

// place returns the point at or below a value, and how far it is to the next, in units of 1/65536, with the step there,
// which is 0 at the last point.
func (c *clut) place(v *[4]int32, i int) (at, step int, far int64) {
	p := v[i] * c.last[i] // at most 65535 * 254
	p += (p + 0x7fff) / 0xffff
	at, far = int(p>>16)*c.step[i], int64(p&0xffff)
	if far > 0 {
		step = c.step[i]
	}
	return at, step, far
}

func (c *clut) apply(v *[4]int32) {
	i, at, step, far := 0, 0, 0, int64(0)
	if c.four {
		at, step, far = c.place(v, 0)
		i = 1
	}
	a, sa, fa := c.place(v, i)
	b, sb, fb := c.place(v, i+1)
	d, sd, fd := c.place(v, i+2)
	if fa < fb {
		sa, fa, sb, fb = sb, fb, sa, fa
	}
	if fb < fd {
		sb, fb, sd, fd = sd, fd, sb, fb
	}
	if fa < fb {
		sa, fa, sb, fb = sb, fb, sa, fa
	}
	// From the point on all lower sides, go one step along each channel, the farthest first.
	corners := [4]int{at + a + b + d}
	corners[1] = corners[0] + sa
	corners[2] = corners[1] + sb
	corners[3] = corners[2] + sd
	weights := [4]int64{1<<16 - fa, fa - fb, fb - fd, fd}
	x, y, z := c.mean(&corners, &weights, 0)
	if far == 0 {
		v[0], v[1], v[2] = int32((x+1<<15)>>16), int32((y+1<<15)>>16), int32((z+1<<15)>>16)
		return
	}
	x2, y2, z2 := c.mean(&corners, &weights, step)
	near := 1<<16 - far
	v[0] = int32((x*near + x2*far + 1<<31) >> 32)
	v[1] = int32((y*near + y2*far + 1<<31) >> 32)
	v[2] = int32((z*near + z2*far + 1<<31) >> 32)
}

// mean returns the weighted sums of the numbers at the corners, all of them moved by offset.
func (c *clut) mean(corners *[4]int, weights *[4]int64, offset int) (x, y, z int64) {
	for i, w := range weights {
		p := c.data[corners[i]+offset:][:3:3]
		x += w * int64(p[0])
		y += w * int64(p[1])
		z += w * int64(p[2])
	}
	return x, y, z
}

// ramp is a table over one channel.
type ramp []uint16

func (r ramp) apply(v *[4]int32) {
	n := len(r)/3 - 1
	p := int(v[0]) * n
	at := min(p/65535, n-1)
	far := p - at*65535
	for i := range 3 {
		from, to := int(r[3*at+i]), int(r[3*at+3+i])
		v[i] = int32(from + int(math.Round(float64((to-from)*far)/65535)))
	}
}

// equal tells whether two curves are the same.
func (c curve) equal(d curve) bool {
	return c.kind == d.kind && c.p == d.p && slices.Equal(c.table, d.table)
}

// sample16 returns the curve at all values of 16 bits.
func (c curve) sample16() []uint16 {
	out := make([]uint16, 65536)
	for i, v := range c.sample(len(out), 65535) {
		out[i] = uint16(v)
	}
	return out
}
