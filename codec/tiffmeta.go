package codec

import (
	"io"

	"github.com/imgpar/imgpar/codec/meta"
)

func tiffMetadata(r io.ReaderAt) meta.Data {
	d, err := readDirectory(r)
	if err != nil {
		return meta.Data{}
	}
	m := meta.Data{ICC: d.bytes(r, tagICC), XMP: d.bytes(r, tagXMP)}
	if _, ok := d.find(tagExif); ok {
		m.Other = append(m.Other, "EXIF")
	}
	if _, ok := d.find(tagIPTC); ok {
		m.Other = append(m.Other, "IPTC")
	}
	return m
}
