// Package recipefile reads and writes the text of recipes: the part of YAML that
// they have a use for, which is one document of keys that are text, without tags,
// anchors and aliases. Each value knows its place, for messages. What the keys mean
// is not known here.
package recipefile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// What a recipe may have at most. The YAML library takes time with the square of
// some of them and memory with that of others, so they are checked before it
// is asked.
const (
	MaxBytes = 64 << 10
	MaxLines = 2000
	maxDepth = 4 // lists and mappings inside of one another
)

// Place is where something stands in a file, counted from 1.
type Place struct{ Line, Column int }

// Value is a value of a recipe. Exactly what its kind says is set.
type Value struct {
	Place
	Kind Kind
	Text string // scalars: as text, without quotes
	List []Value
	Keys []Key
}

// Key is a key of a mapping, with its value.
type Key struct {
	Place
	Name  string
	Value Value
}

// Kind is what a value is, in words.
type Kind string

const (
	TextKind    Kind = "text"
	NumberKind  Kind = "a number"
	BoolKind    Kind = "true or false"
	ListKind    Kind = "a list"
	MappingKind Kind = "a mapping"
	NullKind    Kind = "no value"
)

// Error is what is wrong at a place.
type Error struct {
	Place
	text string
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.text) }

// Errorf returns an *Error.
func (p Place) Errorf(format string, args ...any) error {
	return &Error{p, fmt.Sprintf(format, args...)}
}

// Read reads the keys of the mapping that r holds. The error is an *Error, or that
// of reading.
func Read(r io.Reader) ([]Key, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, err
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if err := checkText(data); err != nil {
		return nil, err
	}
	return parseYAML(string(data))
}

// checkText holds a file against what may be handed to the library at all.
func checkText(data []byte) error {
	first := Place{1, 1}
	if len(data) > MaxBytes {
		return first.Errorf("a recipe has at most %d bytes", MaxBytes)
	}
	for i, line := range bytes.Split(data, []byte("\n")) {
		at := Place{i + 1, 1}
		if i >= MaxLines {
			return at.Errorf("a recipe has at most %d lines", MaxLines)
		}
		if !utf8.Valid(line) || bytes.ContainsFunc(bytes.TrimSuffix(line, []byte("\r")), isControl) {
			return at.Errorf("this is not text in UTF-8")
		}
	}
	return nil
}

func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// parseYAML is Read for text that has been checked.
func parseYAML(text string) (keys []Key, err error) {
	defer func() {
		if v := recover(); v != nil { // the library's fault; the file is odd in any case
			keys, err = nil, Place{1, 1}.Errorf("this YAML is not understood: %v", v)
		}
	}()
	tokens := lexer.Tokenize(text)
	if err := checkTokens(tokens); err != nil {
		return nil, err
	}
	file, err := parser.Parse(tokens, 0)
	if err != nil {
		return nil, syntaxError(err)
	}
	var body ast.Node
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if body != nil {
			return nil, placeOf(doc.Body).Errorf("a recipe is one document")
		}
		body = doc.Body
	}
	if body == nil {
		return nil, Place{1, 1}.Errorf("the recipe is empty")
	}
	v, err := valueOf(body)
	if err == nil && v.Kind != MappingKind {
		err = v.Errorf("a recipe consists of keys and values, such as: quality: 85")
	}
	return v.Keys, err
}

// refusedTokens are parts of YAML that a recipe does without.
var refusedTokens = map[token.Type]string{
	token.AnchorType:     "an anchor",
	token.AliasType:      "an alias",
	token.TagType:        "a tag",
	token.MergeKeyType:   "a merged mapping",
	token.MappingKeyType: "a key behind ?",
	token.DirectiveType:  "a directive",
}

// checkTokens refuses what the parser would take too much memory for.
func checkTokens(tokens token.Tokens) error {
	depth, line, dashes := 0, 0, 0
	for _, t := range tokens {
		at := Place{t.Position.Line, t.Position.Column}
		if what, refused := refusedTokens[t.Type]; refused {
			return at.Errorf("%s has no place in a recipe; text that begins like that stands in quotes", what)
		}
		if at.Line != line {
			line, dashes = at.Line, 0
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth--
		case token.SequenceEntryType:
			dashes++
		}
		if depth > maxDepth || dashes > maxDepth {
			return at.Errorf("more than %d lists and mappings inside of one another", maxDepth)
		}
	}
	return nil
}

// syntaxError is what the library says, in one line.
func syntaxError(err error) error {
	var known yaml.Error
	if errors.As(err, &known) && known.GetToken() != nil {
		p := known.GetToken().Position
		text, _, _ := strings.Cut(known.GetMessage(), "\n")
		return Place{p.Line, p.Column}.Errorf("%s", text)
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	return Place{1, 1}.Errorf("%s", text)
}

func placeOf(n ast.Node) Place {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return Place{t.Position.Line, t.Position.Column}
	}
	return Place{1, 1}
}

// valueOf takes a node of the library to what a recipe can hold.
func valueOf(n ast.Node) (Value, error) {
	v := Value{Place: placeOf(n)}
	switch n := n.(type) {
	case *ast.MappingNode:
		v.Kind = MappingKind
		return v, v.addKeys(n.Values)
	case *ast.MappingValueNode:
		v.Kind = MappingKind
		return v, v.addKeys([]*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		v.Kind = ListKind
		for _, item := range n.Values {
			one, err := valueOf(item)
			if err != nil {
				return v, err
			}
			v.List = append(v.List, one)
		}
		return v, nil
	case *ast.NullNode:
		v.Kind = NullKind
		return v, nil
	case *ast.StringNode:
		v.Kind, v.Text = TextKind, n.Value
	case *ast.LiteralNode:
		v.Kind, v.Text = TextKind, n.Value.Value
	case *ast.BoolNode:
		v.Kind, v.Text = BoolKind, fmt.Sprint(n.Value)
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		v.Kind, v.Text = NumberKind, n.GetToken().Value
	default:
		return v, v.Errorf("%s has no place in a recipe", strings.ToLower(n.Type().String()))
	}
	return v, nil
}

func (v *Value) addKeys(pairs []*ast.MappingValueNode) error {
	for _, pair := range pairs {
		at := placeOf(pair.Key)
		name, ok := pair.Key.(*ast.StringNode)
		if !ok {
			return at.Errorf("a key is text")
		}
		value, err := valueOf(pair.Value)
		if err != nil {
			return err
		}
		if value.Kind == NullKind {
			value.Place = at // the library puts it somewhere behind
		}
		for _, other := range v.Keys {
			if other.Name == name.Value {
				return at.Errorf("%q stands in line %d already", name.Value, other.Line)
			}
		}
		v.Keys = append(v.Keys, Key{at, name.Value, value})
	}
	if len(v.Keys) > 0 {
		v.Place = v.Keys[0].Place // the library points at a colon
	}
	return nil
}
