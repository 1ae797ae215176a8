package animation

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"
)

// over, by the definition, in floating point.
func TestOverByItsDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for range 100_000 {
		s, d := r.Uint64(), r.Uint64()
		for size, top := range map[int]float64{4: 255, 8: 65535} {
			sb, db := binary.LittleEndian.AppendUint64(nil, s)[:size], binary.LittleEndian.AppendUint64(nil, d)[:size]
			get := func(b []byte, k int) float64 {
				if size == 8 {
					return float64(binary.BigEndian.Uint16(b[2*k:]))
				}
				return float64(b[k])
			}
			a, b := get(sb, 3)/top, get(db, 3)/top
			alpha := a + b*(1-a)
			got := slices.Clone(db)
			if size == 8 {
				over16(got, sb)
			} else {
				over8(got, sb)
			}
			for k := range 4 {
				want := alpha * top
				if k < 3 {
					if alpha == 0 {
						continue
					}
					want = (get(sb, k)*a + get(db, k)*b*(1-a)) / alpha
				}
				if diff := get(got, k) - want; diff > 0.501 || diff < -0.501 {
					t.Fatalf("%x over %x is %x: channel %d should be %v", sb, db, got, k, want)
				}
			}
		}
	}
}
