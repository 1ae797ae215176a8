package icc

// coding is how a table holds the PCS in 16 bits.
type coding struct {
	lab         bool
	light, tint int64 // of Lab: what one step of L* adds to f(Y), and one of a* to f(X), in units of 1/one, 32 bits behind the point
}

// Codings of the PCS (6.3.4.2, tables 12 and 13): of version 4, and in lut16Type that of version 2, in which L* 100 is
// 0xff00 and a* 0 is 0x8000 (10.10). XYZ has 15 bits behind the point in all of them.
var (
	codings = map[string]coding{
		"XYZ": {},
		"Lab": {lab: true, light: fixed(100.0 / 116 / 65535 * one), tint: fixed(255.0 / 500 / 65535 * one)},
	}
	labV2 = coding{lab: true, light: fixed(100.0 / 116 / 65280 * one), tint: fixed(255.0 / 500 / 65280 * one)}
)

// fixed has 32 bits behind the point.
func fixed(x float64) int64 { return int64(float64(x*(1<<32)) + 0.5) }

// decode returns XYZ in units of 1/one, and of Lab as shares of white's.
func (c coding) decode(v *[4]int32) (x, y, z int64) {
	if !c.lab {
		const up = one >> 15
		return int64(v[0]) * up, int64(v[1]) * up, int64(v[2]) * up
	}
	const black, neutral = 16 * one << 32 / 116, 128 * one << 32 / 500
	fy := int64(v[0])*c.light + black
	fx := fy + int64(v[1])*c.tint - neutral
	fz := fy - (int64(v[2])*c.tint-neutral)*5/2
	return cube(fx), cube(fy), cube(fz)
}

// cube is the inverse of f(t) of CIE 15, which takes XYZ to Lab; t has 32 more bits behind the point.
func cube(t int64) int64 {
	t = (t + 1<<31) >> 32
	if t <= 24*one/116 {
		return (t - 16*one/116) * 108 / 841
	}
	return (t*t*t + 1<<39) >> 40
}

// white takes decode's numbers to XYZ.
func (c coding) white() (m [3][3]float64) {
	for i := range m {
		m[i][i] = 1
		if c.lab {
			m[i][i] = d50[i]
		}
	}
	return m
}
