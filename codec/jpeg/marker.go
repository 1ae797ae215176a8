package jpeg

// Markers (T.81, table B.1), without the 0xff before them.
const (
	mSOF0  = 0xc0 // baseline
	mSOF1  = 0xc1 // extended sequential, Huffman
	mSOF2  = 0xc2 // progressive, Huffman
	mDHT   = 0xc4
	mDAC   = 0xcc
	mRST0  = 0xd0
	mRST7  = 0xd7
	mSOI   = 0xd8
	mEOI   = 0xd9
	mSOS   = 0xda
	mDQT   = 0xdb
	mDNL   = 0xdc
	mDRI   = 0xdd
	mDHP   = 0xde
	mEXP   = 0xdf
	mAPP0  = 0xe0
	mAPP14 = 0xee
	mAPP15 = 0xef
	mCOM   = 0xfe
	mTEM   = 0x01
)

// frameFeature names the frames that are not read.
var frameFeature = map[byte]string{
	0xc3: "lossless coding", 0xc5: "hierarchical coding", 0xc6: "hierarchical coding", 0xc7: "hierarchical coding",
	0xc9: "arithmetic coding", 0xca: "arithmetic coding", 0xcb: "arithmetic coding",
	0xcd: "hierarchical coding", 0xce: "hierarchical coding", 0xcf: "hierarchical coding",
	mDAC: "arithmetic coding", mDHP: "hierarchical coding", mEXP: "hierarchical coding",
}
