package recipefile

import (
	"errors"
	"strings"
	"testing"
)

// Whatever a file holds, reading it ends with keys or with an error that has a
// place in it.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"pipeline: gray\nquality: 80\n", "also:\n  - {pipeline: gray, name: 'x'}\n", "a: >-\n  b\n  c\n", "a: |\n x\n", "exclude: ['**/raw', \"\\u0041\"]",
		"- a", "a: [", "? a\n: b", "a: &b c\nd: *b", "--- a\n...", "%YAML 1.2", "a: !!int 1", "<<: {a: b}", "{a: b, c: [d]}", "a:\n- b\n-", "\"a\": 'b", "a: 0x1F # b", ":",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		keys, err := Read(strings.NewReader(text))
		lines := strings.Count(text, "\n") + strings.Count(text, "\r") + 1
		var at *Error
		switch {
		case err == nil && len(keys) == 0:
			if !strings.Contains(text, "{") {
				t.Errorf("%q has no keys and no error", text)
			}
		case err != nil && !errors.As(err, &at):
			t.Errorf("%q: %v has no place", text, err)
		case err != nil && (at.Line < 1 || at.Column < 1 || at.Line > lines+1):
			t.Errorf("%q: %v is outside of the file", text, err)
		case err != nil && strings.Contains(err.Error(), "\n"):
			t.Errorf("%q: %v has several lines", text, err)
		}
	})
}
