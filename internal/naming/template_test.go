package naming

import (
	"runtime"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/imgpar/imgpar/codec"
)

func parsed(t testing.TB, text string) Template {
	t.Helper()
	tmpl, err := Parse(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return tmpl
}

func TestNamesByTemplates(t *testing.T) {
	full := Fields{Dir: "p/q", Stem: "a", Ext: "jpg", Op: "gray", Width: 64, Height: 48}
	bare := Fields{Stem: "a", Op: "gray"}
	for _, c := range []struct{ text, full, bare string }{
		{"{dir}/{stem}.{ext}", "p/q/a.jpg", "a"},
		{"{dir}/{stem}_{w}x{h}.{ext}", "p/q/a_64x48.jpg", "a_0x0"},
		{"{stem}.{ext}", "a.jpg", "a"},
		{"{op}/{dir}/{stem}.{ext}", "gray/p/q/a.jpg", "gray/a"},
		{"{dir}/{op}/{stem}", "p/q/gray/a", "gray/a"},
		{"{dir}/{dir}/{stem}", "p/q/p/q/a", "a"},
		{"{stem}/{dir}", "a/p/q", "a"},
		{"x/{dir}_{stem}", "x/p/q_a", "x/_a"},
		{"x{dir}/{stem}", "xp/q/a", "x/a"},
		{"{dir}{stem}", "p/qa", "a"},
		{"{stem}{ext}", "ajpg", "a"},
		{"{stem}.{ext}.{ext}", "a.jpg.jpg", "a"},
		{"{stem}-.{ext}", "a-.jpg", "a-"},
		{"{{{stem}}}.{ext}", "{a}.jpg", "{a}"},
		{"{{stem}}", "{stem}", "{stem}"},
		{"a }} b", "a } b", "a } b"},
		{"cover.png", "cover.png", "cover.png"},
		{"ä ß.{ext}", "ä ß.jpg", "ä ß"},
	} {
		tmpl := parsed(t, c.text)
		if got, err := tmpl.Name(full); got != c.full || err != nil {
			t.Errorf("%q: %q, %v; want %q", c.text, got, err, c.full)
		}
		if got, err := tmpl.Name(bare); got != c.bare || err != nil {
			t.Errorf("%q without folder and extension: %q, %v; want %q", c.text, got, err, c.bare)
		}
		if tmpl.String() != c.text {
			t.Errorf("%q has the text %q", c.text, tmpl)
		}
	}
}

func TestTemplatesThatMakeNoNames(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "the name is empty",
		"{}":                  "{} is no field; " + allowedFields,
		"{Stem}":              "{Stem} is no field; " + allowedFields,
		"{stem }":             "{stem } is no field; " + allowedFields,
		"{stem":               "a { without its }; " + allowedFields,
		"{st{em}}":            "a { without its }; " + allowedFields,
		"{":                   "a { without its }; " + allowedFields,
		"{{{":                 "a { without its }; " + allowedFields,
		"stem}":               "a } without its {; " + allowedFields,
		"}}}":                 "a } without its {; " + allowedFields,
		"/{stem}":             "an absolute name; want one below the output folder",
		"{stem}/":             `"stem/" has an empty part; want a name on both sides of a slash`,
		"{dir}/":              `"dir/" has an empty part; want a name on both sides of a slash`,
		"a//{stem}":           `"a//stem" has an empty part; want a name on both sides of a slash`,
		"{dir}//{stem}":       `"dir//stem" has an empty part; want a name on both sides of a slash`,
		"../{stem}":           `"../stem" has the part ..; want names below the output folder`,
		"{dir}/../{stem}":     `"dir/../stem" has the part ..; want names below the output folder`,
		"{stem}/./x":          `"stem/./x" has the part .; want names below the output folder`,
		"a\x00b":              `the control character '\x00'; want text that can be typed`,
		"a\n{stem}":           `the control character '\n'; want text that can be typed`,
		"{stem}.heic":         "it ends in .heic, a format that is not written",
		"{dir}/{stem}.x.AVIF": "it ends in .AVIF, a format that is not written",
	} {
		if _, err := Parse(text); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if _, err := Parse(`{dir}\{stem}`); (err != nil) != (runtime.GOOS == "windows") {
		t.Errorf("a backslash: %v", err)
	}
}

// Some names come to light only with the fields of an input.
func TestFieldsThatMakeNoName(t *testing.T) {
	for _, c := range []struct {
		text string
		f    Fields
		want string
	}{
		{"{stem}", Fields{Ext: "jpg"}, "the name is empty"},
		{"{stem}", Fields{Stem: ".."}, `".." has the part ..; want names below the output folder`},
		{"{stem}/{stem}.{ext}", Fields{Stem: ".", Ext: "jpg"}, `"./..jpg" has the part .; want names below the output folder`},
		{"{stem}/{op}", Fields{Op: "gray"}, "an absolute name; want one below the output folder"},
		{"x/{dir}/{ext}", Fields{Dir: "p"}, `"x/p/" has an empty part; want a name on both sides of a slash`},
		{"x{dir}", Fields{Dir: "p/../.."}, `"xp/../.." has the part ..; want names below the output folder`},
		{"{stem}", Fields{Stem: "a\x00"}, "a NUL, which no name can hold"},
	} {
		if name, err := parsed(t, c.text).Name(c.f); err == nil || err.Error() != c.want {
			t.Errorf("%q of %+v: %q, %v; want %s", c.text, c.f, name, err, c.want)
		}
	}
}

func TestWhatTemplatesSayOfThemselves(t *testing.T) {
	for _, c := range []struct {
		text           string
		confined, size bool
		format         codec.Format
	}{
		{"{dir}/{stem}.{ext}", true, false, ""},
		{"{dir}/{stem}_{w}.{ext}", true, true, ""},
		{"{dir}/{h}.png", true, true, codec.PNG},
		{"{dir}/cover.JPEG", true, false, codec.JPEG},
		{"{dir}/{op}{stem}.{ext}.tif", true, false, codec.TIFF},
		{"{stem}.{ext}", false, false, ""},
		{"{dir}/x/{stem}.{ext}", false, false, ""},
		{"x/{dir}/{stem}.webp", false, false, codec.WebP},
		{"{dir}{stem}.{ext}", false, false, ""},
		{"{dir}_{stem}.{ext}", false, false, ""},
		{"{dir}/{dir}/{stem}", false, false, ""},
		{"x/{dir}", false, false, ""},
		{"{stem}png", false, false, ""},
		{"{stem}.png{w}", false, true, ""},
		{"{stem}.txt", false, false, ""},
		{"{stem}.{{png", false, false, ""},
	} {
		tmpl := parsed(t, c.text)
		if f, ok := tmpl.Format(); tmpl.Confined() != c.confined || tmpl.Size() != c.size || f != c.format || ok != (f != "") {
			t.Errorf("%q: confined %v, size %v, format %q", c.text, tmpl.Confined(), tmpl.Size(), f)
		}
	}
}

func TestMade(t *testing.T) {
	for _, c := range []struct{ text, rel, dir, stem string }{ // no stem: it was not made so
		{"{dir}/{stem}_gray.{ext}", "p/a_gray.jpg", "p", "a"},
		{"{dir}/{stem}_gray.{ext}", "a_gray.jpg", "", "a"},
		{"{dir}/{stem}_gray.{ext}", "a_gray_gray.webp", "", "a_gray"},
		{"{dir}/{stem}_gray.{ext}", "a_gray", "", "a"},
		{"{dir}/{stem}_gray.{ext}", "a.b_gray", "", ""},
		{"{dir}/{stem}_gray{ext}", "a_grayjpg", "", "a"},
		{"{dir}/{stem}_gray.{ext}", "_gray.jpg", "", ""},
		{"{dir}/{stem}_gray.{ext}", "gray.jpg", "", ""},
		{"{dir}/{stem}_gray.{ext}", "a_gray.b.jpg", "", ""},
		{"{dir}/{stem}_gray.{ext}", "a_GRAY.jpg", "", ""},
		{"{dir}/{stem}_{w}x{h}.{ext}", "p/q/a_64x48.jpg", "p/q", "a"},
		{"{dir}/{stem}_{w}x{h}.{ext}", "a_1x2_3x4.jpg", "", "a_1x2"},
		{"{dir}/{stem}_{w}x{h}.{ext}", "a_64x048.jpg", "", ""},
		{"{dir}/{stem}_{w}x{h}.{ext}", "a_64x100000.jpg", "", ""},
		{"{dir}/{stem}_{w}x{h}.{ext}", "a_x4.jpg", "", ""},
		{"{dir}/{stem}_{w}x{w}.{ext}", "a_4x4.jpg", "", "a"},
		{"{dir}/{stem}_{w}x{w}.{ext}", "a_4x5.jpg", "", ""},
		{"{dir}/{stem}_s.png", "a_s.png", "", "a"},
		{"{dir}/{stem}_s.png", "a_s.jpg", "", ""},
		{"{dir}/{stem}.{ext}", "p/a.jpg", "", ""},
		{"{dir}/{stem}.png", "p/a.png", "", ""},
		{"thumbs/{dir}/{stem}.{ext}", "thumbs/p/a.jpg", "p", "a"},
		{"thumbs/{dir}/{stem}.{ext}", "thumbs/a.jpg", "", "a"},
		{"thumbs/{dir}/{stem}.{ext}", "p/a.jpg", "", ""},
		{"{dir}/thumbs/{stem}.{ext}", "p/thumbs/a.jpg", "p", "a"},
		{"{dir}/thumbs/{stem}.{ext}", "thumbs/a.jpg", "", "a"},
		{"{stem}/{dir}", "a/p/q", "p/q", "a"},
		{"{stem}/{stem}.{ext}", "a/a.jpg", "", "a"},
		{"{stem}/{stem}.{ext}", "a/b.jpg", "", ""},
		{"{stem}.{ext}", "a.jpg", "", ""},
		{"{stem}_s.{ext}", "p/a_s.jpg", "", ""},
		{"{dir}/cover.jpg", "p/cover.jpg", "", ""},
	} {
		dir, stem, ok := firstOrigin(parsed(t, c.text), c.rel)
		if dir != c.dir || stem != c.stem || ok != (stem != "") {
			t.Errorf("%q and %s: %q, %q, %v; want %q, %q", c.text, c.rel, dir, stem, ok, c.dir, c.stem)
		}
	}
}

// What a template makes of fields can have been made of them. Of a template that
// keeps its fields apart, it can have been made of nothing else.
func TestMadeUndoesName(t *testing.T) {
	word := rapid.StringMatching(`[a-z0-9_x. é]{0,8}[a-z]`)
	field := rapid.SampledFrom([]string{"{dir}/", "{stem}", "{ext}", ".{ext}", "{op}", "{w}", "{h}", "_", "x", "-s", "/", "{{", "}}", "{dir}"})
	known := 0
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(field, 0, 5).Draw(t, "before"), "") + "{stem}" + strings.Join(rapid.SliceOfN(field, 0, 5).Draw(t, "behind"), "")
		tmpl, err := Parse(text)
		if err != nil {
			return
		}
		f := Fields{
			Dir: strings.Join(rapid.SliceOfN(word, 0, 3).Draw(t, "dir"), "/"), Stem: word.Draw(t, "stem"), Ext: rapid.SampledFrom([]string{"jpg", "JPEG", "png", ""}).Draw(t, "ext"),
			Op: "gray", Width: rapid.IntRange(1, 65535).Draw(t, "w"), Height: rapid.IntRange(1, 65535).Draw(t, "h"),
		}
		name, err := tmpl.Name(f)
		if err != nil || f.Ext == "" && FieldsOf(f.Stem).Ext != "" { // no input has such fields
			return
		}
		if self := FieldsOf(name); self.Dir == f.Dir && self.Stem == f.Stem || !tmpl.Has(Dir) && self.Dir == "" && self.Stem == f.Stem {
			return
		}
		found := false
		for o := range tmpl.ForOp("gray").Origins(name) {
			found = found || o.Stem == f.Stem && (o.Dir == f.Dir || !tmpl.Has(Dir))
		}
		known++
		if !found {
			t.Fatalf("%q made %q of %+v, and does not know it again", text, name, f)
		}
	})
	if known < 10 {
		t.Errorf("only %d names were tried", known)
	}
	rapid.Check(t, func(t *rapid.T) {
		tmpl, err := Parse(rapid.SampledFrom([]string{"{dir}/{stem}_{w}x{h}.{ext}", "s/{dir}/{stem}.{ext}", "{dir}/{stem}-{op}.png"}).Draw(t, "template"))
		if err != nil {
			t.Fatal(err)
		}
		f := Fields{Dir: strings.Join(rapid.SliceOfN(word, 0, 3).Draw(t, "dir"), "/"), Stem: word.Draw(t, "stem"), Ext: "jpg", Op: "gray",
			Width: rapid.IntRange(1, 65535).Draw(t, "w"), Height: rapid.IntRange(1, 65535).Draw(t, "h")}
		name, err := tmpl.Name(f)
		if err != nil {
			t.Fatal(err)
		}
		if dir, stem, ok := firstOrigin(tmpl.ForOp("gray"), name); !ok || dir != f.Dir || stem != f.Stem {
			t.Fatalf("%q made %q of %+v, not of %q, %q", tmpl, name, f, dir, stem)
		}
	})
}

// A template that could split a name in every way is given up.
func TestMadeEnds(t *testing.T) {
	name := strings.Repeat("1", 4096)
	for _, text := range []string{"{stem}{w}{h}{ext}", "{dir}{stem}{w}{h}{ext}x", "{w}{h}{w}{h}{stem}{stem}"} {
		ways := 0
		for range parsed(t, text).Origins(name) {
			ways++
		}
		if ways > maxTries {
			t.Errorf("%q: %d ways", text, ways)
		}
	}
	m := matcher{found: func() bool { return true }}
	if m.match(parsed(t, "{dir}{stem}{w}{h}{ext}x").pieces, name) || m.tries != maxTries+1 {
		t.Errorf("given up after %d tries, want %d", m.tries, maxTries+1)
	}
}

// firstOrigin is the first of a name's origins.
func firstOrigin(t Template, rel string) (dir, stem string, ok bool) {
	for f := range t.Origins(rel) {
		return f.Dir, f.Stem, true
	}
	return "", "", false
}
