package codec

import (
	"bytes"
	"io"

	"github.com/imgpar/imgpar/codec/bmp"
	"github.com/imgpar/imgpar/codec/jpeg"
	"github.com/imgpar/imgpar/codec/meta"
	"github.com/imgpar/imgpar/codec/tiff"
	"github.com/imgpar/imgpar/icc"
)

// Description is what a file says of its picture, its pixels left out.
type Description struct {
	Header
	Metadata meta.Data
	Shot     Shot
	Profile  *Profile // nil: there is none
}

// Profile is what a colour profile says of itself.
type Profile struct {
	Name  string // as it calls itself, or ""
	Space string // of the picture's side: "RGB", "GRAY", "CMYK" and so on
	SRGB  bool   // its colours, or grays, are those of sRGB
	Fault string // why it cannot be read; "": it can
}

// maxMetadata is the most bytes of metadata before the picture that Describe
// takes in of a JPEG.
const maxMetadata = 64 << 20

// Describe reads the header and the metadata of a file of size bytes. It reads
// little else, so that the picture's size is of no weight. Its errors are those
// of ReadHeader. Damage in the pixels does not come to light.
func Describe(r io.ReaderAt, size, maxPixels int64) (Description, error) {
	h, err := ReadHeader(r, size, maxPixels)
	if err != nil {
		return Description{Header: h}, err
	}
	d := Description{Header: h}
	if d.Metadata, err = readMetadata(&d.Header, io.NewSectionReader(r, 0, size)); err != nil {
		return d, readErr(h.Format, err)
	}
	if d.Metadata.EXIF != nil {
		d.Shot = readShot(d.Metadata.EXIF)
	}
	d.Shot.GPS = d.Shot.GPS || bytes.Contains(d.Metadata.XMP, []byte("GPSLatitude")) // exif:GPSLatitude
	if d.Metadata.ICC != nil {
		d.Profile = describeProfile(d.Metadata.ICC)
	}
	return d, nil
}

func readMetadata(h *Header, r *io.SectionReader) (meta.Data, error) {
	switch h.Format {
	case JPEG:
		segments, restarts, err := jpegHead(r)
		if restarts {
			h.Variant += ", restart markers"
		}
		return jpegMetadata(&jpeg.File{Segments: segments}), err
	case PNG:
		return pngMetadata(r), nil
	case TIFF:
		f, err := tiff.Open(r, r.Size())
		if err != nil {
			return meta.Data{}, tiffErr(err)
		}
		return tiffMetadata(f, f.Pages[0]), nil
	case GIF:
		f, err := openGIF(r, maxTextChunk)
		if err != nil {
			return meta.Data{}, err
		}
		return f.Metadata, nil
	case BMP:
		f, err := bmp.Parse(r, r.Size())
		if err != nil {
			return meta.Data{}, bmpErr(err)
		}
		return bmpMetadata(f, r), nil
	case WebP:
		f, err := openWebP(r)
		if err != nil {
			return meta.Data{}, err
		}
		return webpMetadata(f), nil
	}
	return meta.Data{}, nil
}

// jpegHead returns the segments before the first scan that hold metadata, and
// whether restart markers are announced (T.81 B.2.4.4).
func jpegHead(r io.ReaderAt) (segments []jpeg.Segment, restarts bool, err error) {
	total := 0
	err = eachSegment(r, func(s segment) (bool, error) {
		holds := s.marker >= markAPP0 && s.marker <= 0xef || s.marker == markCOM
		if !holds && s.marker != markDRI {
			return false, nil
		}
		if total += s.length; total > maxMetadata {
			return true, tooLargef("more than %d MiB of metadata", maxMetadata>>20)
		}
		b, err := readAt(r, s.off, s.length)
		if holds {
			segments = append(segments, jpeg.Segment{Marker: s.marker, Data: b})
		} else {
			restarts = err == nil && len(bytes.Trim(b, "\x00")) > 0
		}
		return false, err
	})
	return segments, restarts, err
}

func describeProfile(data []byte) *Profile {
	p, err := icc.Parse(data)
	if err != nil {
		return &Profile{Fault: err.Error()}
	}
	return &Profile{Name: p.Name(), Space: p.Space(), SRGB: p.IsSRGB()}
}
