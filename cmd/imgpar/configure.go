package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/plan"
	"github.com/imgpar/imgpar/ops"
)

// configure makes a plan's configuration of the command line, and refuses one
// that makes no sense.
func (a *app) configure(cmd *cobra.Command, p ops.Pipeline, name string, paths []string) (plan.Config, error) {
	c, err := a.configureOutputs(cmd.Flags(), p, name)
	if err != nil {
		return plan.Config{}, err
	}
	f := &a.flags
	if f.files0 != "" {
		more, err := a.readNames(f.files0)
		if err != nil {
			return plan.Config{}, err
		}
		paths = append(paths, more...)
	} else if len(paths) == 0 {
		paths = []string{"."}
	}
	if slices.Contains(paths, "") {
		return plan.Config{}, errors.New("a PATH is empty")
	}
	c.Paths = paths
	return c, c.Validate()
}

// configureOutputs is the part of configure that follows from the flags alone.
// It opens nothing, so that a recipe can be checked by it.
func (a *app) configureOutputs(given *pflag.FlagSet, p ops.Pipeline, name string) (plan.Config, error) {
	f := &a.flags
	if err := errors.Join(f.check(), f.checkNames(given)); err != nil {
		return plan.Config{}, err
	}
	format, err := outputFormat(f.format, p)
	if err != nil {
		return plan.Config{}, err
	}
	quality := 0 // leave JPEGs in their coded form, where nobody asks for another
	if given.Changed("quality") {
		quality = f.quality
		if f.lossless == losslessRequire {
			return plan.Config{}, errors.New("--quality asks for new coding, --lossless=require forbids it")
		}
	}
	if err := f.bytes.check(format); err != nil {
		return plan.Config{}, err
	}
	also, err := f.name.outputs()
	if err != nil {
		return plan.Config{}, err
	}
	suffix := f.name.suffix
	if f.out == "" && !given.Changed("suffix") {
		suffix = "_" + name
	}
	c := plan.Config{
		Out: f.out, Name: f.name.template, Suffix: suffix, Op: name, Format: format,
		InPlace: f.place.in, Backup: f.place.backup, Also: also, Conflict: plan.OnConflict(f.name.conflict),
		Checksum: f.journal.checksum, RetryFailed: f.journal.retryFailed,
		Include: f.include, Exclude: f.exclude,
		Job: job.Job{
			Target:  job.Target{Pipeline: p.String(), Overwrite: f.overwrite},
			Quality: quality, TargetSize: f.bytes.target, SkipIfLarger: f.bytes.skipIfLarger, Optimize: f.optimize,
			Lossless: f.lossless == losslessRequire, Salvage: f.onDamage == damageSalvage,
			First: f.picture.first, Background: f.picture.background, Carry: f.picture.carry(),
			MaxPixels: f.maxPixels, Checksum: f.journal.checksum,
		},
	}
	return c, c.Validate()
}

// outputFormat is the one of --format or of the pipeline's last convert.
func outputFormat(flag string, p ops.Pipeline) (codec.Format, error) {
	name := p.Format()
	if name == "" {
		return codec.Format(flag), nil
	}
	f, err := codec.ParseFormat(name)
	if err != nil {
		return "", fmt.Errorf("convert: %w", err)
	}
	if flag != "" && flag != string(f) {
		return "", fmt.Errorf("the pipeline converts to %s, --format says %s", f, flag)
	}
	return f, nil
}

// readNames reads names that end with NUL, as find -print0 writes them.
func (a *app) readNames(file string) ([]string, error) {
	r := a.stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, fmt.Errorf("--files0-from: %w", err)
		}
		defer f.Close() // only read
		r = f
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("--files0-from: %w", err)
	}
	var names []string
	for _, n := range bytes.Split(data, []byte{0}) {
		if len(n) > 0 {
			names = append(names, string(n))
		}
	}
	return names, nil
}
