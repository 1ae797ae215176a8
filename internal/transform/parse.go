package transform

import (
	"slices"
	"sync"

	"github.com/imgpar/imgpar/ops"
)

// parsed has pipelines by their texts: a run has a few, which it asks for twice a
// picture. Nobody changes one.
var parsed sync.Map

// parse is ops.Parse for the text of a job.
func parse(text string) (ops.Pipeline, error) {
	if p, ok := parsed.Load(text); ok {
		return p.(ops.Pipeline), nil
	}
	p, err := ops.Parse(text)
	if err == nil {
		parsed.Store(text, slices.Clip(p))
	}
	return p, err
}
