package plan

import (
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// fold makes names equal that some file system takes for one: those that differ
// in the case of letters, with all their lower and upper forms, or in the
// Unicode normal form. Bytes that are no UTF-8 stay what they are.
func fold(s string) string {
	plain, upper := true, false
	for i := range len(s) {
		plain = plain && s[i] < utf8.RuneSelf
		upper = upper || s[i] >= 'A' && s[i] <= 'Z'
	}
	switch {
	case plain && !upper:
		return s
	case plain:
		return strings.ToLower(s)
	case utf8.ValidString(s):
		return foldText(s)
	}
	var b strings.Builder
	for s != "" {
		n := 0
		for n < len(s) {
			r, size := utf8.DecodeRuneInString(s[n:])
			if r == utf8.RuneError && size == 1 {
				break
			}
			n += size
		}
		b.WriteString(foldText(s[:n]))
		if n < len(s) {
			b.WriteByte(s[n])
			n++
		}
		s = s[n:]
	}
	return b.String()
}

// foldText takes the simple cases, which join letters such as ı and i, and the
// full ones, which join ß and ss.
func foldText(s string) string {
	s = strings.ToLower(strings.ToUpper(norm.NFC.String(s)))
	return norm.NFC.String(cases.Fold().String(s))
}

// appendFold appends fold(s), without memory for what is plain.
func appendFold(b []byte, s string) []byte {
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf {
			return append(b[:len(b)-i], fold(s)...)
		}
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		b = append(b, c)
	}
	return b
}

// keyer makes of names the keys by which they meet.
type keyer struct {
	cwd           string // with its slash
	beside, below []byte // memory for keys
}

func newKeyer() *keyer {
	const slash = string(filepath.Separator)
	cwd, err := os.Getwd()
	if err != nil {
		return &keyer{}
	}
	return &keyer{cwd: strings.TrimSuffix(cwd, slash) + slash}
}

// keys returns the keys of a name, which are valid until the next call. Names
// meet if they have one in common. The first makes equal what may be one file in
// a folder that exists: the folder is what it is. The second, which is nil if it
// says the same, does so with all of the last made bytes of the name: in folders
// that the run makes.
func (k *keyer) keys(name string, made int) (beside, below []byte) {
	before := ""
	if filepath.IsLocal(name) && k.cwd != "" {
		before = k.cwd
	} else if abs, err := filepath.Abs(name); err == nil {
		name = abs
	}
	dir, base := filepath.Split(name)
	k.beside = appendFold(append(append(k.beside[:0], before...), dir...), base)
	if made <= len(base) {
		return k.beside, nil
	}
	there := len(name) - made
	k.below = append(append(append(k.below[:0], before...), name[:there]...), 0) // NUL is in no name
	k.below = appendFold(k.below, name[there:])
	return k.beside, k.below
}
