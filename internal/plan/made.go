package plan

import (
	"iter"
	"path"
	"strings"
)

// maxSideDigits is how many digits {w} and {h} have at most: a side has no more
// than 65,535 pixels.
const maxSideDigits = 5

// Made tells whether rel, a path with slashes, could be a name that t makes of
// another input, and of which: its {dir} and {stem}, the longest stem if there
// are several. A template without {dir} says "" for it, whatever it was. One that
// keeps folder and stem makes nothing that could be told apart, and one without
// {stem} nothing whose input is known.
func (t Template) Made(rel string) (dir, stem string, ok bool) {
	for f := range t.origins(rel) {
		return f.Dir, f.Stem, true
	}
	return "", "", false
}

// origins yields every way in which t could have made rel of another input.
func (t Template) origins(rel string) iter.Seq[Fields] {
	return func(yield func(Fields) bool) {
		if !t.has("stem") {
			return
		}
		self := fieldsOf(rel)
		m := matcher{seen: map[string]string{}}
		m.found = func() bool {
			f := Fields{Dir: m.seen["dir"], Stem: m.seen["stem"]}
			if f.Stem == self.Stem && f.Dir == self.Dir {
				return true
			}
			return yield(f)
		}
		m.match(t.pieces, rel)
	}
}

// fieldsOf splits the path of an input below its root, with slashes. A name that
// ends in a dot has no extension.
func fieldsOf(rel string) Fields {
	dir, base := path.Split(rel)
	f := Fields{Dir: strings.TrimSuffix(dir, "/"), Stem: base}
	if ext := path.Ext(base); len(ext) > 1 {
		f.Stem, f.Ext = strings.TrimSuffix(base, ext), ext[1:]
	}
	return f
}

// matcher holds names against the pieces of a template. A field that comes twice
// has one value. Six fields can vary, most of them within one part of
// a name, so that it ends, whatever the template.
type matcher struct {
	seen  map[string]string // values of the fields, so far
	found func() bool       // called for each way; false: no more
}

// match tries all ways, and returns false when it is to stop.
func (m *matcher) match(pieces []piece, s string) bool {
	if len(pieces) == 0 {
		return s != "" || m.found()
	}
	p := pieces[0]
	if p.field == "" {
		rest, ok := strings.CutPrefix(s, p.text)
		return !ok || m.match(pieces[1:], rest)
	}
	for v := range m.values(p, s) {
		put := ""
		if v != "" {
			put = p.lead + v + p.tail
		}
		rest, ok := strings.CutPrefix(s, put)
		if !ok {
			continue
		}
		before, bound := m.seen[p.field]
		if bound && before != v {
			continue
		}
		m.seen[p.field] = v
		on := m.match(pieces[1:], rest)
		if !bound {
			delete(m.seen, p.field)
		}
		if !on {
			return false
		}
	}
	return true
}

// values yields what a field at the start of s may be, the longest first.
func (m *matcher) values(p piece, s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if v, ok := m.seen[p.field]; ok {
			yield(v)
			return
		}
		s, ok := strings.CutPrefix(s, p.lead)
		for n := span(p.field, s); ok && n > 0; n-- {
			if fits(p.field, s[:n]) && !yield(s[:n]) {
				return
			}
		}
		if p.field == "dir" || p.field == "ext" {
			yield("")
		}
	}
}

// span returns how far a field may reach in s.
func span(field, s string) int {
	switch field {
	case "dir":
		return len(s)
	case "w", "h":
		n := 0
		for n < len(s) && n < maxSideDigits && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		return n
	}
	ends := "/"
	if field == "ext" {
		ends = "/."
	}
	if i := strings.IndexAny(s, ends); i >= 0 {
		return i
	}
	return len(s)
}

// fits tells whether a value is one that the field can have.
func fits(field, v string) bool {
	switch field {
	case "dir":
		return v[0] != '/' && v[len(v)-1] != '/'
	case "w", "h":
		return v[0] != '0'
	}
	return true
}
