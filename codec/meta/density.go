package meta

// Density is how many pixels of a picture lie on a length when it is printed. The zero value says nothing of it.
type Density struct {
	X, Y uint32
	Unit Unit
}

// Unit is the length of a Density.
type Unit uint8

const (
	Aspect     Unit = iota // none: X and Y say what shape a pixel has
	Inch                   // as most JPEGs have it
	Centimetre             // as JPEG may have it
	Metre                  // as PNG has it
)

// PerMetre returns d as PNG and BMP hold it, rounded. It is not ok where d has no length, or it would not fit into 31 bits.
func (d Density) PerMetre() (out Density, ok bool) {
	scale := map[Unit][2]uint64{Inch: {10_000, 254}, Centimetre: {100, 1}, Metre: {1, 1}}[d.Unit]
	if scale[0] == 0 || d.X == 0 || d.Y == 0 {
		return Density{}, false
	}
	x, y := ratio(d.X, scale), ratio(d.Y, scale)
	return Density{uint32(x), uint32(y), Metre}, x > 0 && y > 0 && max(x, y) < 1<<31
}

// Short returns d as JFIF holds it, with numbers of 16 bits: by the inch if that comes from whole dots an inch, else by
// the centimetre if that is exact, else by the inch, rounded. It is not ok where d does not fit.
func (d Density) Short() (out Density, ok bool) {
	out = d
	if d.Unit == Metre {
		toInch := [2]uint64{254, 10_000}
		out = Density{uint32(ratio(d.X, toInch)), uint32(ratio(d.Y, toInch)), Inch}
		if back, ok := out.PerMetre(); (!ok || back != d) && d.X%100 == 0 && d.Y%100 == 0 {
			out = Density{d.X / 100, d.Y / 100, Centimetre}
		}
	}
	return out, out.X > 0 && out.Y > 0 && max(out.X, out.Y) < 1<<16
}

// ratio returns v times scale[0] / scale[1], rounded.
func ratio(v uint32, scale [2]uint64) uint64 {
	return (uint64(v)*scale[0] + scale[1]/2) / scale[1]
}
