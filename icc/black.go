package icc

// scaling takes the XYZ of a profile, each by itself, to those of sRGB: a x + b.
type scaling struct{ a, b [3]float64 }

var unscaled = scaling{a: [3]float64{1, 1, 1}}

// Black of the perceptual intent of version 4, which every table for it has (ICC.1:2022, 6.3.3).
var perceptualBlack = [3]float64{0.00336, 0.0034731, 0.00287}

// blackScaling takes the black of p to that of sRGB, which is 0, and leaves white where it is, as "Adobe Systems'
// Implementation of Black Point Compensation" has it: always for the perceptual intent of version 4, to which the sRGB of
// Little CMS belongs, whatever the version of p.
func (p *Profile) blackScaling() (scaling, error) {
	black, err := p.black()
	if err != nil {
		return unscaled, err
	}
	var s scaling
	for i, b := range black {
		s.a[i] = d50[i] / (d50[i] - b)
		s.b[i] = -float64(s.a[i] * b)
	}
	return s, nil
}

// black returns the darkest colour of p. In version 4 a table for the perceptual intent has one that is given; where there
// is a matrix as well, that of the colorimetric intent counts.
func (p *Profile) black() ([3]float64, error) {
	order := perceptual
	if p.version >= 4 {
		if !p.isShaper() {
			return perceptualBlack, nil
		}
		order = colorimetric
	}
	w, err := p.way(order)
	if err != nil {
		return [3]float64{}, err
	}
	var darkest [4]uint16
	if p.space == "CMYK" {
		darkest = [4]uint16{65535, 65535, 65535, 65535}
	}
	return neutral(w.xyz(darkest)[1]), nil
}

// brightestBlack is the Y of L* 50: what is brighter is no black.
const brightestBlack = 0.18418651851

// neutral is the gray of this Y.
func neutral(y float64) (v [3]float64) {
	if !(y > 0) || y > brightestBlack {
		return v
	}
	for i := range v {
		v[i] = float64(d50[i] * y)
	}
	return v
}
