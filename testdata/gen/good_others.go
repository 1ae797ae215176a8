package main

import "slices"

func gifFixtures() []fixture {
	index, p := indexed(rgb8(96, 64), 256)
	still := gifFrame{index: index, transparent: -1}
	interlaced := still
	interlaced.interlaced = true
	return []fixture{
		exact("gif_still.gif", "256 colours", p.shown(index), encodeGIF(96, 64, p, still)),
		exact("gif_interlaced.gif", "256 colours, interlaced", p.shown(index), encodeGIF(96, 64, p, interlaced)),
		transparentGIF("gif_transparent.gif", 75, 50),
		animatedGIF("gif_animated.gif", 80, 60),
	}
}

// transparentGIF shows nothing outside an ellipse.
func transparentGIF(name string, w, h int) fixture {
	full := motifAlpha(w, h).depth(8)
	index, p := indexed(full, 63)
	shows := alphaOf(p.shown(index), func(x, y int) int { return 255 }).depth8()
	for i := range index.pix {
		if full.pix[4*i+3] < 0x80 {
			index.pix[i] = uint16(len(p))
			copy(shows.pix[4*i:], []uint16{0, 0, 0, 0})
		}
	}
	return exact(name, "63 colours and a transparent one", shows,
		encodeGIF(w, h, p, gifFrame{index: index, transparent: len(p)}))
}

// animatedGIF has a whole first frame, which the fixture shows, and two smaller
// ones that disappear in different ways.
func animatedGIF(name string, w, h int) fixture {
	index, p := indexed(rgb8(w, h), 127)
	clear := uint16(len(p))
	part := index.crop(w/4, h/4, w/2, h/2)
	holes := index.crop(w/2, h/8, w/3, h/2)
	for i := range holes.pix {
		if (i%holes.w+i/holes.w)%4 == 0 {
			holes.pix[i] = clear
		}
	}
	return exact(name, "three frames with different disposals; this is the first", p.shown(index), encodeGIF(w, h, p,
		gifFrame{index: index, transparent: -1, disposal: disposeNone},
		gifFrame{index: part, x: 2, y: h / 3, transparent: -1, disposal: disposePrevious},
		gifFrame{index: holes, x: w / 2, y: 5, transparent: int(clear), disposal: disposeBackground},
	))
}

func bmpFixtures() []fixture {
	m, alpha := rgb8(61, 47), motifAlpha(50, 37).depth(8)
	index, p := indexed(rgb8(75, 50), 200)
	return []fixture{
		exact("bmp_24.bmp", "24 bits", m, encodeBMP(m, nil, false)),
		exact("bmp_top_down.bmp", "24 bits, rows from the top", m, encodeBMP(m, nil, true)),
		exact("bmp_palette8.bmp", "palette of 200 colours, 8 bits", p.shown(index), encodeBMP(index, p, false)),
		exact("bmp_rgba32.bmp", "32 bits with alpha, version 4 header", alpha, encodeBMP(alpha, nil, false)),
	}
}

func tiffFixtures() []fixture {
	file := func(name, about string, m *raster, o tiffOptions) fixture {
		return exact(name, about, m, encodeTIFF(m, o))
	}
	index, p := indexed(rgb8(75, 50), 256)
	raw := tiffOptions{order: littleEndian, compression: tiffRaw}
	strips := raw
	strips.stripRows = 16
	return []fixture{
		file("tiff_rgb.tif", "RGB, 8 bits, uncompressed, three strips", rgb8(61, 47), strips),
		file("tiff_lzw.tif", "RGB, 8 bits, LZW, horizontal predictor", rgb8(75, 50),
			tiffOptions{order: littleEndian, compression: tiffLZW, predictor: true, stripRows: 20}),
		file("tiff_deflate.tif", "RGB, 8 bits, deflate", rgb8(75, 50), tiffOptions{order: littleEndian, compression: tiffDeflate}),
		file("tiff_gray16.tif", "gray, 16 bits, uncompressed", motif(61, 47).gray(), raw),
		file("tiff_rgba8.tif", "RGB and alpha, 8 bits, LZW", motifAlpha(61, 47).depth(8), tiffOptions{order: littleEndian, compression: tiffLZW}),
		file("tiff_big_endian.tif", "RGB, 16 bits, big-endian, deflate", motif(50, 37), tiffOptions{order: bigEndian, compression: tiffDeflate}),
		exact("tiff_palette.tif", "palette of 256 colours", p.shown(index),
			encodeTIFF(index, tiffOptions{order: littleEndian, compression: tiffLZW, palette: p})),
	}
}

func webpFixtures() []fixture {
	m, alpha := rgb8(75, 50), motifAlpha(61, 47).depth(8)
	large, icc := rgb8(123, 81), riffChunk("ICCP", wideGamut())
	return []fixture{
		exact("webp_lossless.webp", "lossless", m, webpFile(vp8l(m))),
		exact("webp_lossless_alpha.webp", "lossless, with alpha", alpha, webpFile(vp8l(alpha))),
		exact("webp_lossless_icc.webp", "lossless, wide-gamut ICC profile", m,
			webpFile(slices.Concat(vp8x(webpICC, m.w, m.h), icc, vp8l(m)))),
		lossy("webp_lossy.webp", "lossy", reducedChroma, large, webpFile(encodeVP8(studioYCC(large)))),
		lossy("webp_lossy_alpha.webp", "lossy, with alpha kept exactly", reducedChroma, alpha,
			webpFile(vp8x(webpAlpha, alpha.w, alpha.h), alph(alpha), encodeVP8(studioYCC(alpha)))),
		animatedWebP("webp_animated.webp", 48, 36),
	}
}

// animatedWebP has a frame and the same turned, 100 ms each, for ever.
func animatedWebP(name string, w, h int) fixture {
	m := rgb8(w, h)
	frame := func(m *raster) []byte {
		const milliseconds = 100
		head := append(le24(0, 0, m.w-1, m.h-1, milliseconds), 0)
		return riffChunk("ANMF", append(head, vp8l(m)...))
	}
	animation := riffChunk("ANIM", []byte{255, 255, 255, 255, 0, 0})
	return exact(name, "animated, two lossless frames; this is the first", m,
		webpFile(vp8x(webpAnimation, w, h), animation, frame(m), frame(m.stored(3))))
}
