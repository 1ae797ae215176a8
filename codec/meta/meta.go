// Package meta holds what a picture file says beside its pixels, and what may be done to that: EXIF, XMP, IPTC and the
// colour profile, as blocks of bytes that are carried as they are, but for single values that no longer hold.
package meta

import (
	"bytes"
	"slices"
	"strings"
)

// Data is what a file says beside its pixels.
type Data struct {
	EXIF        []byte   // a TIFF structure, without the prefix that JPEG puts before it
	ICC         []byte   // colour profile
	XMP         []byte   // packet
	ExtendedXMP []byte   // packet that goes on where that of a JPEG, at most 64 KiB, is full (XMP part 3, 1.1.3.1)
	IPTC        []byte   // Photoshop's image resources, as in APP13
	Comments    [][]byte // JPEG comments
	Density     Density
	Text        []Chunk  // PNG's texts but those that are one of the above
	Color       []Chunk  // what a PNG without a profile says of its colours: gAMA, cHRM, sRGB, cICP, mDCV, cLLI
	Other       []string // what was seen but is not carried, by name
}

// Size returns the bytes of all blocks.
func (d Data) Size() int64 {
	n := len(d.EXIF) + len(d.ICC) + len(d.XMP) + len(d.ExtendedXMP) + len(d.IPTC)
	for _, c := range d.Comments {
		n += len(c)
	}
	for _, c := range slices.Concat(d.Text, d.Color) {
		n += len(c.Data)
	}
	return int64(n)
}

// maxOther is how many names Other has. A file may name 100,000 chunks, each in its own way.
const maxOther = 100

// Omit adds a name to Other, unless it is there. Those that are too many become "others".
func (d *Data) Omit(name string) {
	if len(d.Other) >= maxOther && !slices.Contains(lasting, name) {
		name = "others"
	}
	if !slices.Contains(d.Other, name) {
		d.Other = append(d.Other, name)
	}
}

// Chunk is a chunk of a PNG.
type Chunk struct {
	Name string
	Data []byte
}

// ChunkName makes the name of a chunk fit to be shown: those of real chunks are letters.
func ChunkName(name string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, name)
}

// Names in Data.Other of what is no metadata, so that its loss is told of also where metadata are not wanted.
const (
	DamagedProfile  = "damaged ICC profile"
	FurtherPictures = "MPF (further pictures behind the first)"
	DataBehind      = "data behind the picture"
)

var lasting = []string{DamagedProfile, FurtherPictures, DataBehind}

// Keep says which metadata an output has. Colour profiles are none of it.
type Keep string

const (
	All       Keep = ""          // what its format can hold
	None      Keep = "strip"     // nothing
	Copyright Keep = "copyright" // who made the picture and who owns it: Artist and Copyright of EXIF, dc:creator, dc:rights, xmpRights of XMP, By-line, Credit and Copyright Notice of IPTC, Author and Copyright of PNG's texts
)

// Edit says how metadata change on their way to an output. The zero value keeps everything as it is.
type Edit struct {
	Keep      Keep
	StripGPS  bool // without the place where the picture was taken, as coordinates; names of places stay
	Upright   bool // the pixels were turned upright: the orientation is 1 now
	Turned    bool // and for that, or besides, by a quarter
	Repainted bool // the pixels are others now: embedded thumbnails no longer show them
	Width     int  // dimensions of a picture that is Repainted; 0: they are the same
	Height    int
}

// repainted tells whether thumbnails go.
func (e Edit) repainted() bool { return e.Repainted || e.Width > 0 }

// Apply returns d as e says, and shares memory with d where nothing changed. It never changes d's memory. The notes say
// what could not be done or was left out unasked.
//
// EXIF is patched in place, and never grows: maker notes hold offsets. What shows the picture right stays whatever
// Keep says: the profile, the density, and the orientation unless the picture is upright. What cannot be read is kept
// as it is, but with StripGPS or Copyright it is dropped with a note. Makers' notes are not looked into.
func (e Edit) Apply(d Data) (out Data, notes []string) {
	out = d
	if e.Turned {
		out.Density.X, out.Density.Y = d.Density.Y, d.Density.X
	}
	if e.Keep == None || e.Keep == Copyright {
		return e.reduced(out)
	}
	drop := func(item *[]byte, what string) {
		*item = nil
		notes = append(notes, "not kept: "+what)
	}
	var ok bool
	if out.EXIF, ok = e.exif(d.EXIF); !ok {
		drop(&out.EXIF, "damaged EXIF")
	}
	if out.XMP, ok = e.xmp(d.XMP); !ok {
		drop(&out.XMP, "damaged XMP")
	}
	if out.IPTC, ok = e.resources(d.IPTC); !ok {
		drop(&out.IPTC, "damaged IPTC")
	}
	if out.XMP == nil {
		out.ExtendedXMP = nil
	}
	if e.StripGPS {
		if mentionsGPS(out.ExtendedXMP) {
			drop(&out.ExtendedXMP, "extended XMP, which holds GPS")
			out.XMP = WithoutExtended(out.XMP)
		}
		out.Text = slices.DeleteFunc(slices.Clone(d.Text), func(c Chunk) bool { return mentionsGPS([]byte(c.Keyword())) })
	}
	return out, notes
}

// reduced is Apply where most of d goes.
func (e Edit) reduced(d Data) (out Data, notes []string) {
	out = Data{ICC: d.ICC, Density: d.Density, Color: d.Color}
	for _, name := range d.Other {
		if slices.Contains(lasting, name) {
			out.Other = append(out.Other, name)
		}
	}
	orientation := 1
	if !e.Upright {
		orientation = Orientation(d.EXIF)
	}
	if e.Keep == None {
		out.EXIF = orientationEXIF(d.EXIF, orientation)
		return out, nil
	}
	damaged := func(what string) { notes = append(notes, "not kept: damaged "+what) }
	var ok bool
	if out.EXIF, ok = copyrightEXIF(d.EXIF, orientation); !ok {
		damaged("EXIF")
	}
	if out.XMP, ok = copyrightXMP(d.XMP); !ok {
		damaged("XMP")
	}
	if out.IPTC, ok = copyrightIPTC(d.IPTC); !ok {
		damaged("IPTC")
	}
	for _, c := range d.Text {
		if k := c.Keyword(); k == "Author" || k == "Copyright" {
			out.Text = append(out.Text, c)
		}
	}
	return out, notes
}

// Keyword returns the keyword of a chunk of text of a PNG (PNG specification, third edition, 11.3.3), "" for another
// chunk.
func (c Chunk) Keyword() string {
	switch c.Name {
	case "tEXt", "zTXt", "iTXt":
		k, _, _ := bytes.Cut(c.Data, []byte{0})
		return string(k)
	}
	return ""
}
