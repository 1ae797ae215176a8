package jpeg

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/imgpar/imgpar/internal/fuzztest"
)

// salvaged reads what can be had of a file.
func salvaged(data []byte) (*File, *Coefficients, error) {
	f, err := ParseDamaged(data)
	if err != nil {
		return nil, nil, err
	}
	c, err := f.Coefficients(context.Background(), new(Scratch))
	return f, c, err
}

// What is whole is read the same way, and nothing is found to be wrong with it.
func TestSalvageOfWholeFiles(t *testing.T) {
	eachTestFile(t, func(what string, c *Coefficients, data []byte) {
		f, got, err := salvaged(data)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if f.Damage != nil {
			t.Fatalf("%s: %v", what, f.Damage)
		}
		sameCoefficients(t, what, c, got)
	})
}

// damageFixtures are a sequential and a progressive file of each kind.
func damageFixtures(t *testing.T) [][]byte {
	all := fixtures(t)
	var files [][]byte
	for _, name := range []string{"jpeg_restart_420.jpg", "jpeg_separate_scans_420.jpg", "jpeg_progressive_420.jpg", "jpeg_progressive_restart_444.jpg"} {
		files = append(files, all["../../testdata/images/"+name])
	}
	return files
}

func TestEveryTruncation(t *testing.T) {
	for _, data := range damageFixtures(t) {
		whole := mustParse(t, data)
		start := whole.scans[0].offset
		gray := 0
		for n := range data {
			f, err := Parse(data[:n])
			if err == nil {
				_, err = f.Decode(context.Background(), DecodeOptions{}, new(Scratch))
			}
			var malformed *FormatError
			if !errors.As(err, &malformed) {
				t.Fatalf("%d bytes of %d: %v, want a FormatError", n, len(data), err)
			}
			f, c, err := salvaged(data[:n])
			if n < start {
				if !errors.As(err, &malformed) {
					t.Fatalf("%d bytes, nothing of a picture: %v, want a FormatError", n, err)
				}
				continue
			}
			if err != nil || f.Damage == nil {
				t.Fatalf("%d bytes of %d: error %v, damage %v", n, len(data), err, f.Damage)
			}
			if c.Width != whole.Width || len(c.Components) != len(whole.Components) {
				t.Fatalf("%d bytes: another picture", n)
			}
			if last := c.Components[0].Blocks; last[len(last)-1] == (Block{}) {
				gray++
			}
		}
		if gray == 0 || gray == len(data)-start {
			t.Errorf("the last block is missing in %d of %d", gray, len(data)-start)
		}
	}
}

// Of a damaged progressive file, too, it must be known of every block where its
// coefficients end: the inverse transforms go by that, each in its own way.
func TestWhatIsSalvagedIsSeen(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 21))
	data := fixtures(t)["../../testdata/images/jpeg_progressive_420.jpg"]
	whole := mustParse(t, data)
	damaged := 0
	for range 400 {
		bad := bytes.Clone(data)
		s := &whole.scans[r.IntN(len(whole.scans))]
		bad[s.offset+r.IntN(len(s.data))] ^= 1 << r.IntN(8)
		f, err := ParseDamaged(bad)
		if err != nil {
			t.Fatal(err)
		}
		read, err := f.readCoefficients(t.Context(), len(f.Components), 8, new(Scratch))
		if err != nil {
			t.Fatal(err)
		}
		if f.Damage != nil {
			damaged++
		}
		for i := range read.out.Components {
			for n := range read.out.Components[i].Blocks {
				b := &read.out.Components[i].Blocks[n]
				for k := 1; k < 64; k++ {
					if b[zigzag[k]] != 0 && read.bands[i].seen[n]>>k&1 == 0 {
						t.Fatalf("%v: coefficient %d of block %d of component %d is not seen", f.Damage, k, n, i)
					}
				}
			}
		}
	}
	if damaged < 100 {
		t.Errorf("%d files were damaged: the test does not test", damaged)
	}
}

// restartFile makes a sequential file of restart segments of one row of 8 MCUs.
func restartFile(r *rand.Rand) (data []byte, c *Coefficients) {
	c = anyCoefficients(r, 64, 160, [][2]int{{1, 1}, {1, 1}, {1, 1}})
	w := testWriter{c: c, restart: 8}
	return w.encode(r, []testScan{{[]int{0, 1, 2}, 0, 63, 0, 0}}), c
}

// segments are where each restart segment of the first scan starts and ends.
func segments(t *testing.T, data []byte) (bounds [][2]int) {
	s := mustParse(t, data).scans[0]
	start := s.offset
	for i := s.offset; i < s.offset+len(s.data); i++ {
		if data[i] == 0xff && data[i+1] != 0 {
			bounds = append(bounds, [2]int{start, i})
			start = i + 2
		}
	}
	return append(bounds, [2]int{start, s.offset + len(s.data)})
}

// checkRows sees that all rows of blocks but those of the lost are right.
func checkRows(t *testing.T, what string, want, got *Coefficients, lost ...int) {
	t.Helper()
	for i := range want.Components {
		a, b := &want.Components[i], &got.Components[i]
		for n := range a.Blocks {
			row, missing := n/a.Columns, false
			for _, l := range lost {
				missing = missing || row == l
			}
			if !missing && a.Blocks[n] != b.Blocks[n] {
				t.Fatalf("%s: row %d is damaged too", what, row)
			}
		}
	}
}

func TestDamageStaysInItsSegment(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	data, c := restartFile(r)
	bounds := segments(t, data)
	if len(bounds) != 20 {
		t.Fatalf("%d segments", len(bounds))
	}
	noticed := 0
	for range 1500 {
		n := r.IntN(len(bounds))
		at := bounds[n][0] + r.IntN(bounds[n][1]-bounds[n][0])
		bad := bytes.Clone(data)
		bad[at] ^= 1 << r.IntN(8)
		if ends, _ := (&File{salvage: true}).endsScan(bad[at+1:]); ends && bad[at] == 0xff {
			continue // the end of the scan, then
		}
		f, got, err := salvaged(bad)
		if err != nil {
			t.Fatal(err)
		}
		checkRows(t, "a flipped bit", c, got, n)
		if f.Damage != nil {
			noticed++
			// The place is a little early, by the stuffed bytes and the markers.
			if off := f.Damage.Offset; off > bounds[n][1]+16 || off < bounds[n][0]-2*n-80 {
				t.Errorf("damage at %d to %d is noted at %d", bounds[n][0], bounds[n][1], off)
			}
		}
	}
	if noticed < 800 {
		t.Errorf("damage was noticed %d times", noticed)
	}
}

func TestLostSegments(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 9))
	data, c := restartFile(r)
	bounds := segments(t, data)
	cut := func(from, to int) []byte { return append(bytes.Clone(data[:from]), data[to:]...) }
	for n := range 17 {
		for _, test := range []struct {
			what string
			bad  []byte
			lost []int
		}{
			{"a lost segment", cut(bounds[n][0], bounds[n+1][0]), []int{n}},
			{"two lost segments", cut(bounds[n][0], bounds[n+2][0]), []int{n, n + 1}},
			{"a lost marker", cut(bounds[n][1], bounds[n+1][0]), []int{n, n + 1}},
			{"half of a segment", cut((bounds[n][0]+bounds[n][1])/2, bounds[n][1]), []int{n}},
			{"a segment twice", append(bytes.Clone(data[:bounds[n+1][0]]), data[bounds[n][0]:]...), []int{n + 1}}, // for which the second is taken
		} {
			f, got, err := salvaged(test.bad)
			if err != nil {
				t.Fatalf("%s: %v", test.what, err)
			}
			if f.Damage == nil {
				t.Errorf("%s at %d is not noticed", test.what, n)
			}
			if test.what == "a lost segment" || test.what == "two lost segments" {
				// The segment before is taken for what was lost, up to the next marker.
				test.lost = append(test.lost, test.lost[len(test.lost)-1]+1)
			}
			checkRows(t, test.what, c, got, test.lost...)
		}
	}
}

// Between segments, whatever is no segment is passed over.
func TestGarbageBetweenSegments(t *testing.T) {
	for _, data := range damageFixtures(t) {
		want := mustRead(t, mustParse(t, data))
		sos := bytes.Index(data, []byte{0xff, mSOS})
		for _, garbage := range []string{"garbage", "\x00", "\xff\x00\xff\xd3", "\xff\xdb\x00\x00", "\xff\xc4\x00\x03\x55"} {
			bad := append(append(bytes.Clone(data[:sos]), garbage...), data[sos:]...)
			if _, err := Parse(bad); err == nil {
				t.Errorf("%q is passed over in silence", garbage)
			}
			f, got, err := salvaged(bad)
			if err != nil || f.Damage == nil || f.Damage.Offset < sos || f.Damage.Offset > sos+6 {
				t.Fatalf("%q at %d: error %v, damage %v", garbage, sos, err, f.Damage)
			}
			sameCoefficients(t, garbage, want, got)
		}
	}
}

func TestNothingToSalvage(t *testing.T) {
	for name, data := range map[string]string{
		"nothing":     "",
		"no SOI":      "garbage",
		"no frame":    "\xff\xd8\xff\xd9",
		"half a one":  "\xff\xd8\xff\xc0\x00\x0b\x08\x00\x10\x00\x10\x01\x01\x00\x00\xff\xd9",
		"no scan":     "\xff\xd8\xff\xc0\x00\x0b\x08\x00\x10\x00\x10\x01\x01\x11\x00\xff\xd9",
		"no tables":   "\xff\xd8\xff\xc0\x00\x0b\x08\x00\x10\x00\x10\x01\x01\x11\x00\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00abc\xff\xd9",
		"all garbage": "\xff\xd8\xff\xff\xff\x00\xff\x00\xff\xff",
	} {
		var malformed *FormatError
		if _, err := ParseDamaged([]byte(data)); !errors.As(err, &malformed) {
			t.Errorf("%s: %v, want a FormatError", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzztest.Bound(t, data, 1<<20+64*int64(len(data)))()
		strict, err := Parse(data)
		known(t, err)
		damaged, err2 := ParseDamaged(data)
		if err != nil {
			if err2 == nil && damaged.Damage == nil {
				t.Fatalf("nothing is wrong, but %v", err)
			}
			return
		}
		if err2 != nil || damaged.Damage != nil {
			t.Fatalf("a fine file is damaged: %v, %v", err2, damaged.Damage)
		}
		if strict.Width != damaged.Width || len(strict.scans) != len(damaged.scans) || len(strict.Rest) != len(damaged.Rest) {
			t.Fatal("another file")
		}
	})
}

// What is read strictly is read the same by all ways; whatever is not must not
// do harm.
func FuzzDecode(f *testing.F) {
	addSeeds(f)
	var mem Scratch
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzztest.Bound(t, data, fuzzMemory)()
		damaged, err := ParseDamaged(data)
		if err != nil || !isSmall(damaged) {
			return
		}
		rest, err := damaged.Decode(context.Background(), DecodeOptions{}, &mem)
		if err != nil {
			t.Fatalf("nothing is salvaged: %v", err)
		}
		file, err := Parse(data)
		if err != nil {
			return
		}
		for _, scale := range []int{2, 4, 8} {
			_, _ = decodeBothWays(t, file, DecodeOptions{Scale: scale}, &mem)
		}
		p, err := decodeBothWays(t, file, DecodeOptions{}, &mem)
		c, err2 := file.Coefficients(context.Background(), &mem)
		if (err == nil) != (err2 == nil) || (err == nil) != (damaged.Damage == nil) {
			t.Fatalf("decoding: %v; coefficients: %v; salvage: %v", err, err2, damaged.Damage)
		}
		if err != nil {
			return
		}
		luma, err := file.Decode(context.Background(), DecodeOptions{Components: 1}, &mem)
		if err != nil {
			t.Fatalf("the first component alone: %v", err)
		}
		other := samplesOf(file, c)
		for i := range p.Planes {
			if differ(&p.Planes[i], &other.Planes[i]) != 0 || differ(&p.Planes[i], &rest.Planes[i]) != 0 {
				t.Fatalf("component %d has other samples by coefficients or by salvage", i)
			}
		}
		if differ(&p.Planes[0], &luma.Planes[0]) != 0 {
			t.Fatal("the first component has other samples alone")
		}
		for _, scale := range []int{2, 4, 8} {
			small, err := file.Decode(context.Background(), DecodeOptions{Scale: scale}, &mem)
			if err != nil {
				t.Fatalf("at 1/%d: %v", scale, err)
			}
			other := samplesAt(file, c, scale)
			for i := range small.Planes {
				if differ(&small.Planes[i], &other.Planes[i]) != 0 {
					t.Fatalf("component %d at 1/%d has other samples by coefficients", i, scale)
				}
			}
		}
	})
}
