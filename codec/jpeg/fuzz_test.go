package jpeg

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/imgpar/imgpar/internal/fuzztest"
	"github.com/imgpar/imgpar/internal/simd"
)

const (
	// fuzzPixels keeps the memory of one picture small.
	fuzzPixels = 1 << 16
	// fuzzMemory is for several forms of such a picture, of four components with
	// ten blocks an MCU that may be all padding, one after another.
	fuzzMemory = 64 << 20
)

func isSmall(f *File) bool { return f.Width*f.Height <= fuzzPixels }

// known fails the test for an error that is of no kind that callers know.
func known(t *testing.T, err error) {
	t.Helper()
	var (
		format *FormatError
		lacks  *UnsupportedError
		limit  *LimitError
	)
	if err != nil && !errors.As(err, &format) && !errors.As(err, &lacks) && !errors.As(err, &limit) {
		t.Errorf("%T: %v", err, err)
	}
}

// Whatever a file holds, its coefficients come back from the file that is made of
// them, a turn is undone by its inverse, and a crop holds what it cut out.
func FuzzRecode(f *testing.F) {
	for _, data := range fixtures(f) {
		if len(data) <= fuzztest.MaxSeed {
			f.Add(data, uint8(6), uint8(1), uint8(1), uint8(20), uint8(9))
			f.Add(data, uint8(11), uint8(0), uint8(0), uint8(255), uint8(255))
		}
	}
	var mem Scratch
	f.Fuzz(func(t *testing.T, data []byte, turn, x, y, w, h uint8) {
		defer fuzztest.Bound(t, data, fuzzMemory)()
		file, err := Parse(data)
		if err != nil || !isSmall(file) {
			known(t, err)
			return
		}
		c, err := file.Coefficients(context.Background(), &mem)
		if err != nil {
			known(t, err)
			return
		}
		checkAppend(t, c, WriteOptions{Optimize: turn&8 != 0})
		checkTurnedBack(t, file, c, Turn(turn&7))
		mcuW, mcuH := c.mcuSize()
		left, top := int(x)*mcuW%c.Width/mcuW*mcuW, int(y)*mcuH%c.Height/mcuH*mcuH
		if err := file.CheckCrop(left, top); err != nil {
			t.Fatalf("a crop at %d,%d: %v", left, top, err)
		}
		holdCrop(t, "fuzz", c, left, top, min(c.Width-left, 1+int(w)), min(c.Height-top, 1+int(h)))
	})
}

// checkAppend reads back what is written.
func checkAppend(t *testing.T, c *Coefficients, o WriteOptions) {
	t.Helper()
	data, err := c.Append(nil, o)
	if err != nil {
		known(t, err)
		return
	}
	file, err := Parse(data)
	if err != nil {
		t.Fatalf("what was written: %v", err)
	}
	got, err := file.Coefficients(context.Background(), new(Scratch))
	if err != nil {
		t.Fatalf("what was written: %v", err)
	}
	if !c.same(got) {
		t.Fatal("other coefficients come back")
	}
	again, err := got.Append(nil, o)
	if err != nil || !bytes.Equal(again, data) {
		t.Fatalf("%d bytes became %d, %v", len(data), len(again), err)
	}
}

// checkTurnedBack turns a picture, and then back again.
func checkTurnedBack(t *testing.T, file *File, c *Coefficients, turn Turn) {
	t.Helper()
	turned, err := c.Turn(turn)
	if foreseen := file.CheckTurn(turn); (err == nil) != (foreseen == nil) {
		t.Fatalf("turn %d: %v, but %v was foreseen", turn, err, foreseen)
	}
	if err != nil {
		return
	}
	inverse := turn
	switch turn {
	case Rotate90:
		inverse = Rotate270
	case Rotate270:
		inverse = Rotate90
	}
	back, err := turned.Turn(inverse)
	if err != nil || !c.same(back) {
		t.Fatalf("turn %d is not undone by %d: %v", turn, inverse, err)
	}
}

// addSeeds adds the fixtures that are small enough to be mutated often.
func addSeeds(f *testing.F) {
	f.Helper()
	for _, data := range fixtures(f) {
		if len(data) <= fuzztest.MaxSeed {
			f.Add(data)
		}
	}
}

// The gray file has the luma of the colour file, to the bit, and says so with the
// kernels and without.
func FuzzSplice(f *testing.F) {
	addSeeds(f)
	var mem Scratch
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzztest.Bound(t, data, fuzzMemory)()
		file, err := Parse(data)
		if err != nil || !isSmall(file) {
			known(t, err)
			return
		}
		was := simd.SetAVX2(false)
		plain, err2 := file.AppendGray(context.Background(), nil, nil, &mem)
		simd.SetAVX2(was)
		out, err := file.AppendGray(context.Background(), nil, nil, &mem)
		if !bytes.Equal(plain, out) || (err == nil) != (err2 == nil) || err != nil && err.Error() != err2.Error() {
			t.Fatalf("%d bytes, %v; without kernels %d, %v", len(out), err, len(plain), err2)
		}
		known(t, err)
		want, err2 := file.Decode(context.Background(), DecodeOptions{Components: 1}, &mem)
		var lacks *UnsupportedError
		if (err == nil) != (err2 == nil) && !errors.As(err, &lacks) {
			t.Fatalf("splice: %v, luma: %v", err, err2)
		}
		if err != nil {
			return
		}
		gray, err := Parse(out)
		if err != nil {
			t.Fatal(err)
		}
		got, err := gray.Decode(context.Background(), DecodeOptions{}, &mem)
		if err != nil {
			t.Fatal(err)
		}
		got.Planes[0].H, got.Planes[0].V = want.Planes[0].H, want.Planes[0].V // 1 of 1 is as good as 2 of 2
		if gray.Color != Gray || len(got.Planes) != 1 || differ(&got.Planes[0], &want.Planes[0]) != 0 {
			t.Fatal("the gray file has other samples")
		}
	})
}
