package job

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// The wire form of Work and Answer
//
// Both ends are the same program, and a picture of 64x64 takes no longer to make than JSON of
// these to read. So it is the fields one behind another, without their names, in the order in
// which fields lists them:
//
//	number   varint of encoding/binary, signed ones in zigzag, in as few bytes as it takes
//	flag     a byte, 0 or 1
//	text     its length in bytes, a number, and the bytes; reasons and notes are UTF-8
//	list     its length, a number, and what is in it
//
// Work and Answer begin with the byte wireVersion. Each has one form only: what is decoded
// would be encoded to the same bytes.

// wireVersion changes with any of this, and with the fields: a program that was replaced
// while it ran starts workers of the new version.
const wireVersion = 1

// EncodeWork makes w ready for another process. Of what Job.Work has left out it says nothing.
func EncodeWork(w Work) []byte {
	to := wire{data: make([]byte, 0, 128), writes: true}
	to.work(&w)
	return to.data
}

// DecodeWork is the inverse of EncodeWork.
func DecodeWork(data []byte) (w Work, err error) {
	from := wire{data: data}
	from.work(&w)
	return w, from.end("work")
}

// EncodeAnswer makes a ready for another process.
func EncodeAnswer(a Answer) []byte {
	to := wire{data: make([]byte, 0, 128), writes: true}
	to.answer(&a)
	return to.data
}

// DecodeAnswer is the inverse of EncodeAnswer, of at most MaxAnswer bytes. It does not trust the data; what
// the answer says is for Check.
func DecodeAnswer(data []byte) (a Answer, err error) {
	if len(data) > MaxAnswer {
		return Answer{}, fmt.Errorf("it answered with %d bytes", len(data))
	}
	from := wire{data: data}
	from.answer(&a)
	return a, from.end("answer")
}

// A wire goes through the fields of what it writes, or reads: one list of them serves both.
type wire struct {
	data   []byte // written, or yet to be read
	writes bool
	err    error // the first that was met in reading; nothing is read behind it
}

func (w *wire) work(v *Work) {
	w.version()
	text(w, &v.Input)
	w.target(&v.Target)
	list(w, &v.Also, MaxOutputs-1, w.target)
	number(w, &v.Quality)
	number(w, &v.TargetSize)
	w.flag(&v.SkipIfLarger)
	w.flag(&v.Optimize)
	w.flag(&v.Lossless)
	w.flag(&v.Salvage)
	w.flag(&v.First)
	text(w, &v.Background)
	text(w, &v.Carry.Profile)
	text(w, &v.Carry.Metadata)
	w.flag(&v.Carry.StripGPS)
	w.flag(&v.Carry.Mtime)
	number(w, &v.MaxPixels)
	w.flag(&v.Checksum)
	inPlace := v.InPlace != nil
	w.flag(&inPlace)
	if inPlace && !w.writes {
		v.InPlace = &InPlace{}
	}
	number(w, &v.Size)
}

func (w *wire) target(t *Target) {
	text(w, &t.Pipeline)
	text(w, &t.Format)
	w.flag(&t.UpToDate)
}

func (w *wire) answer(v *Answer) {
	w.version()
	list(w, &v.Parts, MaxOutputs, w.part)
	w.unsigned(&v.Checksum)
}

func (w *wire) part(p *Part) {
	text(w, &p.Outcome)
	w.words(&p.Reason)
	list(w, &p.Notes, MaxAnswer, w.words)
	number(w, &p.Width)
	number(w, &p.Height)
	number(w, &p.Bytes)
	number(w, &p.Pixels)
	w.flag(&p.DiskFull)
}

// end is the error of a reading of what, which is to have taken all of the data.
func (w *wire) end(what string) error {
	if w.err == nil && len(w.data) > 0 {
		w.fail(fmt.Errorf("%d bytes too many", len(w.data)))
	}
	if w.err != nil {
		return fmt.Errorf("decode the %s: %w", what, w.err)
	}
	return nil
}

// fail has the rest of the fields be zero.
func (w *wire) fail(err error) {
	if w.err == nil {
		w.err, w.data = err, nil
	}
}

var errShort = errors.New("it is cut short")

func (w *wire) version() {
	if w.writes {
		w.data = append(w.data, wireVersion)
	} else if v := w.byte(); w.err == nil && v != wireVersion {
		w.fail(fmt.Errorf("it is of version %d, this is %d: was the program replaced while it ran?", v, wireVersion))
	}
}

func (w *wire) byte() byte {
	if len(w.data) == 0 {
		w.fail(errShort)
		return 0
	}
	b := w.data[0]
	w.data = w.data[1:]
	return b
}

func (w *wire) flag(v *bool) {
	switch {
	case w.writes && *v:
		w.data = append(w.data, 1)
	case w.writes:
		w.data = append(w.data, 0)
	default:
		b := w.byte()
		if b > 1 {
			w.fail(fmt.Errorf("a flag of %d", b))
		}
		*v = b == 1
	}
}

func (w *wire) unsigned(v *uint64) {
	if w.writes {
		w.data = binary.AppendUvarint(w.data, *v)
		return
	}
	n, size := binary.Uvarint(w.data)
	switch {
	case size == 0:
		w.fail(errShort)
	case size < 0 || size > 1 && w.data[size-1] == 0:
		w.fail(errors.New("a number in more bytes than it takes"))
	default:
		*v, w.data = n, w.data[size:]
	}
}

func number[N int | int64](w *wire, v *N) {
	n := int64(*v)
	zigzag := uint64(n<<1) ^ uint64(n>>63)
	w.unsigned(&zigzag)
	if !w.writes && w.err == nil {
		n = int64(zigzag>>1) ^ -int64(zigzag&1)
		if *v = N(n); int64(*v) != n {
			w.fail(fmt.Errorf("the number %d is too large for this machine", n))
		}
	}
}

func text[S ~string](w *wire, v *S) {
	size := uint64(len(*v))
	w.unsigned(&size)
	switch {
	case w.writes:
		w.data = append(w.data, *v...)
	case size > uint64(len(w.data)):
		w.fail(errShort)
	default:
		*v, w.data = S(w.data[:size]), w.data[size:]
	}
}

// words is a text for people, which is UTF-8, or made so.
func (w *wire) words(v *string) {
	if w.writes {
		valid := strings.ToValidUTF8(*v, string(utf8.RuneError))
		v = &valid
	}
	text(w, v)
	if !utf8.ValidString(*v) {
		w.fail(errors.New("a text that is not UTF-8"))
	}
}

// list goes through the elements of v, of which there are at most so many. Each takes a byte at
// least, so that no more memory is taken for them than a small multiple of what has come.
func list[E any](w *wire, v *[]E, most int, element func(*E)) {
	size := uint64(len(*v))
	w.unsigned(&size)
	if !w.writes {
		switch {
		case size > uint64(most):
			w.fail(fmt.Errorf("a list of %d; %d are the most", size, most))
			return
		case size > uint64(len(w.data)):
			w.fail(errShort)
			return
		case size == 0:
			return
		}
		*v = make([]E, size)
	}
	for i := range *v {
		element(&(*v)[i])
	}
}
