package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/plan"
	"github.com/imgpar/imgpar/internal/transform"
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
	if f.files0 == "" && len(paths) == 0 {
		paths = []string{"."}
	}
	if slices.Contains(paths, "") {
		return plan.Config{}, errors.New("a PATH is empty")
	}
	c.Paths = paths
	if err := c.Validate(); err != nil || f.files0 == "" {
		return c, err
	}
	if c.List, err = plan.OpenList(f.files0, a.stdin); err != nil {
		return c, fmt.Errorf("--files0-from: %w", err)
	}
	return c, nil
}

// configureOutputs is the part of configure that follows from the flags alone.
// It opens nothing, so that a recipe can be checked by it.
func (a *app) configureOutputs(given *pflag.FlagSet, p ops.Pipeline, name string) (plan.Config, error) {
	f := &a.flags
	if err := errors.Join(f.check(), f.checkNames(given)); err != nil {
		return plan.Config{}, err
	}
	format, err := outputFormat(f.format, p)
	if err == nil {
		format, err = f.name.format(format)
	}
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
	also, err := f.name.outputs(f.format)
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
		Size: func(input, pipeline string) (width, height int, reason string) {
			return transform.Size(input, pipeline, f.maxPixels)
		},
		RetryFailed: f.journal.retryFailed,
		Include:     f.include, Exclude: f.exclude,
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
