package jpeg

import (
	"bytes"
	"image"
	stdjpeg "image/jpeg"
	"testing"
)

// planesOf returns the planes of a picture of package image, sharing them.
func planesOf(m *image.YCbCr) *Planes {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	hs, vs := 1, 1
	switch m.SubsampleRatio {
	case image.YCbCrSubsampleRatio420:
		hs, vs = 2, 2
	case image.YCbCrSubsampleRatio422:
		hs = 2
	}
	cw, ch := ceilDiv(w, hs), ceilDiv(h, vs)
	return &Planes{Width: w, Height: h, Color: YCbCr, Planes: []Plane{
		{H: hs, V: vs, Width: w, Height: h, Stride: m.YStride, Pix: m.Y},
		{H: 1, V: 1, Width: cw, Height: ch, Stride: m.CStride, Pix: m.Cb},
		{H: 1, V: 1, Width: cw, Height: ch, Stride: m.CStride, Pix: m.Cr},
	}}
}

// BenchmarkEncode encodes the 4:2:0 pictures of benchFiles at a quality of 85.
func BenchmarkEncode(b *testing.B) {
	const quality = 85
	var pictures []*image.YCbCr
	pixels := 0.0
	files, _ := benchFiles(b)
	for _, data := range files {
		m, err := stdjpeg.Decode(bytes.NewReader(data))
		if err != nil {
			b.Fatal(err)
		}
		if m, ok := m.(*image.YCbCr); ok && m.SubsampleRatio == image.YCbCrSubsampleRatio420 {
			pictures = append(pictures, m)
			pixels += float64(m.Rect.Dx()) * float64(m.Rect.Dy())
		}
	}
	run := func(name string, encode func(*image.YCbCr) error) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, m := range pictures {
					if err := encode(m); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(pixels*float64(b.N)/1e6/b.Elapsed().Seconds(), "MP/s")
		})
	}
	var out []byte
	run("ours", func(m *image.YCbCr) (err error) {
		out, err = Encode(out[:0], planesOf(m), EncodeOptions{Quality: quality})
		return err
	})
	run("optimized", func(m *image.YCbCr) (err error) {
		out, err = Encode(out[:0], planesOf(m), EncodeOptions{Quality: quality, Optimize: true})
		return err
	})
	var buf bytes.Buffer
	run("image/jpeg", func(m *image.YCbCr) error {
		buf.Reset()
		return stdjpeg.Encode(&buf, m, &stdjpeg.Options{Quality: quality})
	})
}
