package jpeg

import (
	"os"
	"path/filepath"
	"testing"
)

func TestStat(t *testing.T) {
	names, _ := filepath.Glob("/tmp/imgpar-check/cam/00*.jpg")
	data, _ := os.ReadFile(names[5])
	f, _ := Parse(data)
	var mem Scratch
	s := &f.scans[0]
	mem.in.unstuff(s, f.restarts(s))
	w := f.newWalk(&mem.in, s)
	b := w.in.b
	at := uint64(0)
	look, sym, blocks, ac, dcs, stops, exact := 0, 0, 0, 0, 0, 0, 0
	x, y := f.mcus(s)
	for range x * y {
		for _, c := range s.comps {
			cc := f.Components[c.comp]
			tb := mem.runs.get(mem.skippers.get(c))
			for range cc.H * cc.V {
				blocks++
				k := uint64(0)
				for {
					tt := &tb.start
					if k > 0 {
						tt = &tb.pairs
					}
					bits := load(b, at<<atShift)
					e := tt[bits>>53]
					look++
					k2 := k + e>>8&0xff
					if k2&64 != 0 {
						sym++
						st := &tb.dc
						if k > 0 {
							st = &tb.ac
						}
						v := uint64(st[bits>>53])
						if v == 0 {
							stops++
							if k == 0 {
								_, n := mem.skippers.get(c).dc.diff(bits)
								at += uint64(n)
								k = 1
								continue
							}
							code, extra, a, _ := mem.skippers.get(c).ac.acSymbol(bits)
							at += uint64(code + extra)
							if a == eob {
								break
							}
							k += uint64(a)
							if k == 64 {
								break
							}
							continue
						}
						if k == 0 {
							dcs++
						} else if e&63 == 0 {
							ac++
						} else {
							exact++
						}
						at += v&31 + v>>5&15
						if v>>9 == 64 {
							break
						}
						k += v >> 9
						if k == 64 {
							break
						}
						continue
					}
					at += e & 63
					k = k2
					if k&128 != 0 {
						break
					}
				}
			}
		}
	}
	t.Log(blocks, float64(at)/float64(blocks), float64(look)/float64(blocks), sym, ac, dcs, exact, stops)
}
