package ifd

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/imgpar/imgpar/internal/fuzztest"
)

var orders = []binary.ByteOrder{binary.LittleEndian, binary.BigEndian}

// classic returns a TIFF structure of one directory.
func classic(o binary.ByteOrder, entries []Entry, next int64) []byte {
	out := []byte("II*\x00\x00\x00\x00\x00")
	if o == binary.ByteOrder(binary.BigEndian) {
		out = []byte("MM\x00*\x00\x00\x00\x00")
	}
	out, at := Append(out, 0, o, entries, next)
	o.PutUint32(out[4:], uint32(at))
	return out
}

func TestAppendAndRead(t *testing.T) {
	for _, o := range orders {
		short := make([]byte, 6)
		for i := range 3 {
			o.PutUint16(short[2*i:], uint16(1000+i))
		}
		entries := []Entry{
			{Tag: 700, Type: Byte, Value: []byte("odd")}, {Tag: 256, Type: Short, Value: short[:2]},
			{Tag: 258, Type: Short, Value: short}, {Tag: 305, Type: ASCII, Value: []byte("seven!\x00")},
		}
		data := classic(o, entries, 77)
		r := bytes.NewReader(data)
		f, err := ReadFile(r)
		if err != nil || f.Big || f.Order != o {
			t.Fatalf("%+v, %v", f, err)
		}
		d, err := f.ReadDirectory(r, f.First)
		if err != nil || d.Next != 77 || d.At != f.First {
			t.Fatalf("%+v, %v", d, err)
		}
		var tags []uint16
		for _, e := range d.Entries {
			tags = append(tags, e.Tag)
			want := entries[slices.IndexFunc(entries, func(x Entry) bool { return x.Tag == e.Tag })]
			if b, err := e.Load(r, 100); !bytes.Equal(b, want.Value) || err != nil || e.Type != want.Type {
				t.Errorf("tag %d: %q, %v", e.Tag, b, err)
			}
			if len(want.Value) > 4 && e.At%2 != 0 {
				t.Errorf("tag %d: its values begin at %d, which is odd", e.Tag, e.At)
			}
		}
		if want := []uint16{256, 258, 305, 700}; !slices.Equal(tags, want) {
			t.Errorf("tags %v, want %v", tags, want)
		}
		if got, want := d.Uints(r, 258, 3), []uint64{1000, 1001, 1002}; !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
		if got, ok := d.Uint(r, 258); got != 1000 || !ok {
			t.Errorf("%d, %v", got, ok)
		}
		if d.Uints(r, 258, 2) != nil || d.Uints(r, 305, 100) != nil || d.Uints(r, 1, 1) != nil {
			t.Error("too many values, text, or no tag became numbers")
		}
		if _, err := d.Entries[3].Load(r, 2); !errors.Is(err, ErrFormat) {
			t.Errorf("more than is wanted: %v", err)
		}
	}
}

func TestAppendBehindOtherBytes(t *testing.T) {
	out, at := Append([]byte("xyz"), 1000, binary.LittleEndian, []Entry{{Tag: 1, Type: ASCII, Value: []byte("longer")}}, 0)
	if at != 1004 || len(out) != 4+2+12+4+6 { // on an even offset
		t.Fatalf("at %d, %d bytes", at, len(out))
	}
	if v := binary.LittleEndian.Uint32(out[4+2+8:]); int(v) != 1000+4+2+12+4 {
		t.Errorf("the value is at %d", v)
	}
}

func TestAppendOfWhatIsThere(t *testing.T) {
	out, _ := Append([]byte("II*\x00\x10\x00\x00\x00somebody"), 0, binary.LittleEndian, []Entry{{Tag: 1, Type: ASCII, Count: 8, At: 8}}, 0)
	r := bytes.NewReader(out)
	d, err := (File{Order: binary.LittleEndian}).ReadDirectory(r, 16)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := d.Entries[0].Load(r, 8); string(b) != "somebody" {
		t.Errorf("%q, %v", b, err)
	}
}

// bigTIFF is one with a directory of one entry.
func bigTIFF(o interface {
	binary.ByteOrder
	binary.AppendByteOrder
}, kind Type, count, value uint64) []byte {
	out := []byte("II+\x00")
	if o == binary.ByteOrder(binary.BigEndian) {
		out = []byte("MM\x00+")
	}
	out = o.AppendUint16(o.AppendUint16(out, 8), 0)
	out = o.AppendUint64(out, 16)
	out = o.AppendUint64(out, 1)
	out = o.AppendUint16(o.AppendUint16(out, 273), uint16(kind))
	out = o.AppendUint64(o.AppendUint64(out, count), value)
	return o.AppendUint64(out, 0)
}

func TestBigTIFF(t *testing.T) {
	for _, data := range [][]byte{bigTIFF(binary.LittleEndian, Long8, 1, 1<<40), bigTIFF(binary.BigEndian, Long8, 1, 1<<40)} {
		r := bytes.NewReader(data)
		f, err := ReadFile(r)
		if err != nil || !f.Big || f.First != 16 {
			t.Fatalf("%+v, %v", f, err)
		}
		d, err := f.ReadDirectory(r, f.First)
		if err != nil {
			t.Fatal(err)
		}
		if v, ok := d.Uint(r, 273); v != 1<<40 || !ok {
			t.Errorf("%d, %v", v, ok)
		}
	}
}

func TestAbsurdities(t *testing.T) {
	le := binary.LittleEndian
	for what, data := range map[string][]byte{
		"nothing":           nil,
		"no TIFF":           []byte("GIF89a, and more"),
		"odd offsets":       append([]byte("II+\x00\x04\x00\x00\x00"), make([]byte, 20)...),
		"an offset below 0": append([]byte("II+\x00\x08\x00\x00\x00"), bytes.Repeat([]byte{255}, 20)...),
		"a cut off BigTIFF": []byte("II+\x00\x08\x00\x00\x00\x10"),
		"a cut off TIFF":    []byte("II*\x00\x08"),
	} {
		if f, err := ReadFile(bytes.NewReader(data)); err == nil {
			t.Errorf("%s: %+v", what, f)
		}
	}
	for what, data := range map[string][]byte{
		"many values":     bigTIFF(le, Long8, 1<<61, 0),
		"more than any":   bigTIFF(le, Byte, 1<<63, 0),
		"an unknown type": bigTIFF(le, 99, 1, 0),
		"outside":         bigTIFF(le, Byte, 100, 1<<40),
		"below 0":         bigTIFF(le, Byte, 100, 1<<63),
	} {
		r := bytes.NewReader(data)
		f, err := ReadFile(r)
		if err != nil {
			t.Fatal(err)
		}
		d, err := f.ReadDirectory(r, f.First)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := d.Entries[0].Load(r, 1<<30); err == nil {
			t.Errorf("%s: %d bytes", what, len(b))
		}
		if v := d.Uints(r, 273, 1<<40); v != nil {
			t.Errorf("%s: %d numbers", what, len(v))
		}
	}
	many := bigTIFF(le, Byte, 1, 1)
	le.PutUint64(many[16:], maxEntries+1)
	if _, err := (File{Order: le, Big: true}).ReadDirectory(bytes.NewReader(many), 16); !errors.Is(err, ErrFormat) {
		t.Errorf("too many entries: %v", err)
	}
	le.PutUint64(many[16:], maxEntries)
	if _, err := (File{Order: le, Big: true}).ReadDirectory(bytes.NewReader(many), 16); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("entries that are not there: %v", err)
	}
}

// A value of many bytes takes memory only as it is read.
func TestMemoryIsTakenAsItIsFilled(t *testing.T) {
	e := Entry{Type: Byte, Count: 1 << 40, At: 0}
	n := testing.AllocsPerRun(1, func() {
		if _, err := e.Load(bytes.NewReader(make([]byte, 100)), 1<<41); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%v", err)
		}
	})
	if n > 10 {
		t.Errorf("%v allocations", n)
	}
	want := bytes.Repeat([]byte("0123456789"), 300_000)
	e.Count = int64(len(want))
	if got, err := e.Load(bytes.NewReader(want), 1<<41); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

func FuzzDirectory(f *testing.F) {
	for _, o := range orders {
		f.Add(classic(o, []Entry{{Tag: 256, Type: Short, Value: []byte{1, 2}}, {Tag: 700, Type: Byte, Value: []byte("a longer one")}}, 8))
	}
	f.Add(bigTIFF(binary.LittleEndian, Long8, 1, 1<<40))
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzztest.Bound(t, data, 256<<20)()
		r := bytes.NewReader(data)
		file, err := ReadFile(r)
		if err != nil {
			return
		}
		d, err := file.ReadDirectory(r, file.First)
		if err != nil {
			return
		}
		if d.Next < 0 || len(d.Entries)*12 > len(data) {
			t.Fatalf("%d entries, next %d", len(d.Entries), d.Next)
		}
		var kept []Entry
		for _, e := range d.Entries {
			b, err := e.Load(r, 1<<16)
			if err == nil && int64(len(b)) != e.Size() {
				t.Fatalf("%d bytes of %d", len(b), e.Size())
			}
			if e.Value = b; err == nil && len(kept) < 1000 && e.Type < Long8 {
				kept = append(kept, e)
			}
			d.Uint(r, e.Tag)
			d.Uints(r, e.Tag, 1<<10)
		}
		copied := classic(file.Order, kept, 0)
		r = bytes.NewReader(copied)
		again, err := (File{Order: file.Order}).ReadDirectory(r, 8)
		if err != nil || len(again.Entries) != len(kept) {
			t.Fatalf("%d entries became %d, %v", len(kept), len(again.Entries), err)
		}
	})
}

func TestHeadsComeBack(t *testing.T) {
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		head := AppendHead([]byte("x"), order, 0x01020304)[1:]
		f, err := ReadFile(bytes.NewReader(head))
		if err != nil || len(head) != 8 || f.Order != order || f.Big || f.First != 0x01020304 {
			t.Errorf("%v: %q, %+v, %v", order, head, f, err)
		}
	}
}
