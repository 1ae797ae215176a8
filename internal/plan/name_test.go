package plan

import (
	"path/filepath"
	"reflect"
	"testing"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

func TestOutputNamesAndFormats(t *testing.T) {
	beside := Config{Suffix: "_gray"}
	mirror := Config{Out: "out"}
	for _, c := range []struct {
		cfg    Config
		asked  codec.Format
		input  string
		rel    string
		want   string
		format codec.Format
	}{
		{beside, "", "p/a.jpg", "", "p/a_gray.jpg", codec.JPEG},
		{beside, "", "p/A.JPG", "", "p/A_gray.JPG", codec.JPEG},
		{beside, "", "p/a.Tif", "", "p/a_gray.Tif", codec.TIFF},
		{beside, "", "p/a.b.png", "", "p/a.b_gray.png", codec.PNG},
		{beside, "", "p.x/a", "", "p.x/a_gray", ""},
		{beside, "", "p/a.xyz", "", "p/a_gray.xyz", ""},
		{beside, "", "p/a.webp", "", "p/a_gray.webp", codec.WebP},
		{beside, "", "p/.jpg", "", "p/_gray.jpg", codec.JPEG},
		{beside, codec.PNG, "p/a.jpg", "", "p/a_gray.png", codec.PNG},
		{beside, codec.PNG, "p/a.PNG", "", "p/a_gray.PNG", codec.PNG},
		{beside, codec.JPEG, "p/a.JPEG", "", "p/a_gray.JPEG", codec.JPEG},
		{beside, codec.JPEG, "p/a.xyz", "", "p/a_gray.xyz.jpg", codec.JPEG},
		{beside, codec.TIFF, "p.x/a", "", "p.x/a_gray.tiff", codec.TIFF},
		{mirror, "", "p/q/a.jpg", "q/a.jpg", "out/q/a.jpg", codec.JPEG},
		{mirror, "", "p/q/a.WEBP", "q/a.WEBP", "out/q/a.WEBP", codec.WebP},
		{mirror, codec.BMP, "p/q/a.jpg", "q/a.jpg", "out/q/a.bmp", codec.BMP},
		{mirror, codec.GIF, "p/q.x/a", "q.x/a", "out/q.x/a.gif", codec.GIF},
		{Config{Suffix: "-bw.2"}, "", "a.jpg", "", "a-bw.2.jpg", codec.JPEG},
		{Config{InPlace: true}, "", "p/a.jpg", "", "p/a.jpg", codec.JPEG},
		{Config{InPlace: true}, "", "p/a", "", "p/a", ""},
	} {
		c.cfg.Format = c.asked
		n, err := newNamer(c.cfg)
		must(t, err)
		if c.rel == "" {
			c.rel = filepath.Base(c.input)
		}
		it := Item{Job: job.Job{Input: job.Path(filepath.FromSlash(c.input))}, below: len(c.input) - len(c.rel)}
		n.name(&it)
		got, format := filepath.ToSlash(string(it.Job.Output)), codec.Format(it.Job.Format)
		if got != c.want || format != c.format {
			t.Errorf("%s as %q: %s as %q, want %s as %q", c.input, c.asked, got, format, c.want, c.format)
		}
	}
}

func TestThePatternOfTheJobsIsKept(t *testing.T) {
	tree(t, "p/a.jpg")
	pattern := job.Job{Target: job.Target{Pipeline: "gray", Overwrite: true}, Quality: 77, MaxPixels: 12}
	want := pattern
	want.Input, want.Output, want.Format = job.Path(filepath.Join("p", "a.jpg")), job.Path(filepath.Join("out", "a.png")), "png"
	p := planned(t, Config{Out: "out", Format: codec.PNG, Job: pattern}, "p")
	if len(p.items) != 1 || !reflect.DeepEqual(p.items[0].Job, want) || p.items[0].Bytes != 7 {
		t.Errorf("%+v, want the job %+v and 7 bytes", p.items, want)
	}
	p = planned(t, Config{InPlace: true}, "p")
	if j := p.items[0].Job; j.InPlace == nil || j.Output != j.Input {
		t.Errorf("in place: %+v", j)
	}
}

func TestValidate(t *testing.T) {
	tree(t, "p/a.jpg", "file", "inner/", "link -> p")
	for want, c := range map[string]Config{
		"": {Suffix: "_x", Include: []string{"*.jpg", "a/**", "{a,b}/[0-9]?.png"}},
		`"a[" is not a glob; examples: '*.jpg', '2024/**', '**/raw'`:                                {Suffix: "_x", Include: []string{"*", "a["}},
		`"{" is not a glob; examples: '*.jpg', '2024/**', '**/raw'`:                                 {Suffix: "_x", Exclude: []string{"{"}},
		"--in-place and --out exclude each other":                                                   {InPlace: true, Out: "o"},
		"--in-place cannot change the format: the name would no longer fit":                         {InPlace: true, Format: codec.PNG},
		"without --out and --suffix each output would be its input; --in-place replaces the inputs": {},
		`suffix "a/b": want a part of a name, without slashes`:                                      {Suffix: "a/b"},
		`suffix "a\\b": want a part of a name, without slashes`:                                     {Suffix: `a\b`},
		`suffix "a\x00": want a part of a name, without slashes`:                                    {Suffix: "a\x00"},
		"--out file: there is a file of that name":                                                  {Out: "file"},
		"--out p is the folder of the inputs: each output would be its input":                       {Out: "p", Paths: []string{"inner", "p"}},
		"--out link is the folder of the inputs: each output would be its input":                    {Out: "link", Paths: []string{"p"}},
		"--out ./p/../p is the folder of the inputs: each output would be its input":                {Out: "./p/../p", Paths: []string{"p"}},
	} {
		got := ""
		if err := c.Validate(); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%+v: %q, want %q", c, got, want)
		}
	}
	for _, c := range []Config{
		{InPlace: true}, {Out: "new"}, {Out: "inner", Paths: []string{"p"}}, {Out: "p/inner", Paths: []string{"p"}}, {Format: codec.PNG},
	} {
		if err := c.Validate(); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
