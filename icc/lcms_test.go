package icc

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var goldenProgram = flag.String("golden", "", "make the goldens anew with this program, which testdata/golden.c has")

const goldens = "testdata/lcms2.txt"

// colours returns colours of n channels of 16 bits: grays, the corners, dark ones, and others without order.
func colours(n int) (list [][4]uint16) {
	for v := range 18 {
		x := uint16(v * 65535 / 17)
		list = append(list, [4]uint16{x, x, x, x})
	}
	for i := range 1 << n {
		var c [4]uint16
		for j := range c {
			c[j] = uint16(i>>j&1) * 65535
		}
		list = append(list, c)
	}
	seed := uint32(1)
	for i := range 60 {
		var c [4]uint16
		for j := range c {
			seed = seed*1664525 + 1013904223
			c[j] = uint16(seed >> 16)
			if i%3 == 0 {
				c[j] /= 8
			}
		}
		list = append(list, c)
	}
	return list
}

// raw returns colours as pixels of n channels and 8 or 16 bits.
func raw(list [][4]uint16, n, bits int, order binary.AppendByteOrder) (b []byte) {
	for _, c := range list {
		for _, v := range c[:n] {
			if bits == 8 {
				b = append(b, byte(v>>8))
			} else {
				b = order.AppendUint16(b, v)
			}
		}
	}
	return b
}

// tolerated are deviations of 8 and 16 bits, false: of profiles of curves and a matrix, true: of those with tables. Those
// that there are are 1 and 8, and 1 and 41.
var tolerated = map[bool]map[int]int{false: {8: 1, 16: 40}, true: {8: 2, 16: 64}}

func TestLittleCMS(t *testing.T) {
	if *goldenProgram != "" {
		makeGoldens(t)
	}
	want := readGoldens(t)
	for _, f := range fixtures(t) {
		p := parsed(t, f.data)
		tr := transform(t, f.data)
		most := map[string]int{}
		for _, way := range ways(p, f) {
			golden, ok := want[f.name+" "+way]
			if !ok {
				t.Errorf("%s, %s: no golden", f.name, way)
				continue
			}
			bits := 8
			if strings.HasPrefix(way, "16") {
				bits = 16
			}
			got := converted(t, tr, p, bits)
			if len(got) != len(golden) {
				t.Fatalf("%s, %s: %d numbers, want %d", f.name, way, len(got), len(golden))
			}
			for i := range got {
				d := max(got[i]-golden[i], golden[i]-got[i])
				most[way] = max(most[way], d)
				if d > tolerated[f.lut][bits] {
					t.Errorf("%s, %s: %v, channel %d: %d, want %d", f.name, way, colours(channels[p.space])[i/3], i%3, got[i], golden[i])
					break
				}
			}
		}
		t.Logf("%-28s %v", f.name, most)
	}
}

// ways of Little CMS that there are goldens of. Where black is to be scaled, the quick one is a table of few points.
func ways(p *Profile, f fixture) []string {
	list := []string{"8 exact"}
	if p.space != "CMYK" {
		list = append(list, "16 exact")
	}
	if black, err := p.black(); !f.lut && p.space == "RGB" && err == nil && black == [3]float64{} {
		list = append(list, "8 quick")
	}
	return list
}

// converted returns the channels of the colours in sRGB.
func converted(t *testing.T, tr *Transform, p *Profile, bits int) (out []int) {
	list := colours(channels[p.space])
	if p.space == "GRAY" {
		for i, c := range list {
			list[i] = [4]uint16{c[0], c[0], c[0], c[3]}
		}
	}
	pix := raw(list, 4, bits, binary.BigEndian)
	row := tr.pixels.row8
	if bits == 16 {
		row = tr.pixels.row16
	}
	if err := row(pix, pix); err != nil {
		t.Fatal(err)
	}
	for i := range len(list) * 4 {
		switch {
		case i%4 == 3:
		case bits == 8:
			out = append(out, int(pix[i]))
		default:
			out = append(out, int(binary.BigEndian.Uint16(pix[2*i:])))
		}
	}
	return out
}

// readGoldens returns the numbers by the names of profile and way.
func readGoldens(t *testing.T) map[string][]int {
	file, err := os.ReadFile(goldens)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]int{}
	s := bufio.NewScanner(bytes.NewReader(file))
	for s.Scan() {
		name, digits, ok := strings.Cut(s.Text(), ": ")
		b, err := hex.DecodeString(digits)
		if !ok || err != nil {
			t.Fatalf("%s: %q: %v", goldens, s.Text(), err)
		}
		for i := 0; i < len(b); {
			if strings.Contains(name, " 16 ") {
				all[name] = append(all[name], int(b[i])<<8|int(b[i+1]))
				i += 2
				continue
			}
			all[name] = append(all[name], int(b[i]))
			i++
		}
	}
	return all
}

func makeGoldens(t *testing.T) {
	var file bytes.Buffer
	for _, f := range fixtures(t) {
		p := parsed(t, f.data)
		name := filepath.Join(t.TempDir(), "profile")
		if err := os.WriteFile(name, f.data, 0o666); err != nil {
			t.Fatal(err)
		}
		for _, way := range ways(p, f) {
			var bits int
			var how string
			fmt.Sscan(way, &bits, &how)
			n := channels[p.space]
			cmd := exec.Command(*goldenProgram, name, fmt.Sprint(bits), how)
			cmd.Stdin = bytes.NewReader(raw(colours(n), n, bits, binary.LittleEndian))
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%s: %v", f.name, err)
			}
			for i := 0; bits == 16 && i < len(out); i += 2 {
				out[i], out[i+1] = out[i+1], out[i]
			}
			fmt.Fprintf(&file, "%s %s: %x\n", f.name, way, out)
		}
	}
	if err := os.WriteFile(goldens, file.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}
