package main

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/pflag"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/report"
)

// Ways to run the work.
const (
	modeAuto       = "auto"
	modeGoroutine  = "goroutine"
	modeProc       = "proc"
	modeSequential = "sequential" // one after another without a scheduler: what bench compares with
)

// defaultMode is that of runs that say none.
const defaultMode = modeAuto

// usesWorkers tells whether a mode has subprocesses.
func usesWorkers(mode string) bool { return mode == modeProc || mode == modeAuto }

// What --lossless and --on-damage may say.
const (
	losslessAuto    = "auto"
	losslessRequire = "require"
	damageFail      = "fail"
	damageSalvage   = "salvage"
)

// defaultTimeout is how long the work on one file may take.
const defaultTimeout = 5 * time.Minute

// maxJobs is the most pictures in work at once that may be asked for.
const maxJobs = 1024

// flags are those that every operation has.
type flags struct {
	mode      string
	jobs      int
	out       string
	name      nameFlags
	format    string
	quality   int
	optimize  bool
	lossless  string
	onDamage  string
	picture   pictureFlags
	place     placeFlags
	bytes     sizeFlags
	overwrite bool
	dryRun    bool
	include   []string
	exclude   []string
	files0    string
	timeout   time.Duration
	mem       int64
	isolation isolationFlags
	maxPixels int64
	failures  failureFlags
	journal   journalFlags
	recipe    string
	watch     bool
	json      bool
	quiet     bool
	progress  string
}

// registerOutputs has the flags that say where outputs go.
func (f *flags) registerOutputs(s *pflag.FlagSet) {
	s.StringVarP(&f.out, "out", "o", "", "write into `DIR`, which mirrors the tree below each PATH (default: beside each input)")
	f.place.register(s)
	s.BoolVar(&f.overwrite, "overwrite", false, "replace existing outputs (default: skip them)")
	perRun(s, "yes", "overwrite") // to be asked for by a person
}

// registerCoding has the flags that say how outputs are coded.
func (f *flags) registerCoding(s *pflag.FlagSet) {
	f.lossless = losslessAuto
	s.StringVar(&f.format, "format", "", "write `FORMAT`: jpeg, png, gif, bmp, tiff or webp (default: as the input)")
	s.IntVarP(&f.quality, "quality", "q", codec.DefaultQuality, "JPEG quality `N`, 1 to 100; without it JPEGs that are grayed, turned or cropped are not coded anew where that can be done")
	s.BoolVar(&f.optimize, "optimize", false, "make the Huffman tables of each JPEG for its picture: the same pixels in fewer bytes, and slower")
	s.Var(&word{&f.lossless, []string{losslessAuto, losslessRequire}, nil}, "lossless", "`WHEN` is auto (JPEGs are grayed, turned and cropped without coding them anew where that can be done) or require (refuse to code a JPEG with loss)")
	f.bytes.register(s)
}

// registerPictures has the flags that say what of a picture goes into the output.
func (f *flags) registerPictures(s *pflag.FlagSet) {
	f.onDamage = damageFail
	f.picture.register(s)
	s.Var(&word{&f.onDamage, []string{damageFail, damageSalvage}, nil}, "on-damage", "`WHAT` to do with a damaged JPEG or PNG: fail, or salvage, which writes what can be read of it and says so")
	s.Int64Var(&f.maxPixels, "max-pixels", codec.MaxPixels, "refuse pictures of more than `N` pixels, also those made in between")
}

// registerInputs has the flags that say which files are taken.
func (f *flags) registerInputs(s *pflag.FlagSet) {
	s.StringArrayVar(&f.include, "include", nil, "in folders, take only files that match `GLOB`; with a slash it is matched against the path below PATH, ** crosses folders (may be repeated)")
	s.StringArrayVar(&f.exclude, "exclude", nil, "in folders, leave out files and folders that match `GLOB` (may be repeated)")
	s.StringVar(&f.files0, "files0-from", "", "read more PATHs, separated by NUL, from `FILE` (-: standard input)")
	s.BoolVar(&f.watch, "watch", false, "go on with files that come into the folders, until interrupted")
	perRun(s, "files0-from", "watch")
}

// registerRun has the flags that say how the work is done.
func (f *flags) registerRun(s *pflag.FlagSet) {
	f.mode = defaultMode
	s.StringVar(&f.recipe, "recipe", "", "read pipeline, outputs, names and quality from `FILE` in YAML; flags given besides win")
	s.BoolVar(&f.dryRun, "dry-run", false, "show what would be written and by which route, and write nothing")
	s.Var(&word{&f.mode, []string{modeAuto, modeGoroutine, modeProc}, []string{modeSequential}}, "mode", "`MODE` is auto (goroutines for JPEG and BMP, which no library reads; subprocesses for the rest, and for a second try at what goes wrong), goroutine (all in this process: a picture that uses up the memory or the stack ends the run), or proc (subprocesses, confined: it costs only itself)")
	s.IntVarP(&f.jobs, "jobs", "j", 0, "`N` pictures in work at once (default: the CPUs this process may use)")
	s.Var((*size)(&f.mem), "mem", "use at most `SIZE` memory for the pictures in work, such as 2GB (default: 60% of what is available)")
	s.DurationVar(&f.timeout, "timeout", defaultTimeout, "give up a file after `D`, such as 30s; a subprocess is killed then, a goroutine can only be asked, and is waited for")
	f.isolation.register(s)
}

// registerMessages has the flags that say what a run tells.
func (f *flags) registerMessages(s *pflag.FlagSet) {
	f.progress = string(report.Auto)
	s.BoolVar(&f.json, "json", false, "write results to stdout, one JSON object a line")
	s.BoolVar(&f.quiet, "quiet", false, "no progress and no summary, only failures")
	s.Var(&word{&f.progress, []string{string(report.Auto), string(report.Bar), string(report.Plain), string(report.None)}, nil}, "progress", "`KIND` is auto, bar, plain or none")
}

// check holds the flags' values against what is allowed.
func (f *flags) check() error {
	switch {
	case f.jobs < 0 || f.jobs > maxJobs:
		return fmt.Errorf("--jobs %d: want a number from 1 to %d, or 0 for the CPUs this process may use", f.jobs, maxJobs)
	case f.quality < 1 || f.quality > 100:
		return fmt.Errorf("--quality %d: want a number from 1 to 100", f.quality)
	case f.timeout <= 0:
		return fmt.Errorf("--timeout %v: want a time above 0, such as 30s", f.timeout)
	case f.maxPixels <= 0:
		return fmt.Errorf("--max-pixels %d: want a number from 1", f.maxPixels)
	case f.place.in && f.overwrite:
		return fmt.Errorf("--in-place replaces the inputs; --overwrite adds nothing to it")
	}
	if err := errors.Join(f.bytes.check(f.lossless), f.picture.check(), f.place.check(), f.failures.check(), f.journal.check(), f.isolation.check(f.mode), f.checkWatch()); err != nil {
		return err
	}
	if f.format != "" {
		format, err := codec.ParseFormat(f.format)
		if err != nil {
			return fmt.Errorf("--format: %w", err)
		}
		f.format = string(format)
	}
	return nil
}

// checkNames refuses names that were given and mean nothing: an empty one is
// most likely a variable that is not set.
func (f *flags) checkNames(given *pflag.FlagSet) error {
	for _, name := range []string{"out", "format", "files0-from", "name", "backup", "journal", "failed-list", "recipe", "max-failures"} {
		if given.Changed(name) && given.Lookup(name).Value.String() == "" {
			return fmt.Errorf("--%s is empty", name)
		}
	}
	if (given.Changed("suffix") || given.Changed("name")) && f.place.in {
		return fmt.Errorf("--suffix and --name exclude --in-place: the inputs keep their names")
	}
	if given.Changed("suffix") && given.Changed("name") {
		return fmt.Errorf("--suffix and --name exclude each other")
	}
	return nil
}

// workers returns the number of pictures in work at once.
func (f *flags) workers() int {
	switch {
	case f.mode == modeSequential:
		return 1
	case f.jobs > 0:
		return f.jobs
	}
	return runtime.GOMAXPROCS(0)
}

// word is the value of a flag that is one of a few words.
type word struct {
	value   *string
	allowed []string
	hidden  []string // allowed as well, but not advertised
}

func (w *word) String() string {
	if w.value == nil {
		return ""
	}
	return *w.value
}

func (w *word) Type() string { return "string" } // as pflag calls it; the usage names the words

func (w *word) Set(s string) error {
	if !slices.Contains(w.allowed, s) && !slices.Contains(w.hidden, s) {
		return fmt.Errorf("want %s", strings.Join(w.allowed, " or "))
	}
	*w.value = s
	return nil
}

// size is the value of a flag in bytes.
type size int64

func (s *size) String() string {
	if *s == 0 {
		return ""
	}
	return strconv.FormatInt(int64(*s), 10) // to the byte: bench hands it on
}

func (s *size) Type() string { return "SIZE" }

func (s *size) Set(text string) error {
	n, err := humanize.ParseBytes(text)
	if err != nil || n == 0 || n > math.MaxInt64 {
		return fmt.Errorf("want a size above 0, such as 500MB or 2GiB")
	}
	*s = size(n)
	return nil
}
