package jpeg

import (
	"bytes"
	"context"
	"image"
	stdjpeg "image/jpeg"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
)

func mustParse(t testing.TB, data []byte) *File {
	t.Helper()
	f, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func mustDecode(t testing.TB, f *File, o DecodeOptions) *Planes {
	t.Helper()
	p, err := f.Decode(context.Background(), o, new(Scratch))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func mustRead(t testing.TB, f *File) *Coefficients {
	t.Helper()
	c, err := f.Coefficients(context.Background(), new(Scratch))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// samplesOf transforms coefficients in the plain way.
func samplesOf(f *File, c *Coefficients) *Planes { return samplesAt(f, c, 1) }

// samplesAt is samplesOf at a scale.
func samplesAt(f *File, c *Coefficients, scale int) *Planes {
	r := coefficientReader{f: f, out: c}
	p := f.newPlanes(len(c.Components), 8/scale, nil)
	r.samples(p, 8/scale)
	return p
}

// differ returns the largest difference of the samples that belong to two
// planes; 256 if they are not of one size.
func differ(a, b *Plane) int {
	if a.Width != b.Width || a.Height != b.Height || a.H != b.H || a.V != b.V {
		return 256
	}
	most := 0
	for y := range a.Height {
		row := b.Pix[y*b.Stride:]
		for x, v := range a.Pix[y*a.Stride:][:a.Width] {
			most = max(most, int(v)-int(row[x]), int(row[x])-int(v))
		}
	}
	return most
}

// stdPlanes are the planes that the standard library decodes, of pictures in
// gray or YCbCr; nil for others.
func stdPlanes(t testing.TB, f *File, data []byte) []Plane {
	t.Helper()
	img, err := stdjpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var planes []Plane
	add := func(pix []byte, stride int) {
		i := len(planes)
		c := f.Components[i]
		planes = append(planes, Plane{
			H: c.H, V: c.V, Stride: stride, Pix: pix,
			Width: ceilDiv(f.Width*c.H, f.hmax), Height: ceilDiv(f.Height*c.V, f.vmax),
		})
	}
	switch m := img.(type) {
	case *image.Gray:
		add(m.Pix, m.Stride)
	case *image.YCbCr:
		add(m.Y, m.YStride)
		add(m.Cb, m.CStride)
		add(m.Cr, m.CStride)
	}
	return planes
}

// stdTolerance is by how much the samples of the standard library may differ,
// whose inverse DCT is another: measured.
const stdTolerance = 1

func TestDecodeFixtures(t *testing.T) {
	compared := 0
	for name, data := range fixtures(t) {
		if strings.Contains(name, "broken") {
			continue
		}
		f := mustParse(t, data)
		p := mustDecode(t, f, DecodeOptions{})
		for i, want := range stdPlanes(t, f, data) {
			if d := differ(&p.Planes[i], &want); d > stdTolerance {
				t.Errorf("%s: component %d differs by %d from the standard library's", name, i, d)
			}
			compared++
		}
		transformed := samplesOf(f, mustRead(t, f))
		for i := range p.Planes {
			if differ(&p.Planes[i], &transformed.Planes[i]) != 0 {
				t.Errorf("%s: component %d has other samples than its coefficients", name, i)
			}
		}
		luma := mustDecode(t, f, DecodeOptions{Components: 1})
		if len(luma.Planes) != 1 || differ(&luma.Planes[0], &p.Planes[0]) != 0 {
			t.Errorf("%s: the first component has other samples alone", name)
		}
	}
	if compared < 40 {
		t.Errorf("only %d planes were compared", compared)
	}
}

// The same picture in other scans has the same coefficients.
func TestCoefficientsOfOtherScans(t *testing.T) {
	images := fixtures(t)
	read := func(name string) *Coefficients {
		return mustRead(t, mustParse(t, images[filepath.Join("../../testdata/images", name)]))
	}
	for _, pair := range [][2]string{
		{"jpeg_420.jpg", "jpeg_progressive_420.jpg"}, {"jpeg_444.jpg", "jpeg_progressive_444.jpg"},
		{"jpeg_grayscale.jpg", "jpeg_progressive_grayscale.jpg"}, {"jpeg_420.jpg", "jpeg_restart_420.jpg"},
	} {
		sameCoefficients(t, strings.Join(pair[:], " and "), read(pair[0]), read(pair[1]))
	}
}

// sameCoefficients compares what holds pixels.
func sameCoefficients(t *testing.T, what string, want, got *Coefficients) {
	t.Helper()
	for i := range want.Components {
		a, b := &want.Components[i], &got.Components[i]
		if a.Columns != b.Columns || a.Rows != b.Rows || a.Quant != b.Quant || a.H != b.H || a.V != b.V {
			t.Fatalf("%s: component %d is another: %dx%d of %dx%d", what, i, b.Columns, b.Rows, b.H, b.V)
		}
		columns, rows := realBlocks(want, i)
		for n := range a.Blocks {
			if n%a.Columns < columns && n/a.Columns < rows && a.Blocks[n] != b.Blocks[n] {
				t.Fatalf("%s: component %d, block %d is %v, want %v", what, i, n, b.Blocks[n], a.Blocks[n])
			}
		}
	}
}

// scripts are ways to divide a picture of n components into scans.
func scripts(n int) (sequential, progressive [][]testScan) {
	var together []int
	for i := range n {
		together = append(together, i)
	}
	var alone, first, ac []testScan
	for i := n - 1; i >= 0; i-- {
		alone = append(alone, testScan{[]int{i}, 0, 63, 0, 0})
		first = append(first, testScan{[]int{i}, 0, 0, 0, 1}, testScan{[]int{i}, 0, 0, 1, 0})
		ac = append(ac, testScan{[]int{i}, 1, 5, 0, 2}, testScan{[]int{i}, 6, 63, 0, 2},
			testScan{[]int{i}, 1, 63, 2, 1}, testScan{[]int{i}, 1, 63, 1, 0})
	}
	sequential = [][]testScan{alone}
	if n > 1 {
		sequential = append(sequential, []testScan{{together, 0, 63, 0, 0}})
		if n == 4 {
			sequential = append(sequential, []testScan{{[]int{0, 3}, 0, 63, 0, 0}, {[]int{1, 2}, 0, 63, 0, 0}})
		}
	}
	progressive = [][]testScan{append(first, ac...)}
	progressive = append(progressive, append([]testScan{{together, 0, 0, 0, 2}, {together, 0, 0, 2, 1}, {together, 0, 0, 1, 0}}, ac...))
	return sequential, progressive
}

// eachTestFile calls check with files of all samplings, orders of scans and
// restart intervals, and the coefficients that they were made of.
func eachTestFile(t *testing.T, check func(what string, c *Coefficients, data []byte)) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, factors := range sampleFactors {
		blocks := 0
		for _, f := range factors {
			blocks += f[0] * f[1]
		}
		for n := range 6 {
			c := anyCoefficients(r, 1+r.IntN(70), 1+r.IntN(70), factors)
			sequential, progressive := scripts(len(factors))
			w := &testWriter{c: c, progressive: n > 2, restart: n % 3 * (1 + r.IntN(4))}
			all := sequential
			if w.progressive {
				all = progressive
			}
			for i, s := range all {
				if blocks > maxBlocks && len(s[0].comps) > 1 {
					continue
				}
				what := "sequential"
				if w.progressive {
					what = "progressive"
				}
				check(what+[]string{" alone", " together", " in pairs"}[i], c, w.encode(r, s))
			}
		}
	}
}

func TestAllSamplingsAndScans(t *testing.T) {
	files := 0
	eachTestFile(t, func(what string, c *Coefficients, data []byte) {
		f := mustParse(t, data)
		got := mustRead(t, f)
		sameCoefficients(t, what, c, got)
		p, want := mustDecode(t, f, DecodeOptions{}), samplesOf(f, c)
		for i := range p.Planes {
			if differ(&p.Planes[i], &want.Planes[i]) != 0 {
				t.Fatalf("%s: component %d has other samples than its coefficients", what, i)
			}
		}
		for n := 1; n < len(p.Planes); n++ {
			part := mustDecode(t, f, DecodeOptions{Components: n})
			if len(part.Planes) != n {
				t.Fatalf("%s: %d components, want %d", what, len(part.Planes), n)
			}
			for i := range part.Planes {
				if differ(&part.Planes[i], &p.Planes[i]) != 0 {
					t.Fatalf("%s: component %d of the first %d has other samples", what, i, n)
				}
			}
		}
		files++
	})
	if files < 120 {
		t.Errorf("only %d files", files)
	}
}

// Blocks that are not in the file have the DC of the one before them in the
// order of an interleaved scan, in which they take the fewest bits.
func TestBlocksBeyondTheEdge(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	c := anyCoefficients(r, 17, 20, [][2]int{{2, 2}, {1, 1}, {1, 1}})
	sequential, _ := scripts(3)
	w := testWriter{c: c}
	got := mustRead(t, mustParse(t, w.encode(r, sequential[0]))).Components[0] // 3x3 blocks, made up to 4x4
	for n, b := range got.Blocks {
		x, y := n%4, n/4
		if x < 3 && y < 3 {
			continue
		}
		before := 4*y + x - 1
		if y == 3 {
			before = 4*2 + x | 1 // the last block of the row above, in the same MCU
		}
		if want := (Block{got.Blocks[before][0]}); b != want {
			t.Errorf("the block at %d, %d is %v, want %v", x, y, b, want)
		}
	}
}

// The largest values that can be coded, and DC that wraps around, are the same
// by both ways.
func TestLargestValues(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	c := anyCoefficients(r, 40, 24, [][2]int{{1, 1}})
	p := &c.Components[0]
	for k := range p.Quant {
		p.Quant[k] = 255
	}
	for i := range p.Blocks {
		p.Blocks[i][r.IntN(64)] = 1<<15 - 1
		p.Blocks[i][r.IntN(64)] = 1<<15 - 1
		p.Blocks[i][0] = int16(uint16(i * 30000))
	}
	w := testWriter{c: c}
	f := mustParse(t, w.encode(r, []testScan{{[]int{0}, 0, 63, 0, 0}}))
	sameCoefficients(t, "large values", c, mustRead(t, f))
	got, want := mustDecode(t, f, DecodeOptions{}), samplesOf(f, c)
	if differ(&got.Planes[0], &want.Planes[0]) != 0 {
		t.Error("other samples than by coefficients")
	}
}

func TestDecodeBroken(t *testing.T) {
	for name, data := range fixtures(t) {
		if !strings.Contains(name, "broken") || strings.Contains(name, "progressive_restart_422") {
			continue
		}
		f, err := Parse(data)
		if err == nil {
			_, err = f.Decode(context.Background(), DecodeOptions{}, new(Scratch))
		}
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// Decoding takes the samples' memory and little else.
func TestDecodeAllocations(t *testing.T) {
	var buf bytes.Buffer
	if err := stdjpeg.Encode(&buf, noise(rand.New(rand.NewPCG(1, 1)), 200, 100), nil); err != nil {
		t.Fatal(err)
	}
	f, mem := mustParse(t, buf.Bytes()), new(Scratch)
	if n := testing.AllocsPerRun(10, func() {
		if _, err := f.Decode(context.Background(), DecodeOptions{}, mem); err != nil {
			t.Fatal(err)
		}
	}); n > 20 {
		t.Errorf("%f allocations", n)
	}
}
