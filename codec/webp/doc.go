// Package webp reads and writes the container of WebP files, stills and animations
// (RFC 9649). Bitstreams are decoded by golang.org/x/image/webp, lossy and lossless,
// and written by package vp8l, lossless.
//
// Open looks at the chunks of a file, which says how large its canvas is and how
// many frames there are, for the caller to limit before Still or Frame takes memory
// for pixels. What is shown of an animation is the work of package animation. The
// background colour that a file names is a hint, which browsers do not take.
//
// The planes of lossy pictures are of full range, as JPEG's are (range.go).
//
// Errors are *FormatError for a file that breaks the rules, ErrChunks, those of
// x/image/webp, those of the reader and, where a chunk breaks off, io.EOF or
// io.ErrUnexpectedEOF. No input makes this package panic, loop for ever, or take
// memory out of proportion to its size and the picture that its header declares.
package webp
