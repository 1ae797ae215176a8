package jpeg

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// bitString is the slow and obvious counterpart of reader and writer.
func bitString(b []byte) []byte {
	var bits []byte
	for _, v := range b {
		for i := 7; i >= 0; i-- {
			bits = append(bits, v>>i&1)
		}
	}
	return bits
}

func random(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func TestReader(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		data := random(r, 1+r.IntN(60))
		bits := bitString(data)
		rd := bitReader{b: append(data, make([]byte, slack)...)}
		for pos := 0; pos < len(bits); {
			rd.refill()
			if rd.pos() != pos {
				t.Fatalf("at %d, want %d", rd.pos(), pos)
			}
			n := min(1+r.IntN(56), len(bits)-pos)
			for i, want := range bits[pos : pos+n] {
				if got := byte(rd.bits >> (63 - i) & 1); got != want {
					t.Fatalf("bit %d is %d", pos+i, got)
				}
			}
			if other := readerAt(rd.b, pos); other.bits>>(64-n) != rd.bits>>(64-n) || other.pos() != pos {
				t.Fatalf("a reader that begins at %d reads otherwise", pos)
			}
			rd.skip(uint(n))
			pos += n
		}
	}
}

func TestWriter(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for range 300 {
		src := append(random(r, 200), make([]byte, copyRoom)...)
		bits := bitString(src)
		w := bitWriter{b: make([]byte, 8000)}
		var want []byte
		for range r.IntN(30) {
			if r.IntN(2) == 0 {
				from := r.IntN(1600)
				to := from + r.IntN(1600-from+1)
				if r.IntN(2) == 0 {
					w.copyRun(src, from, to)
				} else {
					w.copyBits(src, from, to)
				}
				want = append(want, bits[from:to]...)
				continue
			}
			n := uint(r.IntN(57))
			v := r.Uint64() & (1<<n - 1)
			w.put(v, n)
			for i := int(n) - 1; i >= 0; i-- {
				want = append(want, byte(v>>i&1))
			}
		}
		for len(want)%8 != 0 {
			want = append(want, 1)
		}
		if got := bitString(w.flush()); !bytes.Equal(got, want) {
			t.Fatal("other bits than were written")
		}
	}
}

func TestStuffing(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	var e entropy
	for range 300 {
		data := random(r, r.IntN(40))
		for i := range data {
			if r.IntN(3) == 0 {
				data[i] = 0xff
			}
		}
		s := scan{data: stuff(nil, data)}
		if err := e.unstuff(&s, 1<<20); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(e.b[:e.size()], data) || len(e.ends) != 1 || e.ends[0] != len(data) {
			t.Fatalf("%x became %x, %v", data, e.b[:e.size()], e.ends)
		}
		if !bytes.Equal(e.b[e.size():], make([]byte, slack)) {
			t.Fatal("what follows the data is not zero")
		}
	}
}

func TestRestartMarkers(t *testing.T) {
	var e entropy
	for _, c := range []struct {
		data string
		ends []int // nil: an error
	}{
		{"ab\xff\xd0c\xff\xd1\xff\x00", []int{2, 3, 4}},
		{"\xff\xff\xff\xd0", []int{0, 0}}, // fill bytes before a marker
		{"a\xff\xd1", nil},                // does not begin with 0
		{"a\xff\xd0b\xff\xd2", nil},       // one is left out
		{"a\xff", nil},
	} {
		err := e.unstuff(&scan{data: []byte(c.data), restart: 1}, 1<<20)
		if (err == nil) != (c.ends != nil) {
			t.Errorf("%q: %v", c.data, err)
			continue
		}
		for i, want := range c.ends {
			if len(e.ends) != len(c.ends) || e.ends[i] != want {
				t.Errorf("%q: segments end at %v, want %v", c.data, e.ends, c.ends)
				break
			}
		}
	}
	if err := e.unstuff(&scan{data: []byte("a\xff\xd0b")}, 1<<20); err == nil {
		t.Error("a restart marker without a restart interval was taken")
	}
}
