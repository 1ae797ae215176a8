package plan

import (
	"strings"
	"testing"

	"github.com/imgpar/imgpar/internal/fuzztest"
)

// Whatever an ignore file holds, it says yes or no of a name, soon.
func FuzzIgnore(f *testing.F) {
	f.Add("*.jpg\n!keep.jpg\n/raw/\n", "raw/a.jpg")
	f.Add("a/**/b\n[!a-z]*[[:digit:]]\\ \n", "a/x/b")
	f.Add("*a*a*a*a*b\n**/**/**/x*", "aaaaaaaaaaaaaaaaaaaa/aaaaaaaaaaaaaaaaaa")
	f.Fuzz(func(t *testing.T, text, name string) {
		if len(text) > 2000 || len(name) > 500 {
			return
		}
		defer fuzztest.Bound(t, []byte(text), 16<<20)()
		own := &rules{}
		for line := range strings.Lines(text) {
			if p, ok := parsePattern(line); ok {
				own.patterns = append(own.patterns, p)
			}
		}
		for _, isFolder := range []bool{false, true} {
			got := own.ignores(&folder{}, name, isFolder)
			if got && len(own.patterns) == 0 {
				t.Errorf("%q is ignored for nothing", name)
			}
			own.patterns = append(own.patterns, pattern{glob: "**", again: true})
			if own.ignores(&folder{}, name, isFolder) {
				t.Errorf("%q is ignored though it is taken in again", name)
			}
			own.patterns = own.patterns[:len(own.patterns)-1]
		}
	})
}
