package main

var (
	vp8Zigzag = [16]int{0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15}
	vp8Bands  = [16]int{0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7}
)

// vp8Categories lists the ranges of values from 5 up, and the probabilities of
// their extra bits (RFC 6386, section 13.2).
var vp8Categories = [6]struct {
	least int
	extra []int
}{
	{5, []int{159}},
	{7, []int{165, 145}},
	{11, []int{173, 148, 140}},
	{19, []int{176, 155, 140, 135}},
	{35, []int{180, 157, 141, 134, 130}},
	{67, []int{254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129}},
}

// tokens writes the coefficients of a block from the first one on (RFC 6386,
// section 13). above and left say whether those neighbours have any; they are
// set for the next blocks.
func (e *vp8Encoder) tokens(kind int, block [16]int, first int, above, left *int) {
	w := &e.residual
	end := 16
	for end > first && block[vp8Zigzag[end-1]] == 0 {
		end--
	}
	context, mayEnd := *above+*left, true
	for i := first; i < 16; i++ {
		p := &vp8Defaults[kind][vp8Bands[i]][context]
		if mayEnd && i == end {
			w.bit(0, int(p[0]))
			break
		}
		if mayEnd {
			w.bit(1, int(p[0]))
		}
		v := block[vp8Zigzag[i]]
		w.magnitude(abs(v), p)
		context, mayEnd = min(abs(v), 2), v != 0
		if v < 0 {
			w.bit(1, 128)
		} else if v > 0 {
			w.bit(0, 128)
		}
	}
	*above = min(end-first, 1)
	*left = *above
}

// magnitude walks the tree of RFC 6386, section 13.2.
func (w *boolWriter) magnitude(v int, p *[11]uint8) {
	branch := func(i int, right bool) bool {
		if right {
			w.bit(1, int(p[i]))
		} else {
			w.bit(0, int(p[i]))
		}
		return right
	}
	switch {
	case !branch(1, v > 0), !branch(2, v > 1):
		return
	case !branch(3, v > 4):
		if branch(4, v > 2) {
			branch(5, v > 3)
		}
		return
	}
	category := 0
	for category < 5 && v >= vp8Categories[category+1].least {
		category++
	}
	if !branch(6, category > 1) {
		branch(7, category > 0)
	} else if branch(8, category > 3) {
		branch(10, category > 4)
	} else {
		branch(9, category > 2)
	}
	c := vp8Categories[category]
	for i, prob := range c.extra {
		w.bit((v-c.least)>>(len(c.extra)-1-i)&1, prob)
	}
}

// boolWriter is the arithmetic coder of RFC 6386, section 7: low holds the bits
// of the interval's lower end that may still change.
type boolWriter struct {
	out       []byte
	low       uint64
	span      uint64
	remaining int // shifts until the next byte is complete
}

func newBoolWriter() boolWriter { return boolWriter{span: 255, remaining: 24} }

// bit writes a bit that is 0 with a probability of prob/256.
func (w *boolWriter) bit(bit, prob int) {
	split := 1 + (w.span-1)*uint64(prob)>>8
	if bit == 0 {
		w.span = split
	} else {
		w.low += split
		w.span -= split
	}
	for w.span < 128 {
		w.span <<= 1
		w.shift()
	}
}

// shift doubles the interval. Bit 31 of low is the carry into bytes written.
func (w *boolWriter) shift() {
	if w.low&(1<<31) != 0 {
		i := len(w.out) - 1
		for ; w.out[i] == 0xff; i-- {
			w.out[i] = 0
		}
		w.out[i]++
	}
	w.low = w.low << 1 & (1<<32 - 1)
	if w.remaining--; w.remaining == 0 {
		w.out = append(w.out, byte(w.low>>24))
		w.low &= 1<<24 - 1
		w.remaining = 8
	}
}

// literal writes n bits, each as likely 0 as 1, the highest first.
func (w *boolWriter) literal(v, n int) {
	for i := n - 1; i >= 0; i-- {
		w.bit(v>>i&1, 128)
	}
}

// bytes flushes the interval and returns everything.
func (w *boolWriter) bytes() []byte {
	for range 32 {
		w.shift()
	}
	return w.out
}
