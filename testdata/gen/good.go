package main

import (
	"fmt"
	"slices"
)

// goodFixtures lists the files that every decoder worth its name can read.
func goodFixtures() []fixture {
	return slices.Concat(jpegFixtures(), orientationFixtures(), pngFixtures(), gifFixtures(), bmpFixtures(), tiffFixtures(), webpFixtures())
}

// The least PSNR, in decibels, of a JPEG whose chroma is whole or reduced.
const (
	fullChroma    = 34
	reducedChroma = 24
)

func jpegFixtures() []fixture {
	plain := []segment{jfif}
	colour := func(name, about string, psnr float64, w, h int, o jpegOptions) fixture {
		o.segments = append(o.segments, plain...)
		return lossy(name, about, psnr, rgb8(w, h), encodeJPEG(ycc(rgb8(w, h)), o))
	}
	gray := func(name, about string, w, h int, o jpegOptions) fixture {
		o.segments = plain
		m := rgb8(w, h).gray()
		return lossy(name, about, fullChroma, m, encodeJPEG(m, o))
	}
	metadata := jpegOptions{luma: [2]int{2, 2}, segments: slices.Concat(
		[]segment{exifSegment(1), xmpSegment}, iccSegments(wideGamut(), 2), []segment{{com, []byte("a comment, kept as it is")}})}
	withMetadata := lossy("jpeg_metadata.jpg", "EXIF, XMP, a wide-gamut ICC profile in two segments, a comment",
		reducedChroma, rgb8(96, 70), encodeJPEG(ycc(rgb8(96, 70)), metadata))
	return []fixture{
		colour("jpeg_444.jpg", "baseline, 4:4:4", fullChroma, 61, 47, jpegOptions{}),
		colour("jpeg_422.jpg", "baseline, 4:2:2", reducedChroma, 75, 50, jpegOptions{luma: [2]int{2, 1}}),
		colour("jpeg_420.jpg", "baseline, 4:2:0", reducedChroma, 123, 81, jpegOptions{luma: [2]int{2, 2}}),
		colour("jpeg_440.jpg", "baseline, 4:4:0", reducedChroma, 50, 75, jpegOptions{luma: [2]int{1, 2}}),
		colour("jpeg_411.jpg", "baseline, 4:1:1", reducedChroma, 97, 64, jpegOptions{luma: [2]int{4, 1}}),
		gray("jpeg_grayscale.jpg", "baseline, one component", 61, 47, jpegOptions{}),
		colour("jpeg_progressive_420.jpg", "progressive, 4:2:0, ten scans", reducedChroma, 123, 81, jpegOptions{luma: [2]int{2, 2}, progress: true}),
		colour("jpeg_progressive_444.jpg", "progressive, 4:4:4, ten scans", fullChroma, 61, 47, jpegOptions{progress: true}),
		gray("jpeg_progressive_grayscale.jpg", "progressive, one component, six scans", 61, 47, jpegOptions{progress: true}),
		colour("jpeg_restart_420.jpg", "baseline, 4:2:0, a restart marker after every third MCU", reducedChroma, 123, 81, jpegOptions{luma: [2]int{2, 2}, restart: 3}),
		colour("jpeg_progressive_restart_444.jpg", "progressive, 4:4:4, a restart marker after every fifth MCU", fullChroma, 75, 50, jpegOptions{progress: true, restart: 5}),
		colour("jpeg_separate_scans_420.jpg", "baseline, 4:2:0, one scan a component", reducedChroma, 61, 47, jpegOptions{luma: [2]int{2, 2}, separate: true}),
		colour("jpeg_low_quality.jpg", "baseline, 4:2:0, quality 30", 20, 160, 120, jpegOptions{luma: [2]int{2, 2}, quality: 30}),
		withMetadata,
		lossy("jpeg_adobe_rgb.jpg", "RGB, not YCbCr: Adobe segment with transform 0", fullChroma, rgb8(61, 47),
			encodeJPEG(rgb8(61, 47), jpegOptions{rgb: true, segments: []segment{adobe(0)}})),
		lossy("jpeg_cmyk.jpg", "CMYK, inverted: Adobe segment with transform 0", 27, rgb8(64, 48),
			encodeJPEG(adobeCMYK(rgb8(64, 48)), jpegOptions{rgb: true, quality: 95, segments: []segment{adobe(0)}})),
		lossy("jpeg_ycck.jpg", "YCCK, inverted: Adobe segment with transform 2", 27, rgb8(64, 48),
			encodeJPEG(adobeYCCK(rgb8(64, 48)), jpegOptions{quality: 95, segments: []segment{adobe(2)}})),
		colour("jpeg_named.png", "a JPEG, whatever its name says", fullChroma, 61, 47, jpegOptions{}),
		colour("nested/deep/portrait.jpg", "baseline, 4:2:0, two folders down", reducedChroma, 47, 90, jpegOptions{luma: [2]int{2, 2}}),
		colour("sub folder/Ünïcode näme.jpg", "a name with spaces and letters beyond ASCII (NFC)", fullChroma, 80, 61, jpegOptions{}),
	}
}

// orientationFixtures all display the same 61x47 motif.
func orientationFixtures() []fixture {
	m := rgb8(61, 47)
	var out []fixture
	for o := 1; o <= 8; o++ {
		f := lossy(fmt.Sprintf("orientation/exif_%d.jpg", o), fmt.Sprintf("baseline, 4:2:0, EXIF orientation %d", o), reducedChroma, m,
			encodeJPEG(ycc(m.stored(o)), jpegOptions{luma: [2]int{2, 2}, segments: []segment{exifSegment(o)}}))
		out = append(out, turned(f, o))
	}
	s := m.stored(6)
	return append(out,
		turned(exact("orientation/png_6.png", "eXIf chunk with orientation 6", m,
			encodePNG(s, pngOptions{chunks: [][]byte{pngChunk("eXIf", exif(6))}})), 6),
		turned(exact("orientation/tiff_6.tif", "the tag Orientation is 6", m,
			encodeTIFF(s, tiffOptions{order: littleEndian, compression: tiffDeflate, orientation: 6})), 6),
		turned(lossy("orientation/webp_6.webp", "lossy, EXIF chunk with orientation 6", reducedChroma, m,
			webpFile(vp8x(webpEXIF, s.w, s.h), encodeVP8(studioYCC(s)), riffChunk("EXIF", exif(6)))), 6),
	)
}

func pngFixtures() []fixture {
	plain := func(name, about string, m *raster) fixture {
		return exact(name, about, m, encodePNG(m, pngOptions{}))
	}
	index, p := indexed(rgb8(96, 64), 256)
	small, p16 := indexed(rgb8(61, 47), 16)
	icc := rgb8(61, 47)
	interlaced := rgb8(75, 50)
	return []fixture{
		plain("png_rgb8.png", "RGB, 8 bits", rgb8(75, 50)),
		plain("png_rgba8.png", "RGB and alpha, 8 bits; colours below full transparency", motifAlpha(61, 47).depth(8)),
		plain("png_gray8.png", "gray, 8 bits", rgb8(75, 50).gray()),
		plain("png_gray16.png", "gray, 16 bits", motif(75, 50).gray()),
		plain("png_gray_alpha8.png", "gray and alpha, 8 bits", motifAlpha(61, 47).depth(8).gray()),
		plain("png_rgb16.png", "RGB, 16 bits", motif(61, 47)),
		plain("png_rgba16.png", "RGB and alpha, 16 bits", motifAlpha(61, 47)),
		plain("png_gray1.png", "gray, 1 bit", dithered(rgb8(123, 81).gray())),
		exact("png_palette.png", "palette of 256 colours", p.shown(index), encodePNG(index, pngOptions{palette: p})),
		exact("png_palette4.png", "palette of 16 colours, 4 bits", p16.shown(small), encodePNG(small.depth4(), pngOptions{palette: p16})),
		palettePNG("png_palette_trns.png", 96, 64),
		colourKeyPNG("png_colour_key.png", 61, 47),
		exact("png_interlaced.png", "RGB, 8 bits, Adam7", interlaced, encodePNG(interlaced, pngOptions{interlace: true})),
		exact("png_icc.png", "RGB, 8 bits, wide-gamut ICC profile in an iCCP chunk", icc,
			encodePNG(icc, pngOptions{chunks: [][]byte{iccChunk(wideGamut())}})),
	}
}

// dithered reduces gray to black and white by a 4x4 pattern.
func dithered(m *raster) *raster {
	bayer := [4][4]int{{0, 8, 2, 10}, {12, 4, 14, 6}, {3, 11, 1, 9}, {15, 7, 13, 5}}
	out := newRaster(m.w, m.h, 1, 1)
	for y := range m.h {
		for x := range m.w {
			if int(m.at(x, y)[0]) > 16*bayer[y%4][x%4]+8 {
				out.at(x, y)[0] = 1
			}
		}
	}
	return out
}

// depth4 declares indices below 16 to be samples of 4 bits.
func (r *raster) depth4() *raster {
	return r.each(1, 4, func(dst, src []uint16) { dst[0] = src[0] })
}

// palettePNG has 100 colours opaque, the same at half transparency, and one
// index that is fully transparent.
func palettePNG(name string, w, h int) fixture {
	const colours, clear = 100, 200
	full := motifAlpha(w, h).depth(8)
	index, p := indexed(full, colours)
	shows := alphaOf(p.shown(index), func(x, y int) int { return 255 }).depth8()
	for i := range index.pix {
		switch a := full.pix[4*i+3]; {
		case a < 0x40:
			index.pix[i] = clear
			copy(shows.pix[4*i:], []uint16{0, 0, 0, 0})
		case a < 0xc0:
			index.pix[i] += colours
			shows.pix[4*i+3] = 128
		}
	}
	p = slices.Concat(p, p, palette{{0, 0, 0}})
	trns := slices.Concat(slices.Repeat([]byte{255}, colours), slices.Repeat([]byte{128}, colours), []byte{0})
	return exact(name, "palette whose tRNS chunk has transparent and half transparent colours", shows, encodePNG(index, pngOptions{palette: p, trns: trns}))
}

// depth8 declares samples below 256 to be samples of 8 bits.
func (r *raster) depth8() *raster {
	return r.each(r.channels, 8, func(dst, src []uint16) { copy(dst, src) })
}

// colourKeyPNG has no alpha channel, but one RGB colour that is transparent.
func colourKeyPNG(name string, w, h int) fixture {
	key := []uint16{1, 2, 3}
	full := motifAlpha(w, h).depth(8)
	m := rgb8(w, h)
	shows := full.each(4, 8, func(dst, src []uint16) {
		copy(dst, src)
		dst[3] = 255
		if src[3] < 0x80 {
			copy(dst, append(slices.Clone(key), 0))
		}
	})
	for i := range m.w * m.h {
		copy(m.pix[3*i:3*i+3], shows.pix[4*i:])
	}
	return exact(name, "RGB, 8 bits, one colour transparent by tRNS", shows, encodePNG(m, pngOptions{trns: []byte{0, 1, 0, 2, 0, 3}}))
}
