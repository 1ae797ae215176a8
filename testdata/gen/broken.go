package main

import (
	"bytes"
	"slices"
)

// brokenFixtures lists files below broken/: damaged, lying, or of a kind that
// Go's decoders do not read.
func brokenFixtures() []fixture {
	all := slices.Concat(damaged(), claims(), wrongIndices(), jpegOddities(), webpOddities())
	for i := range all {
		all[i].name = "broken/" + all[i].name
	}
	return all
}

func broken(name, outcome, about string, w, h int, data []byte) fixture {
	return fixture{name: name, about: about, data: data, w: w, h: h, orientation: 1, outcome: outcome}
}

func damaged() []fixture {
	m := rgb8(61, 47)
	index, p := indexed(m, 256)
	jpg := encodeJPEG(ycc(m), jpegOptions{segments: []segment{jfif}})
	png := encodePNG(m, pngOptions{})
	gif := encodeGIF(61, 47, p, gifFrame{index: index, transparent: -1})
	badCRC := bytes.Clone(png)
	badCRC[len(pngSignature)+8+13] ^= 0xff
	return []fixture{
		broken("empty.jpg", corrupt, "no byte at all", 0, 0, nil),
		broken("not_an_image.jpg", unsupported, "text", 0, 0, []byte("This is no picture, only its name says so.\n")),
		broken("truncated.jpg", corrupt, "ends in the middle of the scan", 61, 47, jpg[:len(jpg)*2/3]),
		broken("truncated.png", corrupt, "ends in the middle of IDAT", 61, 47, png[:len(png)/2]),
		broken("truncated.gif", corrupt, "ends in the middle of the pixels", 61, 47, gif[:len(gif)*2/3]),
		broken("header_only.png", corrupt, "signature and IHDR, nothing more", 61, 47, png[:len(pngSignature)+25]),
		broken("bad_crc.png", corrupt, "the checksum of IHDR is wrong", 0, 0, badCRC),
		broken("zero_width.png", corrupt, "0 pixels wide", 0, 0, slices.Concat([]byte(pngSignature),
			ihdr(0, 47, 8, pngRGB, false), pngChunk("IDAT", zlibCompress(make([]byte, 47))), pngChunk("IEND", nil))),
	}
}

// claims are small files whose headers promise four thousand million pixels.
func claims() []fixture {
	const side = 65535
	png := slices.Concat([]byte(pngSignature), ihdr(side, side, 8, pngRGB, false),
		pngChunk("IDAT", zlibCompress(make([]byte, 4))), pngChunk("IEND", nil))
	gif := slices.Concat(gifHeader(side, side, 2, palette{{0, 0, 0}, {255, 255, 255}}),
		imageDescriptor(0, 0, side, side, false), []byte{2, 2, 0x44, 0x01, 0, 0x3b})
	bmp := append(bmpHeader(side, side, 24, 40, 0, 0, false), make([]byte, 64)...)
	o := tiffOptions{order: littleEndian, compression: tiffDeflate, stripRows: side}
	strip := zlibCompress(make([]byte, 64)) // of even length
	claim := raster{w: side, h: side, channels: 3, bits: 8}
	tif := append(tiffHeader(littleEndian, 8+len(strip)), strip...)
	tif = appendIFD(tif, littleEndian, o.directory(&claim, []int{8}, []int{len(strip)}))
	const about = "claims 65535x65535 pixels"
	return []fixture{
		broken("claim_65535x65535.png", tooLarge, about, side, side, png),
		broken("claim_huge.gif", tooLarge, about, side, side, gif),
		broken("claim_huge.bmp", tooLarge, about, side, side, bmp),
		broken("claim_huge.tif", tooLarge, about, side, side, tif),
	}
}

// wrongIndices have pixels beyond the palette's four colours. A library that
// takes such an index into the palette panics (CVE-2023-36308).
func wrongIndices() []fixture {
	p := palette{{0, 0, 0}, {255, 0, 0}, {0, 255, 0}, {255, 255, 255}}
	m := newRaster(40, 30, 1, 8)
	for i := range m.pix {
		m.pix[i] = uint16(hash(uint32(i), 1) % 4)
	}
	beyond := m.at(20, 15)
	beyond[0] = 200
	fill := p.shown(m.each(1, 8, func(dst, src []uint16) { dst[0] = src[0] % 4 })) // 200%4 is black
	png := broken("palette_index.png", ok, "an index beyond the palette, which Go's decoder extends with black", 40, 30, encodePNG(m, pngOptions{palette: p}))
	png.shows = fill
	tif := tiffOptions{order: littleEndian, compression: tiffRaw, palette: p}
	tiff := shortColorMap(encodeTIFF(m, tif), len(p))
	beyond[0] = 5 // the GIF below has room for eight values
	wide := encodeGIF(40, 30, append(slices.Clone(p), p...), gifFrame{index: m, transparent: -1})
	beyond[0] = 200
	return []fixture{
		png,
		broken("palette_index_gif.gif", corrupt, "an index beyond the palette", 40, 30, halveGIFPalette(wide)),
		broken("palette_index_bmp.bmp", corrupt, "an index beyond the palette", 40, 30, encodeBMP(m, p, false)),
		broken("palette_index_tiff.tif", corrupt, "an index beyond a ColorMap that is too short", 40, 30, tiff),
	}
}

// halveGIFPalette turns the palette of eight colours into one of four. The
// pixels keep their three bits.
func halveGIFPalette(gif []byte) []byte {
	const flags, colours = 10, 13
	gif[flags] = gif[flags]&^7 | 1
	return slices.Delete(gif, colours+3*4, colours+3*8)
}

// shortColorMap lowers the count of the tag ColorMap.
func shortColorMap(tiff []byte, colours int) []byte {
	field := littleEndian.AppendUint16(nil, tagColorMap)
	field = littleEndian.AppendUint16(field, typeShort)
	at := bytes.Index(tiff, littleEndian.AppendUint32(field, 3*256))
	littleEndian.PutUint32(tiff[at+4:], uint32(3*colours))
	return tiff
}

func jpegOddities() []fixture {
	m := rgb8(61, 47)
	jpg := encodeJPEG(ycc(m), jpegOptions{segments: []segment{jfif}})
	twelve := motif(61, 47).gray().depth(12)
	return []fixture{
		broken("bad_huffman.jpg", corrupt, "a Huffman table that claims 200 codes of one bit", 61, 47, overfullCode(jpg)),
		broken("jpeg_12bit.jpg", unsupported, "12 bits a sample, gray, valid", 0, 0, encodeJPEG(twelve, jpegOptions{})),
		broken("jpeg_arithmetic.jpg", unsupported, "arithmetic coding, gray", 0, 0, arithmeticJPEG()),
		broken("progressive_restart_422.jpg", corrupt, "valid; Go's decoder looks for the restart markers of single-component scans after MCUs, not after blocks", 75, 50,
			encodeJPEG(ycc(rgb8(75, 50)), jpegOptions{luma: [2]int{2, 1}, progress: true, restart: 5, segments: []segment{jfif}})),
		broken("scan_bomb.jpg", costly, "a valid progressive JPEG of 2000x2000 with 631 scans", 2000, 2000, scanBomb(2000, 2000)),
	}
}

// overfullCode spoils the Huffman table for AC: no more than 256 codes exist.
func overfullCode(jpg []byte) []byte {
	const shortest = 5 // after marker, length and table
	at := bytes.Index(jpg, []byte{0xff, dht, 0, 2 + 1 + 16 + 162, 1 << 4})
	jpg[at+shortest] = 200
	return jpg
}

// arithmeticJPEG has the frame header of arithmetic coding. Its decoders
// make a picture of any bytes.
func arithmeticJPEG() []byte {
	f := newJPEG(61, 47, 8, 1, jpegOptions{segments: []segment{jfif}})
	f.headers()
	huffman := bytes.Index(f.out.Bytes(), []byte{0xff, dht})
	f.out.Truncate(huffman)
	f.out.Bytes()[bytes.Index(f.out.Bytes(), []byte{0xff, sof0})+1] = sof9
	f.scanHeader(jpegScan{[]int{0}, 0, 63, 0, 0})
	f.out.Write(make([]byte, 8))
	f.marker(eoi)
	return f.out.Bytes()
}

// scanBomb obeys every rule of the format: each of the 63 AC coefficients comes
// ten times, one bit deeper each time, and never is anything but zero.
func scanBomb(w, h int) []byte {
	f := newJPEG(w, h, 8, 1, jpegOptions{progress: true, segments: []segment{jfif}})
	f.headers()
	f.scan(jpegScan{[]int{0}, 0, 0, 0, 0})
	band := &scanWriter{table: 1 << 4}
	blocks := len(f.components[0].blocks)
	for _, n := range [2]int{blocks / 2, blocks - blocks/2} { // at most 32767 in one go
		band.endOfBands = n
		band.flush()
	}
	data := pack(band.tokens, f.codes(band.tokens))
	for k := 1; k < 64; k++ {
		for low := 9; low >= 0; low-- {
			high := low + 1
			if low == 9 {
				high = 0
			}
			f.scanHeader(jpegScan{[]int{0}, k, k, high, low})
			f.out.Write(data)
		}
	}
	f.marker(eoi)
	return f.out.Bytes()
}

func webpOddities() []fixture {
	return []fixture{
		broken("small_canvas.webp", corrupt, "a canvas of 16x16 before a valid picture of 8192x8192", 16, 16,
			webpFile(vp8x(0, 16, 16), vp8lBlank(8192, 8192))),
	}
}
