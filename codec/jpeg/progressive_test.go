package jpeg

import (
	"bytes"
	"errors"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
)

// randomTable gives symbols, in random order, codes of random lengths up to 16
// bits.
func randomTable(t *testing.T, r *rand.Rand, symbols []uint8) *huffman {
	t.Helper()
	lengths := []int{0}
	for len(lengths) <= len(symbols) { // one more, for the code that is not used
		i := r.IntN(len(lengths))
		if r.IntN(3) == 0 {
			i = len(lengths) - 1 // some codes are to be long
		}
		if lengths[i] < 16 {
			lengths[i]++
			lengths = append(lengths, lengths[i])
		}
	}
	slices.Sort(lengths)
	symbols = slices.Clone(symbols)
	r.Shuffle(len(symbols), func(i, j int) { symbols[i], symbols[j] = symbols[j], symbols[i] })
	return table(t, symbols, lengths[:len(symbols)]...)
}

// acSymbols lists the symbols of a first scan with values of up to size bits; a
// correcting one has those of size 1.
func acSymbols(size int) []uint8 {
	s := []uint8{0xf0}
	for run := range uint8(16) {
		if run < 15 {
			s = append(s, run<<4)
		}
		for v := 1; v <= size; v++ {
			s = append(s, run<<4|uint8(v))
		}
	}
	return s
}

// codes returns the code of each symbol and its length.
func (h *huffman) codes() map[uint8][2]uint64 {
	m, i := map[uint8][2]uint64{}, 0
	for l := 1; l <= 16; l++ {
		for j := range uint32(h.counts[l-1]) {
			m[h.symbols[i]] = [2]uint64{uint64(h.first[l] + j), uint64(l)}
			i++
		}
	}
	return m
}

// acWriter makes up the AC scan of a band.
type acWriter struct {
	r     *rand.Rand
	s     *scan
	size  int
	codes map[uint8][2]uint64
	w     bitWriter
}

func (a *acWriter) bits(n int) {
	for range n {
		a.w.put(uint64(a.r.IntN(2)), 1)
	}
}

func (a *acWriter) symbol(run, size int) {
	c := a.codes[uint8(run<<4|size)]
	a.w.put(c[0], uint(c[1]))
}

// segment writes the blocks of a restart segment; seen is as it was before.
func (a *acWriter) segment(seen []uint64) {
	band := uint64(2)<<a.s.se - 1<<a.s.ss
	if a.s.ah == 0 {
		band = 0
	}
	density := a.r.IntN(100)
	for i := 0; i < len(seen); i++ {
		k, was, full := int(a.s.ss), seen[i]&band, true
		for k <= int(a.s.se) {
			if a.r.IntN(100) >= density {
				full = false
				break
			}
			// The coefficient to come must be 0 so far.
			zeros := []int{}
			for j := k; j <= int(a.s.se) && len(zeros) < 16; j++ {
				if was>>j&1 == 0 {
					zeros = append(zeros, j)
				}
			}
			run := a.r.IntN(min(16, 1+a.r.IntN(16)))
			switch {
			case run < len(zeros):
				size := 1
				if a.s.ah == 0 {
					size += a.r.IntN(a.size)
				}
				a.symbol(run, size)
				a.bits(size)
			case len(zeros) == 16:
				a.symbol(15, 0)
				run = 15
			default:
				continue
			}
			next := zeros[run] + 1
			a.bits(bits.OnesCount64(was >> k & (1<<(next-k) - 1)))
			k = next
			full = k > int(a.s.se)
		}
		if full {
			continue
		}
		category := 0
		if a.r.IntN(4) == 0 {
			category = a.r.IntN(15)
		}
		extra := a.r.IntN(1 << category)
		blocks := 1<<category + extra
		if a.r.IntN(3) > 0 && i+blocks > len(seen) {
			category, extra, blocks = 0, 0, 1
		}
		a.symbol(category, 0)
		a.w.put(uint64(extra), uint(category))
		a.bits(bits.OnesCount64(was >> k))
		for i++; blocks > 1 && i < len(seen); blocks-- {
			a.bits(bits.OnesCount64(seen[i] & band))
			i++
		}
		i--
	}
}

// acScan makes up a scan of blocks with the coefficients in seen.
func acScan(t *testing.T, r *rand.Rand, seen []uint64) *scan {
	t.Helper()
	s := &scan{ss: uint8(1 + r.IntN(63)), restart: max(0, r.IntN(2*len(seen))-len(seen)/2)}
	s.se = s.ss + uint8(r.IntN(64-int(s.ss)))
	if r.IntN(3) == 0 {
		s.ss, s.se = 1, 63
	}
	size := 1 + r.IntN(3)
	if r.IntN(2) == 0 {
		s.ah, s.al, size = 1, 0, 1
	}
	s.comps = []scanComp{{ac: randomTable(t, r, acSymbols(size))}}
	a := &acWriter{r: r, s: s, size: size, codes: s.comps[0].ac.codes()}
	for rest, n := seen, uint8(0); len(rest) > 0; n++ {
		k := len(rest)
		if s.restart > 0 {
			k = min(k, s.restart)
		}
		a.w = bitWriter{b: make([]byte, k*64*4+slack)}
		a.segment(rest[:k])
		s.data = stuff(s.data, a.w.flush())
		if rest = rest[k:]; len(rest) > 0 {
			s.data = append(s.data, 0xff, mRST0+n%8)
		}
	}
	return s
}

// randomSeen returns blocks some of whose coefficients are not 0.
func randomSeen(r *rand.Rand, n int) []uint64 {
	seen := make([]uint64, n)
	empty, reach := r.IntN(100), 1+r.IntN(63)
	for i := range seen {
		if r.IntN(100) >= empty {
			seen[i] = r.Uint64() & r.Uint64() & (2<<reach - 2)
			if r.IntN(8) == 0 {
				seen[i] = r.Uint64() | r.Uint64() | r.Uint64()
			}
		}
	}
	return seen
}

// hold reads a scan in both ways and reports whether it is sound.
func hold(t *testing.T, s *scan, before []uint64, mem *Scratch) bool {
	t.Helper()
	f := &File{Progressive: true, Color: YCbCr, Components: []Component{{H: 1, V: 1, blocksX: len(before), blocksY: 1}}}
	if err := mem.in.unstuff(s, 1<<20); err != nil {
		return false
	}
	plain := &progressive{f: f, mem: mem, seen: slices.Clone(before)}
	fast := &progressive{f: f, mem: mem, seen: slices.Clone(before)}
	var want error
	if s.ah == 0 {
		want = plain.plainFirst(s, &mem.in)
	} else {
		want = plain.plainRefine(s, &mem.in)
	}
	got := fast.readAC(s, &mem.in)
	if (got == nil) != (want == nil) {
		t.Fatalf("%d-%d, %d blocks, restart %d: %v, want %v", s.ss, s.se, len(before), s.restart, got, want)
	}
	if got == nil && (!slices.Equal(fast.seen, plain.seen) || fast.extra != plain.extra) {
		t.Fatalf("%d-%d, %d blocks, restart %d: other coefficients are not 0, or %d bytes too many, want %d",
			s.ss, s.se, len(before), s.restart, fast.extra, plain.extra)
	}
	return got == nil
}

// Whatever the scan and the damage to it, the fast reader must say what the
// plain one says.
func TestACScans(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	var mem Scratch
	sound, damaged := 0, 0
	for range 1500 {
		seen := randomSeen(r, 1+r.IntN(1+r.IntN(200)))
		s := acScan(t, r, seen)
		if !hold(t, s, seen, &mem) {
			t.Fatalf("%d-%d, %d blocks, restart %d: a sound scan is refused", s.ss, s.se, len(seen), s.restart)
		}
		data := s.data
		for range 4 {
			s.data = bytes.Clone(data)
			for range 1 + r.IntN(3) {
				if len(s.data) > 0 {
					s.data[r.IntN(len(s.data))] ^= 1 << r.IntN(8)
				}
			}
			if hold(t, s, seen, &mem) {
				sound++
			} else {
				damaged++
			}
		}
	}
	if sound < 200 || damaged < 2000 {
		t.Errorf("%d sound, %d damaged: the test does not test", sound, damaged)
	}
}

// A run of end-of-blocks covers up to 32767 blocks, and their correcting bits
// may be more than there are.
func TestLongEndOfBlockRuns(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	var mem Scratch
	for range 12 {
		seen := randomSeen(r, 20000+r.IntN(30000))
		s := &scan{ss: 1, se: 63, ah: uint8(r.IntN(2)), comps: []scanComp{{ac: table(t, []uint8{0xe0, 0x01, 0}, 1, 2, 3)}}}
		a := &acWriter{r: r, s: s, codes: s.comps[0].ac.codes(), w: bitWriter{b: make([]byte, len(seen)*8+slack)}}
		band := -uint64(s.ah) &^ 1
		for left := seen; len(left) > 0; {
			a.symbol(14, 0)
			extra := r.IntN(1 << 14)
			a.w.put(uint64(extra), 14)
			n := min(1<<14+extra, len(left))
			for _, v := range left[:n] {
				a.bits(bits.OnesCount64(v & band))
			}
			left = left[n:]
		}
		s.data = stuff(nil, a.w.flush())
		if !hold(t, s, seen, &mem) {
			t.Fatal("a sound scan is refused")
		}
		if len(s.data) > 16 {
			s.data = s.data[:len(s.data)/2]
			if s.data[len(s.data)-1] == 0xff {
				s.data = s.data[:len(s.data)-1]
			}
			if hold(t, s, seen, &mem) {
				t.Fatal("half a scan is taken")
			}
		}
	}
}

// Every entry must say what its symbols, one by one, say.
func TestBandTables(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	skipper := new(bandSkipper)
	for range 20 {
		s := &scan{ss: 1, se: 63, ah: uint8(r.IntN(2))}
		s.comps = []scanComp{{ac: randomTable(t, r, acSymbols(1+r.IntN(15)))}}
		skipper.init(s)
		for i, e := range skipper.many {
			top := uint64(i) << (64 - manyBits)
			first := skipper.symbol(top)
			if e.used() == 0 {
				if e.advance() != slow || first != 0 && first.code() <= manyBits {
					t.Fatalf("entry %010b takes nothing, its code has %d bits", i, first.code())
				}
				continue
			}
			var used, advance, category uint
			var mask uint64
			for used < e.used() {
				o := skipper.symbol(top << used)
				if used+o.code() > manyBits || o == 0 {
					t.Fatalf("entry %010b takes bits that it does not have", i)
				}
				used += o.used()
				if o&oneEOB != 0 {
					advance, category = advance+eob, o.category()
					break
				}
				mask |= o.coeff() << (advance + o.run())
				advance += o.run() + 1
			}
			if used != e.used() || advance != e.advance() || category != e.category() || mask != e.mask() {
				t.Fatalf("entry %010b: %d bits, advance %d, category %d, coefficients %b; one by one %d, %d, %d, %b",
					i, e.used(), e.advance(), e.category(), e.mask(), used, advance, category, mask)
			}
		}
		for i, e := range skipper.one {
			want := skipper.symbol(uint64(i) << (64 - oneBits))
			if want.code() > oneBits || want == 0 {
				want = noRun
			}
			if e != want {
				t.Fatalf("symbol %09b is %x, want %x", i, e, want)
			}
		}
	}
}

func TestPass(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	for _, seen := range append(randomSeen(r, 500), 0, 1<<63-1) {
		rest := seen >> 1 // of coefficients 1 to 63
		for run := range uint(16) {
			ones, zeros := uint(0), uint(0)
			for b := rest; ; b >>= 1 {
				if b&1 != 0 {
					ones++
				} else if zeros++; zeros > run {
					break
				}
			}
			if got := pass(rest, run); got != ones {
				t.Fatalf("%b, run %d: %d are passed, want %d", rest, run, got, ones)
			}
		}
	}
}

// DC scans of all samplings and sizes must be coded anew as block by block.
func TestDCScans(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	var mem Scratch
	for range 600 {
		f := &File{Width: 1 + r.IntN(90), Height: 1 + r.IntN(90), Progressive: true, Color: YCbCr}
		h, v := 1+r.IntN(4), 1+r.IntN(2)
		f.Components = []Component{{H: h, V: v}, {H: 1, V: 1}, {H: 1, V: 1}}
		f.layout()
		s := &scan{restart: r.IntN(6)}
		categories := []uint8{0, 1, 2, 3, 4, 5, 6}
		for i := range 1 + 2*r.IntN(2) {
			s.comps = append(s.comps, scanComp{comp: i, dc: randomTable(t, r, categories)})
		}
		if r.IntN(2) == 0 {
			s.ah = 1
		}
		s.data = dcData(r, f, s)
		if r.IntN(4) == 0 {
			s.data[r.IntN(len(s.data))] ^= 1 << r.IntN(8)
		}
		if err := mem.in.unstuff(s, 1<<20); err != nil {
			continue
		}
		plain, want := plainDC(f, s, &mem.in)
		p := &progressive{f: f, mem: &mem}
		got := p.dc(s, &mem.in)
		if (got == nil) != (want == nil) {
			t.Fatalf("%dx%d of %dx%d: %v, want %v", h, v, f.Width, f.Height, got, want)
		}
		if got == nil && !bytes.HasSuffix(p.dst, plain) {
			t.Fatalf("%dx%d of %dx%d, %d components: other bits", h, v, f.Width, f.Height, len(s.comps))
		}
	}
}

// plainDC returns the stuffed data of a DC scan coded anew.
func plainDC(f *File, s *scan, in *entropy) ([]byte, error) {
	p := &progressive{f: f}
	luma := &f.Components[0]
	w := bitWriter{b: make([]byte, 4*luma.blocksX*luma.blocksY+slack)}
	var err error
	if s.ah == 0 {
		err = p.plainDCFirst(s, in, &w, newDCCoder(s.comps[0].dc))
	} else {
		err = p.plainDCRefine(s, in, &w)
	}
	return stuff(nil, w.flush()), err
}

// dcData makes up the data of a DC scan.
func dcData(r *rand.Rand, f *File, s *scan) []byte {
	mcus := f.mcusX * f.mcusY
	if len(s.comps) == 1 {
		mcus = f.Components[0].blocksX * f.Components[0].blocksY
	}
	var data []byte
	w := bitWriter{b: make([]byte, mcus*maxBlocks*4+slack)}
	restarts := uint8(0)
	for m := range mcus {
		if s.restart > 0 && m > 0 && m%s.restart == 0 {
			data = append(stuff(data, w.flush()), 0xff, mRST0+restarts%8)
			restarts++
			w = bitWriter{b: w.b}
		}
		for _, sc := range s.comps {
			blocks := f.Components[sc.comp].H * f.Components[sc.comp].V
			if len(s.comps) == 1 {
				blocks = 1
			}
			for range blocks {
				if s.ah > 0 {
					w.put(uint64(r.IntN(2)), 1)
					continue
				}
				cat := r.IntN(7)
				c := sc.dc.codes()[uint8(cat)]
				w.put(c[0], uint(c[1]))
				w.put(uint64(r.IntN(1<<cat)), uint(cat))
			}
		}
	}
	return stuff(data, w.flush())
}

// A file may have scans, and none of them luma's.
func TestNoScanOfTheLuma(t *testing.T) {
	b := appendQuant([]byte{0xff, mSOI}, 0, &quant{})
	b = appendSegment(b, mSOF2, []byte{8, 0, 8, 0, 8, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0})
	b = appendHuffman(b, 0, 0, table(t, []uint8{0}, 1))
	b = appendSegment(b, mSOS, []byte{1, 2, 0, 0, 0, 0})
	b = append(b, 0x7f, 0xff, mEOI)
	var malformed *FormatError
	if _, err := gray(b); !errors.As(err, &malformed) {
		t.Errorf("%v, want a FormatError", err)
	}
}
