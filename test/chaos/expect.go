//go:build chaos && linux

package main

import "regexp"

// expectation is what becomes of a picture that is hit.
type expectation struct {
	outcome string
	reason  string // a regular expression, of what the reason says
	deaths  int    // of workers, that the picture is to blame for
	later   bool   // the worker may die at the next picture, too, which is tried again
}

// A crash is tried twice, a timeout is not.
var expectations = map[string]expectation{
	"panic":    {"crashed", `^panic: chaos`, 0, false},
	"stall":    {"timeout", `longer than`, 1, false},
	"stop":     {"timeout", `longer than`, 1, false},
	"loop":     {"timeout", `longer than`, 1, false},
	"deadlock": {"timeout", `longer than`, 1, false},
	"halfhang": {"timeout", `longer than`, 1, false},

	"elsewhere": {"crashed", `exited with status 2 .*panic: chaos elsewhere`, 2, false},
	"exit0":     {"crashed", `exited with status 0 in the middle of a task`, 2, false},
	"exit1":     {"crashed", `exited with status 1 `, 2, false},
	"fault":     {"crashed", `exited with status 2 .*(unexpected fault address|fatal error: fault)`, 2, false},
	"segv":      {"crashed", `was killed by SIGSEGV`, 2, false},
	"kill":      {"crashed", `was killed by SIGKILL|exited with status 1 .*chaos: kill: `, 2, false},
	"overflow":  {"crashed", `exited with status 2 .*stack`, 2, false},
	"unlock":    {"crashed", `exited with status 2 .*fatal error: sync: unlock of unlocked mutex`, 2, false},
	"race":      {"crashed", `exited with status 2 .*fatal error: concurrent map writes`, 2, false},
	"allocate":  {"crashed", `memory`, 2, false},
	"drown":     {"crashed", `exited with status 1 `, 2, false},
	"family":    {"crashed", `exited with status 1 `, 2, false},
	"scribble":  {"crashed", `exited with status 1 `, 2, false},
	"half":      {"crashed", `exited with status 0 in the middle of a task`, 2, false},
	"oversize":  {"crashed", `sent a frame of \d+ bytes, the limit is`, 2, false},
	"huge":      {"crashed", ``, 2, false},
	"wrongid":   {"crashed", `answered task \d+ when it was asked task`, 2, false},
	"garbage":   {"crashed", `sent something that is not a frame`, 2, false},
	"hello":     {"crashed", `sent a frame of kind 1 instead of an answer`, 2, false},
	"hangup":    {"crashed", `closed its link to the pool but did not exit`, 2, false},

	"nonsense": {"crashed", ``, 0, true},
	"forge":    {"crashed", `wrote 0 bytes and says 4711`, 0, true},
	"surplus":  {"crashed", `answered for 3 outputs of 1`, 0, true},
	"twice":    {"crashed", `chaos`, 0, true},

	"flood": {"ok", ``, 0, false},
	"mute":  {"ok", ``, 0, false},
	"crowd": {"ok", ``, 0, false},
	"leak":  {"ok", ``, 0, true},
	"late":  {"ok", ``, 0, true},
}

// anywhere are deeds that any process survives, and so are done in any.
var anywhere = map[string]bool{"panic": true, "stall": true}

// says tells whether a reason fits.
func (e expectation) says(reason string) bool {
	return regexp.MustCompile(e.reason).MatchString(reason)
}
