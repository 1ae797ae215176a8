package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// output is the lines of --json.
type output struct {
	results []map[string]any // type "result" and "plan"
	summary map[string]any
}

var (
	// resultFields and summaryFields are the contract: name and type of what
	// every such line has.
	resultFields = map[string]string{"type": "string", "input": "string", "output": "string", "reason": "string",
		"width": "float64", "height": "float64", "in_bytes": "float64", "out_bytes": "float64", "ms": "float64"}
	summaryFields = map[string]string{"type": "string", "inputs": "float64", "ok": "float64", "skipped": "float64",
		"failed": "float64", "crashed": "float64", "timeout": "float64", "canceled": "float64", "ignored": "float64",
		"seconds": "float64"}
	outcomes = []string{"ok", "skipped", "failed", "crashed", "timeout", "canceled"}
)

// readJSON holds the lines of a run against the contract: every line an object
// with its fields, the summary last and once, one result for each input, and
// counts that add up.
func readJSON(text string) (output, error) {
	var out output
	for i, line := range strings.SplitAfter(text, "\n") {
		if line == "" {
			break
		}
		var object map[string]any
		dec := json.NewDecoder(strings.NewReader(line))
		if err := dec.Decode(&object); err != nil || !strings.HasSuffix(line, "}\n") {
			return out, fmt.Errorf("line %d is not one object: %q: %v", i+1, line, err)
		}
		if out.summary != nil {
			return out, fmt.Errorf("there is a line behind the summary: %s", line)
		}
		fields := resultFields
		switch object["type"] {
		case "result", "plan":
			out.results = append(out.results, object)
		case "summary":
			out.summary, fields = object, summaryFields
		default:
			return out, fmt.Errorf("line %d has type %v", i+1, object["type"])
		}
		for name, kind := range fields {
			if got := fmt.Sprintf("%T", object[name]); got != kind {
				return out, fmt.Errorf("%s is %s, want %s: %s", name, got, kind, line)
			}
		}
	}
	return out, out.check()
}

// check adds up.
func (o output) check() error {
	if o.summary == nil {
		return fmt.Errorf("there is no summary")
	}
	if n := o.summary["inputs"]; n != float64(len(o.results)) {
		return fmt.Errorf("the summary says %v inputs, there are %d lines", n, len(o.results))
	}
	counts := map[any]float64{}
	for _, r := range o.results {
		if r["type"] == "plan" {
			continue
		}
		counts[r["outcome"]]++
		if (r["outcome"] == "ok") != (r["reason"] == "") {
			return fmt.Errorf("outcome and reason are at odds: %v", r)
		}
	}
	total := 0.0
	for _, name := range outcomes {
		if counts[name] != o.summary[name] {
			return fmt.Errorf("the summary says %v %s, there are %v", o.summary[name], name, counts[name])
		}
		total += counts[name]
	}
	if planned := o.planned(); total+float64(planned) != float64(len(o.results)) {
		return fmt.Errorf("%v outcomes and %d plans for %d inputs", total, planned, len(o.results))
	}
	return nil
}

func (o output) planned() (n int) {
	for _, r := range o.results {
		if r["type"] == "plan" {
			n++
		}
	}
	return n
}

// count returns a number of the summary.
func (o output) count(name string) int {
	n, _ := o.summary[name].(float64)
	return int(n)
}

// jsonl holds the standard output of the last program against the contract,
// and the numbers of the summary against those given; outcomes that are not
// given must not occur.
func jsonl(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, true, "jsonl [NAME=COUNT...]")
	out, err := readJSON(ts.ReadFile("stdout"))
	ts.Check(err)
	want := map[string]int{}
	for _, name := range outcomes {
		want[name] = 0
	}
	for _, arg := range args {
		name, n, _ := strings.Cut(arg, "=")
		want[name], err = strconv.Atoi(n)
		ts.Check(err)
	}
	for name, n := range want {
		got := out.count(name)
		if name == "planned" {
			got = out.planned()
		}
		if got != n {
			ts.Fatalf("%s is %d, want %d", name, got, n)
		}
	}
}

// outcome holds the result of one input, given by the end of its path, against
// an outcome and a pattern that its reason or one of its notes matches.
func outcome(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 2 || len(args) == 3, "outcome FILE OUTCOME [PATTERN]")
	out, err := readJSON(ts.ReadFile("stdout"))
	ts.Check(err)
	for _, r := range out.results {
		input := "/" + strings.ReplaceAll(r["input"].(string), `\`, "/")
		if !strings.HasSuffix(input, "/"+args[0]) {
			continue
		}
		if r["outcome"] != args[1] {
			ts.Fatalf("%s: %v (%v), want %s", args[0], r["outcome"], r["reason"], args[1])
		}
		if len(args) == 3 && !says(r, regexp.MustCompile(args[2])) {
			ts.Fatalf("%s: reason %q and notes %q match nothing of %s", args[0], r["reason"], r["notes"], args[2])
		}
		return
	}
	ts.Fatalf("there is no result of %s", args[0])
}

func says(result map[string]any, pattern *regexp.Regexp) bool {
	if pattern.MatchString(result["reason"].(string)) {
		return true
	}
	notes, _ := result["notes"].([]any)
	for _, n := range notes {
		if pattern.MatchString(n.(string)) {
			return true
		}
	}
	return false
}

// sansTime is a result without what differs from run to run.
func sansTime(result map[string]any, root string) (input, rest string) {
	copied := map[string]any{}
	for k, v := range result {
		if k != "ms" {
			copied[k] = v
		}
	}
	data, err := json.Marshal(copied)
	if err != nil {
		panic(err) // it came from JSON
	}
	return result["input"].(string), string(bytes.ReplaceAll(data, []byte(root), []byte("OUT")))
}
