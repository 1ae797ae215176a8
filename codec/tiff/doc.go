// Package tiff reads and writes TIFF files (TIFF 6.0 and its technical notes; BigTIFF), without trusting them.
//
// Open looks at the directories; each Page tells what it is, and Decode gives its picture. README.md beside this file has
// the table of what is read, and what is refused by name.
//
//	f, err := tiff.Open(r, size)
//	...
//	for _, p := range f.Pages {
//		if err := p.Check(); err != nil || p.Width*p.Height > mine {
//			...
//		}
//		m, notes, err := p.Decode(ctx)
//
// A picture is never silently wrong: a strip or tile that is short or damaged is an error, and what is left out of a
// page, or rounded, is said in the notes. What stands beside the pixels is the caller's: a page's Dir has all tags.
//
// Where to find what: file.go the chain of directories; page.go what a page is; blocks.go its strips and tiles; decode.go
// the way from these to a picture, over unpack.go (with source.go, lzw.go, fax.go, faxtables.go), samples.go and
// picture.go (with ycbcr.go), or jpeg.go; write.go, layout.go and lzwpack.go the writer.
//
// What is written is compressed by LZW, of 16 bits too, though Deflate makes most pictures smaller, those of true 16 bits
// by a fifth: Deflate is not in TIFF 6.0, and a file that keeps to that is worth more. README.md has the figures.
//
// Errors are *FormatError for a file that breaks the rules, *UnsupportedError for one that keeps them but needs what is
// not here, *LimitError, and those of the reader and of the context. No input makes this package panic, loop for ever, or
// take memory out of proportion to what DecodeBytes says, which the caller holds against a limit before Decode. Limits:
// MaxDirectories, MaxSamples, MaxBlocks; rows of 64 MiB; tiles of 16 times the picture's pixels and a million; a JPEG in
// a strip or tile of 256 MiB; a Zstandard window of 64 MiB.
package tiff
