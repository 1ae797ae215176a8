package plan

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/journal"
)

// apart are the fields of job.Job that have no part in the terms: they are in
// the digest by themselves, or decide no bytes.
var apart = map[string]string{
	"Input":     "in the digest by itself",
	"Target":    "its pipeline and format are in the digest by themselves, its output is the key",
	"Also":      "as Target",
	"MaxPixels": "decides whether there is an output, not which",
	"Checksum":  "decides what the result tells",
	"InPlace":   "decides where the bytes go",
}

// terms hashes all that decides the bytes of the outputs and is the same for
// every file of a run. Fields that are zero leave no trace, so that a new one
// does not make every journal worthless.
func terms(j job.Job) uint64 {
	text := fmt.Appendf(nil, "version=%d", job.OutputVersion)
	v := reflect.ValueOf(j)
	for i := range v.NumField() {
		if name := v.Type().Field(i).Name; apart[name] == "" {
			text = appendTerm(text, name, v.Field(i))
		}
	}
	return journal.Text(string(text))
}

func appendTerm(text []byte, name string, v reflect.Value) []byte {
	if v.IsZero() {
		return text
	}
	if v.Kind() != reflect.Struct {
		return fmt.Appendf(text, " %s=%q", name, fmt.Sprint(v))
	}
	for i := range v.NumField() {
		text = appendTerm(text, name+"."+v.Type().Field(i).Name, v.Field(i))
	}
	return text
}

// ledger is what is asked of the journal for every file alike.
type ledger struct {
	folder string // the working one, for names that are relative
	terms  uint64
	strict uint64    // the same without Salvage
	real   *sync.Map // folders by their names, without links
}

// withLedger returns c with its ledger, which saves look making one for each
// file. Without a working folder there is none.
func (c Config) withLedger() Config {
	if c.Journal == nil {
		return c
	}
	folder, err := os.Getwd()
	if err != nil {
		c.Journal = nil // names mean nothing
		return c
	}
	strict := c.Job
	strict.Salvage = false
	c.ledger = &ledger{folder: folder, terms: terms(c.Job), strict: terms(strict), real: new(sync.Map)}
	return c
}

// key is the hash of the absolute form of a name.
func (l *ledger) key(name job.Path) uint64 {
	var room [512]byte
	return journal.Key(l.appendAbs(room[:0], string(name)))
}

// realKey is key where links in the way to the file make no other name of it.
func (l *ledger) realKey(name job.Path) uint64 {
	dir, base := filepath.Split(filepath.Clean(string(name)))
	real, known := l.real.Load(dir)
	if !known {
		if path, err := filepath.EvalSymlinks(filepath.Clean(dir)); err == nil {
			real = path
		} else {
			real = dir
		}
		l.real.Store(dir, real)
	}
	return l.key(job.Path(filepath.Join(real.(string), base)))
}

func (l *ledger) appendAbs(b []byte, name string) []byte {
	switch name = filepath.Clean(name); {
	case filepath.IsAbs(name):
		return append(b, name...)
	case strings.HasPrefix(name, ".."), os.IsPathSeparator(name[0]), filepath.VolumeName(name) != "":
		if abs, err := filepath.Abs(name); err == nil {
			return append(b, abs...)
		}
	}
	b = append(b, l.folder...)
	if !os.IsPathSeparator(l.folder[len(l.folder)-1]) {
		b = append(b, filepath.Separator)
	}
	return append(b, name...)
}

// request hashes what is asked for: by which terms, what of which input. With
// the input's state it is the digest.
func request(terms, input uint64, t *job.Target) uint64 {
	return journal.Hash(terms, input, journal.Text(t.Pipeline), journal.Text(t.Format))
}

// digest of a request of an input that is in a state, or has a content.
func digest(request, source uint64) uint64 { return journal.Hash(request, source) }
