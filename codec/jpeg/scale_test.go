package jpeg

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// dirty returns planes with memory of any content for a picture like f.
func dirty(r *rand.Rand, f *File) *Planes {
	p := &Planes{}
	for range 1 + r.IntN(4) {
		p.Planes = append(p.Planes, Plane{Pix: random(r, r.IntN(f.Width*f.Height+1))})
	}
	return p
}

// At any scale, samples are made of the coefficients that belong to it, however
// these are read, and whatever memory is written over.
func TestScales(t *testing.T) {
	eachWay(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(11, 12))
		mem, files := new(Scratch), 0
		eachTestFile(t, func(what string, c *Coefficients, data []byte) {
			f := mustParse(t, data)
			for _, scale := range []int{1, 2, 4, 8} {
				want := samplesAt(f, c, scale)
				n := r.IntN(len(want.Planes) + 1)
				got, err := f.Decode(context.Background(), DecodeOptions{Components: n, Scale: scale, Reuse: dirty(r, f)}, mem)
				if err != nil {
					t.Fatalf("%s at 1/%d: %v", what, scale, err)
				}
				if n == 0 {
					n = len(want.Planes)
				}
				if len(got.Planes) != n || got.Width != (f.Width+scale-1)/scale || got.Height != (f.Height+scale-1)/scale {
					t.Fatalf("%s at 1/%d: %d planes of %dx%d", what, scale, len(got.Planes), got.Width, got.Height)
				}
				for i := range got.Planes {
					if differ(&got.Planes[i], &want.Planes[i]) != 0 {
						t.Fatalf("%s at 1/%d: component %d of %d has other samples than its coefficients", what, scale, i, n)
					}
				}
			}
			files++
		})
		if files < 120 {
			t.Errorf("only %d files", files)
		}
	})
}

// What a damaged file leaves in the memory that is kept does not get into the
// next picture.
func TestScalesBehindDamage(t *testing.T) {
	mem := new(Scratch)
	for name, data := range fixtures(t) {
		f, err := Parse(data)
		if err != nil || bytes.Contains([]byte(name), []byte("broken")) {
			continue
		}
		for _, scale := range []int{1, 2, 4, 8} {
			want := mustDecode(t, f, DecodeOptions{Scale: scale})
			if s := &f.scans[0]; len(s.data) > 40 {
				half := *f
				half.scans = slices.Clone(f.scans)
				half.scans[0].data = s.data[:len(s.data)/2]
				var damage *FormatError
				if _, err := half.Decode(context.Background(), DecodeOptions{Scale: scale}, mem); !errors.As(err, &damage) {
					t.Fatalf("%s, half of it, at 1/%d: %v", name, scale, err)
				}
			}
			got, err := f.Decode(context.Background(), DecodeOptions{Scale: scale}, mem)
			if err != nil {
				t.Fatal(err)
			}
			for i := range got.Planes {
				if differ(&got.Planes[i], &want.Planes[i]) != 0 {
					t.Fatalf("%s at 1/%d: component %d has other samples behind a damaged file", name, scale, i)
				}
			}
		}
	}
}

func TestScaleIsOneOfFour(t *testing.T) {
	f := mustParse(t, fixtures(t)["../../testdata/images/jpeg_progressive_420.jpg"])
	for _, scale := range []int{-1, 3, 5, 16} {
		if _, err := f.Decode(context.Background(), DecodeOptions{Scale: scale}, new(Scratch)); err == nil {
			t.Errorf("scale %d: no error", scale)
		}
	}
}

// A scan is left out if it brings nothing that is wanted, and no scan that is
// read depends on it.
func TestNeededScans(t *testing.T) {
	brings := func(comp int, ss, se, ah, al uint8) scan {
		return scan{comps: []scanComp{{comp: comp}}, ss: ss, se: se, ah: ah, al: al}
	}
	f := &File{scans: []scan{
		brings(0, 0, 0, 0, 1),
		brings(0, 1, 5, 0, 2),
		brings(1, 1, 63, 0, 1),
		brings(0, 6, 63, 0, 2),
		brings(0, 1, 63, 2, 1),
		brings(0, 0, 0, 1, 0),
		brings(1, 1, 63, 1, 0),
		brings(0, 1, 63, 1, 0),
	}}
	spectral := &File{scans: []scan{brings(0, 0, 0, 0, 0), brings(0, 1, 4, 0, 1), brings(0, 5, 24, 0, 1), brings(0, 25, 63, 0, 1), brings(0, 25, 63, 1, 0), brings(0, 1, 4, 1, 0)}}
	for _, c := range []struct {
		f     *File
		limit int
		want  []bool
	}{
		{f, 0, []bool{true, false, false, false, false, true, false, false}},
		{f, 4, []bool{true, true, true, true, true, true, true, true}}, // 6 to 63 decide how the corrections are read
		{spectral, 0, []bool{true, false, false, false, false, false}},
		{spectral, 4, []bool{true, true, false, false, false, true}},
		{spectral, 24, []bool{true, true, true, false, false, true}},
		{spectral, 63, []bool{true, true, true, true, true, true}},
	} {
		if got := c.f.neededScans(uint(c.limit)); !slices.Equal(got, c.want) {
			t.Errorf("%d scans up to %d: %v, want %v", len(c.f.scans), c.limit, got, c.want)
		}
	}
}

// Blocks beyond the picture, which a scan of one component does not have, are not those
// of the picture before.
func TestNothingStaysOfThePictureBefore(t *testing.T) {
	data, err := os.ReadFile("../../testdata/images/jpeg_progressive_grayscale.jpg")
	if err != nil {
		t.Fatal(err)
	}
	frame := bytes.Index(data, []byte{0xff, mSOF2})
	data[frame+11] = 0x32 // sampling factors: 24x16 pixels are an MCU of the frame
	f, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	columns, rows := f.mcusX*3, f.mcusY*2
	if columns == ceilDiv(f.Width, 8) && rows == ceilDiv(f.Height, 8) {
		t.Fatal("no blocks are beyond the picture")
	}
	var fresh, used Scratch
	used.dcValues[0] = make([]int16, columns*rows)
	for i := range used.dcValues[0] {
		used.dcValues[0][i] = int16(i*7919 | 1<<14)
	}
	want, err := f.Decode(t.Context(), DecodeOptions{Scale: 8}, &fresh)
	if err != nil {
		t.Fatal(err)
	}
	got, err := decodeBothWays(t, f, DecodeOptions{Scale: 8}, &used)
	if err != nil || !bytes.Equal(got.Planes[0].Pix, want.Planes[0].Pix) {
		t.Errorf("other samples: %v", err)
	}
}
