// Package bmp reads BMP files: those of Windows from version 3.0 to 5 and those
// of OS/2, with 1 to 32 bits a pixel, uncompressed, run-length encoded or with
// masks of any width.
//
// The sources are [MS-WMF] 2.2.2, the descriptions of BITMAPV4HEADER and
// BITMAPV5HEADER in Microsoft's Windows GDI documentation, and, for OS/2, IBM's
// "OS/2 Presentation Manager Programming Reference", BITMAPINFOHEADER2. Where
// these leave something open:
//
//   - Pixels that run-length encoding leaves out have the first colour of the
//     palette, or are black where there is none. Picture.Unset counts them.
//   - A run may go on into what would pad its row to four bytes, as ImageMagick
//     once wrote it; what lies beyond the width is dropped. All else that draws
//     outside of the picture is an error, as is an index beyond the palette.
//   - Alpha is what the masks say. Where none are in force there is none, also if
//     the header has an alpha mask: so do viewers have it. A picture that would be transparent everywhere has bytes there that mean
//     nothing: it is opaque, and Picture.NoAlpha says so.
//   - The endpoints and gammas of calibrated colours (versions 4 and 5) are not
//     looked at; a colour profile is handed out.
//
// Errors are *FormatError for a file that breaks the rules and
// UnsupportedError for one that keeps them but needs what is not here. No
// input makes this package panic, loop for ever, or take memory out of
// proportion to its size and the picture that its header declares, which the
// caller limits by looking at File before asking for more.
package bmp
