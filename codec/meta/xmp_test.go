package meta

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/internal/fuzztest"
)

const packet = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:t="http://ns.adobe.com/tiff/1.0/"
    xmlns:exif='http://ns.adobe.com/exif/1.0/'
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:xmpNote="http://ns.adobe.com/xmp/note/"
    xmlns:drone-dji="http://www.dji.com/drone-dji/1.0/"
    xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
    t:Orientation="6" exif:GPSLatitude = '48,30N'
    photoshop:City="München" drone-dji:GpsLongitude="11"
    exif:PixelXDimension="4000"
    xmpNote:HasExtendedXMP="0123456789ABCDEF0123456789ABCDEF"/>
  <rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmpRights:Marked="True">
   <tiff:Orientation>
     6 </tiff:Orientation>
   <tiff:ImageLength>3000</tiff:ImageLength>
   <exif:GPSAltitude>500/1</exif:GPSAltitude>
   <exif:GPSProcessing rdf:parseType="Resource"><exif:GPSx>1</exif:GPSx></exif:GPSProcessing>
   <Iptc4xmpExt:LocationShown><rdf:Bag><rdf:li exif:GPSLatitude="48,30N" Iptc4xmpExt:City="München"/><rdf:li rdf:parseType="Resource"><exif:GPSLongitude>11,30E</exif:GPSLongitude><tiff:Orientation>6</tiff:Orientation></rdf:li></rdf:Bag></Iptc4xmpExt:LocationShown>
   <xmp:Thumbnails><rdf:Alt><rdf:li rdf:parseType="Resource"><exif:GPSLatitude>1</exif:GPSLatitude></rdf:li></rdf:Alt></xmp:Thumbnails>
   <dc:creator><rdf:Seq><rdf:li>Ann &amp; Bob</rdf:li><rdf:li>C</rdf:li></rdf:Seq></dc:creator>
   <dc:rights> <rdf:Alt> <rdf:li xml:lang="x-default">(c) &lt;Ann&gt;</rdf:li> </rdf:Alt> </dc:rights>
   <dc:subject><rdf:Bag><rdf:li>secret</rdf:li></rdf:Bag></dc:subject>
   <xmpRights:WebStatement rdf:resource="https://example.org/?a=1&amp;b"/>
   <xmpRights:Certificate>https://example.org/c</xmpRights:Certificate>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>`

func TestXMP(t *testing.T) {
	for name, c := range map[string]struct {
		edit    Edit
		replace []string // old, new
	}{
		"nothing": {Edit{}, nil},
		"upright": {Edit{Upright: true}, []string{
			`t:Orientation="6"`, `t:Orientation="1"`,
			"   <tiff:Orientation>\n     6 </tiff:Orientation>", "   <tiff:Orientation>1</tiff:Orientation>"}},
		"resized": {Edit{Width: 40, Height: 30}, []string{
			`exif:PixelXDimension="4000"`, `exif:PixelXDimension="40"`,
			`<tiff:ImageLength>3000<`, `<tiff:ImageLength>30<`,
			`<xmp:Thumbnails><rdf:Alt><rdf:li rdf:parseType="Resource"><exif:GPSLatitude>1</exif:GPSLatitude></rdf:li></rdf:Alt></xmp:Thumbnails>`, ""}},
		"without GPS": {Edit{StripGPS: true}, []string{
			` exif:GPSLatitude = '48,30N'`, "", ` drone-dji:GpsLongitude="11"`, "",
			`<exif:GPSAltitude>500/1</exif:GPSAltitude>`, "",
			`<exif:GPSProcessing rdf:parseType="Resource"><exif:GPSx>1</exif:GPSx></exif:GPSProcessing>`, "",
			` exif:GPSLatitude="48,30N"`, "", `<exif:GPSLongitude>11,30E</exif:GPSLongitude>`, "",
			`<exif:GPSLatitude>1</exif:GPSLatitude>`, ""}},
	} {
		want := strings.NewReplacer(c.replace...).Replace(packet)
		for _, end := range []string{"", "\x00"} {
			out, notes := c.edit.Apply(Data{XMP: []byte(packet + end)})
			if string(out.XMP) != want+end || len(notes) > 0 {
				t.Errorf("%s: notes %q, got\n%s\nwant\n%s", name, notes, out.XMP, want)
			}
		}
	}
	if got := string(WithoutExtended([]byte(packet))); got != strings.Replace(packet, "\n    xmpNote:HasExtendedXMP=\"0123456789ABCDEF0123456789ABCDEF\"", "", 1) {
		t.Errorf("without the extended packet:\n%s", got)
	}
	if id := ExtendedID([]byte(packet)); id != "0123456789ABCDEF0123456789ABCDEF" {
		t.Errorf("extended packet %q", id)
	}
}

func TestDamagedXMP(t *testing.T) {
	deep := strings.Repeat("<a>", maxDepth+1) + strings.Repeat("</a>", maxDepth+1)
	for _, bad := range []string{
		packet[:len(packet)/2], packet + "<GPS", packet + "</x>", "<GPS>", "\xfe\xff\x00<\x00G\x00P\x00S", "<GPS a=b/>", "<GPS>&what;</GPS>",
		strings.Replace(deep, "<a>", "<a GPS='1'>", 1),
	} {
		out, notes := Edit{StripGPS: true}.Apply(Data{XMP: []byte(bad)})
		if out.XMP != nil || !slices.Equal(notes, []string{"not kept: damaged XMP"}) {
			t.Errorf("%.40q: became %.40q, notes %q", bad, out.XMP, notes)
		}
		out, notes = Edit{Upright: true, Width: 1, Height: 1}.Apply(Data{XMP: []byte(bad)})
		if string(out.XMP) != bad || len(notes) > 0 {
			t.Errorf("%.40q: became %.40q, notes %q", bad, out.XMP, notes)
		}
	}
}

func TestExtendedXMPWithGPS(t *testing.T) {
	d := Data{XMP: []byte(packet), ExtendedXMP: []byte("<a exif:GPSLatitude='1'/>")}
	out, notes := Edit{StripGPS: true}.Apply(d)
	if out.ExtendedXMP != nil || bytes.Contains(out.XMP, []byte("HasExtended")) || !slices.Equal(notes, []string{"not kept: extended XMP, which holds GPS"}) {
		t.Errorf("%q, notes %q", out.ExtendedXMP, notes)
	}
	d.ExtendedXMP = []byte("<a/>")
	if out, notes = (Edit{StripGPS: true}).Apply(d); out.ExtendedXMP == nil || len(notes) > 0 {
		t.Errorf("without GPS: %q, notes %q", out.ExtendedXMP, notes)
	}
}

func TestCopyrightXMP(t *testing.T) {
	out, notes := Edit{Keep: Copyright}.Apply(Data{XMP: []byte(packet)})
	for _, want := range []string{
		`<xmpRights:Marked>True</xmpRights:Marked>`,
		`<dc:creator><rdf:Seq><rdf:li>Ann &amp; Bob</rdf:li><rdf:li>C</rdf:li></rdf:Seq></dc:creator>`,
		`<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">(c) &lt;Ann&gt;</rdf:li></rdf:Alt></dc:rights>`,
		`<xmpRights:WebStatement>https://example.org/?a=1&amp;b</xmpRights:WebStatement>`,
		`<xmpRights:Certificate>https://example.org/c</xmpRights:Certificate>`,
	} {
		if !bytes.Contains(out.XMP, []byte(want)) {
			t.Errorf("no %s in\n%s", want, out.XMP)
		}
	}
	if bytes.Contains(out.XMP, []byte("secret")) || bytes.Contains(out.XMP, []byte("GPS")) || len(notes) > 0 {
		t.Errorf("notes %q, and\n%s", notes, out.XMP)
	}
	again, _ := Edit{Keep: Copyright}.Apply(out)
	if !bytes.Equal(again.XMP, out.XMP) {
		t.Errorf("again:\n%s", again.XMP)
	}
	if out, _ = (Edit{Keep: Copyright}).Apply(Data{XMP: []byte("<x/>")}); out.XMP != nil {
		t.Errorf("of nothing: %q", out.XMP)
	}
	long := "<rdf:RDF xmlns:rdf='" + nsRDF + "'><rdf:Description xmlns:dc='" + nsDC + "'><dc:rights>" + strings.Repeat("x", maxText+1) + "</dc:rights></rdf:Description></rdf:RDF>"
	if out, notes = (Edit{Keep: Copyright}).Apply(Data{XMP: []byte(long)}); out.XMP != nil || len(notes) != 1 {
		t.Errorf("of a long text: %d bytes, notes %q", len(out.XMP), notes)
	}
}

// A text that comments divide into many pieces takes no more memory than as many
// letters; joined one by one, these take 1.3 GB.
func TestTextInManyPieces(t *testing.T) {
	const pieces = 50_000
	packet := []byte(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="` + nsRDF + `"><rdf:Description xmlns:dc="` + nsDC + `"><dc:rights>` +
		strings.Repeat("a<!---->", pieces) + `</dc:rights></rdf:Description></rdf:RDF></x:xmpmeta>`)
	defer fuzztest.Bound(t, packet, 100<<20)()
	out, ok := copyrightXMP(packet)
	if !ok || !bytes.Contains(out, []byte(strings.Repeat("a", pieces))) {
		t.Errorf("%d bytes of rights, %v", len(out), ok)
	}
}
