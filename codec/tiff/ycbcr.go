package tiff

import "math"

// yccTables are the terms of section 21's conversion, for each value of a sample, with 16 bits behind the point.
type yccTables struct {
	y                       [256]int32
	redCr, greenCr, greenCb [256]int32
	blueCb                  [256]int32
}

// prepareYCbCr reads YCbCrCoefficients and ReferenceBlackWhite (sections 21 and 20), whose defaults are those of CCIR
// 601-1 and of JFIF.
func (d *decoder) prepareYCbCr() error {
	luma := d.rationals(tagYCbCrCoeffs, []float64{0.299, 0.587, 0.114})
	ref := d.rationals(tagReferenceBW, []float64{0, 255, 128, 255, 128, 255})
	if luma == nil || luma[1] <= 0 {
		return badf("YCbCrCoefficients of no sense")
	}
	if ref == nil || ref[1] == ref[0] || ref[3] == ref[2] || ref[5] == ref[4] {
		return badf("ReferenceBlackWhite of no sense")
	}
	d.ycc = new(yccTables)
	red, green, blue := luma[0], luma[1], luma[2]
	for i := range 256 {
		v := float64(i)
		y := (v - ref[0]) * (255 / (ref[1] - ref[0]))
		cb := (v - ref[2]) * (127 / (ref[3] - ref[2]))
		cr := (v - ref[4]) * (127 / (ref[5] - ref[4]))
		d.ycc.y[i] = fixed(y)
		d.ycc.redCr[i] = fixed(cr * (2 - float64(2*red)))
		d.ycc.blueCb[i] = fixed(cb * (2 - float64(2*blue)))
		d.ycc.greenCr[i] = -fixed(cr * (float64(red*(2-float64(2*red))) / green))
		d.ycc.greenCb[i] = -fixed(cb * (float64(blue*(2-float64(2*blue))) / green))
	}
	return nil
}

// fixed returns a number with 16 bits behind the point. What no picture has is clipped, so that sums do not overflow.
func fixed(v float64) int32 {
	const most = 1 << 28
	return int32(math.Round(max(-most, min(most, float64(v*65536)))))
}

// rationals reads a tag of rational numbers, of which all must be numbers: nil if one is not.
func (p *Page) rationals(tag uint16, missing []float64) []float64 {
	e, ok := p.Dir.Find(tag)
	if !ok || int(e.Count) != len(missing) || e.Type.Size() != 8 {
		return missing
	}
	b, err := e.Load(p.r, int64(8*len(missing)))
	if err != nil {
		return nil
	}
	out := make([]float64, len(missing))
	for i := range out {
		num, den := p.Dir.Order.Uint32(b[8*i:]), p.Dir.Order.Uint32(b[8*i+4:])
		if den == 0 {
			return nil
		}
		out[i] = float64(num) / float64(den)
	}
	return out
}

// toRGB converts a row in place. Pixels are n samples apart.
func (t *yccTables) toRGB(row []uint8, n int) {
	for ; len(row) >= n; row = row[n:] {
		y, cb, cr := t.y[row[0]]+1<<15, row[1], row[2]
		row[0] = clip8((y + t.redCr[cr]) >> 16)
		row[1] = clip8((y + t.greenCb[cb] + t.greenCr[cr]) >> 16)
		row[2] = clip8((y + t.blueCb[cb]) >> 16)
	}
}

func clip8(v int32) uint8 { return uint8(max(0, min(255, v))) }

// expandChroma makes rows of whole pixels of data units: so many luma samples, and one of each chroma (section 21,
// "Ordering of Component Samples").
func (d *decoder) expandChroma(raw []byte, w int) {
	unit := d.subH*d.subV + 2
	for x := 0; x < w; x += d.subH {
		u := raw[x/d.subH*unit:][:unit]
		cb, cr := u[unit-2], u[unit-1]
		for j := range d.subV {
			row := d.row8[j*d.blockW*3:]
			for i := range min(d.subH, w-x) {
				p := row[3*(x+i):][:3]
				p[0], p[1], p[2] = u[j*d.subH+i], cb, cr
			}
		}
	}
}
