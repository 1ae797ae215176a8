// Package codec turns picture files into pictures and back: it tells what a
// file is by its content, refuses what is too large before any memory is
// taken for it, and carries the metadata across.
//
// Reading takes three steps, each cheaper than the next: Sniff (the first
// bytes), ReadHeader (dimensions, depth, orientation, frames; a few small reads),
// and Decode (the pixels of one picture) or Frames (those of an animation or of
// pages, one after another). Describe reads the header and the metadata. Encode and
// EncodeFrames write. JPEGs can be worked on without that: GrayJPEG and OpenCoded
// leave them coded, OpenPlanes gives their components.
//
// Nothing is lost silently: what of a file is not in a picture, and what of a
// picture is not in a file, is said in notes, short texts for people.
//
// The bytes of each format are the work of a package below this one, which knows
// neither the others nor the limits here; its file in this package, such as gif.go,
// makes a Header of what it finds, an *Error of its errors, and notes. What formats
// share is in packages too: meta (what stands beside the pixels), ifd (the directories
// of TIFF and EXIF), animation (frames on their canvas) and pixels.
package codec

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/imgpar/imgpar/codec/png"
)

// Format is a file format, by its usual short name in lower case.
type Format string

const (
	JPEG Format = "jpeg"
	PNG  Format = "png"
	GIF  Format = "gif"
	BMP  Format = "bmp"
	TIFF Format = "tiff"
	WebP Format = "webp"
)

// Info describes a Format.
type Info struct {
	Format     Format
	Extensions []string // lower case, with the dot; the first is the one to write
	Write      bool     // whether Encode can write it; all are read
	Animations bool     // whether EncodeFrames can write animations in it
	Pages      bool     // whether EncodeFrames can write several pages in it
	Note       string   // what is special about it, for people
}

// Formats lists what Decode reads and Encode writes, in the order in which it is
// shown to people. The caller may change what it gets.
func Formats() []Info {
	return []Info{
		{Format: JPEG, Extensions: []string{".jpg", ".jpeg", ".jpe", ".jfif"}, Write: true, Note: "8-bit Huffman, baseline and progressive; CMYK is read"},
		{Format: PNG, Extensions: []string{".png"}, Write: true, Animations: true, Note: "1 to 16 bits, stills and animations (APNG)"},
		{Format: GIF, Extensions: []string{".gif"}, Write: true, Animations: true, Note: "stills and animations"},
		{Format: BMP, Extensions: []string{".bmp", ".dib"}, Write: true, Note: "all but JPEG and PNG within; written uncompressed"},
		{Format: TIFF, Extensions: []string{".tiff", ".tif"}, Write: true, Pages: true, Note: "1 to 64 bits, strips and tiles, BigTIFF is read; all pages"},
		{Format: WebP, Extensions: []string{".webp"}, Write: true, Animations: true, Note: "read lossy and lossless, written lossless; stills and animations"},
	}
}

func (f Format) info() (Info, bool) {
	i, ok := infos[f]
	return i, ok
}

// infos is Formats by format; names of files are asked about by the million.
var infos = func() map[Format]Info {
	m := map[Format]Info{}
	for _, i := range Formats() {
		m[i.Format] = i
	}
	return m
}()

// CanWrite tells whether Encode can write f.
func (f Format) CanWrite() bool {
	i, ok := f.info()
	return ok && i.Write
}

// Holds tells whether EncodeFrames can write f: an animation or, if it is none,
// pages.
func (f Format) Holds(animated bool) bool {
	i, ok := f.info()
	if animated {
		return ok && i.Animations
	}
	return ok && i.Pages
}

// Extension returns the usual extension of f, with its dot.
func (f Format) Extension() string {
	if i, ok := f.info(); ok {
		return i.Extensions[0]
	}
	return ""
}

// Default returns the format that a picture read from f is written in when
// nobody says otherwise: f itself, or PNG, which loses nothing, if f cannot be
// written.
func (f Format) Default() Format {
	if f.CanWrite() {
		return f
	}
	return PNG
}

// ParseFormat returns the format of a name that people use: a format's own or
// one of its extensions, in any case. The error of a format that cannot be
// written says which can.
func ParseFormat(name string) (Format, error) {
	f, ok := byExtension("." + strings.ToLower(name))
	if !ok {
		f = Format(strings.ToLower(name))
	}
	if f.CanWrite() {
		return f, nil
	}
	var can []string
	for _, i := range Formats() {
		if i.Write {
			can = append(can, string(i.Format))
		}
	}
	verb := "is not a format imgpar knows"
	if _, known := f.info(); known {
		verb = "can be read but not written"
	}
	return "", fmt.Errorf("format %q %s; formats to write: %s", name, verb, strings.Join(can, ", "))
}

// FromName returns the format that a file's name claims.
func FromName(name string) (Format, bool) {
	return byExtension(strings.ToLower(filepath.Ext(name)))
}

// NamesPicture tells whether a file's name claims a picture: in a format that is
// read, or in one that photos are kept in and that is not, whose refusal is to
// be seen.
func NamesPicture(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	_, ok := byExtension(ext)
	return ok || slices.Contains(unread, ext)
}

// unread are extensions of foreign formats that photos are kept in.
var unread = []string{".heic", ".heif", ".hif", ".avif", ".jxl", ".jp2"}

// extensions has the format of every extension that Formats lists.
var extensions = func() map[string]Format {
	m := map[string]Format{}
	for _, i := range infos {
		for _, e := range i.Extensions {
			m[e] = i.Format
		}
	}
	return m
}()

func byExtension(ext string) (Format, bool) {
	f, ok := extensions[ext]
	return f, ok
}

// sniffLen is how many bytes at the start of a file Sniff looks at.
const sniffLen = 16

// Sniff returns the format that the first bytes of a file show.
func Sniff(head []byte) (Format, bool) {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return JPEG, true
	case bytes.HasPrefix(head, []byte(png.Signature)):
		return PNG, true
	case bytes.HasPrefix(head, []byte("GIF87a")), bytes.HasPrefix(head, []byte("GIF89a")):
		return GIF, true
	case bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("MM\x00*")),
		bytes.HasPrefix(head, []byte("II+\x00")), bytes.HasPrefix(head, []byte("MM\x00+")): // BigTIFF
		return TIFF, true
	case len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		return WebP, true
	case len(head) >= 6 && string(head[:2]) == "BM":
		return BMP, true
	}
	return "", false
}

// foreign names well-known formats that are not read, so that a refusal can
// say what the file is. The offsets are those of the formats' signatures.
func foreign(head []byte) string {
	at := func(off int, sig string) bool {
		return len(head) >= off+len(sig) && string(head[off:off+len(sig)]) == sig
	}
	switch {
	case at(4, "ftypavif"), at(4, "ftypavis"):
		return "AVIF"
	case at(4, "ftyphei"), at(4, "ftyphev"), at(4, "ftypmif1"), at(4, "ftypmsf1"):
		return "HEIC"
	case at(4, "ftyp"):
		return "a video or raw file (ISO base media)"
	case at(0, "\xff\x0a"), at(0, "\x00\x00\x00\x0cJXL "):
		return "JPEG XL"
	case at(0, "\x00\x00\x00\x0cjP  "), at(0, "\xff\x4f\xff\x51"):
		return "JPEG 2000"
	case at(0, "%PDF"):
		return "PDF"
	case at(0, "8BPS"):
		return "Photoshop (PSD)"
	case at(0, "<svg"), at(0, "<?xml"):
		return "SVG or XML text"
	case at(0, "\x00\x00\x01\x00"):
		return "ICO"
	case at(0, "\x76\x2f\x31\x01"):
		return "OpenEXR"
	case at(0, "qoif"):
		return "QOI"
	case at(0, "P") && len(head) > 2 && head[1] >= '1' && head[1] <= '7' && head[2] <= ' ':
		return "Netpbm"
	case at(0, "#?RADIANCE"), at(0, "#?RGBE"):
		return "Radiance HDR"
	}
	return ""
}
