package meta

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// Photoshop's image resources that are looked at (Photoshop file formats specification, image resource section).
const (
	resourceIPTC        = 0x0404
	resourceThumbnail4  = 0x0409 // of Photoshop 4
	resourceThumbnail   = 0x040c
	resourceEXIF        = 0x0422 // copies, in files of Photoshop's own
	resourceEXIF3       = 0x0423
	resourceXMP         = 0x0424
	resourceSignature   = "8BIM"
	resourceHeaderBytes = 12 // at least: signature, number, an empty name, length
)

// resource is one of an image's.
type resource struct {
	id        uint16
	raw, data []byte // with its head and padding, and without
}

// parseResources reads a block of image resources: signature, number, name as a Pascal string padded to even length,
// length, data padded to even length. It is not ok where the block is something else or breaks off.
func parseResources(b []byte) (out []resource, ok bool) {
	for len(b) >= resourceHeaderBytes {
		if !slices.Contains([]string{resourceSignature, "MeSa", "AgHg", "PHUT", "DCSR"}, string(b[:4])) {
			return out, false
		}
		head := 6 + (1+int(b[6])+1)&^1
		if len(b) < head+4 {
			return out, false
		}
		n := uint64(binary.BigEndian.Uint32(b[head:]))
		head += 4
		if uint64(len(b)-head) < n {
			return out, false
		}
		end := min(head+(int(n)+1)&^1, len(b))
		out = append(out, resource{binary.BigEndian.Uint16(b[4:]), b[:end], b[head : head+int(n)]})
		b = b[end:]
	}
	return out, allZero(b)
}

// resources returns Photoshop's resources as e says. It is not ok where they had to be understood for that and were
// not.
func (e Edit) resources(b []byte) (out []byte, ok bool) {
	var drop []uint16
	if e.repainted() {
		drop = append(drop, resourceThumbnail, resourceThumbnail4)
	}
	if e.StripGPS {
		drop = append(drop, resourceEXIF, resourceEXIF3, resourceXMP)
	}
	if b == nil || drop == nil {
		return b, true
	}
	all, ok := parseResources(b)
	if !ok {
		return b, !e.StripGPS || !bytes.Contains(bytes.ToLower(b), []byte("gps"))
	}
	goes := func(r resource) bool { return slices.Contains(drop, r.id) }
	if !slices.ContainsFunc(all, goes) {
		return b, true
	}
	for _, r := range all {
		if !goes(r) {
			out = append(out, r.raw...)
		}
	}
	return out, true
}

// Datasets of IPTC-IIM 4.1 that stay where only those on rights do: record and number.
var rightsDatasets = [][2]byte{
	{1, 0}, {1, 90}, // version and coded character set of the envelope
	{2, 0},                      // version
	{2, 80}, {2, 110}, {2, 116}, // By-line, Credit, Copyright Notice
}

// copyrightIPTC is a new block of resources with the datasets on rights; nil where there are none. It is not ok where
// the block cannot be read.
func copyrightIPTC(b []byte) (out []byte, ok bool) {
	all, ok := parseResources(b)
	var kept []byte
	found := false
	for _, r := range all {
		if r.id != resourceIPTC {
			continue
		}
		for d := r.data; len(d) > 0 && d[0] == 0x1c; {
			n := datasetSize(d)
			if n == 0 {
				ok = false
				break
			}
			if slices.Contains(rightsDatasets, [2]byte(d[1:3])) {
				kept = append(kept, d[:n]...)
				found = found || d[1] == 2 && d[2] != 0
			}
			d = d[n:]
		}
	}
	if !found {
		return nil, ok
	}
	return JoinIPTC(nil, kept), ok
}

// datasetSize returns the bytes of the dataset at the start of d (IIM 4.1, section 1.5), 0 where it breaks off.
func datasetSize(d []byte) int {
	if len(d) < 5 {
		return 0
	}
	head, n := 5, int(binary.BigEndian.Uint16(d[3:]))
	if n >= 1<<15 { // extended: so many bytes of length follow
		if n -= 1 << 15; n > 4 || len(d) < 5+n {
			return 0
		}
		head += n
		var length uint64
		for _, c := range d[5:head] {
			length = length<<8 | uint64(c)
		}
		if length > uint64(len(d)) {
			return 0
		}
		n = int(length)
	}
	if len(d) < head+n {
		return 0
	}
	return head + n
}

// SplitIPTC takes datasets of IPTC-IIM out of a block of Photoshop's image resources, which is what Data.IPTC is, and
// returns them and the other resources, up to what breaks off: a TIFF has each in a tag of its own.
func SplitIPTC(resources []byte) (iim, others []byte) {
	all, _ := parseResources(resources)
	for _, r := range all {
		if r.id == resourceIPTC && iim == nil {
			iim = r.data
		} else {
			others = append(others, r.raw...)
		}
	}
	return iim, others
}

// JoinIPTC returns Photoshop's resources with datasets of IPTC-IIM as the first of them. Those that are there already
// give way, unless there are none to be joined.
func JoinIPTC(resources, iim []byte) []byte {
	if len(iim) == 0 {
		return resources
	}
	_, others := SplitIPTC(resources)
	out := append([]byte(resourceSignature), resourceIPTC>>8, resourceIPTC&0xff, 0, 0)
	out = binary.BigEndian.AppendUint32(out, uint32(len(iim)))
	out = append(out, iim...)
	if len(iim)%2 != 0 {
		out = append(out, 0)
	}
	return append(out, others...)
}

// TrimIPTC returns datasets without the zeros, at most three, that fill them up to a multiple of four bytes, as a TIFF
// has them.
func TrimIPTC(iim []byte) []byte {
	rest := iim
	for len(rest) > 0 && rest[0] == 0x1c {
		n := datasetSize(rest)
		if n == 0 {
			break
		}
		rest = rest[n:]
	}
	if len(rest) < 4 && allZero(rest) {
		return iim[:len(iim)-len(rest)]
	}
	return iim
}
