package animation

// over8 puts as many pixels of src as dst has on dst: the operator over of
// Porter and Duff for colours that are not premultiplied (PNG specification,
// third edition, 13.16), rounded to nearest.
func over8(dst, src []byte) {
	for i := 0; i < len(dst); i += 4 {
		d, s := dst[i:i+4:i+4], src[i:i+4:i+4]
		if s[3] == 255 || d[3] == 0 && s[3] != 0 {
			copy(d, s)
			continue
		}
		if s[3] == 0 {
			continue
		}
		front := uint32(s[3]) * 255
		back := uint32(d[3]) * (255 - uint32(s[3]))
		a := front + back // of 255 * 255
		for k := range 3 {
			d[k] = uint8((uint32(s[k])*front + uint32(d[k])*back + a/2) / a)
		}
		d[3] = uint8((a + 127) / 255)
	}
}

// over16 is over8 for two bytes a channel, the high one first.
func over16(dst, src []byte) {
	for i := 0; i < len(dst); i += 8 {
		d, s := dst[i:i+8:i+8], src[i:i+8:i+8]
		top, bottom := wide(s[6:]), wide(d[6:])
		if top == 0xffff || bottom == 0 && top != 0 {
			copy(d, s)
			continue
		}
		if top == 0 {
			continue
		}
		front, back := top*0xffff, bottom*(0xffff-top)
		a := front + back
		for k := 0; k < 6; k += 2 {
			v := (wide(s[k:])*front + wide(d[k:])*back + a/2) / a
			d[k], d[k+1] = uint8(v>>8), uint8(v)
		}
		a = (a + 0x7fff) / 0xffff
		d[6], d[7] = uint8(a>>8), uint8(a)
	}
}

func wide(b []byte) uint64 { return uint64(b[0])<<8 | uint64(b[1]) }
