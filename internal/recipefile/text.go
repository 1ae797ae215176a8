package recipefile

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Text that YAML reads as it stands begins like plainText and is none of
// otherWords, which YAML 1.1 or 1.2 takes for something else. They are made where a
// recipe is written.
var (
	plainText  = lazily(`^[A-Za-z_./][A-Za-z0-9_./=+%-]*( [A-Za-z0-9_./=+%|-]+)*$`)
	otherWords = lazily(`^(?i)([ny]|yes|no|on|off|true|false|null|[.](inf|nan)|[.0-9]+(e[+-]?[0-9]+)?)$`)
)

func lazily(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// Text writes text so that YAML reads it back, and as text.
func Text(text string) (string, error) {
	switch {
	case !utf8.ValidString(text):
		return "", fmt.Errorf("%q is not UTF-8 and cannot stand in a recipe", text)
	case plainText().MatchString(text) && !otherWords().MatchString(text):
		return text, nil
	case !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "'" + strings.ReplaceAll(text, "'", "''") + "'", nil
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\U%08X`, r)
		}
	}
	return `"` + b.String() + `"`, nil
}
