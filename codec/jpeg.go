package codec

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"image"
	"io"
	"strings"

	"github.com/imgpar/imgpar/codec/jpeg"
	"github.com/imgpar/imgpar/codec/meta"
)

// Markers of ITU-T T.81, table B.1, and of JFIF and its extensions.
const (
	markSOF0  = 0xc0 // baseline; 0xc0 to 0xcf are frames but for the next three
	markSOF2  = 0xc2 // progressive
	markDHT   = 0xc4
	markJPG   = 0xc8
	markDAC   = 0xcc
	markRST0  = 0xd0
	markSOI   = 0xd8
	markEOI   = 0xd9
	markSOS   = 0xda
	markDRI   = 0xdd
	markAPP0  = 0xe0
	markAPP1  = 0xe1 // EXIF, XMP
	markAPP2  = 0xe2 // ICC
	markAPP12 = 0xec // Ducky
	markAPP13 = 0xed // IPTC, in Photoshop's resources
	markAPP14 = 0xee // Adobe's colour transform
	markCOM   = 0xfe
)

// segment is one marker segment: its payload stands at off, behind the length.
type segment struct {
	marker byte
	off    int64
	length int
}

// eachSegment calls visit for the segments from the start of a JPEG to its
// first scan, that one included, until visit says that it has seen enough. It
// passes over what does not belong between segments, for the decoder to judge.
func eachSegment(r io.ReaderAt, visit func(segment) (enough bool, err error)) error {
	off := int64(2) // behind SOI
	for range maxSegments {
		b, err := readAt(r, off, 2)
		if err != nil {
			return err
		}
		m := b[1]
		switch {
		case b[0] != 0xff, m == 0xff: // stray byte, or fill byte (T.81 B.1.1.2)
			off++
			continue
		case m < markSOF0, m >= markRST0 && m <= markSOI: // stray data, or a marker without a length
			off += 2
			continue
		case m == markEOI:
			return corruptf("the JPEG ends before its first scan")
		}
		if b, err = readAt(r, off+2, 2); err != nil {
			return err
		}
		n := int(binary.BigEndian.Uint16(b))
		if n < 2 {
			return corruptf("JPEG segment at offset %d has length %d", off, n)
		}
		enough, err := visit(segment{m, off + 4, n - 2})
		if enough || err != nil {
			return err
		}
		if m == markSOS {
			return nil
		}
		off += 2 + int64(n)
	}
	return tooLargef("more than %d JPEG segments and stray bytes before the picture", maxSegments)
}

func isFrame(m byte) bool {
	return m >= markSOF0 && m <= 0xcf && m != markDHT && m != markJPG && m != markDAC
}

// variants names the frames that are not read (T.81, table B.1).
var variants = map[byte]string{
	0xc3: "lossless JPEG", 0xc5: "hierarchical JPEG", 0xc6: "hierarchical JPEG", 0xc7: "hierarchical JPEG",
	0xc9: "arithmetic-coded JPEG", 0xca: "arithmetic-coded JPEG", 0xcb: "lossless arithmetic-coded JPEG",
	0xcd: "hierarchical JPEG", 0xce: "hierarchical JPEG", 0xcf: "hierarchical JPEG",
}

func jpegHeader(r *io.SectionReader) (Header, error) {
	h := Header{Format: JPEG, Frames: 1}
	signs := jpegSigns{adobe: -1}
	err := eachSegment(r, func(s segment) (bool, error) {
		if s.marker == markSOS {
			return true, corruptf("the JPEG has a scan before its frame header")
		}
		if !isFrame(s.marker) && s.marker != markAPP0 && s.marker != markAPP1 && s.marker != markAPP14 {
			return false, nil
		}
		b, err := readAt(r, s.off, s.length)
		if err != nil {
			return true, err
		}
		switch exif, ok := bytes.CutPrefix(b, []byte(exifPrefix)); {
		case isFrame(s.marker):
			return true, jpegFrame(&h, s.marker, b, signs)
		case ok && s.marker == markAPP1 && h.Orientation == 0: // the first counts
			h.Orientation = meta.Orientation(exif)
		default:
			signs.take(s.marker, b)
		}
		return false, nil
	})
	return h, err
}

// jpegSigns are what tells which colours the components of a JPEG are, beside
// their names.
type jpegSigns struct {
	jfif  bool
	adobe int // transform of Adobe's segment; -1: there is none
}

func (s *jpegSigns) take(marker byte, b []byte) {
	switch {
	case marker == markAPP0 && len(b) >= 14 && bytes.HasPrefix(b, []byte("JFIF\x00")):
		s.jfif = true
	case marker == markAPP14 && len(b) >= 12 && bytes.HasPrefix(b, []byte("Adobe")):
		s.adobe = int(b[11])
	}
}

// color follows the rules of package jpeg, which reads JFIF and Adobe's segment
// behind the frame header, too.
func (s jpegSigns) color(ids string) Color {
	switch {
	case len(ids) == 1:
		return ColorGray
	case len(ids) == 4 && s.adobe == 2:
		return ColorYCCK
	case len(ids) == 4:
		return ColorCMYK
	case !s.jfif && (s.adobe == 0 || s.adobe < 0 && ids == "RGB"):
		return ColorRGB
	}
	return ColorYCbCr
}

// jpegFrame reads a frame header (T.81 B.2.2). Of a picture in RGB or CMYK,
// the planes are joined to pixels.
func jpegFrame(h *Header, marker byte, b []byte, signs jpegSigns) error {
	if name, ok := variants[marker]; ok {
		return unsupportedf("%s", name)
	}
	if len(b) < 6 || len(b) < 6+3*int(b[5]) {
		return corruptf("the JPEG frame header has %d bytes", len(b))
	}
	h.Bits, h.Channels = int(b[0]), int(b[5])
	h.Height, h.Width = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
	switch {
	case h.Bits != 8:
		return unsupportedf("%d-bit JPEG", h.Bits)
	case h.Channels != 1 && h.Channels != 3 && h.Channels != 4:
		return unsupportedf("JPEG of %d components", h.Channels)
	case h.Height == 0:
		return unsupportedf("JPEG whose height follows its first scan (DNL)")
	}
	ids, factors := make([]byte, h.Channels), make([]byte, h.Channels)
	samples, hmax, vmax := 0, 1, 1
	for c := range h.Channels {
		ids[c], factors[c] = b[6+3*c], b[6+3*c+1]
		hs, vs := int(factors[c]>>4), int(factors[c]&15)
		samples, hmax, vmax = samples+hs*vs, max(hmax, hs), max(vmax, vs)
	}
	h.samples = float64(samples) / float64(hmax*vmax)
	h.decodeBytes = h.samples
	if marker == markSOF2 {
		h.decodeBytes *= 3.125 // beside each sample a coefficient of 2 bytes, and a bit on it
	}
	h.Color = signs.color(string(ids))
	if h.Planar() {
		h.Luma = h.Channels == 1 || int(factors[0]>>4) == hmax && int(factors[0]&15) == vmax
	} else {
		h.decodeBytes += 4
	}
	h.Variant = jpegVariant(marker, factors, signs, h.Color)
	return nil
}

// jpegVariant says in people's words how a JPEG is coded.
func jpegVariant(marker byte, factors []byte, signs jpegSigns, c Color) string {
	name := "extended sequential"
	switch marker {
	case markSOF0:
		name = "baseline"
	case markSOF2:
		name = "progressive"
	}
	if len(factors) > 1 {
		name += ", " + subsampling(factors)
	}
	if signs.adobe >= 0 && c != ColorGray && c != ColorYCbCr {
		name += ", Adobe " + string(c)
	}
	return name
}

// samplings names how often the first component is sampled across and down where
// the others are once.
var samplings = map[[2]byte]string{
	{1, 1}: "4:4:4", {2, 1}: "4:2:2", {2, 2}: "4:2:0", {1, 2}: "4:4:0", {4, 1}: "4:1:1", {4, 2}: "4:1:0",
}

// subsampling names how the components of a JPEG are sampled: as 4:2:0 and the like
// where the second and third, and a fourth as the first, have names for it, else
// by the factors of each.
func subsampling(factors []byte) string {
	y, cb := factors[0], factors[1]
	usual := cb == factors[2] && cb != 0 && (len(factors) < 4 || factors[3] == y)
	if h, v := cb>>4, cb&15; usual && h != 0 && v != 0 && (y>>4)%h == 0 && (y&15)%v == 0 {
		if name := samplings[[2]byte{(y >> 4) / h, (y & 15) / v}]; name != "" {
			return name
		}
	}
	var each []string
	for _, f := range factors {
		each = append(each, fmt.Sprintf("%dx%d", f>>4, f&15))
	}
	return "sampled " + strings.Join(each, ", ")
}

// openJPEG reads the header of a JPEG, holds it against the limits, and reads its structure.
func openJPEG(data []byte, o DecodeOptions) (Header, *jpeg.File, error) {
	h, err := o.header(context.Background(), data) // of a JPEG it is read in no time
	if err != nil {
		return h, nil, err
	}
	f, err := parseJPEG(h, data, o.Salvage)
	return h, f, err
}

// parseJPEG reads the structure of a JPEG with this header.
func parseJPEG(h Header, data []byte, salvage bool) (*jpeg.File, error) {
	parse := jpeg.Parse
	if salvage {
		parse = jpeg.ParseDamaged
	}
	f, err := parse(data)
	if err != nil {
		return nil, jpegErr(err)
	}
	if f.Width != h.Width || f.Height != h.Height {
		return nil, corruptf("the JPEG has two frame headers, of %dx%d and %dx%d pixels", h.Width, h.Height, f.Width, f.Height)
	}
	return f, nil
}

func decodeJPEG(ctx context.Context, h Header, data []byte, o DecodeOptions) (*Picture, error) {
	f, err := parseJPEG(h, data, o.Salvage)
	if err != nil {
		return nil, err
	}
	var want jpeg.DecodeOptions
	if o.Gray && f.Color == jpeg.YCbCr && h.Luma {
		want.Components = 1
	}
	planes, err := f.Decode(ctx, want, o.scratch())
	if err != nil {
		return nil, jpegErr(err)
	}
	if want.Components == 1 {
		planes.Color = jpeg.Gray
	}
	p := &Picture{Header: h, Image: fromPlanes(planes, f.Inverted), Metadata: jpegMetadata(f)}
	if f.Damage != nil {
		p.Notes = append(p.Notes, salvaged(f.Damage))
	}
	return p, nil
}

func (o DecodeOptions) scratch() *jpeg.Scratch {
	if o.JPEG == nil {
		return new(jpeg.Scratch)
	}
	return o.JPEG
}

func encodeJPEG(buf *bytes.Buffer, img image.Image, o Options, m meta.Data) error {
	q := o.Quality
	if q == 0 {
		q = DefaultQuality
	}
	file, err := jpeg.Encode(buf.AvailableBuffer(), toPlanes(img), jpeg.EncodeOptions{
		Quality: q, Optimize: o.Optimize, Segments: jpegSegments(m),
	})
	if err != nil {
		return err
	}
	buf.Write(file) // into its own memory, if that was enough
	return nil
}
