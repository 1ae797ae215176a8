package plan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/imgpar/imgpar/internal/job"
)

// ignoreFile is what a folder to be walked may hold: patterns, one a line, of what
// in it and below is left out, in the syntax of .gitignore (gitignore(5)). As
// there, the last pattern that matches decides, those of a folder below before
// those above, and nothing in a folder that is left out can be taken in again.
// What stands above the paths of the command line is not looked at.
const ignoreFile = ".imgparignore"

// maxIgnoreFile is how many bytes an ignore file may have.
const maxIgnoreFile = 1 << 20

// rules are the patterns of an ignore file and of those above it. A nil *rules
// ignores nothing.
type rules struct {
	patterns []pattern
	base     int    // how many bytes of a path name the folder of the file
	above    *rules // of the folders above, up to the root; nil: none
}

// pattern is a line of an ignore file.
type pattern struct {
	glob    string // as doublestar has it, on the path below the file's folder
	again   bool   // what matches is taken in again
	folders bool   // matches folders only
}

// read returns the rules that hold in dir: r and those of dir's own file. The
// names in it begin behind base bytes of a path.
func (r *rules) read(dir string, base int) (*rules, error) {
	text, err := readIgnoreFile(filepath.Join(dir, ignoreFile))
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %s", ignoreFile, job.Plain(err))
	}
	own := &rules{base: base, above: r}
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		if p, ok := parsePattern(line); ok {
			own.patterns = append(own.patterns, p)
		}
	}
	return own, nil
}

func readIgnoreFile(name string) (string, error) {
	fi, err := os.Stat(name) // a pipe would make the walk wait
	if err != nil {
		return "", err
	}
	if !fi.Mode().IsRegular() {
		return "", errors.New("no file")
	}
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close() // only read
	var b bytes.Buffer
	if _, err := io.Copy(&b, io.LimitReader(f, maxIgnoreFile+1)); err != nil {
		return "", err
	}
	if b.Len() > maxIgnoreFile {
		return "", fmt.Errorf("more than %d bytes", maxIgnoreFile)
	}
	return b.String(), nil
}

// parsePattern parses a line; not ok: it is empty, a comment, or can match nothing.
func parsePattern(line string) (pattern, bool) {
	line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
	if strings.HasPrefix(line, "#") {
		return pattern{}, false
	}
	line = trimSpaces(line)
	var p pattern
	line, p.again = strings.CutPrefix(line, "!")
	line, p.folders = strings.CutSuffix(line, "/")
	if line == "" {
		return pattern{}, false
	}
	switch inner, anchored := strings.CutPrefix(line, "/"); {
	case anchored:
		line = inner
	case !strings.Contains(line, "/"):
		line = "**/" + line
	}
	if strings.HasSuffix(line, "/**") { // what is in the folder, not the folder
		line += "/*"
	}
	p.glob = translate(line)
	return p, doublestar.ValidatePattern(p.glob)
}

// trimSpaces takes away spaces at the end, but for one behind a backslash.
func trimSpaces(line string) string {
	short := strings.TrimRight(line, " ")
	slashes := len(short) - len(strings.TrimRight(short, `\`))
	if slashes%2 == 1 && len(short) < len(line) {
		return short + " "
	}
	return short
}

// classes are what stands in brackets for kinds of characters.
var classes = map[string]string{
	"alnum": "0-9A-Za-z", "alpha": "A-Za-z", "digit": "0-9", "lower": "a-z", "upper": "A-Z",
	"xdigit": "0-9A-Fa-f", "blank": " \t", "space": " \t-\r", "punct": `!-\/:-@\[-` + "`{-~",
}

// translate writes a pattern as doublestar reads it: braces have no meaning, and
// classes of characters are ranges. One that has no end, or a kind of characters
// that is unknown, is no pattern, which doublestar is to say.
func translate(glob string) string {
	var b strings.Builder
	for i := 0; i < len(glob); i++ {
		switch c := glob[i]; {
		case c == '\\' && i+1 < len(glob):
			b.WriteByte(c)
			i++
			b.WriteByte(glob[i])
		case c == '{' || c == '}':
			b.WriteString(`\` + string(c))
		case c == '[':
			class, n := translateClass(glob[i:])
			b.WriteString(class)
			i += n - 1
		case c == '*' && strings.HasPrefix(glob[i:], "***"): // is no more than two
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// translateClass writes the class in brackets at the start of a pattern, of which
// it takes n bytes. A bracket that comes first in it belongs to it, and one that
// opens has no meaning.
func translateClass(glob string) (class string, n int) {
	class, n = "[", 1
	if n < len(glob) && (glob[n] == '!' || glob[n] == '^') {
		class, n = "[!/", n+1 // no class has the slash
	}
	for first := n; n < len(glob); n++ {
		c := glob[n]
		switch {
		case c == ']' && n > first:
			return class + "]", n + 1
		case strings.HasPrefix(glob[n:], "[:"):
			name, _, ok := strings.Cut(glob[n+2:], ":]")
			kind, known := classes[name]
			if !ok || !known {
				return "[", len(glob)
			}
			class += kind
			n += len("[:") + len(name) + len(":]") - 1
		case c == '[' || c == ']':
			class += `\` + string(c)
		case c == '\\' && n+1 < len(glob):
			n++
			class += glob[n-1 : n+1]
		default:
			class += glob[n : n+1]
		}
	}
	return "[", len(glob)
}

// ignores tells whether something in a folder that is walked is left out.
func (r *rules) ignores(f *folder, name string, isFolder bool) bool {
	if r == nil {
		return false
	}
	path := filepath.ToSlash(f.prefix + name)
	for ; r != nil; r = r.above {
		below := path[r.base:]
		for i := len(r.patterns) - 1; i >= 0; i-- {
			p := &r.patterns[i]
			if (isFolder || !p.folders) && doublestar.MatchUnvalidated(p.glob, below) {
				return !p.again
			}
		}
	}
	return false
}

// matches tells whether a glob of the command line fits: those with a slash the
// whole path below the root, others the base name.
func matches(globs []string, f *folder, name string) bool {
	for _, g := range globs {
		subject := name
		if strings.Contains(g, "/") {
			subject = filepath.ToSlash((f.prefix + name)[f.below:])
		}
		if doublestar.MatchUnvalidated(g, subject) {
			return true
		}
	}
	return false
}
