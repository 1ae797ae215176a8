package codec

// checked are the formats of which every byte is read by code of this module, which
// holds sizes against limits before it takes memory, looks whether it is to stop, and
// starts no goroutine. Of the others the header is read so, the picture by a library:
// PNG and GIF by the standard one, WebP by golang.org/x/image, and what is packed in a
// TIFF by github.com/klauspost/compress.
var checked = map[Format]bool{JPEG: true, BMP: true}

// Checked tells whether the decoder of f is all of this module. A file in another format
// is better read in a process that can be killed.
func (f Format) Checked() bool { return checked[f] }
