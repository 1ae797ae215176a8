package webp

import (
	"bytes"
	"encoding/binary"
	"image"
	"math"
	"time"

	"github.com/imgpar/imgpar/codec/meta"
	"github.com/imgpar/imgpar/codec/pixels"
	"github.com/imgpar/imgpar/codec/vp8l"
)

// MaxSide is the greatest width and height, pixels, that a WebP of either coding has.
const MaxSide = 16383

// Encode writes a picture, of which no side is over MaxSide, as a lossless WebP with
// the profile, EXIF and XMP of m. Colours of transparent pixels stay as they are.
func Encode(buf *bytes.Buffer, img image.Image, m meta.Data) {
	flags := byte(flagAlpha)
	if pixels.IsOpaque(img) {
		flags = 0
	}
	b := img.Bounds()
	buf.Write(container(appendChunk(nil, chunkLossless, bitstream(img)), b.Dx(), b.Dy(), flags, m))
}

// bitstream returns a picture as a lossless bitstream.
func bitstream(img image.Image) []byte {
	b := img.Bounds()
	pix, stride := pixels.Straight(img, false)
	return vp8l.Append(nil, &image.NRGBA{Pix: pix, Stride: stride, Rect: image.Rect(0, 0, b.Dx(), b.Dy())})
}

// container returns a WebP file around its chunks of pixels, of VP8L or, with
// flagAnimation, ANIM and ANMF, each with its header and padding: with a VP8X chunk
// where there is an animation or metadata. Width and height, pixels, are at most
// 1<<24.
func container(picture []byte, width, height int, flags byte, m meta.Data) []byte {
	var icc, behind []byte
	if m.ICC != nil {
		flags, icc = flags|flagICC, appendChunk(nil, chunkICC, m.ICC)
	}
	if m.EXIF != nil {
		flags, behind = flags|flagEXIF, appendChunk(behind, chunkEXIF, m.EXIF)
	}
	if m.XMP != nil {
		flags, behind = flags|flagXMP, appendChunk(behind, chunkXMP, m.XMP)
	}
	body := []byte("WEBP")
	if flags&^flagAlpha != 0 {
		body = appendChunk(body, chunkExtended, extended(flags, width, height))
	}
	body = append(append(append(body, icc...), picture...), behind...)
	return appendChunk(nil, "RIFF", body)
}

// maxDelay is the longest delay of a frame, milliseconds.
const maxDelay = 1<<24 - 1

// Writer writes an animation of lossless frames. A frame is a part of the canvas,
// which takes the place of what was there, and stays.
type Writer struct {
	buf           *bytes.Buffer
	width, height int
	meta          meta.Data
	chunks        []byte
	owed          time.Duration // what rounding took from the delays so far
}

// NewWriter returns a writer of a canvas, of which no side is over MaxSide. It is
// played so often, at most 65,535 times, 0: for ever. The file has the profile, EXIF
// and XMP of m.
func NewWriter(buf *bytes.Buffer, width, height, plays int, m meta.Data) *Writer {
	anim := binary.LittleEndian.AppendUint16(make([]byte, 4), uint16(min(plays, math.MaxUint16)))
	return &Writer{buf: buf, width: width, height: height, meta: m, chunks: appendChunk(nil, chunkAnim, anim)}
}

// Add takes in a frame: a part of the canvas, at its place, which begins at even
// coordinates; of the first one all. It is exact unless the delay had to be rounded.
func (w *Writer) Add(part image.Image, delay time.Duration) (exact bool) {
	w.owed += delay
	ms := min(w.owed.Round(time.Millisecond)/time.Millisecond, maxDelay)
	w.owed -= ms * time.Millisecond
	r := part.Bounds()
	var data []byte
	for _, v := range []int{r.Min.X / 2, r.Min.Y / 2, r.Dx() - 1, r.Dy() - 1, int(ms)} {
		data = appendUint24(data, v)
	}
	data = appendChunk(append(data, frameNoBlend), chunkLossless, bitstream(part))
	w.chunks = appendChunk(w.chunks, chunkFrame, data)
	return delay%time.Millisecond == 0 && ms < maxDelay
}

// Len returns the bytes of the frames so far.
func (w *Writer) Len() int { return len(w.chunks) }

// Close writes the file.
func (w *Writer) Close() {
	w.buf.Write(container(w.chunks, w.width, w.height, flagAnimation|flagAlpha, w.meta))
}
