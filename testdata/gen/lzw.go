package main

// lzwCompress writes LZW with codes of up to 12 bits. put takes each code and
// its width. The width grows one code sooner in TIFF (early = 1) than in GIF
// (early = 0); TIFF's literals have 8 bits, GIF's 2 to 8.
func lzwCompress(data []byte, literalBits, early int, put func(code, bits int)) {
	clear, end := 1<<literalBits, 1<<literalBits+1
	type step struct {
		prefix int
		last   byte
	}
	var table map[step]int
	bits, next := 0, 0
	reset := func() {
		table, bits, next = map[step]int{}, literalBits+1, end+1
	}
	reset()
	put(clear, bits)
	code := int(data[0])
	for _, b := range data[1:] {
		if longer, ok := table[step{code, b}]; ok {
			code = longer
			continue
		}
		put(code, bits)
		table[step{code, b}] = next
		next++
		if next+early > 1<<bits && bits < 12 {
			bits++
		}
		if next == 4094 {
			put(clear, bits)
			reset()
		}
		code = int(b)
	}
	put(code, bits)
	if next+1+early > 1<<bits && bits < 12 {
		bits++
	}
	put(end, bits)
}
