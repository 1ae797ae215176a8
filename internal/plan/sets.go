package plan

import "hash/maphash"

// pathSet remembers which paths a walk has taken, by hashes of 120 bits, so that
// nothing is taken twice, and a later walk takes nothing that the first has not.
type pathSet struct {
	walks map[[15]byte]uint8 // number of the last walk that took the path
	walk  uint8              // number of this walk, from 1
	a, b  maphash.Hash
}

func newPathSet() *pathSet {
	s := &pathSet{walks: map[[15]byte]uint8{}}
	s.a.SetSeed(maphash.MakeSeed())
	s.b.SetSeed(maphash.MakeSeed())
	return s
}

// begin begins a walk. There may be 255.
func (s *pathSet) begin() { s.walk++ }

// take tells whether this walk is to take the absolute path prefix + name, and
// that it did.
func (s *pathSet) take(prefix, name string) bool {
	key := s.key(prefix, name)
	last, known := s.walks[key]
	if last == s.walk || !known && s.walk > 1 {
		return false
	}
	s.walks[key] = s.walk
	return true
}

func (s *pathSet) key(prefix, name string) (key [15]byte) {
	for i, h := range []*maphash.Hash{&s.a, &s.b} {
		h.Reset()
		h.WriteString(prefix)
		h.WriteString(name)
		for n, sum := 0, h.Sum64(); n < 8 && 8*i+n < len(key); n++ {
			key[8*i+n] = byte(sum >> (8 * n))
		}
	}
	return key
}
