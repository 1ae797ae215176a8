package codec

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"strings"

	"github.com/imgpar/imgpar/codec/jpeg"
)

// SizeError says that a picture does not fit into as many bytes as it may have.
type SizeError struct {
	Format   Format
	Least    int64 // bytes of the smallest file that could be made, at quality 1 where there is one
	Metadata int64 // of which these are metadata and profile, where that alone is too much; else 0
	Most     int64 // allowed
}

func (e *SizeError) Error() string {
	most := fmt.Sprintf("--target-size is %d", e.Most)
	switch {
	case e.Metadata > 0:
		return fmt.Sprintf("metadata and profile alone are %d bytes; %s; --meta=strip and --icc help", e.Metadata, most)
	case e.Format == JPEG:
		return fmt.Sprintf("%d bytes at quality 1; %s; resize helps", e.Least, most)
	}
	return fmt.Sprintf("%d bytes; %s, and %s has no quality to lower", e.Least, most, strings.ToUpper(string(e.Format)))
}

// EncodeWithin is Encode for a JPEG of at most so many bytes, all of the file: with
// the highest quality from 1 to o.Quality for which it is that small, which is
// returned. Where more quality makes a smaller file, which is rare and by a few
// bytes, it may be a lower one. The picture is encoded once if o.Quality will do,
// and else up to seven times more, which is as often as 99 qualities are halved.
//
// The error is a *SizeError for a picture that is larger at quality 1, or one of
// Encode's.
func EncodeWithin(buf *bytes.Buffer, img image.Image, o Options, most int64) (quality int, notes []string, err error) {
	if err := o.Validate(); err != nil {
		return 0, nil, err
	}
	img, kept, notes, err := o.prepare(img)
	if err != nil {
		return 0, nil, err
	}
	planes, segments := toPlanes(img), jpegSegments(kept)
	var best []byte
	fits := func(q int) (bool, error) {
		buf.Reset()
		file, err := jpeg.Encode(buf.AvailableBuffer(), planes, jpeg.EncodeOptions{Quality: q, Optimize: o.Optimize, Segments: segments})
		if err != nil {
			return false, fmt.Errorf("encode %s: %w", JPEG, err)
		}
		buf.Write(file) // into its own memory, if that was enough
		if int64(len(file)) > most {
			return false, nil
		}
		quality, best = q, append(best[:0], file...)
		return true, nil
	}
	highest := cmp.Or(o.Quality, DefaultQuality)
	if ok, err := fits(highest); ok || err != nil {
		return quality, notes, err
	}
	least := int64(buf.Len())
	for low, high := 1, highest-1; low <= high; {
		middle := (low + high + 1) / 2
		ok, err := fits(middle)
		switch {
		case err != nil:
			return 0, nil, err
		case ok:
			low = middle + 1
		default:
			high, least = middle-1, int64(buf.Len())
		}
	}
	if quality == 0 {
		return 0, nil, tooLarge(segments, least, most)
	}
	buf.Reset()
	buf.Write(best)
	return quality, notes, nil
}

// tooLarge is the error of a JPEG that has this many bytes at quality 1.
func tooLarge(segments []jpeg.Segment, least, most int64) *SizeError {
	e := &SizeError{Format: JPEG, Least: least, Most: most}
	beside := int64(0)
	for _, s := range segments {
		beside += int64(len(s.Data)) + 4 // marker and length
	}
	if beside > most {
		e.Metadata = beside
	}
	return e
}
