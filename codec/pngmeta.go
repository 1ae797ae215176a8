package codec

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"slices"
	"strings"

	"github.com/imgpar/imgpar/codec/meta"
	"github.com/imgpar/imgpar/codec/png"
)

// Keywords of PNG's texts: the one of XMP (XMP part 3, 1.1.5), what ImageMagick
// and exiftool put before the kind of a block in hexadecimal digits, and the
// one that comments have (11.3.3.1).
const (
	xmpKeyword     = "XML:com.adobe.xmp"
	rawKeyword     = "Raw profile type "
	commentKeyword = "Comment"
)

// pngMetadata returns what a PNG says beside its picture, and leaves out what
// is damaged: that does not make the picture unreadable. It passes over tIME,
// bKGD, hIST, sPLT and sBIT, which speak of pixels that are others afterwards.
func pngMetadata(r io.ReaderAt) meta.Data {
	p := pngTexts{budget: maxUnpacked}
	// The header was read before: what breaks off here has no metadata.
	_ = eachChunk(r, func(c chunk) error {
		switch {
		case passedOver(c.name):
			return nil
		case c.length > maxTextChunk:
			p.m.Omit("large chunk " + meta.ChunkName(c.name))
			return nil
		}
		b, err := readAt(r, c.off, int(c.length))
		if err == nil {
			p.add(meta.Chunk{Name: c.name, Data: b})
		}
		return err
	})
	p.fill()
	return p.m
}

func passedOver(name string) bool {
	return slices.Contains([]string{
		"IHDR", "PLTE", "tRNS", "tIME", "bKGD", "hIST", "sPLT", "sBIT",
		"acTL", "fcTL", "fdAT", // of an animation
		"iDOT", // a hint for Apple's reader
	}, name)
}

// pngTexts takes in the chunks of a PNG that hold metadata.
type pngTexts struct {
	m      meta.Data
	raw    meta.Data // what stood in raw profiles
	budget int       // bytes that may still be unpacked
}

// colourChunks are those that say what the colours are, and their lengths
// (11.3.2).
var colourChunks = map[string]int{"gAMA": 4, "cHRM": 32, "sRGB": 1, "cICP": 4, "mDCV": 24, "cLLI": 8}

func (p *pngTexts) add(c meta.Chunk) {
	lost := p.m.Omit
	switch c.Name {
	case "eXIf":
		if p.m.EXIF != nil {
			lost("second EXIF")
			return
		}
		p.m.EXIF = trimExifPrefix(c.Data)
	case "iCCP": // name, 0, method 0, deflated profile (11.3.2.3)
		if _, z, ok := bytes.Cut(c.Data, []byte{0}); ok && len(z) > 1 && p.m.ICC == nil {
			if p.m.ICC = p.unpack(z[1:]); p.m.ICC == nil {
				lost(meta.DamagedProfile)
			}
		}
	case "pHYs":
		p.m.Density = physDensity(c.Data)
	case "iTXt", "tEXt", "zTXt":
		p.text(c)
	default:
		length, ok := colourChunks[c.Name]
		again := slices.ContainsFunc(p.m.Color, func(o meta.Chunk) bool { return o.Name == c.Name })
		if !ok || again || length != len(c.Data) {
			lost("chunk " + meta.ChunkName(c.Name))
			return
		}
		p.m.Color = append(p.m.Color, c)
	}
}

// text takes in a chunk of text, which may be XMP or a raw profile.
func (p *pngTexts) text(c meta.Chunk) {
	kind, isRaw := strings.CutPrefix(c.Keyword(), rawKeyword)
	if c.Name == "iTXt" && c.Keyword() == xmpKeyword {
		switch xmp := textOf(c, p.unpack); {
		case xmp == nil:
			p.m.Omit("damaged XMP")
		case p.m.XMP != nil:
			p.m.Omit("second XMP")
		default:
			p.m.XMP = xmp
		}
		return
	}
	if !isRaw || !p.rawProfile(strings.ToLower(kind), rawBytes(textOf(c, p.unpack))) {
		p.m.Text = append(p.m.Text, c)
	}
}

// unpack is inflate within the budget.
func (p *pngTexts) unpack(z []byte) []byte {
	if p.budget <= 0 {
		return nil
	}
	out := inflate(z)
	if p.budget -= len(out); out == nil {
		p.budget -= maxTextChunk
	}
	return out
}

// rawProfile takes in a block that was written as text. It is not ok where it
// is of no known kind.
func (p *pngTexts) rawProfile(kind string, data []byte) (ok bool) {
	var to *[]byte
	exif, isEXIF := bytes.CutPrefix(data, []byte(exifPrefix))
	xmp, isXMP := bytes.CutPrefix(data, []byte(xmpPrefix))
	switch {
	case len(data) == 0:
		return false
	case kind == "exif", kind == "app1" && isEXIF:
		to, data = &p.raw.EXIF, exif
	case kind == "xmp", kind == "app1" && isXMP:
		to, data = &p.raw.XMP, xmp
	case kind == "icc", kind == "icm":
		to = &p.raw.ICC
	case kind == "iptc", kind == "8bim":
		to, data = &p.raw.IPTC, bytes.TrimPrefix(data, []byte(iptcPrefix))
		if data[0] == 0x1c {
			data = meta.JoinIPTC(nil, data)
		}
	default:
		return false
	}
	if *to == nil {
		*to = data
	}
	return true
}

// fill puts what was found in raw profiles where there is nothing of the kind.
func (p *pngTexts) fill() {
	for _, i := range []struct {
		to   *[]byte
		from []byte
		name string
	}{
		{&p.m.EXIF, p.raw.EXIF, "EXIF"}, {&p.m.XMP, p.raw.XMP, "XMP"},
		{&p.m.ICC, p.raw.ICC, "ICC profile"}, {&p.m.IPTC, p.raw.IPTC, "IPTC"},
	} {
		switch {
		case i.from == nil:
		case *i.to == nil:
			*i.to = i.from
		default:
			p.m.Omit("second " + i.name)
		}
	}
}

// physDensity returns what a pHYs chunk says (11.3.4.3), see jfifDensity.
func physDensity(b []byte) meta.Density {
	if len(b) != 9 || b[8] > 1 {
		return meta.Density{}
	}
	d := meta.Density{X: binary.BigEndian.Uint32(b), Y: binary.BigEndian.Uint32(b[4:])}
	if b[8] == 1 {
		d.Unit = meta.Metre
	}
	if d.X == 0 || d.Y == 0 || max(d.X, d.Y) >= 1<<31 || d.Unit == meta.Aspect && d.X == d.Y {
		return meta.Density{}
	}
	return d
}

// fitPNG is fitMetadata for what only PNG holds, or holds in its own way.
func fitPNG(m meta.Data, gray bool, lost []string) (meta.Data, []string) {
	m.Text = slices.Clone(m.Text)
	for _, c := range m.Comments {
		if t, ok := commentText(c); ok {
			m.Text = append(m.Text, t)
		} else {
			lost = addNotes(lost, "comment")
		}
	}
	m.Comments = nil
	if d, ok := m.Density.PerMetre(); ok {
		m.Density = d
	}
	if gray {
		m.Color = slices.DeleteFunc(slices.Clone(m.Color), func(c meta.Chunk) bool {
			switch c.Name {
			case "cICP", "mDCV", "cLLI":
				lost = append(lost, c.Name)
				return true
			}
			return c.Name == "cHRM"
		})
	}
	return m, lost
}

// sRGB's colours as chunks have them (11.3.2.1, 11.3.2.2, 11.3.2.6).
var sRGBChunks = map[string]string{
	"gAMA": "\x00\x00\xb1\x8f",
	"cHRM": "\x00\x00\x7a\x26\x00\x00\x80\x84\x00\x00\xfa\x00\x00\x00\x80\xe8\x00\x00\x75\x30\x00\x00\xea\x60\x00\x00\x3a\x98\x00\x00\x17\x70",
	"cICP": "\x01\x0d\x00\x01",
}

// notSRGB names the chunks that say that colours are others than those of sRGB.
func notSRGB(colour []meta.Chunk) []string {
	var names []string
	for _, c := range colour {
		if c.Name == "sRGB" {
			return nil
		}
		if string(c.Data) != sRGBChunks[c.Name] {
			names = append(names, c.Name)
		}
	}
	return names
}

// fitColour decides on the chunks on colour of a picture that had a profile or
// not: they go where its colours are those of sRGB now, or nobody is to know.
func fitColour(m meta.Data, had bool, mode ProfileMode) (meta.Data, []string) {
	switch {
	case mode == StripProfile, had && m.ICC == nil:
		m.Color = nil
	case mode == ToSRGB && m.ICC == nil:
		if names := notSRGB(m.Color); len(names) > 0 {
			return m, []string{"not converted to sRGB: colours by " + strings.Join(names, ", ")}
		}
	}
	return m, nil
}

// pngChunks returns m as chunks to stand behind IHDR.
func pngChunks(m meta.Data) []byte {
	var out []byte
	put := func(name string, data []byte) { out = png.AppendChunk(out, name, data) }
	for _, c := range m.Color {
		if m.ICC == nil || c.Name != "sRGB" { // of which there is only one
			put(c.Name, c.Data)
		}
	}
	if m.ICC != nil {
		put("iCCP", append([]byte("ICC profile\x00\x00"), deflate(m.ICC)...))
	}
	if d := m.Density; d != (meta.Density{}) {
		phys := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, d.X), d.Y)
		metre := byte(0)
		if d.Unit == meta.Metre {
			metre = 1
		}
		put("pHYs", append(phys, metre))
	}
	if m.EXIF != nil {
		put("eXIf", m.EXIF)
	}
	if m.XMP != nil {
		put("iTXt", append([]byte(xmpKeyword+"\x00\x00\x00\x00\x00"), m.XMP...))
	}
	if m.IPTC != nil {
		put("zTXt", append([]byte(rawKeyword+"iptc\x00\x00"), deflate(rawText("iptc", m.IPTC))...))
	}
	for _, c := range m.Text {
		put(c.Name, c.Data)
	}
	return out
}

func deflate(data []byte) []byte {
	var b bytes.Buffer
	zw := zlib.NewWriter(&b) // writing to memory cannot fail
	_, _ = zw.Write(data)
	_ = zw.Close()
	return b.Bytes()
}
