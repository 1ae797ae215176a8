package main

// codes returns the codewords by table (class<<4 | id). Codes that are not the
// typical ones are made for these tokens and written to the file.
func (f *jpegFile) codes(tokens []token) map[int][]codeword {
	out := map[int][]codeword{}
	if f.baseline() {
		for class := range 2 {
			for id := range 2 {
				out[class<<4|id] = typicalCodes[class][id].codewords(256)
			}
		}
		return out
	}
	for table := range 0x12 {
		if p, ok := tokensCode(tokens, table); ok {
			f.segment(dht, dhtSegment(table>>4, table&15, p))
			out[table] = p.codewords(256)
		}
	}
	return out
}

// tokensCode makes the best code for one table. JPEG forbids the codeword of
// ones only: the rarest symbol, 256, gets it and is then struck off.
func tokensCode(tokens []token, table int) (p prefixCode, used bool) {
	const forbidden = 256
	var freq [forbidden + 1]int
	for _, t := range tokens {
		if t.table == table {
			freq[t.symbol] += 2
			used = true
		}
	}
	if !used {
		return prefixCode{}, false
	}
	freq[forbidden] = 1
	p = bestCode(freq[:], 16)
	p.symbols = p.symbols[:len(p.symbols)-1]
	for i := len(p.counts) - 1; i >= 0; i-- {
		if p.counts[i] > 0 {
			p.counts[i]--
			break
		}
	}
	return p, true
}

// scanHeader writes SOS (T.81, B.2.3).
func (f *jpegFile) scanHeader(s jpegScan) {
	data := []byte{byte(len(s.components))}
	for _, id := range s.components {
		table := byte(f.components[id].table)
		data = append(data, byte(id+1), table<<4|table)
	}
	f.segment(sos, append(data, byte(s.first), byte(s.last), byte(s.high<<4|s.low)))
}

// pack writes tokens as entropy-coded bytes.
func pack(tokens []token, words map[int][]codeword) []byte {
	var out []byte
	w := &msbWriter{}
	for _, t := range tokens {
		if t.restart {
			out = append(stuffed(out, w), 0xff, byte(t.symbol))
			w = &msbWriter{}
			continue
		}
		if t.table >= 0 {
			c := words[t.table][t.symbol]
			w.write(c.bits, c.n)
		}
		w.write(t.bits, t.n)
	}
	return stuffed(out, w)
}

// stuffed appends what w holds (T.81, F.1.2.3): the last byte is padded with
// ones, and a zero follows each 0xff so that it is no marker.
func stuffed(out []byte, w *msbWriter) []byte {
	if w.nAcc > 0 {
		w.write(1<<(8-w.nAcc)-1, 8-w.nAcc)
	}
	for _, b := range w.out {
		out = append(out, b)
		if b == 0xff {
			out = append(out, 0)
		}
	}
	return out
}
