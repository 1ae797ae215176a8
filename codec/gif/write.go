package gif

import (
	"bytes"
	"cmp"
	"compress/lzw"
	"encoding/binary"
	"image"
	"image/color"
	"math/bits"
	"slices"
	"time"

	"github.com/imgpar/imgpar/codec/animation"
	"github.com/imgpar/imgpar/codec/pixels"
)

// MaxSide is the greatest width and height of a canvas, pixels.
const MaxSide = 65535

const maxDelay = 65535 // delayUnits

// Notes on what a GIF cannot hold.
const (
	lostHalfAlpha = "half transparency became full or none"
	lostColours   = "colours reduced to 256"
	lostDelay     = "delays rounded to 1/100 s"
)

// Writer writes an animation of frames that are whole canvases. Of each it
// writes the rectangle that changed. A frame is written when the next one is
// known, because that decides how it is disposed of: where the next one is
// transparent again, it must be cleared, or what was there before come back.
// What is remembered of a canvas are the colours that were given, not those of
// the palette, so that what does not change is not dithered anew.
type Writer struct {
	buf    *bytes.Buffer
	w, h   int
	plays  int
	global color.Palette
	count  int // frames taken in
	base   *image.NRGBA
	cur    *image.NRGBA    // the last frame taken in, which is drawn on base
	rect   image.Rectangle // that cur changes
	free   []*image.NRGBA  // canvases that are not in use
	delay  time.Duration   // of cur
	owed   time.Duration   // what rounding took from the delays so far
	notes  []string
}

// NewWriter returns a writer of an animation that is played so often, 0: for
// ever, at most 65,536 times.
func NewWriter(buf *bytes.Buffer, plays int) *Writer { return &Writer{buf: buf, plays: plays} }

// Close writes the last frame and what stands behind it, if there was any frame.
// The notes tell what a GIF could not hold.
func (g *Writer) Close() (notes []string) {
	if g.count > 0 {
		g.flush(g.rect, animation.Keep)
		g.buf.WriteByte(trailer)
	}
	return g.notes
}

func (g *Writer) note(what string) {
	if !slices.Contains(g.notes, what) {
		g.notes = append(g.notes, what)
	}
}

// Add takes in a frame, and writes the one before it. The first one, of which no
// side is over MaxSide, has the size of all.
func (g *Writer) Add(img image.Image, delay time.Duration) {
	if g.count == 0 {
		g.w, g.h = img.Bounds().Dx(), img.Bounds().Dy()
	}
	next := g.canvas()
	pix, stride := pixels.Straight(img, false)
	for y := range g.h {
		copy(next.Pix[y*next.Stride:][:next.Stride], pix[y*stride:])
	}
	if binaryAlpha(next) {
		g.note(lostHalfAlpha)
	}
	for i := 0; i < len(next.Pix); i += 4 {
		if next.Pix[i+3] == 0 {
			clear(next.Pix[i : i+3])
		}
	}
	if g.count++; g.count == 1 {
		g.base, g.cur, g.rect = g.canvas(), next, next.Rect
	} else {
		g.follow(next)
	}
	g.delay = delay
}

// canvas returns memory for one, with anything in it if it was used before.
func (g *Writer) canvas() *image.NRGBA {
	if n := len(g.free); n > 0 {
		m := g.free[n-1]
		g.free = g.free[:n-1]
		return m
	}
	return image.NewNRGBA(image.Rect(0, 0, g.w, g.h))
}

// succession is a way from a frame to the next.
type succession struct {
	dispose animation.Disposal
	written image.Rectangle // of the frame before, so that its disposal clears enough
	base    *image.NRGBA    // what that leaves
	rect    image.Rectangle // that the next frame changes
	area    int             // pixels that are written for it
}

// follow writes the frame in work, so that next can be drawn behind it, and puts
// next in its place.
func (g *Writer) follow(next *image.NRGBA) {
	var ways []succession
	changed, lost := difference(g.cur, next)
	if lost.Empty() {
		ways = append(ways, succession{animation.Keep, g.rect, g.cur, changed, area(changed)})
	}
	if changed, lost := difference(g.base, next); lost.Empty() && g.count > 2 {
		ways = append(ways, succession{animation.Restore, g.rect, g.base, changed, area(changed)})
	}
	cleared, grown := g.canvas(), g.rect.Union(lost)
	copy(cleared.Pix, g.cur.Pix)
	for y := grown.Min.Y; y < grown.Max.Y; y++ {
		clear(cleared.Pix[cleared.PixOffset(grown.Min.X, y):cleared.PixOffset(grown.Max.X, y)])
	}
	changed, _ = difference(cleared, next)
	ways = append(ways, succession{animation.Clear, grown, cleared, changed, area(changed) + area(grown) - area(g.rect)})

	slices.SortStableFunc(ways, func(a, b succession) int { return cmp.Compare(a.area, b.area) })
	best := max(0, slices.IndexFunc(ways, func(s succession) bool { return isExact(s.base, next, s.rect) }))
	way := ways[best]
	g.flush(way.written, way.dispose)
	for _, m := range []*image.NRGBA{g.base, g.cur, cleared} {
		if m != way.base {
			g.free = append(g.free, m)
		}
	}
	g.base, g.cur, g.rect = way.base, next, way.rect
}

func area(r image.Rectangle) int { return r.Dx() * r.Dy() }

// difference returns the rectangle around the pixels that change from a to b, of
// the same size, and that around those which were there and are transparent now.
func difference(a, b *image.NRGBA) (changed, lost image.Rectangle) {
	for y := range a.Rect.Dy() {
		p, q := a.Pix[y*a.Stride:][:a.Stride], b.Pix[y*b.Stride:][:a.Stride]
		if bytes.Equal(p, q) {
			continue
		}
		for i := 0; i < len(p); i += 4 {
			if [4]byte(p[i:i+4]) == [4]byte(q[i:i+4]) {
				continue
			}
			at := image.Rect(i/4, y, i/4+1, y+1)
			changed = changed.Union(at)
			if q[i+3] == 0 {
				lost = lost.Union(at)
			}
		}
	}
	return changed, lost
}

// part returns the pixels of m in r; those that are as in base, if that is
// given, transparent.
func part(m, base *image.NRGBA, r image.Rectangle) *image.NRGBA {
	out := image.NewNRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	for y := range r.Dy() {
		dst, src := out.Pix[y*out.Stride:][:out.Stride], m.Pix[m.PixOffset(r.Min.X, r.Min.Y+y):]
		copy(dst, src)
		if base == nil {
			continue
		}
		below := base.Pix[base.PixOffset(r.Min.X, r.Min.Y+y):]
		for i := 0; i < len(dst); i += 4 {
			if [4]byte(dst[i:i+4]) == [4]byte(below[i:i+4]) {
				clear(dst[i : i+4])
			}
		}
	}
	return out
}

// isExact tells whether 256 colours suffice for what changes in r, or for all of
// it.
func isExact(base, m *image.NRGBA, r image.Rectangle) bool {
	return fewColours(part(m, base, r)) != nil || fewColours(part(m, nil, r)) != nil
}

// flush writes the frame in work, of which r is drawn.
func (g *Writer) flush(r image.Rectangle, dispose animation.Disposal) {
	if r.Empty() { // a frame that only lasts
		r = image.Rect(0, 0, 1, 1)
	}
	changes, all := part(g.cur, g.base, r), part(g.cur, nil, r)
	var images []*image.Paletted
	if p := fewColours(changes); p != nil {
		images = append(images, p)
	}
	if !bytes.Equal(changes.Pix, all.Pix) {
		if p := fewColours(all); p != nil {
			images = append(images, p)
		}
	}
	if images == nil {
		images = append(images, dithered(changes))
		g.note(lostColours)
	}
	if g.global == nil {
		g.header(images[0].Palette)
	}
	var best []byte
	for _, p := range images {
		if b := g.block(p, r, dispose); best == nil || len(b) < len(best) {
			best = b
		}
	}
	g.owed += g.delay
	units := min((g.owed+delayUnit/2)/delayUnit, maxDelay)
	if g.owed -= units * delayUnit; g.delay%delayUnit != 0 || units == maxDelay {
		g.note(lostDelay)
	}
	binary.LittleEndian.PutUint16(best[4:], uint16(units))
	g.buf.Write(best)
}

// hole is the transparent colour of a palette.
var hole color.Color = color.NRGBA{}

// header writes what stands before the first frame, whose palette becomes the
// global one, with a hole for the frames to come (GIF89a specification, sections
// 17 to 19).
func (g *Writer) header(p color.Palette) {
	if len(p) < 256 && g.count > 1 && !slices.Contains(p, hole) {
		p = append(slices.Clone(p), hole)
	}
	g.global = p
	out := append(make([]byte, 0, 1024), "GIF89a"...)
	out = binary.LittleEndian.AppendUint16(out, uint16(g.w))
	out = binary.LittleEndian.AppendUint16(out, uint16(g.h))
	n := tableBits(p)
	out = appendTable(append(out, tableFlag|byte(n-1)<<4|byte(n-1), 0, 0), p)
	if g.plays != 1 && g.count > 1 { // repeated so often after the first time
		out = append(out, extension, appLabel, 11)
		out = append(append(out, "NETSCAPE2.0"...), 3, 1)
		out = binary.LittleEndian.AppendUint16(out, uint16(min(max(g.plays-1, 0), 65535)))
		out = append(out, 0)
	}
	g.buf.Write(out)
}

// tableBits is of a palette the bits of an index, at least 1.
func tableBits(p color.Palette) int { return max(1, bits.Len(uint(len(p)-1))) }

// appendTable appends a colour table (section 19).
func appendTable(out []byte, p color.Palette) []byte {
	for i := range 1 << tableBits(p) {
		var c color.NRGBA
		if i < len(p) {
			c = p[i].(color.NRGBA)
		}
		out = append(out, c.R, c.G, c.B)
	}
	return out
}

// block returns a frame: its graphic control extension, whose delay is still 0,
// its descriptor, its table where the global one does not do, and its data
// (sections 20 to 23).
func (g *Writer) block(p *image.Paletted, r image.Rectangle, dispose animation.Disposal) []byte {
	transparent := slices.Contains(p.Palette, hole)
	if dispose == animation.Clear && !transparent && len(p.Palette) < 256 { // some readers clear to a colour without one
		p.Palette, transparent = append(slices.Clone(p.Palette), hole), true
	}
	local := !useTable(p, g.global)
	control, index := byte(1+dispose)<<2, max(0, slices.Index(p.Palette, hole))
	if transparent {
		control |= transparentFlag
	}
	out := []byte{extension, controlLabel, 4, control, 0, 0, byte(index), 0, imageSeparator}
	for _, v := range []int{r.Min.X, r.Min.Y, r.Dx(), r.Dy()} {
		out = binary.LittleEndian.AppendUint16(out, uint16(v))
	}
	n := tableBits(p.Palette)
	if local {
		out = appendTable(append(out, tableFlag|byte(n-1)), p.Palette)
	} else {
		out = append(out, 0)
	}
	return appendPixels(out, p.Pix, max(n, 2))
}

// useTable gives p another palette if that has all its colours.
func useTable(p *image.Paletted, global color.Palette) bool {
	index := make(map[color.Color]uint8, len(global))
	for i, c := range global {
		index[c] = uint8(i)
	}
	var to [256]uint8
	for i, c := range p.Palette {
		k, ok := index[c]
		if !ok {
			return false
		}
		to[i] = k
	}
	for i, v := range p.Pix {
		p.Pix[i] = to[v]
	}
	p.Palette = global
	return true
}

// appendPixels appends indices of so many bits (section 22).
func appendPixels(out, pix []byte, n int) []byte {
	var data bytes.Buffer
	w := lzw.NewWriter(&data, lzw.LSB, n) // writing to memory cannot fail
	_, _ = w.Write(pix)
	_ = w.Close()
	out = append(out, byte(n))
	for rest := data.Bytes(); len(rest) > 0; {
		k := min(255, len(rest))
		out = append(append(out, byte(k)), rest[:k]...)
		rest = rest[k:]
	}
	return append(out, 0)
}
