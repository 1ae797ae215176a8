// Package naming knows what outputs are called: a Template makes a name of what is
// known of an input, and tells of what inputs a name may have been made.
package naming

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/imgpar/imgpar/codec"
)

// Template is a pattern of the outputs' names, with slashes, relative to the
// output folder or, where there is none, to the root folder of the input. It
// holds these fields, and {{ and }} for braces:
//
//	{dir}   the folder of the input below its root; where it is the root itself, the slash behind it goes too
//	{stem}  the name of the input without its extension
//	{ext}   the extension of the format that is written, as the input spells it if it names that format; where there is none, the dot before it goes too
//	{op}    the operation
//	{w} {h} the dimensions of the output's picture
type Template struct {
	text   string
	pieces []piece
}

// piece is a part of a template: a field, or the text between two.
type piece struct {
	field      Field // textual: none, but the text between two
	text       string
	lead, tail string // stand before and behind the field's value, and vanish with it
}

// Field is one of a template's.
type Field int

const (
	textual Field = iota
	Dir
	Stem
	Ext
	Op
	W
	H
	fields
)

var fieldNames = [fields]string{Dir: "dir", Stem: "stem", Ext: "ext", Op: "op", W: "w", H: "h"}

// fieldNamed returns the field of a name; textual: there is none.
func fieldNamed(name string) Field { return Field(max(0, slices.Index(fieldNames[:], name))) }

// Fields are the values of a Template for one output.
type Fields struct {
	Dir, Stem, Ext, Op string
	Width, Height      int
}

// allowedFields is what an error says of the fields.
const allowedFields = "fields: {dir}, {stem}, {ext}, {op}, {w}, {h}; {{ and }} stand for braces"

// Parse reads a template, and refuses one that can make no names below
// a folder.
func Parse(text string) (Template, error) {
	t := Template{text: text}
	for rest := text; rest != ""; {
		var (
			p   piece
			err error
		)
		if p, rest, err = nextPiece(rest); err != nil {
			return Template{}, err
		}
		t.pieces = append(t.pieces, p)
	}
	t.bind()
	return t, t.check()
}

// nextPiece cuts the first part off a template's text.
func nextPiece(s string) (p piece, rest string, err error) {
	if s[0] == '{' && !strings.HasPrefix(s, "{{") {
		name, rest, ok := strings.Cut(s[1:], "}")
		switch {
		case !ok || strings.Contains(name, "{"):
			return p, "", errors.New("a { without its }; " + allowedFields)
		case fieldNamed(name) == textual:
			return p, "", fmt.Errorf("{%s} is no field; %s", name, allowedFields)
		}
		return piece{field: fieldNamed(name)}, rest, nil
	}
	for s != "" && (s[0] != '{' || strings.HasPrefix(s, "{{")) {
		n := 1
		switch {
		case strings.HasPrefix(s, "{{"), strings.HasPrefix(s, "}}"):
			n = 2
		case s[0] == '}':
			return p, "", errors.New("a } without its {; " + allowedFields)
		}
		p.text += s[:1]
		s = s[n:]
	}
	return p, s, nil
}

// bind gives {dir} its slash, and {ext} its dot.
func (t *Template) bind() {
	written := slices.Clone(t.pieces)
	for i := range t.pieces {
		p := &t.pieces[i]
		before, behind := &piece{}, &piece{}
		if i > 0 {
			before = &t.pieces[i-1]
		}
		if i+1 < len(t.pieces) {
			behind = &t.pieces[i+1]
		}
		starts := i == 0 || strings.HasSuffix(written[i-1].text, "/")
		switch {
		case p.field == Dir && starts && strings.HasPrefix(behind.text, "/"):
			p.tail, behind.text = "/", behind.text[1:]
		case p.field == Dir && strings.HasSuffix(before.text, "/") && i+1 == len(t.pieces):
			p.lead, before.text = "/", strings.TrimSuffix(before.text, "/")
		case p.field == Ext && strings.HasSuffix(before.text, "."):
			p.lead, before.text = ".", strings.TrimSuffix(before.text, ".")
		}
	}
	t.pieces = slices.DeleteFunc(t.pieces, func(p piece) bool { return p == piece{} })
}

// ForOp returns t with the name of the operation put in.
func (t Template) ForOp(op string) Template {
	t.pieces = slices.Clone(t.pieces)
	for i := range t.pieces {
		if t.pieces[i].field == Op {
			t.pieces[i] = piece{text: op}
		}
	}
	return t
}

// check says why a template makes no names.
func (t Template) check() error {
	for _, p := range t.pieces {
		if i := strings.IndexFunc(p.text, func(r rune) bool { return r < ' ' || r == 0x7f }); i >= 0 {
			return fmt.Errorf("the control character %q; want text that can be typed", p.text[i])
		}
		if runtime.GOOS == "windows" && strings.Contains(p.text, `\`) {
			return errors.New(`a \; want slashes between folders, on every system`)
		}
	}
	_, err := t.Name(Fields{Dir: "dir", Stem: "stem", Ext: "ext", Op: "op", Width: 1, Height: 1})
	if err != nil {
		return err
	}
	if end := path.Ext(t.end()); codec.NamesPicture(end) {
		if _, ok := codec.FromName(end); !ok {
			return fmt.Errorf("it ends in %s, a format that is not written", end)
		}
	}
	return nil
}

// end is the text that all names end in.
func (t Template) end() string {
	if len(t.pieces) == 0 {
		return ""
	}
	return t.pieces[len(t.pieces)-1].text
}

// String returns the text of t.
func (t Template) String() string { return t.text }

// Format returns the format that the names claim whatever the fields are, such
// as PNG for {stem}.png.
func (t Template) Format() (codec.Format, bool) { return codec.FromName(t.end()) }

// Size tells whether the names have the dimensions of the picture in them.
func (t Template) Size() bool { return t.Has(W) || t.Has(H) }

// Has tells whether a field is in the names.
func (t Template) Has(f Field) bool {
	for _, p := range t.pieces {
		if p.field == f {
			return true
		}
	}
	return false
}

// Confined tells whether the outputs of the files of one folder stay in the
// folder that mirrors it, and nothing else's come there.
func (t Template) Confined() bool {
	for i, p := range t.pieces {
		switch {
		case i == 0 && !t.InDir():
			return false
		case i > 0 && (p.field == Dir || strings.Contains(p.text, "/")):
			return false
		}
	}
	return len(t.pieces) > 1
}

// InDir tells whether the names begin with the folder that mirrors the input's.
func (t Template) InDir() bool { return t.pieces[0].field == Dir && t.pieces[0].tail != "" }

// Keeps tells whether the names keep folder, stem and extension.
func (t Template) Keeps() bool {
	return t.Confined() && len(t.pieces) == 3 && t.pieces[1].field == Stem && t.pieces[2] == piece{field: Ext, lead: "."}
}

// AppendBase appends the base name that a Confined t makes of the fields.
func (t Template) AppendBase(b []byte, f Fields) []byte { return appendPieces(b, t.pieces[1:], f) }

// Name returns the name that t makes of the fields, with slashes. Its error
// says which part of it is no name.
func (t Template) Name(f Fields) (string, error) {
	var room [256]byte
	name := string(appendPieces(room[:0], t.pieces, f))
	return name, checkName(name)
}

// appendPieces appends what pieces make of the fields.
func appendPieces(b []byte, pieces []piece, f Fields) []byte {
	for i := range pieces {
		p := &pieces[i]
		if p.field == textual {
			b = append(b, p.text...)
		} else if v := f.value(p.field); v != "" {
			b = append(append(append(b, p.lead...), v...), p.tail...)
		}
	}
	return b
}

func (f Fields) value(of Field) string {
	switch of {
	case Dir:
		return f.Dir
	case Stem:
		return f.Stem
	case Ext:
		return f.Ext
	case Op:
		return f.Op
	case W:
		return strconv.Itoa(f.Width)
	}
	return strconv.Itoa(f.Height)
}

// checkName refuses what does not name a file below a folder.
func checkName(name string) error {
	switch {
	case name == "":
		return errors.New("the name is empty")
	case name[0] == '/':
		return errors.New("an absolute name; want one below the output folder")
	case strings.Contains(name, "\x00"):
		return errors.New("a NUL, which no name can hold")
	}
	for rest, more := name, true; more; {
		var c string
		switch c, rest, more = strings.Cut(rest, "/"); c {
		case "":
			return fmt.Errorf("%q has an empty part; want a name on both sides of a slash", name)
		case ".", "..":
			return fmt.Errorf("%q has the part %s; want names below the output folder", name, c)
		}
	}
	if !filepath.IsLocal(filepath.FromSlash(name)) { // what one system reserves
		return fmt.Errorf("%q cannot be a name on this system", name)
	}
	return nil
}
