package tiff

import (
	"encoding/binary"
	"math"
)

// samples8 makes the samples of a row of plane k 8 bits wide, or of a palette leaves them as they are, in row8.
func (d *decoder) samples8(raw []byte, k, w int) {
	each := d.together()
	n := w * each
	to := d.row8[:n]
	if d.planes() > 1 {
		to = d.plane8[:n]
	}
	switch {
	case d.Bits != 8:
		d.read(raw, d.values[:n])
		for i, v := range d.values[:n] {
			to[i] = d.small[v&0xff]
		}
	default:
		if d.predictor == 2 {
			addBytes(raw[:n], each)
		}
		copy(to, raw)
	}
	if d.Photometric == whiteIsZero && k == 0 {
		for i := 0; i < n; i += each {
			to[i] = 0xff - to[i]
		}
	}
	if d.planes() > 1 {
		for i, v := range to {
			d.row8[i*d.Samples+k] = v
		}
	}
}

// addBytes undoes differences between samples each apart.
func addBytes(row []byte, each int) {
	switch {
	case len(row) < each:
	case each == 1:
		v := byte(0)
		for i, b := range row {
			v += b
			row[i] = v
		}
	case each == 3:
		var r, g, b byte
		for len(row) >= 3 {
			r, g, b = r+row[0], g+row[1], b+row[2]
			row[0], row[1], row[2] = r, g, b
			row = row[3:]
		}
	default:
		for i := each; i < len(row); i++ {
			row[i] += row[i-each]
		}
	}
}

// samples16 makes the samples of a row of plane k 16 bits wide, in row16.
func (d *decoder) samples16(raw []byte, k, w int) {
	each, step := d.together(), 1
	n := w * each
	to := d.row16[:n]
	if d.planes() > 1 {
		step, to = d.Samples, d.row16[k:]
	}
	if d.Bits == 16 && d.format == formatUint && step == 1 {
		d.words(raw, to, each)
	} else {
		if d.predictor == 3 {
			d.addFloats(raw, each)
		}
		d.read(raw, d.values[:n])
		for i, v := range d.values[:n] {
			to[i*step] = d.sample16(v)
		}
	}
	if d.Photometric == whiteIsZero && k == 0 {
		for i := 0; i < w; i++ {
			to[i*each*step] = 0xffff - to[i*each*step]
		}
	}
}

// words reads samples of 16 bits, the most frequent of the deep ones.
func (d *decoder) words(raw []byte, to []uint16, each int) {
	raw = raw[:2*len(to)]
	if d.Dir.Order == binary.ByteOrder(binary.LittleEndian) {
		for i := range to {
			to[i] = binary.LittleEndian.Uint16(raw[2*i:])
		}
	} else {
		for i := range to {
			to[i] = binary.BigEndian.Uint16(raw[2*i:])
		}
	}
	if d.predictor == 2 {
		for i := each; i < len(to); i++ {
			to[i] += to[i-each]
		}
	}
}

// read reads samples of any width, whole bytes in the file's byte order, others the highest bit first, and undoes their
// differences.
func (d *decoder) read(raw []byte, to []uint64) {
	switch o := d.Dir.Order; {
	case d.predictor == 3: // addFloats has left the highest byte first
		for i := range to {
			to[i] = bigEndian(raw[i*d.Bits/8:][:d.Bits/8])
		}
	case d.Bits%8 == 0:
		size, little := d.Bits/8, o == binary.ByteOrder(binary.LittleEndian)
		for i := range to {
			b := raw[i*size:][:size]
			if little {
				to[i] = littleEndian(b)
			} else {
				to[i] = bigEndian(b)
			}
		}
	default:
		readBits(raw, to, uint(d.Bits))
	}
	if each := d.together(); d.predictor == 2 {
		mask := ^uint64(0) >> (64 - uint(d.Bits))
		for i := each; i < len(to); i++ {
			to[i] = (to[i] + to[i-each]) & mask
		}
	}
}

func bigEndian(b []byte) (v uint64) {
	for _, c := range b {
		v = v<<8 | uint64(c)
	}
	return v
}

func littleEndian(b []byte) (v uint64) {
	for i, c := range b {
		v |= uint64(c) << (8 * i)
	}
	return v
}

// readBits reads numbers of at most 32 bits that stand without gaps.
func readBits(raw []byte, to []uint64, bits uint) {
	acc, n, pos := uint64(0), uint(0), 0
	for i := range to {
		for n < bits {
			acc, n, pos = acc<<8|uint64(raw[pos]), n+8, pos+1
		}
		n -= bits
		to[i] = acc >> n & (1<<bits - 1)
	}
}

// addFloats undoes predictor 3 (Adobe Photoshop TIFF Technical Note 3): differences of bytes over the whole row, which has
// the highest bytes of all samples first, then the next ones. It leaves the bytes of a sample side by side, the highest
// first.
func (d *decoder) addFloats(raw []byte, each int) {
	size := d.Bits / 8
	n := d.blockW * each
	raw = raw[:n*size]
	for i := each; i < len(raw); i++ {
		raw[i] += raw[i-each]
	}
	tmp := append(d.plane8[:0], raw...)
	for i := range n {
		for b := range size {
			raw[i*size+b] = tmp[b*n+i]
		}
	}
	d.plane8 = tmp
}

// sample16 makes 16 bits of a sample, or of a palette leaves it as it is.
func (d *decoder) sample16(v uint64) uint16 {
	bits := uint(d.Bits)
	switch {
	case d.Photometric == photoPalette:
		return uint16(v)
	case d.format == formatFloat:
		return d.fromFloat(v)
	}
	if bits == 64 {
		v, bits = v>>32, 32
	}
	if bits == 16 {
		return uint16(v)
	}
	top := uint64(1)<<bits - 1
	return uint16((v*0xffff + top/2) / top)
}

// fromFloat makes 16 bits of a number from 0 to 1. What is no number is 0.
func (d *decoder) fromFloat(v uint64) uint16 {
	var f float64
	switch d.Bits {
	case 16:
		f = half(uint16(v))
	case 32:
		f = float64(math.Float32frombits(uint32(v)))
	default:
		f = math.Float64frombits(v)
	}
	if f >= 0 && f <= 1 {
		return uint16(float64(f*0xffff) + 0.5) // the conversion forbids to fuse, so that all machines agree
	}
	d.clipped++
	if f > 1 {
		return 0xffff
	}
	return 0
}

// half returns the value of a number of IEEE 754's binary16.
func half(v uint16) float64 {
	e, m := int(v>>10&31), float64(v&0x3ff)
	switch e {
	case 0:
		m = math.Ldexp(m, -24)
	case 31:
		if m != 0 {
			return math.NaN()
		}
		m = math.Inf(1)
	default:
		m = math.Ldexp(m+1024, e-25)
	}
	if v>>15 == 1 {
		m = -m
	}
	return m
}
