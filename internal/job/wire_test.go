package job

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/imgpar/imgpar/internal/fuzztest"
)

// set gives v, and all that is in it, a value that is not zero, and a list one element.
func set(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(-1 << 31)
	case reflect.Uint64:
		v.SetUint(1 << 63)
	case reflect.String:
		v.SetString("of " + v.Type().Name())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		set(v.Index(0))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		set(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			set(v.Field(i))
		}
	default:
		panic(v.Type().String() + " is not known here")
	}
}

// A field that is added to a Job is told to the worker, unless Job.Work takes it away.
func TestAllOfTheWorkIsTold(t *testing.T) {
	var j Job
	set(reflect.ValueOf(&j).Elem())
	want := j.Work(9, func(target int) bool { return target == 1 })
	got, err := DecodeWork(EncodeWork(want))
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	for i := range reflect.TypeFor[Job]().NumField() {
		if reflect.ValueOf(got.Job).Field(i).IsZero() {
			t.Errorf("nothing is told of %s", reflect.TypeFor[Job]().Field(i).Name)
		}
	}
}

func TestAnswerSurvivesTheWire(t *testing.T) {
	var full Answer
	set(reflect.ValueOf(&full).Elem())
	for _, a := range []Answer{
		{},
		full,
		{Parts: []Part{{Outcome: OK, Notes: []string{"n", "größer"}, Width: 3, Height: 4, Bytes: 6, Pixels: 12}, {}, {Outcome: Failed, Reason: "corrupt", DiskFull: true}}},
	} {
		got, err := DecodeAnswer(EncodeAnswer(a))
		if diff := cmp.Diff(a, got); err != nil || diff != "" {
			t.Error(err, diff)
		}
	}
}

// What a picture's bytes have put into a reason is text when it arrives.
func TestReasonsAreText(t *testing.T) {
	got, err := DecodeAnswer(EncodeAnswer(Answer{Parts: []Part{{Reason: "tag \xff", Notes: []string{"\xc3"}}}}))
	if err != nil || got.Parts[0].Reason != "tag \uFFFD" || got.Parts[0].Notes[0] != "\uFFFD" {
		t.Errorf("%+v, %v", got, err)
	}
}

// Neither is decoded that is cut short, goes on, or says a thing in another way.
func TestOneFormOnly(t *testing.T) {
	work := EncodeWork(Job{Input: "a.jpg", Target: Target{Pipeline: "gray"}, Also: []Target{{}}}.Work(300, func(int) bool { return false }))
	answer := EncodeAnswer(Answer{Parts: []Part{{Outcome: OK, Width: 1, Notes: []string{"n"}}}, Checksum: 300})
	decode := map[string]func([]byte) error{
		"work":   func(b []byte) error { _, err := DecodeWork(b); return err },
		"answer": func(b []byte) error { _, err := DecodeAnswer(b); return err },
	}
	for what, data := range map[string][]byte{"work": work, "answer": answer} {
		for n := range data {
			if err := decode[what](data[:n]); err == nil || !strings.Contains(err.Error(), "cut short") {
				t.Errorf("%d bytes of %s: %v", n, what, err)
			}
		}
		for want, bad := range map[string][]byte{
			"1 bytes too many":                 append(slices.Clone(data), 0),
			"of version 2, this is 1":          append([]byte{2}, data[1:]...),
			"a number in more bytes":           append(slices.Clone(data[:len(data)-2]), 0x80|data[len(data)-2], 0x80|data[len(data)-1], 0),
			"of version 123, this is 1: was t": []byte(`{"parts":[]}`),
		} {
			if err := decode[what](bad); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s, %q: %v", what, want, err)
			}
		}
	}
	part := func(p ...byte) []byte { return slices.Concat([]byte{wireVersion, 1}, p, []byte{0}) }
	for want, bad := range map[string][]byte{
		"a flag of 2":                   part(0, 0, 0, 0, 0, 0, 0, 2),
		"not UTF-8":                     part(0, 1, 0xff, 0, 0, 0, 0, 0, 0),
		"cut short":                     part(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1),
		"in more bytes than it takes":   part(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2),
		"a list of 121; 120 are the mo": {wireVersion, 121},
	} {
		if err := decode["answer"](bad); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
}

// What takes a byte to say does not take a hundred times that to hear.
func TestFloodsOfAnswers(t *testing.T) {
	notes := []byte{wireVersion, 1, 0, 0} // an answer of one part, of which the notes come next
	flood := func(notes []byte) []byte { return append(notes, make([]byte, MaxAnswer-len(notes))...) }
	for want, data := range map[string][]byte{
		"bytes too many": flood(append(notes, 0x80, 0x80, 0x80, 1)), // 2 million, empty
		"are the most":   flood(append(notes, 0xff, 0xff, 0xff, 0xff, 0xff, 1)),
		"cut short":      append(notes, 0xff, 0xff, 0xff, 1),
	} {
		func() {
			defer fuzztest.Bound(t, nil, 20*MaxAnswer)()
			if _, err := DecodeAnswer(data); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%v, want %q", err, want)
			}
		}()
	}
	if _, err := DecodeAnswer(bytes.Repeat([]byte{1}, MaxAnswer+1)); err == nil || !strings.Contains(err.Error(), "4194305 bytes") {
		t.Error(err)
	}
}
