package main

// encodeBMP writes indices with their palette (8 bits a pixel), RGB (24) or
// RGBA (32, with a version 4 header, which is what makes alpha count).
func encodeBMP(m *raster, p palette, topDown bool) []byte {
	header := 40
	if m.channels == 4 {
		header = 108
	}
	stride := (m.w*m.channels + 3) &^ 3
	out := bmpHeader(m.w, m.h, m.channels*8, header, len(p), stride*m.h, topDown)
	for _, c := range p {
		out = append(out, c[2], c[1], c[0], 0)
	}
	for i := range m.h {
		y := m.h - 1 - i
		if topDown {
			y = i
		}
		row := make([]byte, stride)
		for x := range m.w {
			px := m.at(x, y)
			for c, v := range px {
				if c < 3 && len(px) >= 3 {
					c = 2 - c // blue comes first
				}
				row[x*len(px)+c] = byte(v)
			}
		}
		out = append(out, row...)
	}
	return out
}

// bmpHeader writes BITMAPFILEHEADER and an info header of 40 or 108 bytes.
func bmpHeader(w, h, bits, header, colours, size int, topDown bool) []byte {
	const uncompressed, bitfields, perMetre = 0, 3, 2835
	offset := 14 + header + 4*colours
	if topDown {
		h = -h
	}
	compression := uncompressed
	if header == 108 {
		compression = bitfields
	}
	out := le32([]byte("BM"), offset+size, 0, offset)
	out = le32(out, header, w, h)
	out = le16(out, 1, bits)
	out = le32(out, compression, size, perMetre, perMetre, colours, 0)
	if header == 108 {
		out = le32(out, 0xff0000, 0xff00, 0xff, 0xff000000) // masks of red, green, blue, alpha
		out = append(out, "BGRs"...)                        // sRGB
		out = append(out, make([]byte, 9*4+3*4)...)
	}
	return out
}
