package atomicfile

import (
	"path/filepath"
	"testing"
)

// Abandon removes what is on its way, and nothing else: not what has its name, not
// what was there before, not the temporary file of somebody else.
func TestAbandon(t *testing.T) {
	name, old := original(t, "original")
	dir := filepath.Dir(name)
	at := func(name string) string { return filepath.Join(dir, name) }
	begin := func(p *Pending, err error) *Pending {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.File.WriteString("half"); err != nil {
			t.Fatal(err)
		}
		return p
	}
	if _, err := finish(begin(Create(at("made"), Options{})), " and half"); err != nil {
		t.Fatal(err)
	}
	if err := begin(Create(at("given up"), Options{})).Abort(); err != nil {
		t.Fatal(err)
	}
	if err := write(TempName(at("foreign")), nil, Options{}); err != nil {
		t.Fatal(err)
	}
	pending := begin(Create(at("pending"), Options{}))
	replacement := begin(Replace(name, Replacement{Old: old}))
	Abandon()
	left := []string{filepath.Base(name), "made", filepath.Base(TempName(at("foreign")))}
	only(t, dir, left...)
	for _, p := range []*Pending{pending, replacement} { // whoever still writes gives nothing a name
		if _, err := p.Commit(); err == nil {
			t.Errorf("%s was committed", p.name)
		}
	}
	only(t, dir, left...)
	if got := read(t, name); got != "original" {
		t.Errorf("the original is %q", got)
	}
}
