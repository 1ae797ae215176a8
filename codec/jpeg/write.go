package jpeg

import "encoding/binary"

// The writers of marker segments append to a file.

func appendSegment(b []byte, marker byte, data []byte) []byte {
	b = append(b, 0xff, marker)
	b = binary.BigEndian.AppendUint16(b, uint16(2+len(data)))
	return append(b, data...)
}

// appendQuant writes a quantisation table (B.2.4.1).
func appendQuant(b []byte, id byte, q *quant) []byte {
	b = append(b, 0xff, mDQT)
	if !q.wide {
		b = binary.BigEndian.AppendUint16(b, 2+1+64)
		b = append(b, id)
		for _, v := range q.q {
			b = append(b, byte(v))
		}
		return b
	}
	b = binary.BigEndian.AppendUint16(b, 2+1+128)
	b = append(b, 1<<4|id)
	for _, v := range q.q {
		b = binary.BigEndian.AppendUint16(b, v)
	}
	return b
}

// appendHuffman writes a Huffman table (B.2.4.2); class 0 is DC, 1 is AC.
func appendHuffman(b []byte, class, id byte, h *huffman) []byte {
	b = append(b, 0xff, mDHT)
	b = binary.BigEndian.AppendUint16(b, uint16(2+1+16+len(h.symbols)))
	b = append(b, class<<4|id)
	b = append(b, h.counts[:]...)
	return append(b, h.symbols...)
}

// appendGrayFrame writes the header of a frame of one component (B.2.2).
func appendGrayFrame(b []byte, marker byte, f *File) []byte {
	b = append(b, 0xff, marker, 0, 11, 8)
	b = binary.BigEndian.AppendUint16(b, uint16(f.Height))
	b = binary.BigEndian.AppendUint16(b, uint16(f.Width))
	return append(b, 1, f.Components[0].ID, 1<<4|1, 0)
}

// appendGrayScan writes the header of a scan of one component (B.2.3), which
// uses the tables 0.
func appendGrayScan(b []byte, f *File, s *scan) []byte {
	return append(b, 0xff, mSOS, 0, 8, 1, f.Components[0].ID, 0, s.ss, s.se, s.ah<<4|s.al)
}

// appendRestart writes a restart interval (B.2.4.4).
func appendRestart(b []byte, interval int) []byte {
	return append(b, 0xff, mDRI, 0, 4, byte(interval>>8), byte(interval))
}
