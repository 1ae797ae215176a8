package tiff

import (
	"io"
	"slices"
	"strings"

	"github.com/imgpar/imgpar/codec/ifd"
)

// Page is a picture of a file.
type Page struct {
	Width, Height int // pixels, as stored
	Bits          int // of a sample
	Samples       int // of a pixel: colour, alpha and others
	Colors        int // samples that are colour; of a palette 1
	Photometric   int // PhotometricInterpretation: what the samples mean
	Alpha         bool
	Dir           ifd.Directory
	LeftOut       []string // what stands beside the page in the file and is no page, by name

	file          *File
	r             io.ReaderAt
	compression   int
	format        int // of the samples
	predictor     int
	planar        bool
	lsb           bool // FillOrder 2: the bits of a byte are reversed
	associated    bool // colours are multiplied by alpha already
	alphaAt       int  // which sample is alpha; -1: none
	alphaDropped  bool // there is one, which is not read
	tiled         bool
	blockW        int // pixels of a strip or a tile
	blockH        int
	across        int // blocks
	down          int
	subH, subV    int // pixels that share a chroma sample
	t4            int // T4Options
	offsets, size []uint64
	err           error
}

// newPage takes in what a directory says. What is wrong with it goes into err.
func newPage(f *File, d ifd.Directory) *Page {
	p := &Page{Dir: d, file: f, r: f.r, alphaAt: -1, subH: 1, subV: 1}
	p.Width, p.Height = p.Uint(ifd.TagImageWidth, 0), p.Uint(ifd.TagImageLength, 0)
	p.Bits, p.Samples = p.Uint(tagBitsPerSample, 1), p.Uint(tagSamplesPerPixel, 1)
	p.compression, p.Photometric = p.Uint(tagCompression, compNone), p.Uint(tagPhotometric, -1)
	p.predictor, p.format = p.Uint(tagPredictor, 1), p.Uint(tagSampleFormat, formatUint)
	p.planar, p.lsb = p.Uint(tagPlanarConfig, 1) == 2, p.Uint(tagFillOrder, 1) == 2
	p.t4 = p.Uint(tagT4Options, 0)
	p.tiled = p.has(tagTileWidth)
	if p.has(tagSubIFDs) {
		p.leaveOut("SubIFDs")
	}
	for _, check := range []func() error{p.checkColours, p.checkSamples, p.checkCoding, p.layBlocks} {
		if p.err == nil {
			p.err = check()
		}
	}
	return p
}

// Check returns why the page cannot be read, as far as its directory tells, or nil.
func (p *Page) Check() error { return p.err }

func (p *Page) has(tag uint16) bool {
	_, ok := p.Dir.Find(tag)
	return ok
}

// Uint returns the first value of a tag of whole numbers, at most 1<<31-1, or missing where there is none.
func (p *Page) Uint(tag uint16, missing int) int {
	if v, ok := p.Dir.Uint(p.r, tag); ok {
		return int(min(v, 1<<31-1))
	}
	return missing
}

func (p *Page) leaveOut(what string) {
	if !slices.Contains(p.LeftOut, what) {
		p.LeftOut = append(p.LeftOut, what)
	}
}

// checkColours finds out what the samples of a pixel mean (PhotometricInterpretation and ExtraSamples).
func (p *Page) checkColours() error {
	if p.Photometric == -1 { // required, but left out by some writers of scans, which have white paper
		p.Photometric = blackIsZero
		if p.Samples >= 3 {
			p.Photometric = photoRGB
		} else if p.compression >= compRLE && p.compression <= compFax4 {
			p.Photometric = whiteIsZero
		}
	}
	switch p.Photometric {
	case whiteIsZero, blackIsZero, photoPalette:
		p.Colors = 1
	case photoRGB, photoYCbCr:
		p.Colors = 3
	case photoCMYK:
		p.Colors = 4
		if p.Samples == 3 {
			p.Colors = 3 // without black
		}
		if p.Uint(tagInkSet, 1) != 1 {
			return missingf("inks other than CMYK")
		}
	default:
		if name, ok := photometricNames[p.Photometric]; ok {
			return missingf("%s", name)
		}
		return missingf("photometric interpretation %d", p.Photometric)
	}
	if p.Samples < p.Colors {
		return badf("%d samples a pixel for %d colours", p.Samples, p.Colors)
	}
	if p.Samples > MaxSamples {
		return overf("%d samples a pixel; at most %d are read", p.Samples, MaxSamples)
	}
	const associated, unassociated = 1, 2
	for i, kind := range p.Dir.Uints(p.r, tagExtraSamples, MaxSamples) {
		if p.Colors+i < p.Samples && (kind == associated || kind == unassociated) {
			if p.Photometric == photoPalette || p.Photometric == photoCMYK { // in memory these have no alpha
				p.alphaDropped = true
				break
			}
			p.alphaAt, p.associated, p.Alpha = p.Colors+i, kind == associated, true
			break
		}
	}
	return nil
}

// dropped returns the number of samples that are neither colour nor alpha.
func (p *Page) dropped() int {
	n := p.Samples - p.Colors
	if p.Alpha || p.alphaDropped {
		n--
	}
	return n
}

// checkSamples refuses samples that cannot be understood.
func (p *Page) checkSamples() error {
	for _, b := range p.Dir.Uints(p.r, tagBitsPerSample, MaxSamples) {
		if int(b) != p.Bits {
			return missingf("samples of different depths")
		}
	}
	for _, f := range p.Dir.Uints(p.r, tagSampleFormat, MaxSamples) {
		if int(f) != p.format {
			return missingf("samples of different formats")
		}
	}
	switch {
	case p.format == 0 || p.format == 4: // undefined: most likely as everyone does
		p.format = formatUint
	case p.format == formatInt: // some shift them by half their range, some only say that they are signed, and no file tells
		return missingf("signed samples, whose black is defined nowhere")
	case p.format == 5 || p.format == 6:
		return missingf("complex numbers as samples")
	case p.format > 6:
		return badf("sample format %d", p.format)
	}
	switch {
	case p.Bits == 0:
		return badf("samples of 0 bits")
	case p.format == formatFloat && p.Bits != 16 && p.Bits != 32 && p.Bits != 64:
		return missingf("floating point of %d bits", p.Bits)
	case p.Bits > 32 && p.Bits != 64:
		return missingf("%d bits a sample", p.Bits)
	case p.Photometric == photoPalette && (p.Bits > 16 || p.format != formatUint):
		return missingf("a palette of %d bits", p.Bits)
	case p.Photometric == photoPalette && !p.has(tagColorMap):
		return badf("a palette picture without its colours")
	case p.Photometric == photoYCbCr && (p.Bits != 8 || p.format != formatUint):
		return missingf("YCbCr of %d bits", p.Bits)
	}
	return nil
}

// checkCoding refuses what cannot be unpacked.
func (p *Page) checkCoding() error {
	name, known := compressionNames[p.compression]
	switch p.compression {
	case compNone, compLZW, compDeflate, compOldDeflate, compPackBits, compZstd, compZstdPrivate:
	case compRLE, compRLEW, compFax3, compFax4:
		if p.Bits != 1 || p.Samples != 1 && !p.planar {
			return badf("%s compression of %d samples of %d bits", name, p.Samples, p.Bits)
		}
		if p.compression == compFax3 && p.t4&2 != 0 || p.compression == compFax4 && p.Uint(tagT6Options, 0)&2 != 0 {
			return missingf("%s in uncompressed mode", name)
		}
	case compJPEG:
		if p.Bits == 12 {
			return missingf("JPEG of 12 bits")
		}
		if p.Bits != 8 || p.format != formatUint || p.predictor != 1 {
			return badf("JPEG compression of %d bits a sample", p.Bits)
		}
	default:
		if known {
			return missingf("%s compression", name)
		}
		return missingf("compression %d", p.compression)
	}
	switch {
	case p.predictor == 1:
	case p.predictor == 2 && p.Photometric == photoYCbCr, p.compression >= compRLE && p.compression <= compFax4:
		p.predictor = 1 // it is one of LZW and Deflate (section 14); others leave it unread
	case p.predictor == 2:
	case p.predictor == 3 && p.format == formatFloat:
	default:
		return badf("predictor %d", p.predictor)
	}
	if p.Photometric == photoYCbCr && p.compression != compJPEG {
		return p.checkSampling()
	}
	return nil
}

// checkSampling reads how chroma is sampled (section 21). A JPEG says so itself.
func (p *Page) checkSampling() error {
	p.subH, p.subV = 2, 2
	if s := p.Dir.Uints(p.r, tagYCbCrSampling, 2); len(s) == 2 {
		p.subH, p.subV = int(min(s[0], 255)), int(min(s[1], 255))
	}
	ok := func(n int) bool { return n == 1 || n == 2 || n == 4 }
	switch {
	case !ok(p.subH) || !ok(p.subV):
		return badf("chroma sampled %dx%d", p.subH, p.subV)
	case p.subH*p.subV == 1:
	case p.planar:
		return missingf("sampled chroma in separate planes")
	case p.Samples != 3:
		return missingf("sampled chroma with %d samples a pixel", p.Samples)
	}
	return nil
}

// Variant says how the page is coded, for people: "LZW, tiled, planar, big-endian".
func (p *Page) Variant() string {
	words := []string{compressionNames[p.compression]}
	add := func(word string, is bool) {
		if is {
			words = append(words, word)
		}
	}
	add("palette", p.Photometric == photoPalette)
	add("CMYK", p.Photometric == photoCMYK)
	add("YCbCr", p.Photometric == photoYCbCr)
	add("floating point", p.format == formatFloat)
	add("signed", p.format == formatInt)
	add("tiled", p.tiled)
	add("planar", p.planar && p.Samples > 1)
	add("big-endian", p.Dir.Order.Uint16([]byte{0, 1}) == 1)
	add("BigTIFF", p.file.Big)
	return strings.Join(words, ", ")
}
