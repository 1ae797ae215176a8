package codec

import (
	"bytes"
	"io"
	"strings"
	"time"

	"github.com/imgpar/imgpar/codec/ifd"
)

// Shot is what EXIF says of how, when and by whom a picture was taken; "" where
// it says nothing. The texts are the camera's and owner's, and may hold anything.
type Shot struct {
	Camera    string // maker and model
	Lens      string
	Taken     string // as 2006-01-02T15:04:05, with +02:00 behind it where the zone is known
	Artist    string
	Copyright string
	GPS       bool // it says something about the place
}

// Tags of EXIF (Exif 2.32, sections 4.6.5 and 4.6.6).
const (
	tagDateTimeOriginal   = 36867
	tagOffsetTimeOriginal = 36881
	tagLensModel          = 42036
	tagGPSVersionID       = 0
)

// maxShotText is the most bytes of a text in EXIF that are looked at.
const maxShotText = 4096

// readShot reads a block of EXIF as far as it is sound.
func readShot(exif []byte) Shot {
	r := bytes.NewReader(exif)
	f, err := ifd.ReadFile(r)
	if err != nil {
		return Shot{}
	}
	main, err := f.ReadDirectory(r, f.First)
	if err != nil {
		return Shot{}
	}
	s := Shot{
		Camera: camera(exifText(r, main, ifd.TagMake), exifText(r, main, ifd.TagModel)),
		Artist: exifText(r, main, ifd.TagArtist), Copyright: exifText(r, main, ifd.TagCopyright),
	}
	if d, ok := subdirectory(f, r, main, ifd.TagExif); ok {
		s.Lens = exifText(r, d, tagLensModel)
		s.Taken = taken(exifText(r, d, tagDateTimeOriginal), exifText(r, d, tagOffsetTimeOriginal))
	}
	if d, ok := subdirectory(f, r, main, ifd.TagGPS); ok {
		for _, e := range d.Entries {
			s.GPS = s.GPS || e.Tag != tagGPSVersionID
		}
	}
	return s
}

func subdirectory(f ifd.File, r io.ReaderAt, d ifd.Directory, tag uint16) (ifd.Directory, bool) {
	at, ok := d.Uint(r, tag)
	if !ok {
		return ifd.Directory{}, false
	}
	sub, err := f.ReadDirectory(r, int64(at))
	return sub, err == nil
}

// exifText returns the text of a tag. Copyright holds two, the photographer's and
// the editor's, with NUL between them (section 4.6.4).
func exifText(r io.ReaderAt, d ifd.Directory, tag uint16) string {
	e, ok := d.Find(tag)
	if !ok || e.Type != ifd.ASCII {
		return ""
	}
	b, err := e.Load(r, maxShotText)
	if err != nil {
		return ""
	}
	var parts []string
	for _, part := range strings.Split(string(b), "\x00") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}

// camera joins maker and model, unless the model names the maker already.
func camera(maker, model string) string {
	first, _, _ := strings.Cut(maker, " ")
	if model != "" && strings.HasPrefix(strings.ToLower(model), strings.ToLower(first)) {
		return model
	}
	return strings.TrimSpace(maker + " " + model)
}

// taken makes a date of EXIF one of ISO 8601, or nothing of one that is not set.
func taken(date, zone string) string {
	at, err := time.Parse("2006:01:02 15:04:05", date)
	if err != nil {
		return ""
	}
	text := at.Format("2006-01-02T15:04:05")
	if _, err := time.Parse("-07:00", zone); err == nil {
		text += zone
	}
	return text
}
