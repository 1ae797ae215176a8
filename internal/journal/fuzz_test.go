package journal

import (
	"bytes"
	"testing"
)

// What is taken for a record is one: written again, it is the same line.
func FuzzParseLine(f *testing.F) {
	for _, r := range some {
		line := appendLine(nil, r)
		f.Add(line[textAt : len(line)-1])
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		line := append(appendHex(nil, uint64(sum(text)), sumLen), ' ')
		line = append(line, text...)
		r, ok := parseLine(line)
		if !ok {
			return
		}
		again, ok := parseLine(bytes.TrimSuffix(appendLine(nil, r), []byte("\n")))
		if !ok || again.Key != r.Key || again.Digest != r.Digest || again.State != r.State || again.Outcome != r.Outcome {
			t.Errorf("%q is %v, and then %v, %v", line, r, again, ok)
		}
		var tab table
		tab.set(r)
		if got, ok := tab.get(r.Key); !ok || got != r {
			t.Errorf("%v became %v", r, got)
		}
	})
}
