package journal

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/cespare/xxhash/v2"

	"github.com/imgpar/imgpar/internal/job"
)

// The format is text. The first line names it and its version:
//
//	imgpar journal 1
//
// Each further line is a record: numbers in lower-case hexadecimal, all of
// their digits, the outcome as a letter, and for what is not ok the reason as a
// quoted Go string in ASCII:
//
//	CHECKSUM KEY DIGEST STATE OUTCOME ["REASON"]
//	b1946ac9 00000000000000a1 00000000000000d1 00000000000000e1 o
//
// CHECKSUM is the lower half of the xxHash64 of what follows it and its space.
// A line that does not agree with it, as a kill or a power failure leaves, and
// every other that is no record, is ignored. Of a key's records the last holds.
const (
	magic   = "imgpar journal "
	version = 1

	sumLen   = 8
	digits   = 16
	textAt   = sumLen + 1 // where the text begins that is summed
	keyAt    = textAt
	digestAt = keyAt + digits + 1
	stateAt  = digestAt + digits + 1
	letterAt = stateAt + digits + 1
	okLen    = letterAt + 1 // bytes of the line of what is ok, without its end

	// maxReason is the most bytes of a reason that are kept.
	maxReason = 500
	// maxLine is the most bytes of a line; a byte of a reason may take ten:
	// \U0010ffff stands for four, \xff for one.
	maxLine = okLen + 3 + 4*maxReason
)

// header is the first line.
var header = magic + strconv.Itoa(version) + "\n"

// letters stand for the outcomes that are kept.
var letters = map[job.Outcome]byte{job.OK: 'o', job.Failed: 'f', job.Crashed: 'c', job.Timeout: 't'}

func outcome(letter byte) job.Outcome {
	switch letter {
	case 'o':
		return job.OK
	case 'f':
		return job.Failed
	case 'c':
		return job.Crashed
	case 't':
		return job.Timeout
	}
	return ""
}

// NotJournalError says that a file is no journal that this program may write to.
type NotJournalError struct {
	File   string
	Reason string
}

func (e *NotJournalError) Error() string { return e.File + " " + e.Reason }

// checkHeader says what a file is whose first line, without its end, is given.
func checkHeader(file, line string) error {
	number, ok := strings.CutPrefix(line, magic)
	v, err := strconv.Atoi(number)
	switch {
	case !ok || err != nil || v < 1:
		return &NotJournalError{file, "is not a journal of imgpar"}
	case v != version:
		return &NotJournalError{file, fmt.Sprintf("is a journal of version %d, this imgpar knows version %d", v, version)}
	}
	return nil
}

// appendLine appends the line of r, its end included.
func appendLine(b []byte, r Record) []byte {
	start := len(b)
	b = append(b, "00000000"...)
	for _, v := range [...]uint64{r.Key, r.Digest, r.State} {
		b = appendHex(append(b, ' '), v, digits)
	}
	b = append(b, ' ', letters[r.Outcome])
	if r.Outcome != job.OK {
		reason := r.Reason
		if len(reason) > maxReason {
			reason = strings.ToValidUTF8(reason[:maxReason], "")
		}
		b = strconv.AppendQuoteToASCII(append(b, ' '), reason)
	}
	appendHex(b[:start], uint64(sum(b[start+textAt:])), sumLen)
	return append(b, '\n')
}

func sum(text []byte) uint32 { return uint32(xxhash.Sum64(text)) }

func appendHex(b []byte, v uint64, n int) []byte {
	for i := n - 1; i >= 0; i-- {
		b = append(b, "0123456789abcdef"[v>>(4*i)&15])
	}
	return b
}

// parseLine reads a line without its end. It returns false for what is no
// record.
func parseLine(b []byte) (r Record, ok bool) {
	if len(b) < okLen || len(b) > maxLine {
		return Record{}, false
	}
	want, ok := parseHex(b[:sumLen])
	if !ok || sum(b[textAt:]) != uint32(want) {
		return Record{}, false
	}
	key, ok1 := parseHex(b[keyAt : keyAt+digits])
	digest, ok2 := parseHex(b[digestAt : digestAt+digits])
	state, ok3 := parseHex(b[stateAt : stateAt+digits])
	r = Record{Key: key, Digest: digest, State: state, Outcome: outcome(b[letterAt])}
	switch {
	case !ok1 || !ok2 || !ok3 || key == 0 || r.Outcome == "":
		return Record{}, false
	case r.Outcome == job.OK:
		return r, len(b) == okLen && state != 0
	}
	return r, parseReason(b[okLen:], &r.Reason)
}

func parseReason(b []byte, reason *string) bool {
	if len(b) == 0 || b[0] != ' ' {
		return false
	}
	text, err := strconv.Unquote(string(b[1:]))
	*reason = job.OneLine(text)
	return err == nil
}

// nibbles has the value of a digit, and a bit that no value has for others.
var nibbles = func() (t [256]byte) {
	for i := range t {
		t[i] = 0x80
	}
	for i, c := range []byte("0123456789abcdef") {
		t[c] = byte(i)
	}
	return t
}()

func parseHex(b []byte) (v uint64, ok bool) {
	var all byte
	for _, c := range b {
		d := nibbles[c]
		all |= d
		v = v<<4 | uint64(d&15)
	}
	return v, all < 0x80
}
