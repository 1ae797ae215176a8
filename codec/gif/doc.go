// Package gif reads and writes GIF files, stills and animations (Graphics
// Interchange Format, version 89a), around the decoder of pixels of the standard
// library. That refuses whole files for the sake of one frame, or of what stands
// between frames; here each frame is found by itself, as browsers do.
//
// Open looks at the blocks of a file: how many frames there are, what each says of
// its place, how large it is, which the caller limits before Decode takes memory
// for it. What is shown is the work of package animation.
//
// Writer takes whole canvases and writes of each what changed, with 256 colours to
// each frame. Paletted reduces one picture to 256 colours; the palette is found in
// quantize.go.
//
// No input makes this package panic, loop for ever, or take memory out of
// proportion to its size and the frame that is decoded.
package gif
