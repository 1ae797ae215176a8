package jpeg

import (
	"bytes"
	"image"
	stdjpeg "image/jpeg"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/imgpar/imgpar/internal/simd"
)

// randomPlanes returns planes of a kind of picture, with strides and memory
// beyond their edges.
func randomPlanes(r *rand.Rand, color ColorModel, w, h int, factors [][2]int) *Planes {
	p := &Planes{Width: w, Height: h, Color: color}
	hmax, vmax := 1, 1
	for _, f := range factors {
		hmax, vmax = max(hmax, f[0]), max(vmax, f[1])
	}
	kind, rough := r.IntN(4), r.IntN(40)
	for _, f := range factors {
		pw, ph := ceilDiv(w*f[0], hmax), ceilDiv(h*f[1], vmax)
		stride := pw + r.IntN(20)
		pix := random(r, stride*(ph-1)+pw+r.IntN(2)*r.IntN(10*stride+1))
		for y := range ph {
			for x := range pw {
				v := &pix[y*stride+x]
				switch kind {
				case 0: // noise
				case 1:
					*v = byte(*v&1) * 255
				case 2:
					*v = byte((x+y)&1) * 255
				case 3:
					*v = byte(128 + 80*math.Sin(float64(x)/9)*math.Cos(float64(y)/7) + float64(int(*v)%(rough+1)))
				}
			}
		}
		p.Planes = append(p.Planes, Plane{H: f[0], V: f[1], Width: pw, Height: ph, Stride: stride, Pix: pix})
	}
	return p
}

// plainCoefficients transforms planes block by block, sample by sample.
func plainCoefficients(p *Planes, quality int) *Coefficients {
	c := &Coefficients{Width: p.Width, Height: p.Height, Color: p.Color}
	for i, plane := range p.Planes {
		id := uint8(i + 1)
		switch p.Color {
		case RGB:
			id = "RGB"[i]
		case CMYK:
			id = "CMYK"[i]
		}
		cp := CoefficientPlane{ID: id, H: plane.H, V: plane.V}
		if len(p.Planes) == 1 {
			cp.H, cp.V = 1, 1
		}
		c.Components = append(c.Components, cp)
	}
	_, _, mcusX, mcusY := c.layout()
	for i, plane := range p.Planes {
		chroma := 0
		if (i == 1 || i == 2) && (p.Color == YCbCr || p.Color == YCCK) {
			chroma = 1
		}
		q := scaledQuant(&baseQuant[chroma], quality)
		cp := &c.Components[i]
		for k, z := range zigzag {
			cp.Quant[z] = q.q[k]
		}
		cp.Columns, cp.Rows = mcusX*cp.H, mcusY*cp.V
		for y := range cp.Rows {
			for x := range cp.Columns {
				cp.Blocks = append(cp.Blocks, plainBlock(&plane, cp, x, y, q))
			}
		}
	}
	return c
}

// plainBlock returns a block of a plane. A block without a sample of the
// picture has the DC of the one before it in its MCU.
func plainBlock(plane *Plane, cp *CoefficientPlane, x, y int, q *quant) (b Block) {
	if 8*x >= plane.Width || 8*y >= plane.Height {
		if x%cp.H == 0 {
			x, y = x+cp.H, y-1
		}
		b[0] = plainBlock(plane, cp, x-1, y, q)[0]
		return b
	}
	var pix [64]byte
	for i := range pix {
		sx, sy := min(8*x+i%8, plane.Width-1), min(8*y+i/8, plane.Height-1)
		pix[i] = plane.Pix[sy*plane.Stride+sx]
	}
	return plainTransform(pix[:], 8, q)
}

func TestEncodeReadsBack(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 10))
	for i := range 300 {
		color := ColorModel(i % 5)
		p := randomPlanes(r, color, 1+r.IntN(40), 1+r.IntN(40), randomSampling(r, componentsOf[color]))
		checkEncode(t, p, 1+r.IntN(100))
	}
	p := randomPlanes(r, Gray, 65535, 1, [][2]int{{1, 1}})
	checkEncode(t, p, 90)
	p = randomPlanes(r, YCbCr, 1, 65535, [][2]int{{2, 2}, {1, 1}, {1, 1}})
	checkEncode(t, p, 30)
	for _, quality := range []int{1, 100} {
		for range 20 {
			p := randomPlanes(r, YCbCr, 64, 64, [][2]int{{2, 1}, {1, 1}, {1, 1}})
			checkEncode(t, p, quality)
		}
	}
}

// checkEncode sees that the files made of p hold just the coefficients that
// the plain transform makes of it.
func checkEncode(t *testing.T, p *Planes, quality int) {
	t.Helper()
	want := plainCoefficients(p, quality)
	sizes := [2]int{}
	for i, optimize := range []bool{false, true} {
		data, err := Encode(nil, p, EncodeOptions{Quality: quality, Optimize: optimize})
		if err != nil {
			t.Fatal(err)
		}
		if got := readBack(t, data); !want.same(got) {
			t.Fatalf("%d x %d, color model %d, quality %d: other coefficients than the plain ones", p.Width, p.Height, p.Color, quality)
		}
		f, err := Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		// Both writers write the same data.
		again, err := want.Append(nil, WriteOptions{Optimize: optimize})
		if err != nil {
			t.Fatal(err)
		}
		if g, err := Parse(again); err != nil || !bytes.Equal(g.scans[0].data, f.scans[0].data) {
			t.Fatalf("the same coefficients become other data, %v", err)
		}
		sizes[i] = len(f.scans[0].data)
	}
	if sizes[1] > sizes[0] {
		t.Errorf("optimised tables make %d bytes of %d", sizes[1], sizes[0])
	}
}

// The reference decodes what was encoded to nearly the same samples.
func TestEncodeIsClose(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 11))
	src := image.NewYCbCr(image.Rect(0, 0, 203, 97), image.YCbCrSubsampleRatio420)
	for y := range 97 {
		for x := range 203 {
			src.Y[src.YOffset(x, y)] = byte(128 + 90*math.Sin(float64(x*y)/900) + float64(r.IntN(9)))
			src.Cb[src.COffset(x, y)] = byte(x + y/2)
			src.Cr[src.COffset(x, y)] = byte(200 - x/2)
		}
	}
	for _, c := range []struct {
		quality int
		least   float64 // dB
	}{{20, 31}, {75, 34}, {90, 40}, {100, 54}} {
		data, err := Encode(nil, planesOf(src), EncodeOptions{Quality: c.quality})
		if err != nil {
			t.Fatal(err)
		}
		m, err := stdjpeg.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		got := m.(*image.YCbCr)
		sum, n := 0.0, 0
		add := func(a, b byte) {
			d := float64(a) - float64(b)
			sum += d * d
			n++
		}
		for y := range 97 {
			for x := range 203 {
				add(src.Y[src.YOffset(x, y)], got.Y[got.YOffset(x, y)])
				add(src.Cb[src.COffset(x, y)], got.Cb[got.COffset(x, y)])
				add(src.Cr[src.COffset(x, y)], got.Cr[got.COffset(x, y)])
			}
		}
		if psnr := 10 * math.Log10(255*255*float64(n)/sum); psnr < c.least {
			t.Errorf("quality %d: %.2f dB", c.quality, psnr)
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	for name, spoil := range map[string]func(*Planes, *EncodeOptions){
		"quality 0":              func(_ *Planes, o *EncodeOptions) { o.Quality = 0 },
		"quality 101":            func(_ *Planes, o *EncodeOptions) { o.Quality = 101 },
		"no height":              func(p *Planes, _ *EncodeOptions) { p.Height = 0 },
		"too wide":               func(p *Planes, _ *EncodeOptions) { p.Width = 65536 },
		"a negative width":       func(p *Planes, _ *EncodeOptions) { p.Width = -8 },
		"no planes":              func(p *Planes, _ *EncodeOptions) { p.Planes = nil },
		"two planes":             func(p *Planes, _ *EncodeOptions) { p.Planes = p.Planes[:2] },
		"five planes":            func(p *Planes, _ *EncodeOptions) { p.Planes = append(p.Planes, p.Planes[0], p.Planes[0]) },
		"a large color model":    func(p *Planes, _ *EncodeOptions) { p.Color = 255 },
		"sampling of 5":          func(p *Planes, _ *EncodeOptions) { p.Planes[0].H = 5 },
		"no sampling":            func(p *Planes, _ *EncodeOptions) { p.Planes[1].V = 0 },
		"a plane too wide":       func(p *Planes, _ *EncodeOptions) { p.Planes[1].Width++ },
		"a plane too low":        func(p *Planes, _ *EncodeOptions) { p.Planes[2].Height-- },
		"a short stride":         func(p *Planes, _ *EncodeOptions) { p.Planes[0].Stride = 16 },
		"a negative stride":      func(p *Planes, _ *EncodeOptions) { p.Planes[0].Stride = -17 },
		"a huge stride":          func(p *Planes, _ *EncodeOptions) { p.Planes[0].Stride = math.MaxInt / 2 },
		"a sample missing":       func(p *Planes, _ *EncodeOptions) { p.Planes[0].Pix = p.Planes[0].Pix[:p.Planes[0].Stride*16+16] },
		"no samples":             func(p *Planes, _ *EncodeOptions) { p.Planes[0].Pix = nil },
		"a marker of no segment": func(_ *Planes, o *EncodeOptions) { o.Segments = []Segment{{mDHT, nil}} },
	} {
		p := randomPlanes(rand.New(rand.NewPCG(12, 12)), YCbCr, 17, 17, [][2]int{{2, 2}, {1, 1}, {1, 1}})
		o := EncodeOptions{Quality: 80}
		spoil(p, &o)
		if got, err := Encode([]byte("head"), p, o); err == nil || string(got) != "head" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestEncodeReusesMemory(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 13))
	p := randomPlanes(r, YCbCr, 100, 100, [][2]int{{2, 2}, {1, 1}, {1, 1}})
	first, err := Encode(nil, p, EncodeOptions{Quality: 80})
	if err != nil {
		t.Fatal(err)
	}
	want := bytes.Clone(first)
	again, err := Encode(first[:0], p, EncodeOptions{Quality: 80})
	if err != nil || !bytes.Equal(again, want) || &again[0] != &first[0] {
		t.Errorf("the second file is another or elsewhere, %v", err)
	}
}

// FuzzEncode makes planes of whatever comes: all that Encode takes must come
// back from the file.
func FuzzEncode(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3}, uint8(0), uint16(0x1111), uint8(8), uint8(8), uint8(0), uint8(75))
	f.Add([]byte("some samples"), uint8(1), uint16(0x1122), uint8(33), uint8(17), uint8(3), uint8(100))
	f.Add([]byte{0, 255}, uint8(3), uint16(0x1111), uint8(40), uint8(1), uint8(1), uint8(1))
	f.Fuzz(func(t *testing.T, samples []byte, color uint8, sampling uint16, w, h, pad, quality uint8) {
		c := ColorModel(color % 5)
		n := componentsOf[c]
		// The first component has factors of its own; the others share theirs.
		factors := [][2]int{{1 + int(sampling&3), 1 + int(sampling>>2&3)}}
		for len(factors) < n {
			factors = append(factors, [2]int{1 + int(sampling>>4&3), 1 + int(sampling>>6&3)})
		}
		p := &Planes{Width: int(w), Height: int(h), Color: c}
		hmax, vmax := max(factors[0][0], factors[n-1][0]), max(factors[0][1], factors[n-1][1])
		blocks := 0
		for i, s := range factors {
			blocks += s[0] * s[1]
			pw, ph := ceilDiv(int(w)*s[0], hmax), ceilDiv(int(h)*s[1], vmax)
			stride := pw + int(pad)
			pix := make([]byte, stride*ph)
			for j := range pix {
				if len(samples) > 0 {
					pix[j] = samples[(j+i)%len(samples)]
				}
			}
			p.Planes = append(p.Planes, Plane{H: s[0], V: s[1], Width: pw, Height: ph, Stride: stride, Pix: pix})
		}
		data, err := Encode(nil, p, EncodeOptions{Quality: int(quality)})
		was := simd.SetAVX2(false)
		plain, err2 := Encode(nil, p, EncodeOptions{Quality: int(quality)})
		simd.SetAVX2(was)
		if !bytes.Equal(data, plain) || (err == nil) != (err2 == nil) {
			t.Fatalf("%d bytes, %v; without kernels %d, %v", len(data), err, len(plain), err2)
		}
		valid := w > 0 && h > 0 && quality >= 1 && quality <= 100 && (n == 1 || blocks <= maxBlocks)
		if (err == nil) != valid {
			t.Fatalf("%d x %d, %v: %v", w, h, factors, err)
		}
		if valid {
			checkEncode(t, p, int(quality))
		}
	})
}
