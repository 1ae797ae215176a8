package main

import (
	"errors"
	"fmt"
	"strconv"

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
