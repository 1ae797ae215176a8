package icc

import (
	"encoding/binary"
	"fmt"
	"math"
)

// curve takes 0 to 1 to 0 to 1: by a table, if it has one, or by a function.
type curve struct {
	table []uint16
	kind  int        // of a function, that of parametricCurveType
	p     [7]float64 // g, a, b, c, d, e, f
}

// linear is the curve that changes nothing.
var linear = curve{p: [7]float64{1}}

// gamma is x to the power of g.
func gamma(g float64) curve { return curve{p: [7]float64{g}} }

// readCurve reads a curve of either type at the beginning of b, and its length in bytes.
func readCurve(b []byte) (c curve, size int, err error) {
	if len(b) < 12 {
		return c, 0, &FormatError{"a curve is cut short"}
	}
	switch t := string(b[:4]); t {
	case "curv":
		return readCurv(b)
	case "para":
		return readPara(b)
	default:
		return c, 0, &UnsupportedError{fmt.Sprintf("a curve of type %q", t)}
	}
}

// readCurv reads curveType (10.6): nothing is the identity, one number a gamma, more are a table.
func readCurv(b []byte) (c curve, size int, err error) {
	n := int64(binary.BigEndian.Uint32(b[8:]))
	if n > int64(len(b)-12)/2 {
		return c, 0, &FormatError{fmt.Sprintf("a curve of %d points in %d bytes", n, len(b))}
	}
	size = 12 + 2*int(n)
	switch n {
	case 0:
		return linear, size, nil
	case 1:
		return gamma(float64(binary.BigEndian.Uint16(b[12:])) / 256), size, nil
	}
	return curve{table: words(b[12:size])}, size, nil
}

func words(b []byte) []uint16 {
	out := make([]uint16, len(b)/2)
	for i := range out {
		out[i] = binary.BigEndian.Uint16(b[2*i:])
	}
	return out
}

// paraCount is the number of parameters of each function (10.18, table 68).
var paraCount = [5]int{1, 3, 4, 5, 7}

// readPara reads parametricCurveType.
func readPara(b []byte) (c curve, size int, err error) {
	kind := int(binary.BigEndian.Uint16(b[8:]))
	if kind >= len(paraCount) {
		return c, 0, &UnsupportedError{fmt.Sprintf("a parametric curve of type %d", kind)}
	}
	size = 12 + 4*paraCount[kind]
	if size > len(b) {
		return c, 0, &FormatError{"a parametric curve is cut short"}
	}
	c.kind = kind
	for i := range paraCount[kind] {
		c.p[i] = s15Fixed16(b[12+4*i:])
	}
	return c, size, nil
}

func (c curve) isLinear() bool {
	if c.table == nil {
		return c.kind == 0 && c.p[0] == 1
	}
	for i, v := range c.table {
		if d := int(v)*(len(c.table)-1) - i*65535; d > len(c.table) || d < -len(c.table) {
			return false
		}
	}
	return true
}

// at evaluates the curve. What is beyond 0 to 1 is clipped, before and after.
func (c curve) at(x float64) float64 {
	x = clip(x)
	if c.table != nil {
		at := float64(x * float64(len(c.table)-1))
		i := min(int(at), len(c.table)-2)
		from, to := float64(c.table[i]), float64(c.table[i+1])
		return (from + float64((to-from)*(at-float64(i)))) / 65535
	}
	return clip(c.function(x))
}

// function evaluates a parametric curve (10.18, table 68).
func (c curve) function(x float64) float64 {
	g, a, b, cc, d, e, f := c.p[0], c.p[1], c.p[2], c.p[3], c.p[4], c.p[5], c.p[6]
	power := func() float64 { return pow(float64(a*x)+b, g) }
	below := a == 0 || x < -b/a // of types 1 and 2, where the base is negative
	switch {
	case c.kind == 0:
		return pow(x, g)
	case c.kind == 1 && below:
		return 0
	case c.kind == 1:
		return power()
	case c.kind == 2 && below:
		return cc
	case c.kind == 2:
		return power() + cc
	case x < d:
		return float64(cc*x) + f // f is 0 in type 3
	}
	return power() + e
}

// clip also makes 0 of what is no number.
func clip(x float64) float64 {
	if !(x > 0) {
		return 0
	}
	return min(x, 1)
}

// sample returns the curve at n equidistant places from 0 to 1, in units of 1/one.
func (c curve) sample(n int, one float64) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(math.Round(float64(c.at(float64(i)/float64(n-1)) * one)))
	}
	return out
}
