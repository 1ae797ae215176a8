package main

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

// What a recipe may be at most. The YAML library takes time with the square of
// some of them and memory with that of others, so they are checked before it
// is asked.
const (
	maxRecipe      = 64 << 10 // bytes
	maxRecipeLines = 2000
	maxRecipeDepth = 4 // lists and mappings inside of one another
)

// place is where something stands in a file, counted from 1.
type place struct{ line, column int }

// recipeValue is a value of a recipe. Exactly what kind says is set.
type recipeValue struct {
	place
	kind valueKind
	text string // scalars: as text, without quotes
	list []recipeValue
	keys []recipeKey
}

type recipeKey struct {
	place
	name  string
	value recipeValue
}

type valueKind string

const (
	textKind    valueKind = "text"
	numberKind  valueKind = "a number"
	boolKind    valueKind = "true or false"
	listKind    valueKind = "a list"
	mappingKind valueKind = "a mapping"
	nullKind    valueKind = "no value"
)

// yamlError is what is wrong at a place.
type yamlError struct {
	place
	text string
}

func (e *yamlError) Error() string { return fmt.Sprintf("%d:%d: %s", e.line, e.column, e.text) }

func (p place) errorf(format string, args ...any) error {
	return &yamlError{p, fmt.Sprintf(format, args...)}
}

// readYAML reads the keys of the mapping that r holds. It takes the part of
// YAML that a recipe has a use for: one document, without tags, anchors and
// aliases, keys that are text. The error is a *yamlError, or that of reading.
func readYAML(r io.Reader) ([]recipeKey, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxRecipe+1))
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
	first := place{1, 1}
	if len(data) > maxRecipe {
		return first.errorf("a recipe has at most %d bytes", maxRecipe)
	}
	for i, line := range bytes.Split(data, []byte("\n")) {
		at := place{i + 1, 1}
		if i >= maxRecipeLines {
			return at.errorf("a recipe has at most %d lines", maxRecipeLines)
		}
		if !utf8.Valid(line) || bytes.ContainsFunc(bytes.TrimSuffix(line, []byte("\r")), isControl) {
			return at.errorf("this is not text in UTF-8")
		}
	}
	return nil
}

func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// parseYAML is readYAML for text that has been checked.
func parseYAML(text string) (keys []recipeKey, err error) {
	defer func() {
		if v := recover(); v != nil { // the library's fault; the file is odd in any case
			keys, err = nil, place{1, 1}.errorf("this YAML is not understood: %v", v)
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
			return nil, placeOf(doc.Body).errorf("a recipe is one document")
		}
		body = doc.Body
	}
	if body == nil {
		return nil, place{1, 1}.errorf("the recipe is empty")
	}
	v, err := valueOf(body)
	if err == nil && v.kind != mappingKind {
		err = v.errorf("a recipe consists of keys and values, such as: quality: 85")
	}
	return v.keys, err
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
		at := place{t.Position.Line, t.Position.Column}
		if what, refused := refusedTokens[t.Type]; refused {
			return at.errorf("%s has no place in a recipe; text that begins like that stands in quotes", what)
		}
		if at.line != line {
			line, dashes = at.line, 0
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth--
		case token.SequenceEntryType:
			dashes++
		}
		if depth > maxRecipeDepth || dashes > maxRecipeDepth {
			return at.errorf("more than %d lists and mappings inside of one another", maxRecipeDepth)
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
		return place{p.Line, p.Column}.errorf("%s", text)
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	return place{1, 1}.errorf("%s", text)
}

func placeOf(n ast.Node) place {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return place{t.Position.Line, t.Position.Column}
	}
	return place{1, 1}
}

// valueOf takes a node of the library to what a recipe can hold.
func valueOf(n ast.Node) (recipeValue, error) {
	v := recipeValue{place: placeOf(n)}
	switch n := n.(type) {
	case *ast.MappingNode:
		v.kind = mappingKind
		return v, v.addKeys(n.Values)
	case *ast.MappingValueNode:
		v.kind = mappingKind
		return v, v.addKeys([]*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		v.kind = listKind
		for _, item := range n.Values {
			one, err := valueOf(item)
			if err != nil {
				return v, err
			}
			v.list = append(v.list, one)
		}
		return v, nil
	case *ast.NullNode:
		v.kind = nullKind
		return v, nil
	case *ast.StringNode:
		v.kind, v.text = textKind, n.Value
	case *ast.LiteralNode:
		v.kind, v.text = textKind, n.Value.Value
	case *ast.BoolNode:
		v.kind, v.text = boolKind, fmt.Sprint(n.Value)
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		v.kind, v.text = numberKind, n.GetToken().Value
	default:
		return v, v.errorf("%s has no place in a recipe", strings.ToLower(n.Type().String()))
	}
	return v, nil
}

func (v *recipeValue) addKeys(pairs []*ast.MappingValueNode) error {
	for _, pair := range pairs {
		at := placeOf(pair.Key)
		name, ok := pair.Key.(*ast.StringNode)
		if !ok {
			return at.errorf("a key is text")
		}
		value, err := valueOf(pair.Value)
		if err != nil {
			return err
		}
		if value.kind == nullKind {
			value.place = at // the library puts it somewhere behind
		}
		for _, other := range v.keys {
			if other.name == name.Value {
				return at.errorf("%q stands in line %d already", name.Value, other.line)
			}
		}
		v.keys = append(v.keys, recipeKey{at, name.Value, value})
	}
	if len(v.keys) > 0 {
		v.place = v.keys[0].place // the library points at a colon
	}
	return nil
}
