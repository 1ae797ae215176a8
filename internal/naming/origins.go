package naming

import (
	"iter"
	"path"
	"strings"
)

// maxSideDigits is how many digits {w} and {h} have at most: a side has no more
// than 65,535 pixels.
const maxSideDigits = 5

// Origins yields every way in which t could have made rel, a path with slashes, of
// another input: its {dir} and {stem}, the longest stem first. A template without
// {dir} says "" for it, whatever it was. One that keeps folder and stem makes nothing
// that could be told apart, and one without {stem} nothing whose input is known.
func (t Template) Origins(rel string) iter.Seq[Fields] {
	return func(yield func(Fields) bool) {
		if !t.Has(Stem) {
			return
		}
		self := FieldsOf(rel)
		var m matcher
		m.found = func() bool {
			f := Fields{Dir: m.seen[Dir], Stem: m.seen[Stem]}
			switch {
			case f.Stem == self.Stem && f.Dir == self.Dir:
				return true
			case m.bare && FieldsOf(f.Stem).Ext != "": // then it would be {ext}
				return true
			}
			return yield(f)
		}
		m.match(t.pieces, rel)
	}
}

// FieldsOf splits the path of an input below its root, with slashes. A name that
// ends in a dot has no extension.
func FieldsOf(rel string) Fields {
	dir, base := path.Split(rel)
	f := Fields{Dir: strings.TrimSuffix(dir, "/"), Stem: base}
	if ext := path.Ext(base); len(ext) > 1 {
		f.Stem, f.Ext = strings.TrimSuffix(base, ext), ext[1:]
	}
	return f
}

// maxTries is how often the parts of a template are held against one name. A
// template that keeps its fields apart takes about as many as the name has bytes;
// one that does not, such as {dir}{stem}{w}{h}, could split it in millions of ways.
const maxTries = 1 << 16

// matcher holds a name against the pieces of a template. A field that comes twice
// has one value.
type matcher struct {
	seen  [fields]string
	bound [fields]bool // which of seen are set
	bare  bool         // {ext} is there, and ""
	tries int
	found func() bool // called for each way; false: no more
}

// match tries all ways, and returns false when it is to stop.
func (m *matcher) match(pieces []piece, s string) bool {
	if m.tries++; m.tries > maxTries {
		return false
	}
	if len(pieces) == 0 {
		return s != "" || m.found()
	}
	p := pieces[0]
	switch {
	case p.field == textual:
		rest, ok := strings.CutPrefix(s, p.text)
		return !ok || m.match(pieces[1:], rest)
	case m.bound[p.field]:
		rest, ok := p.cut(s, m.seen[p.field])
		return !ok || m.match(pieces[1:], rest)
	}
	m.bound[p.field] = true
	on := m.values(p, pieces[1:], s)
	m.bound[p.field] = false
	return on
}

// cut takes the value of a field off the start of s.
func (p piece) cut(s, value string) (rest string, ok bool) {
	if value == "" {
		return s, true
	}
	for _, part := range [...]string{p.lead, value, p.tail} {
		if s, ok = strings.CutPrefix(s, part); !ok {
			return s, false
		}
	}
	return s, true
}

// values tries all that a field at the start of s may be, the longest first.
func (m *matcher) values(p piece, behind []piece, s string) bool {
	if after, ok := strings.CutPrefix(s, p.lead); ok {
		for n := span(p.field, after); n > 0; n-- {
			rest, ok := strings.CutPrefix(after[n:], p.tail)
			if !ok || !fits(p.field, after[:n]) {
				continue
			}
			if m.seen[p.field] = after[:n]; !m.match(behind, rest) {
				return false
			}
		}
	}
	if p.field != Dir && p.field != Ext {
		return true
	}
	m.seen[p.field] = ""
	m.bare = m.bare || p.field == Ext
	on := m.match(behind, s)
	m.bare = m.bare && p.field != Ext
	return on
}

// span returns how far a field may reach in s.
func span(f Field, s string) int {
	ends := "/"
	switch f {
	case Dir:
		return len(s)
	case W, H:
		n := 0
		for n < len(s) && n < maxSideDigits && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		return n
	case Ext:
		ends = "/."
	}
	if i := strings.IndexAny(s, ends); i >= 0 {
		return i
	}
	return len(s)
}

// fits tells whether a value is one that the field can have.
func fits(f Field, v string) bool {
	switch f {
	case Dir:
		return v[0] != '/' && v[len(v)-1] != '/'
	case W, H:
		return v[0] != '0'
	}
	return true
}
