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
// Errors are *FormatError for a file that breaks the rules, *UnsupportedError
// for one that keeps them but needs what is not here (both say where), and
// *LimitError. No input makes this package panic, loop for ever, or take memory
// out of proportion to the picture that its header declares, which the caller
// limits by looking at File before asking for more.
package jpeg
