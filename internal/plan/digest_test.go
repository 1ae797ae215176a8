package plan

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/journal"
)

// Every field of a job decides the bytes of its outputs, and then has a part in
// the digest, or is said not to. A new one cannot be forgotten.
func TestEveryFieldOfAJobIsAccountedFor(t *testing.T) {
	base := terms(job.Job{})
	var each func(v reflect.Value, name string, j *job.Job)
	each = func(v reflect.Value, name string, j *job.Job) {
		if v.Kind() == reflect.Struct {
			for i := range v.NumField() {
				each(v.Field(i), name+"."+v.Type().Field(i).Name, j)
			}
			return
		}
		change(t, v)
		if terms(*j) == base {
			t.Errorf("%s changes, the terms do not", name)
		}
		v.SetZero()
	}
	var j job.Job
	v := reflect.ValueOf(&j).Elem()
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		if apart[name] == "" {
			each(v.Field(i), name, &j)
		}
	}
	for name := range apart {
		if _, ok := v.Type().FieldByName(name); !ok {
			t.Errorf("%s is no field of a job", name)
		}
	}
	// Of a target, the request has what decides bytes.
	decides := map[string]bool{"Output": false, "Pipeline": true, "Format": true, "Overwrite": false, "Ours": false, "UpToDate": false}
	v = reflect.ValueOf(&j.Target).Elem()
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		want, known := decides[name]
		if !known {
			t.Errorf("does %s of a target decide its bytes?", name)
		}
		before := request(1, 2, &j.Target)
		change(t, v.Field(i))
		if got := request(1, 2, &j.Target) != before; got != want {
			t.Errorf("%s in the digest: %v", name, got)
		}
	}
}

// change gives a field another value than zero.
func change(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.String:
		v.SetString("x")
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint64:
		v.SetUint(7)
	default:
		t.Fatalf("a field of kind %v: the terms need to know it", v.Kind())
	}
}

// Texts that lie beside each other must not flow into one another.
func TestTermsAreUnambiguous(t *testing.T) {
	seen := map[uint64]job.Job{}
	for _, j := range []job.Job{
		{Background: "red"}, {Background: "red Carry.Profile=\"strip\""}, {Background: "red", Carry: job.Carry{Profile: "strip"}},
		{Quality: 1}, {Quality: 12}, {Quality: 1, TargetSize: 2}, {TargetSize: 12}, {Salvage: true}, {Lossless: true},
	} {
		h := terms(j)
		if other, ok := seen[h]; ok {
			t.Errorf("%+v and %+v", j, other)
		}
		seen[h] = j
	}
	if request(1, 2, &job.Target{Pipeline: "ab", Format: "c"}) == request(1, 2, &job.Target{Pipeline: "a", Format: "bc"}) {
		t.Error("pipeline and format flow into one another")
	}
}

// A file has one key, however it is named.
func TestKeys(t *testing.T) {
	tree(t, "p/a.jpg", "q/")
	dir, err := os.Getwd()
	must(t, err)
	c := Config{Journal: &journal.Journal{}}.withLedger()
	want := journal.Key([]byte(filepath.Join(dir, "p", "a.jpg")))
	for _, name := range []string{"p/a.jpg", "./p/a.jpg", "p//a.jpg", "q/../p/a.jpg", "../" + filepath.Base(dir) + "/p/a.jpg", dir + "/p/a.jpg"} {
		if c.ledger.key(job.Path(filepath.FromSlash(name))) != want {
			t.Errorf("%s has another key", name)
		}
	}
	if c.ledger.key("a.jpg") == want {
		t.Error("another file has the same")
	}
	for _, folder := range []string{"/", "/a"} {
		l := ledger{folder: folder}
		if got, want := string(l.appendAbs(nil, "b.jpg")), filepath.Join(folder, "b.jpg"); got != want && filepath.Separator == '/' {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
