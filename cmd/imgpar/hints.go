package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/imgpar/imgpar/ops"
)

// flagError adds a hint to what pflag says.
func flagError(cmd *cobra.Command, err error) error {
	var (
		unknown *pflag.NotExistError
		invalid *pflag.InvalidValueError
		bare    *pflag.ValueRequiredError
	)
	switch {
	case errors.As(err, &invalid):
		return hintError{err, flagHelp(invalid.GetFlag())}
	case errors.As(err, &bare) && bare.GetSpecifiedName() == "h":
		return hintError{err, "-h is the height; imgpar " + cmd.Name() + " --help shows the help"}
	case errors.As(err, &bare):
		return hintError{err, flagHelp(bare.GetFlag())}
	case !errors.As(err, &unknown):
		return err
	}
	if digits := unknown.GetSpecifiedShortnames(); cmd.Name() == "rotate" && isNumber(digits) {
		return hintError{err, "a negative angle is written --angle=-" + digits}
	}
	for _, s := range ops.Specs() {
		for _, p := range s.Params {
			if name := unknown.GetSpecifiedName(); (name == p.Name || name == p.Short) && cmd.Name() != s.Name {
				return hintError{err, fmt.Sprintf("--%s is a flag of %s, and stands behind that word", p.Name, s.Name)}
			}
		}
	}
	return hintError{err, "imgpar " + cmd.Name() + " --help lists the flags"}
}

// flagHelp is a flag and its line of the help.
func flagHelp(f *pflag.Flag) string {
	_, usage := pflag.UnquoteUsage(f)
	return fmt.Sprintf("--%s %s: %s", f.Name, valueName(f), usage)
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

// keyHint names the key that was most likely meant.
func keyHint(name string, common *pflag.FlagSet) string {
	for _, s := range ops.Specs() {
		for _, p := range s.Params {
			if name == p.Name || name == p.Short {
				return fmt.Sprintf("%s is a parameter of %s, and stands in the pipeline: '%s %s=...'", name, s.Name, s.Name, name)
			}
		}
	}
	keys := []string{versionKey, pipelineKey, opKey}
	common.VisitAll(func(f *pflag.Flag) {
		if !isPerRun(f) {
			keys = append(keys, f.Name)
		}
	})
	if near := nearest(name, keys); near != "" {
		return "did you mean " + near + "?"
	}
	return "the keys are: " + strings.Join(keys, ", ")
}

// nearest returns the word that fewest changes make of text, or "" where more
// than two in the first 40 bytes would be needed. Case, - and _ do not count.
func nearest(text string, words []string) string {
	fold := strings.NewReplacer("_", "", "-", "")
	text = strings.ToLower(fold.Replace(text[:min(len(text), 40)]))
	best, least := "", 3
	for _, w := range words {
		if d := changes(text, fold.Replace(w)); d < least {
			best, least = w, d
		}
	}
	return best
}

// changes is the Levenshtein distance of a and b in bytes.
func changes(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			d := diagonal
			if a[i] != b[j] {
				d = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], d
		}
	}
	return row[len(b)]
}
