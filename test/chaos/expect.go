//go:build chaos && linux

package main

import (
	"regexp"
	"strings"
)

// expectation is what becomes of a picture that is hit.
type expectation struct {
	outcome string
	reason  string // a regular expression, of what the reason says
	deaths  int    // of workers, that the picture is to blame for
	later   bool   // the worker may die at the next picture, too, which is tried again
	barred  bool   // a sandbox may kill the worker for it: a crash then
}

// A crash is tried twice, a timeout is not.
var expectations = map[string]expectation{
	"panic":    {"crashed", `^panic: chaos`, 0, false, false},
	"stall":    {"timeout", `longer than`, 1, false, false},
	"stop":     {"timeout", `longer than`, 1, false, false},
	"loop":     {"timeout", `longer than`, 1, false, false},
	"deadlock": {"timeout", `longer than`, 1, false, false},
	"halfhang": {"timeout", `longer than`, 1, false, false},

	"elsewhere": {"crashed", `exited with status 2 .*panic: chaos elsewhere`, 2, false, false},
	"exit0":     {"crashed", `exited with status 0 in the middle of a task`, 2, false, false},
	"exit1":     {"crashed", `exited with status 1 `, 2, false, false},
	"fault":     {"crashed", `exited with status 2 .*(unexpected fault address|fatal error: fault)`, 2, false, false},
	"segv":      {"crashed", `was killed by SIGSEGV`, 2, false, false},
	"kill":      {"crashed", `was killed by SIGKILL|exited with status 1 .*chaos: kill: `, 2, false, false},
	"overflow":  {"crashed", `exited with status 2 .*stack`, 2, false, false},
	"unlock":    {"crashed", `exited with status 2 .*fatal error: sync: unlock of unlocked mutex`, 2, false, false},
	"race":      {"crashed", `exited with status 2 .*fatal error: concurrent map writes`, 2, false, false},
	"allocate":  {"crashed", `memory`, 2, false, false},
	"drown":     {"crashed", `exited with status 1 `, 2, false, false},
	"family":    {"crashed", `exited with status 1 `, 2, false, false},
	"scribble":  {"crashed", `exited with status 1 `, 2, false, false},
	"half":      {"crashed", `exited with status 0 in the middle of a task`, 2, false, false},
	"oversize":  {"crashed", `sent a frame of \d+ bytes, the limit is`, 2, false, false},
	"huge":      {"crashed", ``, 2, false, false},
	"wrongid":   {"crashed", `answered task \d+ when it was asked task`, 2, false, false},
	"garbage":   {"crashed", `sent something that is not a frame`, 2, false, false},
	"hello":     {"crashed", `sent a frame of kind 1 instead of an answer`, 2, false, false},
	"hangup":    {"crashed", `closed its link to the pool but did not exit`, 2, false, false},

	"nonsense": {"crashed", ``, 0, true, false},
	"forge":    {"crashed", `wrote 0 bytes and says 4711`, 0, true, false},
	"surplus":  {"crashed", `answered for 3 outputs of 1`, 0, true, false},
	"twice":    {"crashed", `chaos`, 0, true, false},

	"flood": {"ok", ``, 0, false, false},
	"mute":  {"ok", ``, 0, false, false},
	"crowd": {"ok", ``, 0, false, false},
	"leak":  {"ok", ``, 0, true, true},
	"late":  {"ok", ``, 0, true, false},
}

// anywhere are deeds that any process survives, and so are done in any.
var anywhere = map[string]bool{"panic": true, "stall": true}

// fits tells whether a result is as expected.
func (e expectation) fits(r result) bool {
	if e.barred && r.Outcome == "crashed" && strings.Contains(r.Reason, "was killed by SIGSYS") {
		return true
	}
	return r.Outcome == e.outcome && regexp.MustCompile(e.reason).MatchString(r.Reason)
}
