package ops

import (
	"context"
	"fmt"
	"image"
	"slices"
	"strconv"
	"strings"
)

// specs lists every operation, in the order of the help.
var specs = []Spec{
	graySpec,
	resizeSpec,
	thumbSpec,
	cropSpec,
	rotateSpec,
	flipSpec,
	orientSpec,
	blurSpec,
	sharpenSpec,
	adjustSpec,
	invertSpec,
	convertSpec,
}

// Specs returns all operations in the order of the help.
func Specs() []Spec {
	return slices.Clone(specs)
}

// Lookup finds an operation by its name.
func Lookup(name string) (Spec, bool) {
	i := slices.IndexFunc(specs, func(s Spec) bool { return s.Name == name })
	if i < 0 {
		return Spec{}, false
	}
	return specs[i], true
}

// Pipeline is a list of operations, each of which works on the result of the one before it.
type Pipeline []Op

// Parse reads the text form: operations separated by |, each a name and then its parameters in any order, as key=value
// or, for an on-off one, as the bare key. An operation's main parameter may be its bare first word.
//
//	resize w=800 h=600 fill | sharpen 0.5 | gray
//
// The error is a *UsageError.
func Parse(text string) (Pipeline, error) {
	if strings.TrimSpace(text) == "" {
		return nil, &UsageError{"", "no operation", "operations separated by |, such as resize w=800 | gray"}
	}
	var p Pipeline
	for i, step := range strings.Split(text, "|") {
		words := strings.Fields(step)
		if len(words) == 0 {
			return nil, &UsageError{"", fmt.Sprintf("step %d is empty", i+1), allNames()}
		}
		spec, ok := Lookup(words[0])
		if !ok {
			return nil, &UsageError{"", "unknown operation " + quoted(words[0]), allNames()}
		}
		values, err := spec.read(words[1:])
		if err != nil {
			return nil, err
		}
		op, err := spec.Build(values)
		if err != nil {
			return nil, err
		}
		p = append(p, op)
	}
	return p, nil
}

func allNames() string {
	var names []string
	for _, s := range specs {
		names = append(names, s.Name)
	}
	return either(names)
}

// read sorts the words after an operation's name by parameter.
func (s Spec) read(words []string) (Values, error) {
	values := Values{}
	for i, word := range words {
		key, value, pair := strings.Cut(word, "=")
		p, ok := s.param(key)
		switch {
		case pair && !ok:
			return nil, s.unknown(key)
		case !pair && ok && p.Kind == Bool:
			value = "true"
		case !pair && ok:
			return nil, &UsageError{s.Name, p.Name + " without a value", p.Allowed}
		case !pair && i == 0 && len(s.Params) > 0 && s.Params[0].Operand:
			p, value = s.Params[0], word
		case !pair:
			return nil, s.unknown(word)
		}
		if _, twice := values[p.Name]; twice {
			return nil, &UsageError{s.Name, p.Name + " is given twice", "it once"}
		}
		values[p.Name] = value
	}
	return values, nil
}

// String returns the canonical text, from which Parse makes p again. An empty pipeline has no text.
func (p Pipeline) String() string {
	steps := make([]string, len(p))
	for i, op := range p {
		steps[i] = op.String()
	}
	return strings.Join(steps, " | ")
}

// Format returns the format that the last Convert asks for, or "" if there is none.
func (p Pipeline) Format() string {
	for _, op := range slices.Backward(p) {
		if c, ok := op.(Convert); ok {
			return c.Format
		}
	}
	return ""
}

// Apply runs the operations one after the other and returns the last result. It stops between two operations when ctx
// is done, and within those that may take long: resize, thumb, rotate, blur and sharpen. It does not look at limits: call Check first.
func (p Pipeline) Apply(ctx context.Context, src image.Image) (image.Image, error) {
	for _, op := range p {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out, err := applyTo(ctx, op, src)
		if err != nil {
			return nil, fmt.Errorf("%v: %w", op, err)
		}
		src = out
	}
	return src, nil
}

// Limits bounds the pictures that a pipeline may make.
type Limits struct {
	MaxSide   int   // in pixels; 0 stands for the constant MaxSide, and more than that is not possible
	MaxPixels int64 // width times height of one picture; 0 sets no limit
}

// LimitError says which picture is out of bounds.
type LimitError struct {
	Op            string // the operation that would make the picture, in text form; "" for the source
	Width, Height int
	Limit         string // "a side is at most 65535"
}

func (e *LimitError) Error() string {
	size := fmt.Sprintf("%dx%d", e.Width, e.Height)
	if e.Op == "" {
		return "the picture is " + size + ": " + e.Limit
	}
	return e.Op + " would make a picture of " + size + ": " + e.Limit
}

// applyTo applies op. One that may take long asks ctx every few rows.
func applyTo(ctx context.Context, op Op, src image.Image) (image.Image, error) {
	if op, ok := op.(interface {
		apply(context.Context, image.Image) (image.Image, error)
	}); ok {
		return op.apply(ctx, src)
	}
	return op.Apply(src)
}

// Check follows a picture of w x h pixels through the pipeline without making one. It returns the dimensions of the
// result, and the most pixels that are alive at once, for memory admission: count 4 bytes for each if the picture has 8
// bits a channel, 8 if it has 16. The error is a *LimitError: the source, an intermediate picture or the result is
// out of bounds or has no pixels.
func (p Pipeline) Check(w, h int, lim Limits) (result image.Point, peak int64, err error) {
	result = image.Pt(w, h)
	if err := lim.check(nil, result); err != nil {
		return image.Point{}, 0, err
	}
	held := area(result) // never shrinks: a crop shares the memory of what it was cut from
	peak = held
	for _, op := range p {
		made := op.Sizes(result.X, result.Y)
		alive := held
		for _, size := range made {
			if err := lim.check(op, size); err != nil {
				return image.Point{}, 0, err
			}
			alive += area(size)
			result = size
		}
		held = max(held, area(result))
		peak = max(peak, alive)
	}
	return result, peak, nil
}

func (l Limits) check(op Op, size image.Point) error {
	side := l.MaxSide
	if side <= 0 || side > MaxSide {
		side = MaxSide
	}
	var limit string
	switch {
	case size.X < 1 || size.Y < 1:
		limit = "a side is at least 1"
	case size.X > side || size.Y > side:
		limit = "a side is at most " + strconv.Itoa(side)
	case l.MaxPixels > 0 && area(size) > l.MaxPixels:
		limit = fmt.Sprintf("a picture has at most %d pixels", l.MaxPixels)
	default:
		return nil
	}
	e := &LimitError{Width: size.X, Height: size.Y, Limit: limit}
	if op != nil {
		e.Op = op.String()
	}
	return e
}

func area(size image.Point) int64 {
	return int64(size.X) * int64(size.Y)
}
