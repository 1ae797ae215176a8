// Package png writes PNG files, and reads them, damaged ones too, around the
// decoder of the standard library (Portable Network Graphics, third edition).
//
// Encode chooses what a picture is by its pixels: gray, gray with alpha, RGB,
// RGB with alpha, of 8 or 16 bits, or a palette of 1 to 8 bits; each row gets
// the filter after which its bytes have the least entropy (section 12.7).
//
// Animations (APNG, section 11.3.6) are written by AnimationWriter and read by
// OpenAnimation, frame by frame; what is shown is the work of package animation.
//
// Decode hands whole files to image/png. That checks the checksum of every
// chunk, that of the picture too, and the order of the chunks that make the
// picture. It passes over what follows IEND, over IDAT chunks, and some bytes in
// the last one, behind the end of the compressed picture, and over chunks that it
// does not know; it gives black for an index beyond the palette, which
// Picture.Beyond tells. What it refuses
// is looked at again: where the picture, or some rows of it, can be had all
// the same, the error is a *FormatError that is not Hopeless, and with
// Options.Salvage the picture comes with it instead:
//
//   - A chunk beside the picture whose checksum is wrong or that breaks off is
//     left out, transparency by tRNS included. A palette is believed.
//   - Of a picture that breaks off or is damaged, rows are given up to the last
//     that is whole. What is missing is 0: transparent where there is a channel
//     for alpha, else black, or the first colour of the palette. Behind a wrong
//     checksum rows are given as they come out. In an interlaced picture the
//     rows of each pass count.
//   - Chunks of the picture are put together wherever they stand.
//
// No input makes this package panic, loop for ever, or take memory out of
// proportion to its size and the picture that its header declares, which the
// caller limits beforehand.
package png
