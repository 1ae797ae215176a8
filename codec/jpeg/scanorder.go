package jpeg

// progress is how far the scans of a progressive file have brought a component:
// for each coefficient 1 + its lowest bit so far; 0: none.
type progress [64]int8

// admits holds a scan against those before it (G.1.1.1.1): DC comes first, and
// each coefficient's bits follow one another. A scan may come again once its
// coefficients are complete, as libjpeg has it.
func (p *progress) admits(s *scan) bool {
	if s.ss > 0 && p[0] == 0 {
		return false
	}
	for _, bit := range p[s.ss : s.se+1] {
		if int8(s.ah) != max(bit-1, 0) {
			return false
		}
	}
	return true
}

func (p *progress) add(s *scan) {
	for k := s.ss; k <= s.se; k++ {
		p[k] = int8(s.al) + 1
	}
}

// neededScans tells which scans bring coefficients up to a place in zigzag order.
// Where one corrects more than these, those before it that brought the others are
// needed too: which of them are 0 decides how it is read.
func (f *File) neededScans(limit uint) []bool {
	needed := make([]bool, len(f.scans))
	wanted := [4]uint8{uint8(limit), uint8(limit), uint8(limit), uint8(limit)}
	for i := len(f.scans) - 1; i >= 0; i-- {
		s := &f.scans[i]
		w := &wanted[s.comps[0].comp]
		if needed[i] = s.ss <= *w; needed[i] && s.ah > 0 {
			*w = max(*w, s.se)
		}
	}
	return needed
}
