package naming

import (
	"path"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/internal/fuzztest"
)

// A template is refused, or names files below a folder, and knows what its names
// were made of. No template and name take long.
func FuzzTemplate(f *testing.F) {
	f.Add("{dir}/{stem}_{w}x{h}.{ext}", "p/q", "a", "jpg")
	f.Add("x/{dir}{stem}{op}{{}}.{ext}", "", "a.b", "")
	f.Add("{dir}{dir}{stem}{stem}", "a/a/a", "aaaa", "a")
	f.Fuzz(func(t *testing.T, text, dir, stem, ext string) {
		if len(text)+len(dir)+len(stem) > 1000 {
			return
		}
		defer fuzztest.Bound(t, []byte(text), 64<<20)()
		tmpl, err := Parse(text)
		if err != nil {
			return
		}
		fields := Fields{Dir: dir, Stem: stem, Ext: ext, Op: "gray", Width: 64, Height: 48}
		name, err := tmpl.Name(fields)
		if err != nil {
			return
		}
		clean := path.Clean(name)
		if name == "" || path.IsAbs(name) || clean == ".." || strings.HasPrefix(clean, "../") || strings.Contains(name, "\x00") {
			t.Fatalf("%q of %+v names %q", text, fields, name)
		}
		for range tmpl.ForOp("gray").Origins(name) {
		}
		_, _, _ = tmpl.Confined(), tmpl.InDir(), tmpl.Keeps()
	})
}
