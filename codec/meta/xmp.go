package meta

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Namespaces of XMP (ISO 16684-1, and XMP part 2).
const (
	nsRDF  = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	nsTIFF = "http://ns.adobe.com/tiff/1.0/"
	nsEXIF = "http://ns.adobe.com/exif/1.0/"
	nsXMP  = "http://ns.adobe.com/xap/1.0/"
	nsNote = "http://ns.adobe.com/xmp/note/"
	nsXML  = "http://www.w3.org/XML/1998/namespace"
)

// maxDepth is how deep elements of a packet may stand in one another.
const maxDepth = 100

var errXMP = errors.New("not a packet of XMP")

// xmp returns a packet as e says. It is not ok where it had to be understood for that and was not.
func (e Edit) xmp(packet []byte) (out []byte, ok bool) {
	if len(packet) == 0 {
		return packet, true
	}
	p := packetEdit{set: map[xml.Name]string{}, gone: map[xml.Name]bool{}, gps: e.StripGPS && mentionsGPS(packet)}
	if e.Upright {
		p.set[xml.Name{Space: nsTIFF, Local: "Orientation"}] = "1"
	}
	if e.Width > 0 {
		width, height := strconv.Itoa(e.Width), strconv.Itoa(e.Height)
		p.set[xml.Name{Space: nsEXIF, Local: "PixelXDimension"}] = width
		p.set[xml.Name{Space: nsEXIF, Local: "PixelYDimension"}] = height
		p.set[xml.Name{Space: nsTIFF, Local: "ImageWidth"}] = width
		p.set[xml.Name{Space: nsTIFF, Local: "ImageLength"}] = height
	}
	if e.repainted() {
		p.gone[xml.Name{Space: nsXMP, Local: "Thumbnails"}] = true
	}
	out, err := p.apply(packet)
	if err != nil {
		return packet, !p.gps
	}
	return out, true
}

// WithoutExtended returns a packet that no longer says that it goes on elsewhere.
func WithoutExtended(packet []byte) []byte {
	out, err := packetEdit{gone: map[xml.Name]bool{{Space: nsNote, Local: "HasExtendedXMP"}: true}}.apply(packet)
	if err != nil {
		return packet
	}
	return out
}

// ExtendedID returns the name of the packet in which this one goes on, 32 digits, or "" if it does not.
func ExtendedID(packet []byte) string {
	_, rest, _ := bytes.Cut(packet, []byte("HasExtendedXMP"))
	i := bytes.IndexAny(rest, `"'>`)
	if i < 0 || len(rest) < i+1+32 {
		return ""
	}
	id := string(rest[i+1 : i+1+32])
	if strings.Trim(id, "0123456789abcdefABCDEF") != "" {
		return ""
	}
	return id
}

// mentionsGPS tells whether coordinates may be among these bytes: EXIF's properties, and those of makers of drones,
// begin with GPS, in whatever case. Bytes that are not of one byte a character may hold anything.
func mentionsGPS(b []byte) bool {
	return bytes.Contains(bytes.ToLower(b), []byte("gps")) || bytes.IndexByte(bytes.TrimRight(b, "\x00"), 0) >= 0
}

func isGPS(local string) bool { return len(local) >= 3 && strings.EqualFold(local[:3], "GPS") }

// packetEdit is what is done to a packet of XMP.
type packetEdit struct {
	set  map[xml.Name]string // values of properties of the picture, where there are such
	gone map[xml.Name]bool   // properties of the picture that are taken away
	gps  bool                // coordinates are taken away, at any depth
}

// concerns tells whether any of the properties may be in a packet.
func (p packetEdit) concerns(packet []byte) bool {
	for name := range p.set {
		if bytes.Contains(packet, []byte(name.Local)) {
			return true
		}
	}
	for name := range p.gone {
		if bytes.Contains(packet, []byte(name.Local)) {
			return true
		}
	}
	return p.gps
}

// apply returns the packet with p done to it, and all other bytes as they were.
func (p packetEdit) apply(packet []byte) ([]byte, error) {
	if !p.concerns(packet) {
		return packet, nil
	}
	w := &packetWalk{packetEdit: p, b: packet, dec: xml.NewDecoder(bytes.NewReader(bytes.TrimRight(packet, "\x00")))}
	if err := w.walk(); err != nil {
		return nil, err
	}
	if len(w.changes) == 0 {
		return packet, nil
	}
	var out []byte
	at := 0
	for _, c := range w.changes {
		if c.from < at {
			continue // within an element that is gone
		}
		out = append(append(out, packet[at:c.from]...), c.by...)
		at = c.to
	}
	return append(out, packet[at:]...), nil
}

// change puts other bytes in place of some.
type change struct {
	from, to int
	by       string
}

// packetWalk goes through the elements of a packet.
type packetWalk struct {
	packetEdit
	b       []byte
	dec     *xml.Decoder
	open    []element
	changes []change // in order, but those within an element that is gone come before it
}

// element is one that is open.
type element struct {
	raw           xml.Name // with its prefix
	name          xml.Name // with its namespace
	prefixes      map[string]string
	from, content int  // offsets of its tag and of what follows that
	simple        bool // it holds text only
}

func (w *packetWalk) walk() error {
	for {
		from := int(w.dec.InputOffset())
		t, err := w.dec.RawToken()
		if errors.Is(err, io.EOF) && len(w.open) == 0 {
			break
		}
		if err != nil {
			return errXMP
		}
		to := int(w.dec.InputOffset())
		switch t := t.(type) {
		case xml.StartElement:
			if err := w.start(t, from, to); err != nil {
				return err
			}
		case xml.EndElement:
			if err := w.end(t, from, to); err != nil {
				return err
			}
		}
	}
	slices.SortStableFunc(w.changes, func(a, b change) int {
		if a.from != b.from {
			return a.from - b.from
		}
		return b.to - a.to
	})
	return nil
}

func (w *packetWalk) start(t xml.StartElement, from, to int) error {
	if len(w.open) == maxDepth {
		return errXMP
	}
	e := element{raw: t.Name, from: from, content: to, simple: w.b[to-2] != '/'}
	for _, a := range t.Attr {
		prefix := a.Name.Local
		if a.Name == (xml.Name{Local: "xmlns"}) {
			prefix = ""
		} else if a.Name.Space != "xmlns" {
			continue
		}
		if e.prefixes == nil {
			e.prefixes = map[string]string{}
		}
		e.prefixes[prefix] = a.Value
	}
	if n := len(w.open); n > 0 {
		w.open[n-1].simple = false
	}
	w.open = append(w.open, e)
	e.name = w.resolve(t.Name)
	w.open[len(w.open)-1].name = e.name
	return w.attributes(t, from, to)
}

// resolve puts the namespace in place of the prefix.
func (w *packetWalk) resolve(n xml.Name) xml.Name {
	for i := len(w.open) - 1; i >= 0; i-- {
		if uri, ok := w.open[i].prefixes[n.Space]; ok {
			return xml.Name{Space: uri, Local: n.Local}
		}
	}
	return n
}

// isPicture tells whether the innermost of some open elements holds properties of the picture: an rdf:Description
// right below rdf:RDF.
func isPicture(open []element) bool {
	n := len(open)
	return n >= 2 && open[n-1].name == xml.Name{Space: nsRDF, Local: "Description"} && open[n-2].name == xml.Name{Space: nsRDF, Local: "RDF"}
}

// attributes edits properties that are attributes of their rdf:Description (ISO 16684-1, 7.9.2.2), or of a structure.
func (w *packetWalk) attributes(t xml.StartElement, from, to int) error {
	picture := isPicture(w.open)
	at := from + 1
	for _, a := range t.Attr {
		start, value, end, ok := attribute(w.b[:to], at)
		if !ok {
			return errXMP
		}
		at = end
		if a.Name.Space == "" || a.Name.Space == "xmlns" { // of no namespace, or declares one
			continue
		}
		name := w.resolve(a.Name)
		v, set := w.set[name]
		switch {
		case w.gps && isGPS(name.Local), picture && w.gone[name]:
			w.changes = append(w.changes, change{start, end, ""})
		case picture && set && v != a.Value:
			w.changes = append(w.changes, change{value, end - 1, v})
		}
	}
	return nil
}

// attribute finds the next attribute of a tag at or behind offset at: where the space before it, its value and what
// follows it begin.
func attribute(tag []byte, at int) (start, value, end int, ok bool) {
	i := bytes.IndexByte(tag[at:], '=')
	if i < 0 {
		return 0, 0, 0, false
	}
	i += at
	name := bytes.TrimRight(tag[at:i], " \t\r\n")
	start = at + max(bytes.LastIndexAny(name, " \t\r\n"), 0)
	for start > at && bytes.IndexByte([]byte(" \t\r\n"), tag[start-1]) >= 0 {
		start--
	}
	q := bytes.IndexAny(tag[i:], `"'`)
	if q < 0 {
		return 0, 0, 0, false
	}
	value = i + q + 1
	n := bytes.IndexByte(tag[value:], tag[value-1])
	if n < 0 {
		return 0, 0, 0, false
	}
	return start, value, value + n + 1, true
}

func (w *packetWalk) end(t xml.EndElement, from, to int) error {
	n := len(w.open)
	if n == 0 || w.open[n-1].raw != t.Name {
		return errXMP
	}
	e := w.open[n-1]
	w.open = w.open[:n-1]
	picture := isPicture(w.open)
	v, set := w.set[e.name]
	switch {
	case w.gps && isGPS(e.name.Local), picture && w.gone[e.name]:
		w.changes = append(w.changes, change{e.from, to, ""})
	case picture && set && e.simple && string(bytes.TrimSpace(w.b[e.content:from])) != v:
		w.changes = append(w.changes, change{e.content, from, v})
	}
	return nil
}
