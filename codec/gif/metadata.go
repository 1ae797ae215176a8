package gif

// Applications whose extensions hold metadata: XMP (XMP specification, part 3,
// section 1.1.2) and profiles (ICC.1:2022, annex B.6).
const (
	appXMP = "XMP DataXMP"
	appICC = "ICCRGBG1012"
)

// comment takes in a comment, whose label is read.
func (f *File) comment(in *blocks) error {
	b, err := in.data(f.most, false)
	switch {
	case f.most == 0 || err != nil:
	case b == nil:
		f.Metadata.Omit("comment")
	default:
		f.Metadata.Comments = append(f.Metadata.Comments, b)
	}
	return err
}

// metadata takes in what follows the name of an application. XMP is no sequence
// of sub-blocks, but ends in a trailer of 257 bytes that leads out of it wherever
// who takes it for one comes upon that.
func (f *File) metadata(in *blocks, kind string) error {
	const tail = 257
	b, err := in.data(f.most, kind == appXMP)
	switch {
	case f.most == 0 || err != nil:
	case kind == appICC && b != nil && f.Metadata.ICC == nil:
		f.Metadata.ICC = b
	case kind == appXMP && len(b) > tail && f.Metadata.XMP == nil:
		f.Metadata.XMP = b[:len(b)-tail]
	default:
		f.Metadata.Omit(map[string]string{appXMP: "XMP", appICC: "ICC profile"}[kind])
	}
	return err
}

// data reads sub-blocks to their end, and returns what is in them, with or without
// the lengths between; nil if that is more than most bytes.
func (in *blocks) data(most int, lengths bool) (all []byte, err error) {
	all = []byte{}
	for {
		b, err := in.subBlock()
		if err != nil || len(b) == 0 {
			return all, err
		}
		switch {
		case len(all) > most-256:
			most, all = 0, nil
		case lengths:
			all = append(append(all, byte(len(b))), b...)
		default:
			all = append(all, b...)
		}
	}
}
