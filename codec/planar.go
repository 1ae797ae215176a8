package codec

import (
	"context"

	"github.com/imgpar/imgpar/codec/jpeg"
	"github.com/imgpar/imgpar/codec/meta"
)

// PlanarJPEG is a JPEG whose components are wanted each by itself, in its own
// resolution and at a scale: gray, or luma and chroma.
type PlanarJPEG struct {
	Header
	Metadata meta.Data
	file     *jpeg.File
	mem      *jpeg.Scratch
}

// OpenPlanes opens a JPEG to have its planes, which shares the memory of data.
// The errors are those of Decode, and a *NeedsPixelsError for a picture in
// other colours than gray or YCbCr, whose components mean nothing alone.
func OpenPlanes(data []byte, o DecodeOptions) (*PlanarJPEG, error) {
	h, f, err := openJPEG(data, o)
	if err != nil {
		return nil, err
	}
	if f.Color != jpeg.Gray && f.Color != jpeg.YCbCr {
		return nil, &NeedsPixelsError{"colours that are not gray or YCbCr"}
	}
	return &PlanarJPEG{h, jpegMetadata(f), f, o.scratch()}, nil
}

// Sampling returns the largest sampling factors of all components. One with
// factors H and V has H/hmax samples for each pixel to the right, and V/vmax
// down (T.81, A.1.1); pixel 0 and sample 0 begin at the same edge (JFIF 1.02).
func (p *PlanarJPEG) Sampling() (hmax, vmax int) {
	for _, c := range p.file.Components {
		hmax, vmax = max(hmax, c.H), max(vmax, c.V)
	}
	return hmax, vmax
}

// Decode returns the planes, or with gray only the luma, with a sample for
// scale x scale of the file's: 1, 2, 4 or 8. They may take the memory of reuse,
// which may be nil. It gives up soon after ctx is done. The notes say what could
// not be read.
func (p *PlanarJPEG) Decode(ctx context.Context, gray bool, scale int, reuse *jpeg.Planes) (planes *jpeg.Planes, notes []string, err error) {
	want := jpeg.DecodeOptions{Scale: scale, Reuse: reuse}
	if gray {
		want.Components = 1
	}
	if planes, err = p.file.Decode(ctx, want, p.mem); err != nil {
		return nil, nil, orDone(ctx, jpegErr(err))
	}
	if p.file.Damage != nil {
		notes = []string{salvaged(p.file.Damage)}
	}
	return planes, notes, nil
}

// Picture returns planes that p.Decode gave at a scale of 1, with its notes, as
// the picture that Decode gives: of the luma alone, as with DecodeOptions.Gray.
// It shares their memory.
func (p *PlanarJPEG) Picture(planes *jpeg.Planes, notes []string) *Picture {
	whole := *planes
	if len(whole.Planes) == 1 {
		whole.Color = jpeg.Gray
	}
	return &Picture{Header: p.Header, Image: fromPlanes(&whole, false), Metadata: p.Metadata, Notes: notes}
}
