package icc

import (
	"bytes"
	"encoding/binary"
	"math"
	"unicode/utf16"
)

// grayPoints is the size of a curve that is made of something else than one curve.
const grayPoints = 1024

// Gray returns a profile for gray pictures whose values are coded as p codes neutral colours: what a picture in the
// colours of p needs when its colour is taken away. It is nil where these are the grays of sRGB, as IsSRGB has it.
//
// Its curve is that of p, where red, green and blue have one; else, and for tables, that of the luminance that equal
// values have. A profile for gray is returned as it is. The error is an *UnsupportedError for profiles of other spaces
// than RGB and GRAY, or those of ToSRGB.
func (p *Profile) Gray() ([]byte, error) {
	if p.space == "CMYK" {
		return nil, &UnsupportedError{"gray of CMYK"}
	}
	w, err := p.way(perceptual)
	if err != nil {
		return nil, err
	}
	out := p.data
	if p.space == "RGB" {
		out = grayProfile("Gray of "+p.title(), p.grayCurve(w))
	}
	if made, err := Parse(out); err != nil || made.IsSRGB() {
		return nil, err
	}
	return out, nil
}

func (p *Profile) title() string {
	if name := p.Name(); name != "" {
		return name
	}
	return "an RGB profile"
}

// grayCurve returns a curve as a tag holds it.
func (p *Profile) grayCurve(w way) []byte {
	if s, ok := w.(*shaper); ok && s.curves[0].equal(s.curves[1]) && s.curves[1].equal(s.curves[2]) {
		g := p.tags["gTRC"]
		_, size, _ := readCurve(g) // which was read before
		return g[:size]
	}
	b := binary.BigEndian.AppendUint32([]byte("curv\x00\x00\x00\x00"), grayPoints)
	for i := range grayPoints {
		v := uint16((i*65535 + (grayPoints-1)/2) / (grayPoints - 1))
		y := clip(w.xyz([4]uint16{v, v, v})[1])
		b = binary.BigEndian.AppendUint16(b, uint16(math.Round(float64(y*65535))))
	}
	return b
}

// grayProfile returns a profile of the monochrome input or display model (8.3.4, 8.4.4) with this curve. Parametric curves
// are of version 4 only, which has other texts.
func grayProfile(name string, curve []byte) []byte {
	version, text, copyright := uint32(0x02400000), textDescription(name), []byte("text\x00\x00\x00\x00CC0\x00")
	if string(curve[:4]) == "para" {
		version, text, copyright = 0x04300000, unicodeText(name), unicodeText("CC0")
	}
	white := []byte("XYZ \x00\x00\x00\x00")
	for _, v := range d50 {
		white = binary.BigEndian.AppendUint32(white, uint32(math.Round(float64(v*65536))))
	}
	return build(version, "GRAY", []tag{{"desc", text}, {"cprt", copyright}, {"wtpt", white}, {"kTRC", curve}})
}

type tag struct {
	name string
	data []byte
}

// build returns a display profile for XYZ with these tags (7.2, 7.3). The date is always the same, so that the same picture is.
func build(version uint32, space string, tags []tag) []byte {
	h := make([]byte, 128)
	order := binary.BigEndian
	order.PutUint32(h[8:], version)
	copy(h[12:], "mntr"+space+"XYZ ")
	for i, v := range []uint16{2020, 1, 1} { // year, month, day, and no time
		order.PutUint16(h[24+2*i:], v)
	}
	copy(h[36:], "acsp")
	for i, v := range d50 {
		order.PutUint32(h[68+4*i:], uint32(math.Round(float64(v*65536))))
	}
	h = order.AppendUint32(h, uint32(len(tags)))
	var data bytes.Buffer
	for _, t := range tags {
		h = append(h, t.name...)
		h = order.AppendUint32(h, uint32(132+12*len(tags)+data.Len()))
		h = order.AppendUint32(h, uint32(len(t.data)))
		data.Write(t.data)
		data.Write(make([]byte, -len(t.data)&3)) // each begins at a multiple of 4
	}
	h = append(h, data.Bytes()...)
	order.PutUint32(h, uint32(len(h)))
	return h
}

// textDescription returns a textDescriptionType (ICC.1:2001-04, 6.5.17): ASCII, no Unicode, no script code.
func textDescription(s string) []byte {
	ascii := []byte(s)
	for i, c := range ascii {
		if c > 0x7e {
			ascii[i] = '?'
		}
	}
	b := binary.BigEndian.AppendUint32([]byte("desc\x00\x00\x00\x00"), uint32(len(ascii)+1))
	b = append(append(b, ascii...), 0)
	return append(b, make([]byte, 4+4+2+1+67)...)
}

// unicodeText returns a multiLocalizedUnicodeType with one text in English.
func unicodeText(s string) []byte {
	units := utf16.Encode([]rune(s))
	b := []byte("mluc\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x0cenUS")
	b = binary.BigEndian.AppendUint32(b, uint32(2*len(units)))
	b = binary.BigEndian.AppendUint32(b, 28)
	for _, u := range units {
		b = binary.BigEndian.AppendUint16(b, u)
	}
	return b
}
