package plan

import (
	"fmt"
	"iter"
	"path/filepath"
	"strings"

	"github.com/imgpar/imgpar/internal/job"
)

// settle returns what decides the items that would write one file, each by its
// input. It is safe to be called by several goroutines.
func settle(c Config, items func() iter.Seq[*Item]) (decide func(*Item), err error) {
	var list []Item
	for it := range items() {
		list = append(list, *it)
	}
	refuseCollisions(c, list)
	bad := map[job.Path]string{}
	for _, it := range list {
		if it.Done != nil {
			bad[it.Job.Input] = it.Done.Reason
		}
	}
	return func(it *Item) {
		if reason, ok := bad[it.Job.Input]; ok {
			it.fail(reason)
		}
	}, nil
}

// refuseCollisions decides the items that would write one file, or would
// write over another's input: all of them fail, whatever their order.
//
// Names that differ in case only are one file on many systems, and a tree must
// come out the same on all of them. Below an output folder that holds for the
// whole path, since its folders are made by the run; where the folders exist
// already, they are what they are, and it holds for the file's name.
func refuseCollisions(c Config, items []Item) {
	if c.InPlace {
		return
	}
	byOutput := make(map[string][]int, len(items))
	byInput := make(map[string]int, len(items))
	for i, it := range items {
		if it.Done != nil {
			continue
		}
		key := besideKey(string(it.Job.Output))
		if c.Out != "" {
			key = fold(string(it.Job.Output))
		}
		byOutput[key] = append(byOutput[key], i)
		byInput[besideKey(string(it.Job.Input))] = i
	}
	for _, group := range byOutput {
		for n, i := range group {
			j := items[i].Job
			switch other, taken := byInput[besideKey(string(j.Output))]; {
			case len(group) > 1:
				with := group[(n+1)%len(group)]
				items[i].fail(fmt.Sprintf("collision: %s would write %s, too", items[with].Job.Input, items[with].Job.Output))
			case taken && other == i:
				items[i].fail("collision: the output is the input itself")
			case taken:
				items[i].fail(fmt.Sprintf("collision: the output %s is another input", j.Output))
			}
		}
	}
}

func (it *Item) fail(reason string) { it.end(job.Failed, reason) }

// end decides the item. A reason may hold names, and those line breaks.
func (it *Item) end(o job.Outcome, reason string) {
	res := it.Job.End(o, job.OneLine(reason))
	it.Done = &res
}

// besideKey returns a text that is equal for the names that may be one file in
// an existing folder.
func besideKey(name string) string {
	if abs, err := filepath.Abs(name); err == nil {
		name = abs
	}
	return filepath.Join(filepath.Dir(name), fold(filepath.Base(name)))
}

// fold makes letters equal that differ in case only, those with several lower
// or upper forms included.
func fold(s string) string { return strings.ToLower(strings.ToUpper(s)) }
