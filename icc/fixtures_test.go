package icc

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// u16, u32 and s15 are numbers as a profile has them.
func u16(v ...uint16) (b []byte) {
	for _, v := range v {
		b = binary.BigEndian.AppendUint16(b, v)
	}
	return b
}

func u32(v ...uint32) (b []byte) {
	for _, v := range v {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}

func s15(v ...float64) (b []byte) {
	for _, v := range v {
		b = binary.BigEndian.AppendUint32(b, uint32(int32(math.Round(v*65536))))
	}
	return b
}

func join(parts ...[]byte) (b []byte) {
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

func curv(v ...uint16) []byte {
	return join([]byte("curv\x00\x00\x00\x00"), u32(uint32(len(v))), u16(v...))
}

func para(kind uint16, v ...float64) []byte {
	return join([]byte("para\x00\x00\x00\x00"), u16(kind, 0), s15(v...))
}

// points samples a function.
func points(n int, f func(float64) float64) []uint16 {
	out := make([]uint16, n)
	for i := range out {
		out[i] = word(f(float64(i) / float64(n-1)))
	}
	return out
}

func word(x float64) uint16 { return uint16(math.Round(65535 * max(0, min(x, 1)))) }

func xyzTag(v [3]float64) []byte { return join([]byte("XYZ \x00\x00\x00\x00"), s15(v[:]...)) }

func texts(version uint32, name string) []tag {
	if version >= 0x04000000 {
		return []tag{{"desc", unicodeText(name)}, {"cprt", unicodeText("CC0")}, {"wtpt", xyzTag(d50)}}
	}
	return []tag{{"desc", textDescription(name)}, {"cprt", []byte("text\x00\x00\x00\x00CC0\x00")}, {"wtpt", xyzTag(d50)}}
}

const v2, v4 = 0x02400000, 0x04300000

// Primaries, adapted to D50, as columns.
var (
	adobe    = [3][3]float64{{0.60974, 0.20528, 0.14919}, {0.31111, 0.62567, 0.06322}, {0.01947, 0.06087, 0.74457}}
	p3       = [3][3]float64{{0.51512, 0.29198, 0.15710}, {0.24120, 0.69225, 0.06657}, {-0.00105, 0.04189, 0.78407}}
	proPhoto = [3][3]float64{{0.79767, 0.13519, 0.03134}, {0.28804, 0.71188, 0.00008}, {0, 0, 0.82491}}
	primary  = [3][3]float64{{0.43607, 0.38515, 0.14307}, {0.22249, 0.71687, 0.06061}, {0.01392, 0.09708, 0.71410}} // of sRGB
)

// matrixProfile has one curve, or one for each channel.
func matrixProfile(version uint32, name string, m [3][3]float64, curves ...[]byte) []byte {
	tags := texts(version, name)
	for i, c := range []string{"r", "g", "b"} {
		tags = append(tags, tag{c + "XYZ", xyzTag([3]float64{m[0][i], m[1][i], m[2][i]})}, tag{c + "TRC", curves[i%len(curves)]})
	}
	return build(version, "mntrRGB XYZ ", tags)
}

func grayScale(version uint32, name, pcs string, curve []byte) []byte {
	return build(version, "mntrGRAY"+pcs, append(texts(version, name), tag{"kTRC", curve}))
}

func tableProfile(version uint32, name, spaces string, table []byte, more ...tag) []byte {
	return build(version, "scnr"+spaces, append(append(texts(version, name), tag{"A2B0", table}), more...))
}

// eachPoint calls f for the points of a table, the last channel fastest.
func eachPoint(n, grid int, f func([]float64)) {
	total := 1
	for range n {
		total *= grid
	}
	at := make([]float64, n)
	for i := range total {
		for j, k := n-1, i; j >= 0; j, k = j-1, k/grid {
			at[j] = float64(k%grid) / float64(grid-1)
		}
		f(at)
	}
}

// lights is the XYZ of a device that is no matrix: RGB with crosstalk and a black that is lifted, inks, or gray with a tint.
func lights(c []float64) (v [3]float64) {
	rgb := []float64{c[0], c[0] * 0.98, c[0] * 0.93}
	switch len(c) {
	case 3:
		rgb = []float64{c[0]*0.9 + 0.1*c[1]*c[2], c[1], c[2]*0.95 + 0.05*c[0]*c[0]}
	case 4:
		rgb = []float64{(1 - 0.9*c[0]) * (1 - 0.95*c[3]), (1 - 0.8*c[1]) * (1 - 0.1*c[0]) * (1 - 0.95*c[3]), (1 - 0.9*c[2]) * (1 - 0.2*c[1]) * (1 - 0.95*c[3])}
	}
	for j := range 3 {
		light := 0.01 + 0.97*math.Pow(rgb[j], 2.2)
		for i := range v {
			v[i] += adobe[i][j] * light
		}
	}
	return v
}

// lab is L*, a*, b*.
func lab(v [3]float64) [3]float64 {
	f := func(i int) float64 {
		if t := v[i] / d50[i]; t > 216.0/24389 {
			return math.Cbrt(t)
		} else {
			return (24389.0/27*t + 16) / 116
		}
	}
	return [3]float64{116*f(1) - 16, 500 * (f(0) - f(1)), 200 * (f(1) - f(2))}
}

// Codings of the PCS: bytes, words of version 2 and of version 4, words of XYZ.
func lab8(v [3]float64) []byte {
	c := lab(v)
	return []byte{byte(math.Round(c[0] * 2.55)), byte(math.Round(c[1] + 128)), byte(math.Round(c[2] + 128))}
}

func lab16(v [3]float64) []byte {
	c := lab(v)
	return u16(uint16(math.Round(c[0]*652.8)), uint16(math.Round((c[1]+128)*256)), uint16(math.Round((c[2]+128)*256)))
}

func lab16v4(v [3]float64) []byte {
	c := lab(v)
	return u16(word(c[0]/100), word((c[1]+128)/255), word((c[2]+128)/255))
}

func xyz16(v [3]float64) []byte {
	var b []byte
	for _, x := range v {
		b = append(b, u16(uint16(math.Round(x*32768)))...)
	}
	return b
}

func table(n, grid int, code func([3]float64) []byte) (b []byte) {
	eachPoint(n, grid, func(c []float64) { b = append(b, code(lights(c))...) })
	return b
}

func identity() []byte { return s15(1, 0, 0, 0, 1, 0, 0, 0, 1) }

func lut8(n, grid int, m []byte, code func([3]float64) []byte) []byte {
	b := join([]byte("mft1\x00\x00\x00\x00"), []byte{byte(n), 3, byte(grid), 0}, m)
	for j := range n + 3 {
		for i := range 256 {
			x := float64(i) / 255
			if j < n {
				x = math.Pow(x, 1.2)
			}
			b = append(b, byte(math.Round(255*x)))
		}
		if j == n-1 {
			b = append(b, table(n, grid, code)...)
		}
	}
	return b
}

func lut16(n, grid int, m []byte, out func(float64) float64, code func([3]float64) []byte) []byte {
	b := join([]byte("mft2\x00\x00\x00\x00"), []byte{byte(n), 3, byte(grid), 0}, m, u16(17, 33))
	for range n {
		b = append(b, u16(points(17, func(x float64) float64 { return math.Pow(x, 0.9) })...)...)
	}
	b = append(b, table(n, grid, code)...)
	for range 3 {
		b = append(b, u16(points(33, out)...)...)
	}
	return b
}

func same(x float64) float64 { return x }

// aToB is a table of type mAB; parts may be nil.
func aToB(n int, a, clut, m, matrix, b []byte) []byte {
	out := join([]byte("mAB \x00\x00\x00\x00"), []byte{byte(n), 3, 0, 0}, make([]byte, 20))
	for i, part := range [][]byte{b, matrix, m, clut, a} {
		if part != nil {
			binary.BigEndian.PutUint32(out[12+4*i:], uint32(len(out)))
			out = append(append(out, part...), make([]byte, -len(part)&3)...)
		}
	}
	return out
}

func grid(n, points, size int, data []byte) []byte {
	head := make([]byte, 20)
	for i := range n {
		head[i] = byte(points)
	}
	head[16] = byte(size)
	return append(head, data...)
}

func times(n int, c []byte) (out []byte) {
	for range n {
		out = append(append(out, c...), make([]byte, -len(c)&3)...)
	}
	return out
}

// fixture is a profile for the tests, and how far its 8 and 16 bits may be from Little CMS.
type fixture struct {
	name string
	data []byte
	lut  bool // has a table of colours
}

// dotGain is the tone of a press that prints 50 % as 70 %.
func dotGain(x float64) float64 { return 1 - (1 - x) - 0.8*x*(1-x) }

func fixtures(t testing.TB) []fixture {
	curve := para(3, 2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045)
	a, b := times(3, para(0, 1.1)), times(3, curv())
	list := []fixture{
		{"Adobe RGB", matrixProfile(v2, "Adobe RGB", adobe, curv(563)), false},
		{"Adobe RGB, parametric", matrixProfile(v4, "Adobe RGB, parametric", adobe, para(0, 2.19921875)), false},
		{"ProPhoto", matrixProfile(v2, "ProPhoto", proPhoto, curv(461)), false},
		{"P3 by table", matrixProfile(v2, "P3 by table", p3, curv(points(1024, srgbCurve.at)...)), false},
		{"sRGB by 26 points", matrixProfile(v2, "sRGB by 26 points", primary, curv(points(26, srgbCurve.at)...)), false},
		{"three curves", matrixProfile(v4, "three curves", adobe, para(1, 2.1, 1.05, -0.05), para(2, 2, 0.95, 0.02, 0.01), para(4, 2.2, 0.9, 0.1, 0.2, 0.1, 0.003, 0.01)), false},
		{"black that is not", matrixProfile(v2, "black that is not", p3, curv(points(64, func(x float64) float64 { return 0.02 + 0.98*x*x })...)), false},
		{"straight", matrixProfile(v2, "straight", p3, curv()), false},
		{"gray 2.2", grayScale(v2, "gray 2.2", "XYZ ", curv(563)), false},
		{"dot gain", grayScale(v2, "dot gain", "XYZ ", curv(points(256, dotGain)...)), false},
		{"gray of L*", grayScale(v2, "gray of L*", "Lab ", curv(256)), false},
		{"gray v4", grayScale(v4, "gray v4", "XYZ ", curve), false},
		{"RGB lut8", tableProfile(v2, "RGB lut8", "RGB Lab ", lut8(3, 9, identity(), lab8)), true},
		{"RGB lut8 behind a matrix", tableProfile(v2, "RGB lut8 behind a matrix", "RGB Lab ", lut8(3, 9, s15(0.9, 0.1, 0, 0, 1, 0, 0.2, 0, 0.8), lab8)), true},
		{"RGB lut16", tableProfile(v2, "RGB lut16", "RGB Lab ", lut16(3, 9, identity(), same, lab16)), true},
		{"RGB lut16, curves behind", tableProfile(v2, "RGB lut16, curves behind", "RGB XYZ ", lut16(3, 11, identity(), func(x float64) float64 { return x * x * (1.5 - 0.5*x) }, xyz16)), true},
		{"RGB lut16 of version 4", tableProfile(v4, "RGB lut16 of version 4", "RGB Lab ", lut16(3, 9, identity(), same, lab16)), true},
		{"RGB mAB", tableProfile(v4, "RGB mAB", "RGB Lab ", aToB(3, a, grid(3, 9, 2, table(3, 9, lab16v4)), times(3, para(0, 1.05)), s15(0.95, 0.03, 0, 0, 1, 0, 0.01, 0, 0.97, 0.01, 0, 0.01), b)), true},
		{"RGB mAB of a matrix", tableProfile(v4, "RGB mAB of a matrix", "RGB XYZ ", aToB(3, nil, nil, times(3, curve), append(s15(0.2575, 0.146, 0.0785, 0.1206, 0.3461, 0.0333, 0, 0.0209, 0.392), s15(0.001, 0.001, 0.0008)...), b)), true},
		{"CMYK lut8", tableProfile(v2, "CMYK lut8", "CMYKLab ", lut8(4, 5, identity(), lab8)), true},
		{"CMYK lut16", tableProfile(v2, "CMYK lut16", "CMYKLab ", lut16(4, 5, identity(), same, lab16)), true},
		{"CMYK mAB", tableProfile(v4, "CMYK mAB", "CMYKLab ", aToB(4, times(4, curv(300)), grid(4, 6, 1, table(4, 6, lab8)), nil, nil, b)), true},
	}
	for _, name := range []string{"sRGB-v2-nano", "sRGB-v2-micro", "sRGB-v4", "DisplayP3-v4", "sGrey-v2-nano", "CGATS001Compat-v2-micro"} {
		data, err := os.ReadFile(filepath.Join("testdata", name+".icc"))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, fixture{name, data, name[:2] == "CG"})
	}
	return list
}

// find returns a fixture's data.
func find(t testing.TB, name string) []byte {
	for _, f := range fixtures(t) {
		if f.name == name {
			return f.data
		}
	}
	t.Fatalf("no fixture %q", name)
	return nil
}

func parsed(t testing.TB, data []byte) *Profile {
	t.Helper()
	p, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func transform(t testing.TB, data []byte) *Transform {
	t.Helper()
	tr, err := parsed(t, data).ToSRGB()
	if err != nil {
		t.Fatal(err)
	}
	return tr
}
