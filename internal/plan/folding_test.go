package plan

import (
	"fmt"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	for _, equal := range [][]string{
		{"a", "A"}, {"ä", "Ä", "a\u0308", "A\u0308"}, {"ß", "SS", "ss", "ſs", "ẞ"}, {"s", "ſ", "S"}, {"k", "K", "\u212a"}, {"å", "\u212b", "A\u030a"},
		{"i", "I", "ı", "İ", "I\u0307"}, {"σ", "ς", "Σ"}, {"ﬁ", "fi", "FI"}, {"ǆ", "ǅ", "Ǆ"}, {"각", "\u1100\u1161\u11a8"},
		{"x\xffÄ", "X\xffä", "x\xffa\u0308"}, {"\xe9.jpg", "\xe9.JPG"}, {"", ""},
	} {
		for _, s := range equal {
			if fold(s) != fold(equal[0]) {
				t.Errorf("%q is %q, and %q is %q", s, fold(s), equal[0], fold(equal[0]))
			}
		}
	}
	for _, apart := range [][2]string{{"a", "ä"}, {"a", "b"}, {"\xff", "\xfe"}, {"\xff", "\ufffd"}, {"o", "ø"}, {"0", "O"}, {"é", "è"}, {"日", "曰"}} {
		if fold(apart[0]) == fold(apart[1]) {
			t.Errorf("%q is one with %q", apart[0], apart[1])
		}
	}
}

func TestFoldAtRandom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-zA-ZäÖßſİıéÅ0-9_. ]*`)).Draw(t, "name")
		f := fold(s)
		for _, other := range []string{norm.NFC.String(s), norm.NFD.String(s), fold(norm.NFD.String(s)), f} {
			if fold(other) != f {
				t.Fatalf("%q is %q, and %q is %q", s, f, other, fold(other))
			}
		}
	})
}

func TestNamesThatAreOne(t *testing.T) {
	t.Chdir(t.TempDir())
	here, err := filepath.Abs(".")
	must(t, err)
	k := newKeyer()
	key := func(name string, made int) string {
		beside, below := k.keys(filepath.FromSlash(name), made)
		return filepath.ToSlash(fmt.Sprintf("%s %q", beside, below))
	}
	up, base := filepath.Split(here)
	at := filepath.ToSlash(here)
	for _, c := range []struct {
		name string
		made int
		want string
	}{
		{"P/A.jpg", 5, at + `/P/a.jpg ""`},
		{"A.jpg", 5, at + `/a.jpg ""`},
		{"P/A.jpg", 7, at + `/P/a.jpg "` + at + `/\x00p/a.jpg"`},
		{"O/P/A.jpg", 7, at + `/O/P/a.jpg "` + at + `/O/\x00p/a.jpg"`},
		{at + "/O/P/A.jpg", 7, at + `/O/P/a.jpg "` + at + `/O/\x00p/a.jpg"`},
		{"../" + base + "/A.jpg", 5, at + `/a.jpg ""`},
		{"../A.jpg", 5, filepath.ToSlash(up) + `a.jpg ""`},
	} {
		if runtime.GOOS == "windows" { // whose names begin otherwise
			t.Skip("the keys have backslashes")
		}
		if got := key(c.name, c.made); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestHashes(t *testing.T) {
	var h hashes
	const n = 100*sortAlone + 7
	hash := func(i uint64) uint64 { return i * 0x9e3779b97f4a7c15 }
	for i := range uint64(n) {
		h.add(hash(i))
	}
	h.add(hash(5))
	if twice := h.seal(); len(twice) != 1 || !twice[hash(5)] {
		t.Errorf("twice: %v", twice)
	}
	for i := range uint64(n) {
		if !h.has(hash(i)) {
			t.Fatalf("hash %d is lost", i)
		}
	}
	if h.has(hash(n)) {
		t.Error("there is one that was not added")
	}
	var none hashes
	if twice := none.seal(); len(twice) != 0 || none.has(0) {
		t.Errorf("an empty set: %v", twice)
	}
}
