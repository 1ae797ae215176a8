package main

// #cgo LDFLAGS: -ljpeg
// #include <stdlib.h>
// #include "turbo.h"
import "C"

import (
	"errors"
	"unsafe"

	"github.com/imgpar/imgpar/codec/jpeg"
)

func turboVersion() string { return C.GoString(C.turbo_version()) }

// turboPicture is planes in memory of C.
type turboPicture struct{ c C.turbo_picture }

func failure(message *C.char) error {
	if message == nil {
		return nil
	}
	return errors.New("libjpeg: " + C.GoString(message))
}

// decode reads data at 1/scale.
func (p *turboPicture) decode(data []byte, scale int) error {
	return failure(C.turbo_decode((*C.uint8_t)(&data[0]), C.size_t(len(data)), C.int(8/scale), &p.c))
}

// plane returns the samples of a plane, with its stride.
func (p *turboPicture) plane(i int) (pix []byte, stride int) {
	q := &p.c.plane[i]
	return unsafe.Slice((*byte)(q.pix), int(q.stride)*int(q.rows)), int(q.stride)
}

// pad makes what lies beyond the picture in each plane repeat its last samples,
// as encoders do it.
func (p *turboPicture) pad() {
	for i := range int(p.c.components) {
		pix, stride := p.plane(i)
		w, h := int(p.c.plane[i].width), int(p.c.plane[i].height)
		for y := range int(p.c.plane[i].rows) {
			row := pix[y*stride:][:stride]
			copy(row, pix[min(y, h-1)*stride:][:w])
			for x := w; x < stride; x++ {
				row[x] = row[w-1]
			}
		}
	}
}

// planes returns the picture for this project's encoder, in the same memory.
func (p *turboPicture) planes() *jpeg.Planes {
	out := &jpeg.Planes{Width: int(p.c.width), Height: int(p.c.height), Color: jpeg.YCbCr}
	if p.c.components == 1 {
		out.Color = jpeg.Gray
	}
	for i := range int(p.c.components) {
		q := &p.c.plane[i]
		pix, stride := p.plane(i)
		out.Planes = append(out.Planes, jpeg.Plane{
			H: int(q.h), V: int(q.v), Width: int(q.width), Height: int(q.height), Stride: stride, Pix: pix})
	}
	return out
}

// turboFile is an encoded file in memory of C.
type turboFile struct {
	buf    *C.uint8_t
	cap, n C.size_t
}

// newTurboFile has room for what a picture can become, so that the library
// never needs to find more.
func newTurboFile(room int) *turboFile {
	return &turboFile{buf: (*C.uint8_t)(C.malloc(C.size_t(room))), cap: C.size_t(room)}
}

func (f *turboFile) encode(p *turboPicture, quality int, optimize bool) error {
	o := C.int(0)
	if optimize {
		o = 1
	}
	return failure(C.turbo_encode(&p.c, C.int(quality), o, &f.buf, &f.cap, &f.n))
}

func (f *turboFile) bytes() []byte { return unsafe.Slice((*byte)(f.buf), int(f.n)) }
