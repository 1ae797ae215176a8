package codec

import (
	"bytes"
	"image"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/imgpar/imgpar/codec/meta"
	"github.com/imgpar/imgpar/internal/fuzztest"
)

func chunks(parts ...string) []meta.Chunk { return texts(parts...).Text }

const (
	wideGamut = "\x00\x00\x7a\x26\x00\x00\x80\x84\x00\x00\xfa\x00\x00\x00\x80\xe8\x00\x00\x75\x30\x00\x00\xea\x60\x00\x00\x3a\x98\x00\x00\x17\x71"
	linear    = "\x00\x01\x86\xa0"
	pq        = "\x09\x10\x00\x01"
)

// What a PNG says of its colours stays with them.
func TestColourChunks(t *testing.T) {
	rgb, gray := colours(8, 8), image.NewGray(image.Rect(0, 0, 8, 8))
	all := chunks("gAMA", linear, "cHRM", wideGamut, "cICP", pq, "cLLI", "\x00\x00\x00\x01\x00\x00\x00\x01")
	plain := chunks("gAMA", sRGBChunks["gAMA"], "cHRM", sRGBChunks["cHRM"], "cICP", sRGBChunks["cICP"])
	rgbProfile := profile("RGB ", 200)
	for what, c := range map[string]struct {
		img    image.Image
		format Format
		m      meta.Data
		mode   ProfileMode
		want   []meta.Chunk
		notes  []string
	}{
		"PNG":               {rgb, PNG, meta.Data{Color: all}, KeepProfile, all, nil},
		"gray PNG":          {gray, PNG, meta.Data{Color: all}, KeepProfile, all[:1], []string{"not kept: cICP, cLLI"}},
		"JPEG":              {rgb, JPEG, meta.Data{Color: all}, KeepProfile, nil, []string{"not kept: gAMA, cHRM, cICP, cLLI"}},
		"JPEG of sRGB":      {rgb, JPEG, meta.Data{Color: plain}, KeepProfile, nil, nil},
		"JPEG, sRGB said":   {rgb, JPEG, meta.Data{Color: append(chunks("sRGB", "\x00"), all...)}, KeepProfile, nil, nil},
		"JPEG by a profile": {rgb, JPEG, meta.Data{Color: all, ICC: rgbProfile}, KeepProfile, nil, nil},
		"stripped":          {rgb, PNG, meta.Data{Color: all}, StripProfile, nil, nil},
		"not converted":     {rgb, PNG, meta.Data{Color: all[:2]}, ToSRGB, all[:2], []string{"not converted to sRGB: colours by gAMA, cHRM"}},
		"sRGB already":      {rgb, PNG, meta.Data{Color: plain}, ToSRGB, plain, nil},
	} {
		out, notes := encoded(t, c.img, Options{Format: c.format, Metadata: c.m, Carry: Carry{Profile: c.mode}})
		if diff := cmp.Diff(c.want, decoded(t, out).Metadata.Color); diff != "" || !slices.Equal(notes, c.notes) {
			t.Errorf("%s (-want +got):\n%s notes %q, want %q", what, diff, notes, c.notes)
		}
	}
	m, notes := fitColour(meta.Data{Color: all}, true, ToSRGB) // its profile was converted
	if m.Color != nil || notes != nil {
		t.Errorf("converted: %v, notes %q", m.Color, notes)
	}
}

func TestTextsToJPEG(t *testing.T) {
	latin := "Comment\x00caf\xe9"
	m := texts("tEXt", latin, "zTXt", "Comment\x00\x00"+deflated([]byte("squeezed")), "iTXt", "Comment\x00\x01\x00de\x00Kommentar\x00"+deflated([]byte("größer")),
		"tEXt", "Title\x00a title", "tEXt", "Comment\x00", "zTXt", "Comment\x00\x00"+deflated(make([]byte, maxSegment+1)))
	out, notes := encoded(t, colours(8, 8), Options{Format: JPEG, Metadata: m})
	got := decoded(t, out).Metadata.Comments
	if want := [][]byte{[]byte("café"), []byte("squeezed"), []byte("größer")}; !slices.EqualFunc(got, want, bytes.Equal) {
		t.Errorf("comments %q", got)
	}
	if !slices.Equal(notes, []string{"not kept: text"}) {
		t.Errorf("notes %q", notes)
	}
	var many []string
	for range maxComments + 1 {
		many = append(many, "tEXt", "Comment\x00x")
	}
	out, notes = encoded(t, colours(8, 8), Options{Format: JPEG, Metadata: texts(many...)})
	if n := len(decoded(t, out).Metadata.Comments); n != maxComments || !slices.Equal(notes, []string{"not kept: text"}) {
		t.Errorf("%d comments, notes %q", n, notes)
	}
	out, notes = encoded(t, colours(8, 8), Options{Format: PNG, Metadata: meta.Data{Comments: [][]byte{[]byte("a\x00b"), []byte("c\x00"), []byte("\xff")}}})
	if diff := cmp.Diff(chunks("tEXt", "Comment\x00c", "tEXt", "Comment\x00\xff"), decoded(t, out).Metadata.Text); diff != "" || !slices.Equal(notes, []string{"not kept: comment"}) {
		t.Errorf("%s notes %q", diff, notes)
	}
}

// IPTC goes into a PNG as exiftool writes it and finds it.
func TestIPTCInPNG(t *testing.T) {
	iptc := meta.JoinIPTC(nil, bytes.Repeat([]byte("\x1c\x02\x19\x00\x05k\x80\x00\xff1"), 100))
	out, _ := encoded(t, colours(8, 8), Options{Format: PNG, Metadata: meta.Data{IPTC: iptc}})
	if !bytes.Contains(out, []byte("zTXtRaw profile type iptc\x00\x00")) {
		t.Error("no zTXt")
	}
	if got := decoded(t, out).Metadata; !bytes.Equal(got.IPTC, iptc) || got.Text != nil {
		t.Errorf("%d bytes come back, of %d", len(got.IPTC), len(iptc))
	}
	if got, want := string(rawText("iptc", iptc[:37])), "\niptc\n      37\n"; !strings.HasPrefix(got, want) || strings.Count(got, "\n") != 5 || len(got) != len(want)+2*37+2 {
		t.Errorf("%q", got)
	}
}

// However many bombs a file has, the work on them ends where the limit is.
func TestManyDecompressionBombs(t *testing.T) {
	bomb := deflated(make([]byte, maxTextChunk+1))
	png, _ := encoded(t, colours(16, 8), Options{Format: PNG})
	p := pngTexts{budget: maxUnpacked}
	parts := make([][]byte, 200)
	for i := range parts {
		parts[i] = pngChunk("zTXt", rawKeyword+"exif\x00\x00"+bomb)
		p.add(meta.Chunk{Name: "zTXt", Data: []byte(rawKeyword + "exif\x00\x00" + bomb)})
	}
	if p.budget < -maxTextChunk || p.budget > 0 {
		t.Errorf("%d bytes are left of %d", p.budget, maxUnpacked)
	}
	if m := decoded(t, insert(png, behindIHDR, parts...)).Metadata; m.EXIF != nil || len(m.Text) != len(parts) {
		t.Errorf("EXIF of %d bytes, %d texts", len(m.EXIF), len(m.Text))
	}
}

// Digits that stand apart take no more memory than those that do not; as words, these
// take 24 bytes each.
func TestRawProfileOfSpaces(t *testing.T) {
	text := []byte("\nexif\n" + strconv.Itoa(1<<20) + "\n" + strings.Repeat("0 ", 1<<21))
	defer fuzztest.Bound(t, text, 16<<20)()
	if b := rawBytes(text); !bytes.Equal(b, make([]byte, 1<<20)) {
		t.Errorf("%d bytes", len(b))
	}
}
