package main

import (
	"fmt"
	"slices"

	"github.com/spf13/pflag"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/codec/meta"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/ops"
)

// keepAll is the word for what the zero values of job.Carry mean.
const keepAll = "keep"

// pictureFlags say what of an input, beside what the operation does to its
// pixels, is found in the output.
type pictureFlags struct {
	profile    string
	metadata   string
	stripGPS   bool
	keepMtime  bool
	first      bool
	background string
}

func (f *pictureFlags) register(s *pflag.FlagSet) {
	f.profile, f.metadata, f.background = keepAll, keepAll, "white"
	s.Var(&word{&f.profile, []string{keepAll, string(codec.ToSRGB), string(codec.StripProfile)}, nil}, "icc", "`WHAT` becomes of colour profiles: keep, srgb (colours are converted to sRGB), or strip (taken away, whatever they mean)")
	s.Var(&word{&f.metadata, []string{keepAll, string(meta.None), string(meta.Copyright)}, nil}, "meta", "`WHAT` becomes of EXIF, XMP, IPTC and comments: keep, strip, or copyright (only who made and who owns the picture)")
	s.BoolVar(&f.stripGPS, "strip-gps", false, "leave out where the picture was taken")
	s.BoolVar(&f.keepMtime, "keep-mtime", false, "give outputs the time of their input's last change")
	s.BoolVar(&f.first, "first-frame", false, "of an animation, or of several pages, take only the first (default: all, or fail where the output's format cannot hold them)")
	s.StringVar(&f.background, "background", f.background, "`COLOUR` behind transparent pixels in formats without transparency, and in the corners that rotate leaves: "+ops.Colours)
}

func (f *pictureFlags) check() error {
	if _, ok := ops.ParseColour(f.background); !ok {
		return fmt.Errorf("--background %q: want %s", f.background, ops.Colours)
	}
	return nil
}

// onBackground gives the rotations of a pipeline that say nothing of it the
// background that the flag names.
func (f *pictureFlags) onBackground(p ops.Pipeline) ops.Pipeline {
	c, ok := ops.ParseColour(f.background)
	p = slices.Clone(p)
	for i, op := range p {
		if r, rotate := op.(ops.Rotate); rotate && ok && r.Background == ops.White {
			r.Background = c
			p[i] = r
		}
	}
	return p
}

// carry is what a job says of it.
func (f *pictureFlags) carry() job.Carry {
	said := func(w string) string {
		if w == keepAll {
			return ""
		}
		return w
	}
	return job.Carry{Profile: said(f.profile), Metadata: said(f.metadata), StripGPS: f.stripGPS, Mtime: f.keepMtime}
}
