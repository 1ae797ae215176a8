package report

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/imgpar/imgpar/internal/job"
)

// The lines are a contract: names, order and form of the fields.
func TestJSONLines(t *testing.T) {
	r, stdout, stderr := started(Config{JSON: true})
	r.Walked(3, false)
	told(t, r,
		job.Result{Input: "p/a.jpg", Output: "o/a.jpg", Outcome: job.OK, Notes: []string{"not kept: EXIF"}, Width: 4, Height: 3,
			Pixels: 48, InBytes: 100, OutBytes: 20, Elapsed: 41_250 * time.Microsecond},
		job.Result{Input: "b.jpg", Outcome: job.Failed, Reason: "corrupt: the file is empty"},
	)
	if err := r.Plan("c.jpg", []Planned{{Output: "o/c.jpg", Route: "planes", Scale: 2}}); err != nil {
		t.Fatal(err)
	}
	closed(t, r)
	got := strings.Split(stdout.String(), "\n")
	want := []string{
		`{"type":"result","input":"p/a.jpg","output":"o/a.jpg","outcome":"ok","reason":"","notes":["not kept: EXIF"],"width":4,"height":3,"in_bytes":100,"out_bytes":20,"ms":41.25}`,
		`{"type":"result","input":"b.jpg","output":"","outcome":"failed","reason":"corrupt: the file is empty","width":0,"height":0,"in_bytes":0,"out_bytes":0,"ms":0}`,
		`{"type":"plan","input":"c.jpg","output":"o/c.jpg","reason":"","width":0,"height":0,"in_bytes":0,"out_bytes":0,"ms":0,"route":"planes","scale":2}`,
	}
	if diff := cmp.Diff(want, got[:3]); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	summary, _, ok := strings.Cut(got[3], `"seconds":`)
	if want := `{"type":"summary","inputs":3,"ok":1,"skipped":0,"failed":1,"crashed":0,"timeout":0,"canceled":0,"planned":1,"ignored":3,"pixels":48,"in_bytes":100,"out_bytes":20,`; summary != want || !ok {
		t.Errorf("the summary is %s\nwant %s", got[3], want)
	}
	if len(got) != 5 || got[4] != "" {
		t.Errorf("%d lines", len(got))
	}
	if strings.Contains(stderr.String(), "b.jpg") {
		t.Errorf("the failure is told twice: %s", stderr)
	}
}

// What came later stands behind what was there, and only where there is some.
func TestJSONOfSeveralOutputs(t *testing.T) {
	r, stdout, _ := started(Config{JSON: true})
	told(t, r,
		job.Result{Input: "a.jpg", Output: "o/a.jpg", Outcome: job.Failed, Reason: "unwritable: no", Also: []job.Made{
			{Output: "o/a_s.jpg", Outcome: job.OK, Width: 4, Height: 3, OutBytes: 9}, {Output: "o/\xff.jpg", Outcome: job.Failed, Reason: "unwritable: no"}}},
		job.Result{Input: "b.jpg", Outcome: job.Skipped, Reason: "up to date"},
	)
	if err := r.Plan("c.jpg", []Planned{{Output: "c", Exists: "exists"}, {Output: "d", Route: "pixels", Scale: 1, Reason: "not a JPEG"}, {Output: "e", Exists: "up to date"}}); err != nil {
		t.Fatal(err)
	}
	r.Walked(0, true)
	r.Error(errors.New("--out o: read-only"))
	closed(t, r)
	got := strings.Split(stdout.String(), "\n")
	want := []string{
		`{"type":"result","input":"a.jpg","output":"o/a.jpg","outcome":"failed","reason":"unwritable: no","width":0,"height":0,"in_bytes":0,"out_bytes":0,"ms":0,"also":[` +
			`{"output":"o/a_s.jpg","outcome":"ok","reason":"","width":4,"height":3,"out_bytes":9},` +
			`{"output":"o/\ufffd.jpg","output_base64":"by//LmpwZw==","outcome":"failed","reason":"unwritable: no","width":0,"height":0,"out_bytes":0}]}`,
		`{"type":"result","input":"b.jpg","output":"","outcome":"skipped","reason":"up to date","width":0,"height":0,"in_bytes":0,"out_bytes":0,"ms":0}`,
		`{"type":"plan","input":"c.jpg","output":"c","reason":"exists","width":0,"height":0,"in_bytes":0,"out_bytes":0,"ms":0,"also":[` +
			`{"output":"d","reason":"not a JPEG","width":0,"height":0,"out_bytes":0,"route":"pixels","scale":1},` +
			`{"output":"e","outcome":"skipped","reason":"up to date","width":0,"height":0,"out_bytes":0}]}`,
		`{"type":"error","error":"--out o: read-only"}`,
	}
	if diff := cmp.Diff(want, got[:4]); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	summary, _, _ := strings.Cut(got[4], `"seconds":`)
	if want := `{"type":"summary","inputs":3,"ok":0,"skipped":1,"up_to_date":1,"failed":1,"crashed":0,"timeout":0,"canceled":0,"planned":1,"ignored":0,"cut":true,"pixels":0,"in_bytes":0,"out_bytes":0,`; summary != want {
		t.Errorf("the summary is %s\nwant %s", got[4], want)
	}
}

func TestNamesThatAreNotUTF8(t *testing.T) {
	for _, c := range []struct {
		name   string
		base64 string // "": not given
	}{
		{"a.jpg", ""}, {"line\nbreak ünï <&>.jpg", ""}, {"\xff.jpg", "/y5qcGc="}, {"lat\xe9in", "bGF06Wlu"},
	} {
		r, stdout, _ := started(Config{JSON: true})
		told(t, r, job.Result{Input: job.Path(c.name), Output: job.Path("o/" + c.name), Outcome: job.OK})
		closed(t, r)
		line, _, _ := strings.Cut(stdout.String(), "\n")
		var got struct {
			Input  string
			Output string
			Raw    []byte `json:"input_base64"`
			RawOut []byte `json:"output_base64"`
		}
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Errorf("%q: %v", c.name, err)
		}
		if c.base64 == "" {
			if got.Input != c.name || got.Output != "o/"+c.name || strings.Contains(line, "base64") {
				t.Errorf("%q: %s", c.name, line)
			}
			continue
		}
		if string(got.Raw) != c.name || string(got.RawOut) != "o/"+c.name || !strings.Contains(line, `"input_base64":"`+c.base64+`"`) {
			t.Errorf("%q: %s", c.name, line)
		}
	}
}

func TestErrorLine(t *testing.T) {
	var out strings.Builder
	if err := WriteError(&out, errors.New("no \"operation\"\n")); err != nil {
		t.Fatal(err)
	}
	if want := `{"type":"error","error":"no \"operation\"\n"}` + "\n"; out.String() != want {
		t.Errorf("%s, want %s", out.String(), want)
	}
	if err := WriteError(&full{}, errors.New("x")); !errors.Is(err, errFull) {
		t.Errorf("%v, want %v", err, errFull)
	}
}
