package meta

import "github.com/imgpar/imgpar/codec/ifd"

// orientationEXIF is a new block of the orientation in one and nothing else, nil where that needs no saying.
func orientationEXIF(block []byte, orientation int) []byte {
	x, ok := openEXIF(block)
	if !ok || orientation == 1 {
		return nil
	}
	return x.renewed(orientation, nil)
}

// copyrightEXIF is a new block of the Artist and the Copyright in one, and an orientation. It is not ok where the block
// cannot be read.
func copyrightEXIF(block []byte, orientation int) (out []byte, ok bool) {
	if block == nil {
		return nil, true
	}
	x, ok := openEXIF(block)
	if !ok {
		return nil, false
	}
	var entries []ifd.Entry
	for _, tag := range []uint16{ifd.TagArtist, ifd.TagCopyright} {
		e, found := x.main.Find(tag)
		if !found || e.Type.Size() != 1 || e.Count == 0 {
			continue
		}
		if e.Value, ok = x.load(e); !ok {
			return nil, false
		}
		entries = append(entries, e)
	}
	if len(entries) == 0 && orientation == 1 {
		return nil, true
	}
	return x.renewed(orientation, entries), true
}

func (x *exif) load(e ifd.Entry) (value []byte, ok bool) {
	value, err := e.Load(x.r, int64(len(x.b)))
	return value, err == nil
}

// renewed is a block of some entries, an orientation, and the tags that every IFD0 of a JPEG must have (Exif 2.32,
// table 17): those that x has, or what readers take for granted where it does not.
func (x *exif) renewed(orientation int, entries []ifd.Entry) []byte {
	order := x.file.Order
	for _, must := range (Facts{}).page(x, x.main) {
		if e, ok := x.main.Find(must.Tag); ok && e.Type == must.Type && e.Count == 1 {
			if value, ok := x.load(e); ok {
				must.Value = value
			}
		}
		entries = append(entries, must)
	}
	if orientation != 1 {
		entries = append(entries, ifd.Entry{Tag: ifd.TagOrientation, Type: ifd.Short, Value: x.short(uint16(orientation))})
	}
	out, _ := ifd.Append(ifd.AppendHead(nil, order, 8), 0, order, entries, 0)
	return out
}
