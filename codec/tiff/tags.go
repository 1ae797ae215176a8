package tiff

// Tags that say how pixels are stored (TIFF 6.0, section 8 and part 2; TIFF Technical Note 1 for 330). Those that
// describe a picture are in package ifd.
const (
	tagSubfileType     = 255 // the older form of NewSubfileType
	tagBitsPerSample   = 258
	tagCompression     = 259
	tagPhotometric     = 262
	tagFillOrder       = 266
	tagStripOffsets    = 273
	tagSamplesPerPixel = 277
	tagRowsPerStrip    = 278
	tagStripByteCounts = 279
	tagPlanarConfig    = 284
	tagT4Options       = 292
	tagT6Options       = 293
	tagPredictor       = 317
	tagColorMap        = 320
	tagTileWidth       = 322
	tagTileLength      = 323
	tagTileOffsets     = 324
	tagTileByteCounts  = 325
	tagSubIFDs         = 330
	tagInkSet          = 332
	tagExtraSamples    = 338
	tagSampleFormat    = 339
	tagJPEGTables      = 347
	tagYCbCrCoeffs     = 529
	tagYCbCrSampling   = 530
	tagReferenceBW     = 532
	tagDNGVersion      = 50706
)

// Values of Compression.
const (
	compNone        = 1
	compRLE         = 2 // CCITT modified Huffman, rows begin on a byte
	compFax3        = 3
	compFax4        = 4
	compLZW         = 5
	compOldJPEG     = 6
	compJPEG        = 7
	compDeflate     = 8
	compRLEW        = 32771 // as compRLE, rows begin on a word of 16 bits
	compPackBits    = 32773
	compOldDeflate  = 32946
	compZstd        = 50000
	compZstdPrivate = 34926 // before it was registered
)

var compressionNames = map[int]string{
	compNone: "uncompressed", compRLE: "CCITT RLE", compFax3: "CCITT G3", compFax4: "CCITT G4", compLZW: "LZW",
	compOldJPEG: "old-style JPEG", compJPEG: "JPEG", compDeflate: "Deflate", compRLEW: "CCITT RLE-W", compPackBits: "PackBits",
	compOldDeflate: "Deflate", compZstd: "Zstandard", compZstdPrivate: "Zstandard", 9: "JBIG (T.85)", 10: "JBIG (T.43)", 32766: "NeXT",
	32809: "ThunderScan", 32895: "raster padding", 32908: "Pixar film", 32909: "Pixar log", 33003: "JPEG 2000",
	33005: "JPEG 2000", 34661: "JBIG", 34676: "SGI log luminance", 34677: "SGI log 24", 34712: "JPEG 2000",
	34713: "Nikon NEF", 34887: "LERC", 34892: "lossy DNG JPEG", 34925: "LZMA", 34927: "WebP", 50001: "WebP", 50002: "JPEG XL",
	52546: "JPEG XL",
}

// Values of PhotometricInterpretation.
const (
	whiteIsZero  = 0
	blackIsZero  = 1
	photoRGB     = 2
	photoPalette = 3
	photoMask    = 4
	photoCMYK    = 5
	photoYCbCr   = 6
)

var photometricNames = map[int]string{
	photoMask: "a transparency mask as a page", 8: "CIELab colours", 9: "ICCLab colours", 10: "ITULab colours",
	32803: "raw samples of a sensor (CFA)", 32844: "LogL luminance", 32845: "LogLuv colours", 34892: "linear raw samples of a sensor",
	51177: "depth as a page", 52527: "a semantic mask as a page",
}

// Values of SampleFormat. The fourth, undefined data, is taken for the first, as by everyone.
const (
	formatUint  = 1
	formatInt   = 2
	formatFloat = 3
)
