package ops

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Spec describes an operation to the command line and to the text form, which so agree on names, ranges and defaults.
type Spec struct {
	Name    string  // "resize"
	Summary string  // one line for the help
	Params  []Param // an operand stands first

	make func(args) (Op, error)
}

// Param is one parameter of an operation.
type Param struct {
	Name     string // long flag, and key of the text form: "width"
	Short    string // one letter that may stand for Name in both, or ""
	Kind     Kind
	Usage    string   // one line for the help
	Default  string   // what holds when it is not given, as text; "" if there is no such value
	Allowed  string   // what it may be, worded to follow "want": "a number from 0.01 to 1000"
	Words    []string // all values of a Word
	Operand  bool     // may be given as the bare first word: "rotate 90"
	Required bool     // must be given; a required Operand is the command line's first argument when its flag is absent

	min, max float64 // of an Int or a Float
}

// Kind is the type of a parameter's value.
type Kind int

const (
	Int   Kind = iota // a whole number
	Float             // a finite number
	Word              // one of Param.Words
	Bool              // "true" or "false"; the text form also takes the bare name for true
	Text              // anything else; Param.Allowed describes it
)

// Values holds the parameters that were given, as text, by Param.Name.
type Values map[string]string

// Build makes the operation. Parameters that are not in v have their defaults. The error is a *UsageError.
func (s Spec) Build(v Values) (Op, error) {
	a := args{spec: s, given: v, num: map[string]float64{}, text: map[string]string{}}
	if err := s.checkNames(v); err != nil {
		return nil, err
	}
	for _, p := range s.Params {
		value, given := v[p.Name]
		if !given {
			if p.Required {
				return nil, &UsageError{s.Name, "no " + p.Name, p.Allowed}
			}
			value = p.Default
		}
		if (given || value != "") && !a.set(p, value) {
			return nil, a.refuse(p.Name)
		}
	}
	return s.make(a)
}

func (s Spec) checkNames(v Values) error {
	var unknown []string
	for name := range v {
		if _, ok := s.param(name); !ok {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	return s.unknown(slices.Min(unknown))
}

func (s Spec) unknown(name string) error {
	want := "no parameter at all"
	if len(s.Params) > 0 {
		var names []string
		for _, p := range s.Params {
			if p.Short != "" {
				names = append(names, p.Name+" ("+p.Short+")")
			} else {
				names = append(names, p.Name)
			}
		}
		want = either(names)
	}
	return &UsageError{s.Name, "unknown parameter " + quoted(name), want}
}

// param finds a parameter by either of its names.
func (s Spec) param(name string) (Param, bool) {
	for _, p := range s.Params {
		if name != "" && (name == p.Name || name == p.Short) {
			return p, true
		}
	}
	return Param{}, false
}

// format prints an operation from the values of its parameters, the inverse of Build.
func (s Spec) format(v Values) string {
	words := []string{s.Name}
	for _, p := range s.Params {
		value, key := v[p.Name], p.Name
		if p.Short != "" {
			key = p.Short
		}
		switch {
		case value == "" || value == p.Default:
		case p.Operand:
			words = append(words, value)
		case p.Kind == Bool:
			words = append(words, key)
		default:
			words = append(words, key+"="+value)
		}
	}
	return strings.Join(words, " ")
}

// args are the parameters of one operation after they have been checked, defaults included. A parameter that was not
// given and has no default reads as 0, false or "".
type args struct {
	spec  Spec
	given Values
	num   map[string]float64
	text  map[string]string
}

// set stores the value of p, and reports whether it is one that p may have.
func (a args) set(p Param, value string) bool {
	var err error
	switch p.Kind {
	case Int, Float:
		var f float64
		if p.Kind == Int {
			var i int
			i, err = strconv.Atoi(value)
			f = float64(i)
		} else {
			f, err = strconv.ParseFloat(value, 64)
		}
		a.num[p.Name] = f + 0 // no negative zero
		return err == nil && p.min <= f && f <= p.max
	case Bool:
		a.text[p.Name] = value
		return value == "true" || value == "false"
	case Word:
		a.text[p.Name] = value
		return slices.Contains(p.Words, value)
	}
	a.text[p.Name] = value
	return true
}

func (a args) float(name string) float64 { return a.num[name] }
func (a args) int(name string) int       { return int(a.num[name]) }
func (a args) bool(name string) bool     { return a.text[name] == "true" }

// index returns the place of the word among those that are allowed.
func (a args) index(name string) int {
	p, _ := a.spec.param(name)
	return slices.Index(p.Words, a.text[name])
}

func (a args) has(name string) bool {
	_, ok := a.given[name]
	return ok
}

// refuse returns the error for a value that is not allowed.
func (a args) refuse(name string) error {
	p, _ := a.spec.param(name)
	return &UsageError{a.spec.Name, name + " " + quoted(a.given[name]), p.Allowed}
}

func pixels(name, short, usage string) Param {
	allowed := fmt.Sprintf("a whole number of pixels from 1 to %d", MaxSide)
	return Param{Name: name, Short: short, Kind: Int, Usage: usage, Allowed: allowed, min: 1, max: MaxSide}
}

func number(name string, least, most float64, def, usage string) Param {
	allowed := "a number from " + num(least) + " to " + num(most)
	return Param{Name: name, Kind: Float, Usage: usage, Default: def, Allowed: allowed, min: least, max: most}
}

func choice(name string, words []string, def, usage string) Param {
	return Param{Name: name, Kind: Word, Usage: usage, Default: def, Allowed: either(words), Words: words}
}

func toggle(name, usage string) Param {
	return Param{Name: name, Kind: Bool, Usage: usage, Default: "false", Allowed: "true or false"}
}

func operand(p Param) Param {
	p.Operand = true
	return p
}

func required(p Param) Param {
	p.Required = true
	return p
}

func num(f float64) string {
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// word returns names[i], or something that is no name when a value made by hand has none.
func word[T ~uint8](names []string, i T) string {
	if int(i) < len(names) {
		return names[i]
	}
	return fmt.Sprintf("#%d", i)
}

// either joins words to "a, b or c".
func either(words []string) string {
	last := len(words) - 1
	if last <= 0 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// quoted returns s as it is when that reads well in a message.
func quoted(s string) string {
	if q := strconv.Quote(s); s == "" || strings.Contains(s, " ") || q != `"`+s+`"` {
		return q
	}
	return s
}
