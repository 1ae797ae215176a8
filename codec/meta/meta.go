// Package meta holds what a picture file says beside its pixels, and what may be done to that: EXIF, XMP, IPTC and the
// colour profile, as blocks of bytes that are carried as they are, but for single values that no longer hold.
package meta

// Data is what a file says beside its pixels.
type Data struct {
	EXIF     []byte   // a TIFF structure, without the prefix that JPEG puts before it
	ICC      []byte   // colour profile
	XMP      []byte   // packet
	IPTC     []byte   // Photoshop's image resources, as in APP13
	Comments [][]byte // JPEG comments
	Other    []string // what was seen but is not carried, by name
}

// Keep says which metadata an output has. Colour profiles are none of it.
type Keep string

const (
	All       Keep = ""          // what its format can hold
	None      Keep = "strip"     // nothing
	Copyright Keep = "copyright" // who made the picture and who owns it: Artist and Copyright of EXIF, dc:creator, dc:rights, xmpRights of XMP, By-line, Credit and Copyright Notice of IPTC
)

// Edit says how metadata change on their way to an output. The zero value keeps everything as it is.
type Edit struct {
	Keep     Keep
	StripGPS bool // without the place where the picture was taken
	Upright  bool // the pixels were turned upright: the orientation is 1 now
	Width    int  // dimensions of a picture whose pixels are others now, which has no embedded thumbnail any more; 0: they are the same
	Height   int
}

// Apply returns d as e says, and shares memory with d where nothing changed. It never changes d's memory. The notes say
// what could not be done or was left out unasked.
func (e Edit) Apply(d Data) (out Data, notes []string) { panic("to do") }
