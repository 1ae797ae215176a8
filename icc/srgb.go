package icc

import (
	"math"
	"sync"
)

// one is 1 in the numbers for light: those for the devices' linear values, for XYZ and for linear sRGB.
const one = 1 << 20

// d50 is the white of the PCS (6.3.4.3).
var d50 = [3]float64{0.9642, 1, 0.8249}

// fromXYZ takes XYZ for D50 to linear sRGB: the inverse of the matrix of the primaries and white of IEC 61966-2-1,
// adapted to D50 by Bradford's method (annex E). TestTheMatrixOfSRGB derives it.
var fromXYZ = [3][3]float64{
	{3.134186364237, -1.617208958998, -0.490694064006},
	{-0.978748504191, 1.916130096774, 0.033433399160},
	{0.071963927802, -0.228993873453, 1.405753732896},
}

// srgbCurve takes the coded values of sRGB to linear ones.
var srgbCurve = curve{kind: 3, p: [7]float64{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045}}

// encode8 holds coded values, 0 to 255, of linear ones in units of 1/65536.
var encode8 = sync.OnceValue(func() *[65537]uint8 {
	t, from := new([65537]uint8), 0
	for v := range 256 {
		to := len(t)
		if v < 255 {
			to = int(math.Ceil(float64(srgbCurve.at((float64(v)+0.5)/255) * 65536)))
		}
		for ; from < to; from++ {
			t[from] = uint8(v)
		}
	}
	return t
})

// encode16 holds coded values, 0 to 65535, of linear ones in units of 1/65536. What lies between them is interpolated.
var encode16 = sync.OnceValue(func() *[65537]uint16 {
	t := new([65537]uint16)
	for i := range t {
		x := float64(i) / 65536
		if x <= 0.0031308 {
			x = float64(12.92 * x)
		} else {
			x = float64(1.055*pow(x, 1/2.4)) - 0.055
		}
		t[i] = uint16(math.Round(float64(x * 65535)))
	}
	return t
})

// code8 codes a linear value in units of 1/(one one), as affine gives it.
func code8(t *[65537]uint8, sum int64) uint8 {
	return t[max(0, min((sum+1<<23)>>24, 65536))]
}

// code16 is code8 for 16 bits.
func code16(t *[65537]uint16, sum int64) uint16 {
	v := max(0, min((sum+1<<19)>>20, one))
	i, r := v>>4, v&15
	if r == 0 {
		return t[i]
	}
	from, to := int64(t[i]), int64(t[i+1])
	return uint16(from + ((to-from)*r+8)>>4)
}

// affine takes three numbers in units of 1/one to linear sRGB in units of 1/(one one).
type affine struct {
	m   [3][3]int64
	off [3]int64
}

// toSRGB is the way to linear sRGB of colours that m takes to XYZ, which s scales.
func toSRGB(m [3][3]float64, s scaling) (t affine) {
	for i := range 3 {
		off := 0.0
		for j := range 3 {
			off += float64(fromXYZ[i][j] * s.b[j])
			sum := 0.0
			for k := range 3 {
				sum += float64(float64(fromXYZ[i][k]*s.a[k]) * m[k][j])
			}
			t.m[i][j] = int64(math.Round(float64(sum * one)))
		}
		t.off[i] = int64(math.Round(float64(off * one * one)))
	}
	return t
}
