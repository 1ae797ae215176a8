package bmp

import (
	"errors"
	"fmt"
	"image/color"
	"math/rand/v2"
	"strings"
	"testing"
)

// coder writes runs of every kind at random, and knows what they draw.
type coder struct {
	m      *bitmap
	random *rand.Rand
	out    []byte
	drawn  []int // index or colour of each pixel from the bottom, -1: none
}

func (c *coder) value() int {
	if c.m.bits == 24 {
		return c.random.IntN(1 << 24)
	}
	return c.random.IntN(len(c.m.palette))
}

// put appends pixels as they are coded.
func (c *coder) put(values ...int) {
	for i, v := range values {
		switch {
		case c.m.bits == 24:
			c.out = append(c.out, byte(v), byte(v>>8), byte(v>>16))
		case c.m.bits == 8:
			c.out = append(c.out, byte(v))
		case i%2 == 0:
			c.out = append(c.out, byte(v<<4))
		default:
			c.out[len(c.out)-1] |= byte(v)
		}
	}
}

func (c *coder) picture() {
	c.drawn = make([]int, c.m.width*c.m.height)
	for i := range c.drawn {
		c.drawn[i] = -1
	}
	for y := 0; y < c.m.height; {
		x := 0
		for x < c.m.width {
			row := c.drawn[y*c.m.width:][:c.m.width]
			left := min(c.m.width-x, 255)
			n := 1 + c.random.IntN(left)
			switch kind := c.random.IntN(8); {
			case kind == 0 && y < c.m.height-1: // up and on
				up := c.random.IntN(min(c.m.height-y, 3))
				n--
				c.out = append(c.out, 0, 2, byte(n), byte(up))
				y += up
			case kind == 1: // leave the rest of the row out
				n = c.m.width - x
			case kind < 5 && n >= 3:
				values := make([]int, n)
				for i := range values {
					values[i] = c.value()
					row[x+i] = values[i]
				}
				c.out = append(c.out, 0, byte(n))
				start := len(c.out)
				c.put(values...)
				if (len(c.out)-start)%2 == 1 {
					c.out = append(c.out, 0)
				}
			default:
				a, b := c.value(), c.value()
				c.out = append(c.out, byte(n))
				if c.m.bits == 4 {
					c.put(a, b)
				} else {
					b = a
					c.put(a)
				}
				for i := range n {
					row[x+i] = []int{a, b}[i%2]
				}
			}
			x += n
		}
		c.out = append(c.out, 0, 0)
		y++
	}
	c.out = append(c.out, 0, 1)
}

func TestRunLengths(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		m := &bitmap{header: 40, width: 1 + random.IntN(40), height: 1 + random.IntN(6)}
		switch random.IntN(3) {
		case 0:
			m.bits, m.compression, m.palette = 8, 1, testPalette(1+random.IntN(256))
		case 1:
			m.bits, m.compression, m.palette = 4, 2, testPalette(1+random.IntN(16))
		case 2:
			m.bits, m.compression, m.header = 24, 4, 64
		}
		if random.IntN(4) == 0 {
			m.width += 300
		}
		m.used = len(m.palette)
		c := coder{m: m, random: random}
		c.picture()
		m.pixels = c.out
		unset := 0
		for _, v := range c.drawn {
			if v < 0 {
				unset++
			}
		}
		_, p := expect(t, fmt.Sprint(m.bits, m.width, m.height), *m, func(x, y int) color.NRGBA {
			v := max(c.drawn[(m.height-1-y)*m.width+x], 0)
			if m.bits == 24 {
				return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
			}
			return opaqueColour(m.palette[v])
		})
		if p != nil && p.Unset != unset {
			t.Errorf("%d bits, %dx%d: %d pixels left out, want %d", m.bits, m.width, m.height, p.Unset, unset)
		}
		for n := 0; n < len(c.out)-1; n += 1 + n/20 { // the end is missing
			m.pixels = c.out[:n]
			_, p, err := decode(m.file())
			var format *FormatError
			if err == nil && p.Unset > unset || err != nil && !errors.As(err, &format) {
				t.Errorf("%d bytes of %d: %v", n, len(c.out), err)
			}
		}
	}
}

func TestRunsAtTheEdge(t *testing.T) {
	for _, c := range []struct {
		bits int
		data string
		want string // error; "": none
	}{
		{8, "\x04\x01\x00\x00\x04\x01\x00\x01", ""},                 // a row of 3 and its padding
		{8, "\x04\x01\x00\x00\x04\x01", ""},                         // and no end
		{8, "\x05\x01\x00\x01", "draws outside of its picture"},     // beyond that
		{8, "\x02\x01\x03\x01\x00\x01", "draws outside"},            // in two steps
		{8, "\x00\x05\x01\x01\x01\x01\x01\x00", "draws outside"},    // as they are
		{8, "\x00\x02\x05\x00\x00\x01", "draws outside"},            // a delta
		{8, "\x00\x02\x00\xff\x01\x01\x00\x01", "draws outside"},    // far up
		{8, "\x00\x02\x00\xff\x00\x01", ""},                         // and nothing there
		{8, "\x00\x00\x00\x00\x01\x01\x00\x01", "draws outside"},    // above the last row
		{8, "\x00\x00\x00\x00\x00\x00\x00\x01", ""},                 // empty rows
		{8, "\x03\x01\x00\x00\x02\x01", "ends too early"},           // one pixel is missing, and the end
		{8, "\x03\x01\x00\x00\x00\x03\x01\x01", "ends too early"},   // within pixels
		{8, "\x03", "ends too early"},                               // within a run
		{8, "\x00\x02\x01", "ends too early"},                       // within a delta
		{8, "", "ends too early"},                                   //
		{8, "\x01\x02\x00\x01", "has palette index 2 of 2 colours"}, //
		{4, "\x08\x01\x00\x00\x08\x10\x00\x01", ""},
		{4, "\x09\x01\x00\x01", "draws outside"},
		{4, "\x01\x02\x00\x01", ""}, // the second of the two is not drawn
		{4, "\x02\x02\x00\x01", "has palette index 2 of 2 colours"},
		{24, "\x03\x01\x02\x03\x00\x00\x03\x01\x02\x03\x00\x01", ""},
		{24, "\x04\x01\x02\x03\x00\x01", "draws outside"},
		{24, "\x03\x01\x02", "ends too early"},
	} {
		m := bitmap{header: 64, bits: c.bits, compression: map[int]uint32{8: 1, 4: 2, 24: 4}[c.bits], width: 3, height: 2, pixels: []byte(c.data)}
		if c.bits < 24 {
			m.palette = testPalette(2)
		}
		_, _, err := decode(m.file())
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), "the BMP "+c.want)) {
			t.Errorf("%d bits, %x: %v, want %q", c.bits, c.data, err, c.want)
		}
	}
}
