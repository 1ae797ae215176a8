package jpeg

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/internal/simd"
	"github.com/imgpar/imgpar/internal/simd/simdtest"
)

// decodeBothWays decodes a file with kernels and without. The results must be
// the same; it returns one of them.
func decodeBothWays(t testing.TB, f *File, o DecodeOptions, mem *Scratch) (*Planes, error) {
	t.Helper()
	was := simd.SetAVX2(false)
	want, err := f.Decode(context.Background(), o, mem)
	simd.SetAVX2(was)
	got, err2 := f.Decode(context.Background(), o, mem)
	if fmt.Sprint(err) != fmt.Sprint(err2) {
		t.Fatalf("%+v: %v with kernels, %v without", o, err2, err)
	}
	if err != nil {
		return nil, err
	}
	for i := range want.Planes {
		if !bytes.Equal(got.Planes[i].Pix, want.Planes[i].Pix) {
			t.Fatalf("%+v: component %d has other samples with kernels", o, i)
		}
	}
	return got, nil
}

// damage returns data with a bit of a scan, or some of them, the other way round,
// or without its end.
func damage(r *rand.Rand, data []byte) []byte {
	data = bytes.Clone(data)
	from := bytes.Index(data, []byte{0xff, mSOS}) + 14
	for range 1 << r.IntN(4) {
		data[from+r.IntN(len(data)-from)] ^= 1 << r.IntN(8)
	}
	if r.IntN(4) == 0 {
		data = append(data[:from+r.IntN(len(data)-from)], 0xff, mEOI)
	}
	return data
}

// What is read with the kernel is what is read without, errors and where they
// are included.
func TestRunsAreReadAsByGo(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	var mem Scratch
	fine, bad := 0, 0
	check := func(whole []byte, times int) {
		if _, err := Parse(whole); err != nil {
			return
		}
		for i := range times {
			data := whole
			if i > 0 {
				data = damage(r, whole)
			}
			f, err := Parse(data)
			if err != nil {
				continue
			}
			for _, o := range []DecodeOptions{{}, {Scale: 2}, {Scale: 4}, {Scale: 2, Components: 1}, {Components: 2}} {
				if _, err := decodeBothWays(t, f, o, &mem); err != nil {
					bad++
				} else {
					fine++
				}
			}
		}
	}
	eachTestFile(t, func(what string, _ *Coefficients, data []byte) {
		if strings.HasPrefix(what, "sequential") {
			check(data, 8)
		}
	})
	for _, data := range fixtures(t) {
		check(data, 3)
	}
	if fine < 400 || bad < 400 {
		t.Errorf("only %d pictures were read, and %d refused", fine, bad)
	}
}

// The kernel keeps within the coefficients and the data that it is given, and
// reads its blocks as Go does: places, coefficients and the last of them.
func TestRunKeepsWithin(t *testing.T) {
	if !simd.BMI2() {
		t.Skip("no kernel")
	}
	r := rand.New(rand.NewPCG(33, 34))
	whole, part := 0, 0
	eachTestFile(t, func(what string, _ *Coefficients, data []byte) {
		f := mustParse(t, data)
		if f.Progressive {
			return
		}
		s := &f.scans[0]
		for try := range 6 {
			size, wanted, front := 8>>r.IntN(3), 1+r.IntN(len(f.Components)), try%2 == 0
			var mem Scratch
			if err := mem.in.unstuff(s, f.restarts(s)); err != nil {
				t.Fatal(err)
			}
			end := 8 * mem.in.ends[0]
			if try > 1 { // no longer a picture
				for i := range mem.in.b[:mem.in.size()] {
					if r.IntN(8) == 0 {
						mem.in.b[i] = byte(r.Uint32())
					}
				}
				end = r.IntN(8*mem.in.size() + 1)
			}
			p := f.newPlanes(wanted, size, nil)
			want, d := f.newScanDecoder(p, s, size, &mem), f.newScanDecoder(p, s, size, new(Scratch))
			for i := range d.rows {
				row := &d.rows[i]
				row.coefs, row.last = simdtest.Slice[int16](t, len(row.coefs), front), simdtest.Slice[uint8](t, len(row.last), front)
			}
			d.run = newRunReader(d, lowests[size])
			// A load begins 6 bits behind the end at the latest.
			b := mem.in.b
			if end >= loadBits {
				b = simdtest.Slice[byte](t, (end+6)/8+8, front)
				copy(b, mem.in.b)
			}
			m := r.IntN(runMCUs)
			n := 1 + r.IntN(runMCUs-m)
			blocks, at := d.run.read(b, 0, uint64(end), m, n)
			if blocks > n*len(d.targets) || at > uint64(end) {
				t.Fatalf("%s: %d blocks of %d up to bit %d of %d", what, blocks, n*len(d.targets), at, end)
			}
			if blocks == n*len(d.targets) {
				whole++
			} else {
				part++
			}
			sameRun(t, what, mem.in.b, want, d, m, blocks, at)
		}
	})
	if whole < 10 || part < 100 {
		t.Errorf("only %d runs were read, and %d in part", whole, part)
	}
}

// sameRun reads blocks by Go, from MCU m of a run on, and compares them with what
// the kernel read.
func sameRun(t *testing.T, what string, b []byte, want, got *scanDecoder, m, blocks int, at uint64) {
	t.Helper()
	targets, wantAt := want.targets, uint64(0)
	want.m = m
	for i := range blocks {
		j := i % len(targets)
		want.targets = targets[:j+1]
		var ok bool
		if wantAt, ok = want.mcu(b, wantAt, j); !ok {
			t.Fatalf("%s: block %d is none, but the kernel read it", what, i)
		}
		if g, w := got.targets[j], targets[j]; w.row != nil {
			n, area := want.m*w.row.h+w.at, want.size*want.size
			for k, v := range w.row.coefs[n*area:][:area] {
				if g := g.row.coefs[n*area+k]; g != v && (k > 0 || v != 0) {
					t.Fatalf("%s: block %d: coefficient %d is %d, want %d", what, i, k, g, v)
				}
			}
			if g, w := g.row.last[n], w.row.last[n]; g < w || want.size == 8 && g != w {
				t.Fatalf("%s: block %d ends with place %d, want %d", what, i, g, w)
			}
			if g, w := g.in.pred, w.in.pred; i+len(targets) >= blocks && j == len(targets)-1 && g != w {
				t.Fatalf("%s: the DC is %d in the end, want %d", what, g, w)
			}
		}
		if j == len(targets)-1 {
			want.m++
		}
	}
	if wantAt != at {
		t.Fatalf("%s: %d blocks end at bit %d, want %d", what, blocks, at, wantAt)
	}
}
