package codec

// Applications whose extensions hold metadata: XMP (XMP specification, part 3,
// section 1.1.2) and profiles (ICC.1:2022, annex B.6).
const (
	gifXMP = "XMP DataXMP"
	gifICC = "ICCRGBG1012"
)

// comment takes in a comment, whose label is read.
func (f *gifFile) comment(in *gifBlocks) error {
	b, err := in.data(f.texts, false)
	switch {
	case !f.texts || err != nil:
	case b == nil:
		f.meta.Other = addNotes(f.meta.Other, "comment")
	default:
		f.meta.Comments = append(f.meta.Comments, b)
	}
	return err
}

// metadata takes in what follows the name of an application. XMP is no sequence
// of sub-blocks, but ends in a trailer of 257 bytes that leads out of it wherever
// who takes it for one comes upon that.
func (f *gifFile) metadata(in *gifBlocks, kind string) error {
	const trailer = 257
	b, err := in.data(f.texts, kind == gifXMP)
	switch {
	case !f.texts || err != nil:
	case kind == gifICC && b != nil && f.meta.ICC == nil:
		f.meta.ICC = b
	case kind == gifXMP && len(b) > trailer && f.meta.XMP == nil:
		f.meta.XMP = b[:len(b)-trailer]
	default:
		f.meta.Other = addNotes(f.meta.Other, map[string]string{gifXMP: "XMP", gifICC: "ICC profile"}[kind])
	}
	return err
}

// data reads sub-blocks to their end, and returns what is in them, with or without
// the lengths between; nil if that is more than maxTextChunk or not wanted.
func (in *gifBlocks) data(wanted, lengths bool) (all []byte, err error) {
	all = []byte{}
	for {
		b, err := in.subBlock()
		if err != nil || len(b) == 0 {
			return all, err
		}
		switch {
		case !wanted || len(all) > maxTextChunk-256:
			wanted, all = false, nil
		case lengths:
			all = append(append(all, byte(len(b))), b...)
		default:
			all = append(all, b...)
		}
	}
}
