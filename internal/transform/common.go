package transform

import (
	"context"
	"errors"
	"image"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/codec/jpeg"
	"github.com/imgpar/imgpar/ops"
)

// common is how the targets of a job decode its picture together. All of it
// follows from the job and the header, and nothing from which targets are there
// already: a run that goes on where another was killed writes the same bytes.
type common struct {
	planar bool // some target goes by planes
	scale  int  // that the planes are decoded at: what the largest of them needs, and 1 where pixels are needed besides
	luma   bool // those by planes want no more
	gray   bool // no target wants more

	strict, salvaged decoded
}

// decoded is what was decoded for one target and is there for the others.
type decoded struct {
	file    *codec.PlanarJPEG
	planes  *jpeg.Planes
	smaller map[int][]jpeg.Plane // by how many samples each way are one in them; filled as they are asked for
	notes   []string
	picture *codec.Picture

	noPlanes, noPicture error // why they could not be decoded
}

// share plans for all targets of a job.
func share(tasks []task) common {
	s := common{scale: 8, luma: true, gray: true}
	for i := range tasks {
		t := &tasks[i]
		r, at, _ := foresee(t.Job, t.pipeline, t.head)
		gray := beginsGray(t.pipeline)
		switch r {
		case planes:
			gray = at.Gray
			s.planar = true
			s.scale = min(s.scale, chooseScale(at))
			s.luma = s.luma && gray
		case pixels:
			s.scale = 1
			s.luma = s.luma && gray && t.head.Luma
		}
		s.gray = s.gray && gray
	}
	return s
}

// decoded returns what a task shares: not with those that read on behind damage
// if it does not.
func (t task) decoded() *decoded {
	if t.read.Salvage {
		return &t.shared.salvaged
	}
	return &t.shared.strict
}

// sharedPlanes decodes the planes of the input at t.shared.scale, if that is not
// done, and returns the notes on that.
func (w *Worker) sharedPlanes(ctx context.Context, t task, file *codec.PlanarJPEG) (notes []string, err error) {
	d := t.decoded()
	if d.planes == nil && d.noPlanes == nil {
		w.decodings++
		decoded, notes, err := file.Decode(ctx, t.shared.luma, t.shared.scale, w.planes)
		if err != nil {
			d.noPlanes = err
			return nil, err
		}
		w.planes = decoded
		d.file, d.planes, d.notes = file, decoded, notes
	}
	return d.notes, d.noPlanes
}

// at returns the planes that a target asks for, of which one that wants gray gets
// the first, with a sample for scale x scale of the file's: no less than they
// were decoded at.
func (d *decoded) at(gray bool, scale, decoded int) []jpeg.Plane {
	count := len(d.planes.Planes)
	if gray {
		count = 1
	}
	n := scale / decoded
	if n <= 1 {
		return d.planes.Planes[:count]
	}
	if d.smaller == nil {
		d.smaller = map[int][]jpeg.Plane{}
	}
	for i := len(d.smaller[n]); i < count; i++ {
		d.smaller[n] = append(d.smaller[n], reduced(&d.planes.Planes[i], n))
	}
	return d.smaller[n][:count]
}

// sharedPicture returns the input decoded whole, or its gray if the task needs no
// more. Its samples are the planes' where those are decoded at full size.
func (w *Worker) sharedPicture(ctx context.Context, t task) (*codec.Picture, error) {
	d := t.decoded()
	if d.picture == nil && d.noPicture == nil {
		d.picture, d.noPicture = w.decode(ctx, t)
	}
	if d.noPicture != nil || !t.read.Gray || t.head.Format != codec.JPEG || !t.head.Luma {
		return d.picture, d.noPicture
	}
	colours, ok := d.picture.Image.(*image.YCbCr)
	if !ok {
		return d.picture, nil
	}
	gray := *d.picture
	gray.Image, d.noPicture = ops.Gray{}.Apply(colours) // what Decode gives of it alone
	return &gray, d.noPicture
}

// decode is Decode for all targets that go by pixels.
func (w *Worker) decode(ctx context.Context, t task) (*codec.Picture, error) {
	s := t.shared
	if s.planar && s.scale == 1 && (!s.luma || s.gray && t.head.Luma) {
		file, err := w.openPlanes(t)
		if err == nil {
			notes, err := w.sharedPlanes(ctx, t, file)
			if err != nil {
				return nil, err
			}
			return file.Picture(t.decoded().planes, notes), nil
		}
		var needs *codec.NeedsPixelsError
		if !errors.As(err, &needs) {
			return nil, err
		}
	}
	w.decodings++
	read := t.read
	read.Gray = s.gray
	return codec.Decode(ctx, w.in, read)
}

// openPlanes opens the input for sharedPlanes, once for all targets.
func (w *Worker) openPlanes(t task) (*codec.PlanarJPEG, error) {
	if file := t.decoded().file; file != nil {
		return file, nil
	}
	return codec.OpenPlanes(w.in, t.read)
}
