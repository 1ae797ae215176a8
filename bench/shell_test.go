package bench

import "testing"

func TestShell(t *testing.T) {
	if got, want := Shell([]string{"gm", "-quality=85", "it's", "a b", "", "$x", "<in>"}), `gm -quality=85 'it'\''s' 'a b' '' '$x' '<in>'`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
