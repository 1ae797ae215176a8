package resample

// Axis is NewAxis, but returns the one made before where one of the last few calls was the same: photos of a folder
// have the same size.
func (r *Resampler) Axis(f Filter, in int, part Span, out int) *Axis {
	k := axisKey{f, in, part, out}
	for i, a := range r.axes {
		if a.axis != nil && a.key == k {
			copy(r.axes[1:i+1], r.axes[:i])
			r.axes[0] = a
			return a.axis
		}
	}
	copy(r.axes[1:], r.axes[:])
	r.axes[0] = keptAxis{k, NewAxis(f, in, part, out)}
	return r.axes[0].axis
}

// axes are the last ones, the latest first. A picture with planes of two sizes needs four, one on its side four more.
type axes [8]keptAxis

type axisKey struct {
	filter Filter
	in     int
	part   Span
	out    int
}

type keptAxis struct {
	key  axisKey
	axis *Axis
}
