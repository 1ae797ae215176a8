// Package jpeg reads and writes JPEG files (ITU-T T.81), fast, and without
// trusting them.
//
// What sets it apart from a decoder is that it does only the work that is
// asked for. Gray makes a gray JPEG of a coloured one without decoding it: the
// luma component of the file is the gray picture. Coefficients gives a picture
// as its file holds it, for what is to lose nothing; Decode gives samples, in
// planes, and only the components that are wanted. ParseDamaged is for files
// that are to be read in spite of what is wrong with them.
//
// The forms of a picture, and where to find them:
//
//	structure     parse.go; salvage.go for damaged files
//	bits          gray.go, splice.go and what they use: skip.go, cursor.go,
//	              blockwalk.go; progressive.go with acscan.go and dcscan.go
//	coefficients  coefficients.go; read by coefread.go, changed by turn.go and
//	              crop.go, written by recode.go
//	samples       planes.go; read by decode.go: scandecode.go with block.go and
//	              pairs.go for sequential files (by a kernel, with run.go and
//	              runtables.go), samples.go for coefficients, dcdecode.go for an
//	              eighth; transformed by inverse.go with idct.go, idct8.go, idct4.go
//	              and idct2.go; written by encode.go: strip.go with fdct.go and
//	              quantize.go, scanwriter.go with blockwriter.go
//
// Errors are *FormatError for a file that breaks the rules, *UnsupportedError
// for one that keeps them but needs what is not here, and *LimitError;
// *NotLosslessError is for a turn or a crop that needs samples. No input makes
// this package panic, loop for ever, or take memory out of proportion to its size
// and the picture that its header declares, which the caller limits by looking
// at File before asking for more. On 32-bit systems, where positions in bits
// take an int, that holds for files below 128 MiB.
package jpeg
