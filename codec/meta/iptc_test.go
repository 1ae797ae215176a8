package meta

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

func res(id uint16, name string, data string) []byte {
	out := binary.BigEndian.AppendUint16([]byte("8BIM"), id)
	out = append(append(out, byte(len(name))), name...)
	if len(name)%2 == 0 {
		out = append(out, 0)
	}
	out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
	out = append(out, data...)
	if len(data)%2 != 0 {
		out = append(out, 0)
	}
	return out
}

const datasets = "\x1c\x01\x5a\x00\x03\x1b%G" + "\x1c\x02\x00\x00\x02\x00\x04" + "\x1c\x02\x19\x00\x02k1" + "\x1c\x02\x50\x00\x03Ann" +
	"\x1c\x02\x5a\x00\x06Munich" + "\x1c\x02\x6e\x80\x04\x00\x00\x00\x02Bo" + "\x1c\x02\x74\x00\x05c Ann"

func resources() []byte {
	return slices.Concat(res(0x03ed, "", "resolution"), res(resourceIPTC, "", datasets), res(resourceThumbnail, "th", "thumb"),
		res(resourceThumbnail4, "", "thumb"), res(0x0425, "odd", "digest"), res(resourceXMP, "", "xmp"))
}

func TestResources(t *testing.T) {
	all := resources()
	out, notes := Edit{Repainted: true}.Apply(Data{IPTC: all})
	want := slices.Concat(res(0x03ed, "", "resolution"), res(resourceIPTC, "", datasets), res(0x0425, "odd", "digest"), res(resourceXMP, "", "xmp"))
	if !bytes.Equal(out.IPTC, want) || len(notes) > 0 {
		t.Errorf("repainted: %q, notes %q", out.IPTC, notes)
	}
	if out, _ = (Edit{StripGPS: true}).Apply(Data{IPTC: all}); !bytes.Equal(out.IPTC, all[:len(all)-len(res(resourceXMP, "", "xmp"))]) {
		t.Errorf("without GPS: %q", out.IPTC)
	}
	if out, _ = (Edit{Upright: true}).Apply(Data{IPTC: all}); !bytes.Equal(out.IPTC, all) {
		t.Errorf("upright: %q", out.IPTC)
	}
	for _, damaged := range [][]byte{all[:len(all)-5], []byte("\x1c\x02\x50\x00\x03Ann    "), all[:9]} {
		if out, notes = (Edit{Repainted: true}).Apply(Data{IPTC: damaged}); !bytes.Equal(out.IPTC, damaged) || len(notes) > 0 {
			t.Errorf("damaged: %q, notes %q", out.IPTC, notes)
		}
	}
	if out, notes = (Edit{StripGPS: true}).Apply(Data{IPTC: []byte("8BIM and exif:GPSLatitude")}); out.IPTC != nil || len(notes) != 1 {
		t.Errorf("damaged with GPS: %q, notes %q", out.IPTC, notes)
	}
}

func TestCopyrightIPTC(t *testing.T) {
	out, notes := Edit{Keep: Copyright}.Apply(Data{IPTC: resources()})
	want := strings.NewReplacer("\x1c\x02\x19\x00\x02k1", "", "\x1c\x02\x5a\x00\x06Munich", "").Replace(datasets)
	if !bytes.Equal(out.IPTC, res(resourceIPTC, "", want)) || len(notes) > 0 {
		t.Errorf("%q, notes %q", out.IPTC, notes)
	}
	out, notes = Edit{Keep: Copyright}.Apply(Data{IPTC: res(resourceIPTC, "", "\x1c\x02\x00\x00\x02\x00\x04"+"\x1c\x02\x19\x00\x02k1")})
	if out.IPTC != nil || len(notes) > 0 {
		t.Errorf("of nothing: %q, notes %q", out.IPTC, notes)
	}
	for _, bad := range []string{"\x1c\x02\x50\x00\x09Ann", "\x1c\x02\x50\x80\x05\x00\x00\x00\x00\x03Ann", "\x1c\x02", "\x1c\x02\x50\x80\x04\xff\xff\xff\xffAnn"} {
		if out, notes = (Edit{Keep: Copyright}).Apply(Data{IPTC: res(resourceIPTC, "", bad)}); out.IPTC != nil || !slices.Equal(notes, []string{"not kept: damaged IPTC"}) {
			t.Errorf("%q: %q, notes %q", bad, out.IPTC, notes)
		}
	}
}

func TestPhotoshopResources(t *testing.T) {
	const otherResource = "8BIM\x03\xed\x03abc\x00\x00\x00\x03xyz\x00"
	both := JoinIPTC([]byte(otherResource), []byte("odd"))
	iptc, others := SplitIPTC(both)
	if string(iptc) != "odd" || string(others) != otherResource {
		t.Errorf("%q and %q", iptc, others)
	}
	for n := range len(both) {
		iptc, others := SplitIPTC(both[:n])
		if len(iptc)+len(others) > n {
			t.Errorf("%d bytes became %q and %q", n, iptc, others)
		}
	}
	for _, c := range []struct{ in, want string }{
		{"\x1c\x02\x50\x00\x02Me\x00", "\x1c\x02\x50\x00\x02Me"}, {"\x1c\x02\x50\x00\x02M\x00\x00", "\x1c\x02\x50\x00\x02M\x00"},
		{"\x1c\x02\x50\x00\x02Mex", "\x1c\x02\x50\x00\x02Mex"}, {"\x1c\x02\x50\x80\x02Me\x00", "\x1c\x02\x50\x80\x02Me\x00"}, {"", ""},
	} {
		if got := TrimIPTC([]byte(c.in)); string(got) != c.want {
			t.Errorf("%q without padding is %q, want %q", c.in, got, c.want)
		}
	}
	ready := "MeSa\x0b\xb7\x00\x00\x00\x00\x00\x00" + otherResource // of ImageReady
	if _, others := SplitIPTC(JoinIPTC([]byte(ready), []byte("IPTC"))); string(others) != ready {
		t.Errorf("with another signature: %q", others)
	}
	if got := JoinIPTC([]byte(otherResource), nil); string(got) != otherResource {
		t.Errorf("without IPTC: %q", got)
	}
}
