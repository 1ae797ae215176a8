package meta

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// Namespaces of what says who owns a picture.
const (
	nsDC     = "http://purl.org/dc/elements/1.1/"
	nsRights = "http://ns.adobe.com/xap/1.0/rights/"
)

func isRights(n xml.Name) bool {
	return n.Space == nsRights || n.Space == nsDC && (n.Local == "creator" || n.Local == "rights")
}

// property is one of XMP: a text, or an array of texts.
type property struct {
	name  xml.Name
	array string // Seq, Bag or Alt; "" for a single text
	items []item
}

type item struct {
	lang string
	text []byte // which may come in many pieces
}

// copyrightXMP is a new packet of what one says of rights; nil where that is nothing. It is not ok where it cannot be
// read.
func copyrightXMP(packet []byte) (out []byte, ok bool) {
	if packet == nil {
		return nil, true
	}
	r := rightsReader{dec: xml.NewDecoder(bytes.NewReader(bytes.TrimRight(packet, "\x00")))}
	if err := r.read(); err != nil {
		return nil, false
	}
	if len(r.found) == 0 {
		return nil, true
	}
	return r.packet(), true
}

// rightsReader finds the properties that isRights names.
type rightsReader struct {
	dec   *xml.Decoder
	path  []xml.Name
	found []property
}

func (r *rightsReader) read() error {
	for {
		t, err := r.dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if len(r.path) == maxDepth {
				return errXMP
			}
			r.path = append(r.path, t.Name)
			r.start(t)
		case xml.EndElement:
			r.path = r.path[:len(r.path)-1]
		case xml.CharData:
			if !r.text(t) {
				return errXMP
			}
		}
	}
}

// within returns how deep the current element stands in a property of the picture, 0 for the property itself and -1
// for none.
func (r *rightsReader) within() int {
	i := slices.Index(r.path, xml.Name{Space: nsRDF, Local: "RDF"})
	if i < 0 || len(r.path) < i+3 || r.path[i+1] != (xml.Name{Space: nsRDF, Local: "Description"}) || !isRights(r.path[i+2]) {
		return -1
	}
	return len(r.path) - i - 3
}

func (r *rightsReader) start(t xml.StartElement) {
	n := len(r.path)
	if n >= 2 && r.path[n-1] == (xml.Name{Space: nsRDF, Local: "Description"}) && r.path[n-2] == (xml.Name{Space: nsRDF, Local: "RDF"}) {
		for _, a := range t.Attr {
			if isRights(a.Name) {
				r.found = append(r.found, property{name: a.Name, items: []item{{text: []byte(a.Value)}}})
			}
		}
	}
	switch depth := r.within(); {
	case depth == 0:
		p := property{name: t.Name}
		for _, a := range t.Attr {
			if a.Name == (xml.Name{Space: nsRDF, Local: "resource"}) { // an address (ISO 16684-1, 7.5)
				p.items = []item{{text: []byte(a.Value)}}
			}
		}
		r.found = append(r.found, p)
	case depth == 1 && t.Name.Space == nsRDF && slices.Contains([]string{"Seq", "Bag", "Alt"}, t.Name.Local):
		p := &r.found[len(r.found)-1]
		p.array, p.items = t.Name.Local, nil
	case depth == 2 && t.Name == xml.Name{Space: nsRDF, Local: "li"}:
		var one item
		for _, a := range t.Attr {
			if (a.Name.Space == "xml" || a.Name.Space == nsXML) && a.Name.Local == "lang" {
				one.lang = a.Value
			}
		}
		p := &r.found[len(r.found)-1]
		p.items = append(p.items, one)
	}
}

// text takes in a piece of text. It is not ok where one becomes too long.
func (r *rightsReader) text(piece []byte) (ok bool) {
	depth := r.within()
	if depth < 0 {
		return true
	}
	p := &r.found[len(r.found)-1]
	if depth == 0 && p.array == "" && len(p.items) == 0 {
		p.items = []item{{}}
	}
	if n := len(p.items); n > 0 && (depth == 0 && p.array == "" || depth == 2) {
		p.items[n-1].text = append(p.items[n-1].text, piece...)
		return len(p.items[n-1].text) <= maxText
	}
	return true
}

// maxText is how long a text on rights may be, bytes.
const maxText = 1 << 16

// packet writes what was found (ISO 16684-1, 7.3).
func (r *rightsReader) packet() []byte {
	var b strings.Builder
	b.WriteString("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n")
	b.WriteString("<rdf:RDF xmlns:rdf=\"" + nsRDF + "\">\n<rdf:Description rdf:about=\"\" xmlns:dc=\"" + nsDC + "\" xmlns:xmpRights=\"" + nsRights + "\">\n")
	for _, p := range r.found {
		p.write(&b)
	}
	b.WriteString("</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>")
	return []byte(b.String())
}

func (p property) write(b *strings.Builder) {
	tag := "xmpRights:" + p.name.Local
	if p.name.Space == nsDC {
		tag = "dc:" + p.name.Local
	}
	b.WriteString("<" + tag + ">")
	if p.array != "" {
		b.WriteString("<rdf:" + p.array + ">")
	}
	for _, i := range p.items {
		if p.array == "" {
			escape(b, i.text)
			continue
		}
		b.WriteString("<rdf:li")
		if i.lang != "" {
			b.WriteString(` xml:lang="`)
			escape(b, []byte(i.lang))
			b.WriteString(`"`)
		}
		b.WriteString(">")
		escape(b, i.text)
		b.WriteString("</rdf:li>")
	}
	if p.array != "" {
		b.WriteString("</rdf:" + p.array + ">")
	}
	b.WriteString("</" + tag + ">\n")
}

func escape(b *strings.Builder, s []byte) { _ = xml.EscapeText(b, s) } // writing to memory cannot fail
