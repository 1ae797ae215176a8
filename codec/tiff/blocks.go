package tiff

import (
	"slices"
	"sort"

	"github.com/imgpar/imgpar/codec/ifd"
)

// layBlocks finds out how the picture is divided into strips or tiles (sections 3 and 15), a strip being a tile as wide as
// the picture. Their places are not read yet.
func (p *Page) layBlocks() error {
	if p.Width == 0 || p.Height == 0 {
		return badf("a page of %dx%d pixels", p.Width, p.Height)
	}
	if p.tiled {
		p.blockW, p.blockH = p.Uint(tagTileWidth, 0), p.Uint(tagTileLength, 0)
	} else {
		p.blockW, p.blockH = p.Width, min(p.Uint(tagRowsPerStrip, p.Height), p.Height)
	}
	if p.blockW == 0 || p.blockH == 0 {
		return badf("blocks of %dx%d pixels", p.blockW, p.blockH)
	}
	p.across, p.down = (p.Width-1)/p.blockW+1, (p.Height-1)/p.blockH+1
	if p.Photometric == photoYCbCr && p.blockH%p.subV != 0 && p.down > 1 {
		return badf("strips of %d rows, of which %d share chroma", p.blockH, p.subV)
	}
	if n := int64(p.across) * int64(p.down) * int64(p.planes()); n > MaxBlocks {
		return overf("%d strips or tiles; at most %d are read", n, MaxBlocks)
	}
	rows := int64(p.Height) // of all tiles that are unpacked; those below the picture are not
	if p.compression == compJPEG {
		rows = int64(p.down) * int64(p.blockH)
	}
	if all := int64(p.across) * int64(p.blockW) * rows; all > maxTileShare*int64(p.Width)*int64(p.Height)+maxTileSlack {
		return overf("tiles of %dx%d pixels for a picture of %dx%d", p.blockW, p.blockH, p.Width, p.Height)
	}
	if n := int64(p.blockW) * int64(p.Samples) * int64(p.Bits) / 8; n > maxRowBytes {
		return overf("rows of %d bytes; at most %d are read", n, maxRowBytes)
	}
	if n := int64(p.blockW) * int64(p.Samples); n > maxRowSamples {
		return overf("rows of %d samples; at most %d are read", n, maxRowSamples)
	}
	return nil
}

// planes returns how many blocks stand for one area: one for each sample where these are apart.
func (p *Page) planes() int {
	if p.planar {
		return p.Samples
	}
	return 1
}

// together returns how many samples of a pixel one block holds.
func (p *Page) together() int { return p.Samples / p.planes() }

// rowBytes returns the bytes of a row of a block, or of a group of rows that share chroma.
func (p *Page) rowBytes() int {
	if p.subH*p.subV > 1 {
		return (p.blockW + p.subH - 1) / p.subH * (p.subH*p.subV + 2)
	}
	return int((int64(p.blockW)*int64(p.together())*int64(p.Bits) + 7) / 8)
}

// findBlocks reads where the strips or tiles are. Where a file does not say how long they are, they reach, if they are
// compressed, to the next one or to the end of the file.
func (p *Page) findBlocks() error {
	need := int64(p.across * p.down * p.planes())
	at, count := uint16(tagStripOffsets), uint16(tagStripByteCounts)
	if p.tiled && p.has(tagTileOffsets) { // some write those of strips
		at, count = tagTileOffsets, tagTileByteCounts
	}
	var err error
	if p.offsets, err = p.values(at, need); err != nil {
		return err
	}
	if p.size, err = p.values(count, need); err != nil {
		return err
	}
	if p.offsets == nil {
		return badf("it does not say where its strips or tiles are")
	}
	if p.size == nil || len(p.size) == 1 && p.size[0] == 0 {
		p.guessSizes()
	}
	if p.compression == compJPEG {
		return p.checkShared()
	}
	return nil
}

// checkShared refuses JPEGs that are the same bytes of the file again and again: each is read as a whole, which would
// take a time without end. That of a blank tile may well stand for many.
func (p *Page) checkShared() error {
	most, all := maxJPEGShare*uint64(p.file.size)+maxJPEGSlack, uint64(0)
	for _, n := range p.size {
		if all += min(n, uint64(p.file.size)); all > most {
			return overf("JPEGs of more than %d bytes in a file of %d", most, p.file.size)
		}
	}
	return nil
}

// values returns the first need values of a tag, or nil where there is none.
func (p *Page) values(tag uint16, need int64) ([]uint64, error) {
	e, ok := p.Dir.Find(tag)
	if !ok {
		return nil, nil
	}
	if e.Count < need {
		return nil, badf("tag %d has %d values for %d strips or tiles", tag, e.Count, need)
	}
	e.Count = need
	d := ifd.Directory{Order: p.Dir.Order, Entries: []ifd.Entry{e}}
	v := d.Uints(p.r, tag, need)
	if v == nil {
		return nil, badf("tag %d cannot be read", tag)
	}
	return v, nil
}

func (p *Page) guessSizes() {
	sorted := slices.Clone(p.offsets)
	slices.Sort(sorted)
	p.size = make([]uint64, len(p.offsets))
	for i, at := range p.offsets {
		end := uint64(p.file.size)
		if next := sort.Search(len(sorted), func(k int) bool { return sorted[k] > at }); next < len(sorted) && p.compression != compNone {
			end = min(end, sorted[next])
		}
		if end > at {
			p.size[i] = end - at
		}
	}
}
