package procpool

import (
	"strings"
	"testing"
)

func TestTail(t *testing.T) {
	for _, size := range []int{1, 7, 100, MaxStderr - 1, MaxStderr, MaxStderr + 1, 5 * MaxStderr} {
		var kept tail
		var all strings.Builder
		for i := 0; all.Len() < 4*MaxStderr; i++ {
			chunk := strings.Repeat(string(rune('a'+i%26)), size)
			all.WriteString(chunk)
			if n, err := kept.Write([]byte(chunk)); n != size || err != nil {
				t.Fatal(n, err)
			}
		}
		if want := all.String()[all.Len()-MaxStderr:]; kept.String() != want {
			t.Errorf("in writes of %d: %d bytes kept, not the last %d", size, len(kept.String()), MaxStderr)
		}
	}
}

func TestLastWords(t *testing.T) {
	for stderr, want := range map[string]string{
		"":                           "",
		"one\ntwo\n\n":               "two",
		"hm\npanic: boom\n\nstack\n": "panic: boom",
		"fatal error: concurrent map writes\n\ngoroutine 1": "fatal error: concurrent map writes",
		strings.Repeat("w", maxLastWords+1):                 strings.Repeat("w", maxLastWords),
	} {
		if got := lastWords(stderr); got != want {
			t.Errorf("last words of %q: %q", stderr, got)
		}
	}
}
