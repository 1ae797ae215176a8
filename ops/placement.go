package ops

import (
	"image"

	"github.com/imgpar/imgpar/resample"
)

// Placement is what the head of a Pipeline comes to, up to the first change of size: a part of the picture as it is
// stored is scaled, and then turned. It lets a reader scale what it has not decoded, turned or converted yet.
type Placement struct {
	Part image.Rectangle // pixels of the picture as stored
	Size image.Point     // that Part is scaled to, before it is turned
	Turn int             // EXIF orientation that is to be undone afterwards, 1 to 8
	Gray bool            // only the gray of the picture is wanted, which is its luma (BT601)

	Filter resample.Filter
	Rest   Pipeline // what remains to be done to the result
}

// Place follows a picture of w x h pixels as stored, with this EXIF orientation, through p to the first operation that
// scales it. Quarter turns, flips and crops before it move and cut the part, those turns that come directly after it
// are joined with the others. It reports false if nothing is scaled, where something stands before the scaling that
// needs pixels, and where the scaling does: in linear light, or by Nearest.
//
// The result has the dimensions and the geometry of p.Apply(ctx, Upright(src, orientation)); its pixels differ as far
// as scaling and turning, and scaling and taking gray, do in another order.
func (p Pipeline) Place(w, h, orientation int) (Placement, bool) {
	at := Placement{Part: image.Rect(0, 0, w, h), Turn: 1}
	if orientation > 1 && orientation < len(upright) {
		at.turn(orientation)
	}
	for i, op := range p {
		if at.moves(op) {
			continue
		}
		if t, ok := op.(Thumb); ok {
			op = t.resize()
		}
		size := at.shown(at.Part.Size())
		switch op := op.(type) {
		case Crop:
			at.cut(op.Part(size.X, size.Y))
		case Resize:
			part, to := op.plan(size.X, size.Y)
			at.cut(part)
			if to == part.Size() {
				break
			}
			if op.Filter == Nearest || op.Linear {
				return Placement{}, false
			}
			at.Size, at.Filter, at.Rest = at.shown(to), resampleFilters[op.Filter], p[i+1:]
			for len(at.Rest) > 0 && at.moves(at.Rest[0]) {
				at.Rest = at.Rest[1:]
			}
			return at, true
		default:
			return Placement{}, false
		}
		if at.Part.Empty() {
			return Placement{}, false
		}
	}
	return Placement{}, false
}

// moves takes in what can stand before the scaling as well as after it, and tells whether op was such.
func (p *Placement) moves(op Op) bool {
	switch op := op.(type) {
	case Orient, Convert:
	case Gray:
		if !op.IsLuma() {
			return false
		}
		p.Gray = true
	case Flip:
		p.turn(op.Turn())
	case Rotate:
		if op.Turn() == 0 {
			return false
		}
		p.turn(op.Turn())
	default:
		return false
	}
	return true
}

// turn adds the turn that undoes an EXIF orientation. A picture without one has 1.
func (p *Placement) turn(orientation int) {
	both := upright[p.Turn].then(upright[orientation])
	for o := 1; o < len(upright); o++ {
		if upright[o] == both {
			p.Turn = o
		}
	}
}

// shown returns a size after the turn, and of one after the turn that before it.
func (p *Placement) shown(size image.Point) image.Point {
	return upright[p.Turn].bounds(size.X, size.Y).Max
}

// cut leaves the pixels in r, which counts in the turned part.
func (p *Placement) cut(r image.Rectangle) {
	t, size := upright[p.Turn], p.Part.Size()
	if t.swap {
		r = image.Rect(r.Min.Y, r.Min.X, r.Max.Y, r.Max.X)
	}
	if t.flipX {
		r.Min.X, r.Max.X = size.X-r.Max.X, size.X-r.Min.X
	}
	if t.flipY {
		r.Min.Y, r.Max.Y = size.Y-r.Max.Y, size.Y-r.Min.Y
	}
	p.Part = r.Add(p.Part.Min)
}

// Shown returns the size of the turned picture.
func (p *Placement) Shown() image.Point { return p.shown(p.Size) }

// Mirrored tells which axes of the stored picture run the other way in the turned one.
func (p *Placement) Mirrored() (x, y bool) {
	t := upright[p.Turn]
	return t.flipX, t.flipY
}

// Swapped tells whether the turn makes rows of columns.
func (p *Placement) Swapped() bool { return upright[p.Turn].swap }
