package meta

import (
	"cmp"
	"slices"

	"github.com/imgpar/imgpar/codec/ifd"
)

// span is a part of a block: bytes from to to-1.
type span struct{ from, to int64 }

// merged returns spans in order, joined where they meet.
func merged(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var out []span
	for _, s := range spans {
		if n := len(out); n > 0 && s.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// without returns the parts of a that are not in b. Both are merged.
func without(a, b []span) []span {
	var out []span
	for _, s := range a {
		for len(b) > 0 && b[0].to <= s.from {
			b = b[1:]
		}
		for _, t := range b {
			if t.from >= s.to {
				break
			}
			if s.from < t.from {
				out = append(out, span{s.from, t.from})
			}
			s.from = t.to
		}
		if s.from < s.to {
			out = append(out, s)
		}
	}
	return out
}

// within cuts a span off at the ends of the block. It is not ok where nothing is left.
func (x *exif) within(from, size int64) (s span, ok bool) {
	n := int64(len(x.b))
	if from < 0 || from >= n || size <= 0 {
		return span{}, false
	}
	return span{from, from + min(size, n-from)}, true
}

// value returns where the values of an entry stand, unless they are within it.
func (x *exif) value(e ifd.Entry) (span, bool) {
	size := e.Size()
	if size <= 4 {
		return span{}, false
	}
	return x.within(e.At, size)
}

// extents returns what belongs to a directory: itself, its values, and the pictures that it describes.
func (x *exif) extents(d ifd.Directory) []span {
	var out []span
	add := func(s span, ok bool) {
		if ok {
			out = append(out, s)
		}
	}
	add(x.within(d.At, 2+12*int64(len(d.Entries))+4))
	for _, e := range d.Entries {
		add(x.value(e))
	}
	for _, p := range [][2]uint16{{tagThumbnail, tagThumbnailLength}, {tagStripOffsets, tagStripByteCounts}} {
		at, length := d.Uints(x.r, p[0], maxStrips), d.Uints(x.r, p[1], maxStrips)
		for i := range min(len(at), len(length)) {
			add(x.within(int64(at[i]), int64(length[i])))
		}
	}
	return out
}

// maxStrips is how many strips of an uncompressed thumbnail are looked at, which has one as a rule.
const maxStrips = 1000

// directories returns the offsets of all directories that can be reached. There may be too many: then it is not ok.
func (x *exif) directories() (seen []int64, ok bool) {
	todo := []int64{x.file.First}
	for len(todo) > 0 {
		if len(seen) == maxDirectories {
			return seen, false
		}
		at := todo[0]
		todo = todo[1:]
		if slices.Contains(seen, at) {
			continue
		}
		d, err := x.file.ReadDirectory(x.r, at)
		if err != nil {
			continue
		}
		seen = append(seen, at)
		for _, tag := range []uint16{ifd.TagExif, ifd.TagGPS, ifd.TagInterop, tagSubIFDs} {
			for _, p := range d.Uints(x.r, tag, maxDirectories) {
				todo = append(todo, int64(p))
			}
		}
		if d.Next != 0 {
			todo = append(todo, d.Next)
		}
	}
	return seen, true
}

// clear zeroes what is gone but for what others use as well, and cuts it off where it ends the block, with the padding
// of at most maxPadding zeros behind it.
func (x *exif) clear() {
	if len(x.gone) == 0 {
		return
	}
	used := []span{{0, 8}}
	all, ok := x.directories()
	if !ok {
		return
	}
	for _, at := range all {
		if d, err := x.file.ReadDirectory(x.r, at); err == nil {
			used = append(used, x.extents(d)...)
		}
	}
	free := without(merged(x.gone), merged(used))
	end := int64(len(x.b))
	for i := len(free) - 1; i >= 0; i-- {
		s := free[i]
		clear(x.b[s.from:s.to])
		if end-s.to <= maxPadding && allZero(x.b[s.to:end]) {
			end = s.from
		}
	}
	x.b = x.b[:end]
}

// maxPadding is how many bytes writers put between values so that the next begins at a whole word.
const maxPadding = 3

func allZero(b []byte) bool {
	return !slices.ContainsFunc(b, func(c byte) bool { return c != 0 })
}
