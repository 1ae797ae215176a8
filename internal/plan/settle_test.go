package plan

import (
	"fmt"
	"iter"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

// named makes items of inputs, all below one root.
func named(t testing.TB, c Config, root string, inputs []string) []Item {
	t.Helper()
	n, err := newNamer(c)
	if err != nil {
		t.Fatal(err)
	}
	items := make([]Item, len(inputs))
	for i, in := range inputs {
		items[i] = Item{Job: job.Job{Input: job.Path(filepath.FromSlash(root + in))}, below: len(root)}
		n.name(&items[i])
	}
	return items
}

// settled settles items and says what becomes of each, by its input.
func settled(t testing.TB, c Config, items []Item) map[string]string {
	t.Helper()
	items = slices.Clone(items)
	if err := settleAll(c, items); err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for _, it := range items {
		said[filepath.ToSlash(string(it.Job.Input))] = says(it)
	}
	return said
}

// says puts an item into a line: its outputs, or its result.
func says(it Item) string {
	if it.Done != nil {
		return filepath.ToSlash(string(it.Done.Outcome) + ": " + it.Done.Reason)
	}
	var names []string
	for _, to := range it.Job.Targets() {
		names = append(names, filepath.ToSlash(string(to.Output)))
	}
	return strings.Join(names, " ")
}

func TestSettle(t *testing.T) {
	for _, c := range []struct {
		what   string
		cfg    Config
		inputs string
		want   string // "input: what becomes of it", a line each
	}{
		{"the first keeps its name", Config{Out: "o", Format: codec.PNG, Conflict: RenameConflict}, "b.jpg a.jpg a.gif a.bmp", `
			a.bmp: o/a.png
			a.gif: o/a_2.png
			a.jpg: o/a_3.png
			b.jpg: o/b.png`},
		{"numbers that others have", Config{Out: "o", Format: codec.PNG, Conflict: RenameConflict}, "a.bmp a.gif a.jpg a_2.gif A_3.gif", `
			A_3.gif: o/A_3.png
			a.bmp: o/a.png
			a.gif: o/a_4.png
			a.jpg: o/a_5.png
			a_2.gif: o/a_2.png`},
		{"numbers that other groups want", Config{Out: "o", Format: codec.PNG, Conflict: RenameConflict}, "a.gif a.jpg A.gif A.jpg a_2.gif a_2.jpg", `
			A.gif: o/A.png
			A.jpg: o/A_3.png
			a.gif: o/a_4.png
			a.jpg: o/a_5.png
			a_2.gif: o/a_2.png
			a_2.jpg: o/a_2_2.png`},
		{"a number before an extension, or at the end", Config{Out: "o", Name: "{stem}", Conflict: RenameConflict}, "p/a q/a p/b.c/d.jpg q/d.x", `
			p/a: o/a
			p/b.c/d.jpg: o/d
			q/a: o/a_2
			q/d.x: o/d_2`},
		{"skip all but the first", Config{Out: "o", Format: codec.PNG, Conflict: SkipConflict}, "a.jpg A.gif b.jpg", `
			A.gif: o/A.png
			a.jpg: skipped: collision: o/a.png is written from A.gif
			b.jpg: o/b.png`},
		{"skip what would meet one that is written, and no other", Config{Out: "o", Name: "{dir}/{stem}.png", Format: codec.PNG, Conflict: SkipConflict,
			Also: []Also{{Pipeline: "gray", Name: "{stem}.png", Format: codec.PNG}}}, "x.jpg q/x.jpg q/x.gif", `
			q/x.gif: o/q/x.png o/x.png
			q/x.jpg: skipped: collision: o/q/x.png is written from q/x.gif
			x.jpg: failed: collision: two of its outputs would be o/x.png`},
		{"one that is not written does not stand in the way", Config{Out: "o", Name: "{dir}.png", Format: codec.PNG, Conflict: SkipConflict,
			Also: []Also{{Pipeline: "gray", Name: "{stem}_.png", Format: codec.PNG}}}, "a/x.jpg a/y.jpg b/y.jpg", `
			a/x.jpg: o/a.png o/x_.png
			a/y.jpg: skipped: collision: o/a.png is written from a/x.jpg
			b/y.jpg: o/b.png o/y_.png`},
		{"numbers that others have in folders that are made", Config{Out: "o", Format: codec.PNG, Conflict: RenameConflict}, "P/a.gif P/a.jpg p/A_2.jpg", `
			P/a.gif: o/P/a.png
			P/a.jpg: o/P/a_3.png
			p/A_2.jpg: o/p/A_2.png`},
		{"fail names another", Config{Out: "o", Format: codec.PNG}, "a.jpg a.gif a.bmp b.bmp", `
			a.bmp: failed: collision: a.gif would write o/a.png, too
			a.gif: failed: collision: a.bmp would write o/a.png, too
			a.jpg: failed: collision: a.bmp would write o/a.png, too
			b.bmp: o/b.png`},
		{"a chain of outputs fails as a whole", Config{Out: "o", Name: "{dir}/{stem}.{ext}", Also: []Also{{Pipeline: "gray", Name: "{dir}/{stem}_2.{ext}"}}}, "a.jpg a_2.jpg a_2_2.jpg b.jpg", `
			a.jpg: failed: collision: a_2.jpg would write o/a_2.jpg, too
			a_2.jpg: failed: collision: a.jpg would write o/a_2.jpg, too
			a_2_2.jpg: failed: collision: a_2.jpg would write o/a_2_2.jpg, too
			b.jpg: o/b.jpg o/b_2.jpg`},
		{"folders below the output folder are made", Config{Out: "o"}, "P/a.jpg p/a.jpg P/b.jpg", `
			P/a.jpg: failed: collision: p/a.jpg would write o/p/a.jpg, too
			P/b.jpg: o/P/b.jpg
			p/a.jpg: failed: collision: P/a.jpg would write o/P/a.jpg, too`},
		{"folders of inputs are what they are", Config{Name: "{dir}/t/{stem}.{ext}"}, "P/a.jpg p/a.jpg P/A.jpg", `
			P/A.jpg: failed: collision: P/a.jpg would write P/t/a.jpg, too
			P/a.jpg: failed: collision: P/A.jpg would write P/t/A.jpg, too
			p/a.jpg: p/t/a.jpg`},
		{"those before them are made", Config{Name: "t/{dir}/{stem}.{ext}"}, "P/a.jpg p/a.jpg", `
			P/a.jpg: failed: collision: p/a.jpg would write t/p/a.jpg, too
			p/a.jpg: failed: collision: P/a.jpg would write t/P/a.jpg, too`},
		{"an output that is an input gets a number", Config{Format: codec.PNG, Conflict: RenameConflict}, "a.jpg A.png", `
			A.png: A_2.png
			a.jpg: a_3.png`},
		{"or is not written", Config{Format: codec.PNG, Conflict: SkipConflict}, "a.jpg A.png b.jpg", `
			A.png: failed: collision: the output is the input itself
			a.jpg: failed: collision: the output a.png is another input
			b.jpg: b.png`},
		{"in place nothing meets, but what is written besides", Config{InPlace: true, Also: []Also{{Pipeline: "gray", Name: "{dir}/{stem}_s.{ext}"}}}, "a.jpg A.jpg b.jpg b_s.jpg c.jpg", `
			A.jpg: failed: collision: a.jpg would write a_s.jpg, too
			a.jpg: failed: collision: A.jpg would write A_s.jpg, too
			b.jpg: failed: collision: the output b_s.jpg is another input
			b_s.jpg: b_s.jpg b_s_s.jpg
			c.jpg: c.jpg c_s.jpg`},
		{"originals that are kept", Config{InPlace: true, Backup: ".orig", Also: []Also{{Pipeline: "gray", Name: "{dir}/{stem}.jpg.orig"}}}, "p/a.jpg b.jpg B.jpg.orig c.png d.png d.gif", `
			B.jpg.orig: B.jpg.orig B.jpg.jpg.orig
			b.jpg: failed: collision: the original would be kept as b.jpg.orig, which is another input
			c.png: c.png c.jpg.orig
			d.gif: failed: collision: d.png would write d.jpg.orig, too
			d.png: failed: collision: d.gif would write d.jpg.orig, too
			p/a.jpg: failed: collision: the output p/a.jpg.orig is where the original of p/a.jpg would be kept`},
		{"outputs get a number beside originals", Config{InPlace: true, Backup: ".orig", Conflict: RenameConflict, Also: []Also{{Pipeline: "gray", Name: "{stem}.jpg.orig"}}}, "a.jpg", `
			a.jpg: a.jpg a.jpg_2.orig`},
		{"two outputs of one input get numbers", Config{Out: "o", Name: "{stem}.jpg", Format: codec.JPEG, Conflict: RenameConflict, Also: []Also{{Pipeline: "gray", Name: "{dir}/{stem}.jpg", Format: codec.JPEG}}}, "a.png p/b.png", `
			a.png: o/a.jpg o/a_2.jpg
			p/b.png: o/b.jpg o/p/b.jpg`},
		{"what an earlier run has made, of a folder that its name does not tell", Config{Name: "{stem}_s.{ext}"}, "p/a.jpg a_s.jpg a_s_s.jpg b_s.jpg", `
			a_s.jpg: skipped: an output of an earlier run
			a_s_s.jpg: skipped: an output of an earlier run
			b_s.jpg: b_s_s.jpg
			p/a.jpg: a_s.jpg`},
		{"and with numbers", Config{Name: "{stem}_s.{ext}", Conflict: RenameConflict}, "p/a.jpg q/a.jpg r/a.jpg a_s.jpg a_s_3.jpg p/b.jpg b_s_2.jpg", `
			a_s.jpg: skipped: an output of an earlier run
			a_s_3.jpg: skipped: an output of an earlier run
			b_s_2.jpg: b_s_2_s.jpg
			p/a.jpg: a_s.jpg
			p/b.jpg: b_s.jpg
			q/a.jpg: a_s_2.jpg
			r/a.jpg: a_s_3.jpg`},
		{"a name that keeps the stem could be a picture of its own", Config{Name: "{stem}.{ext}"}, "p/a.jpg b.jpg q/b.jpg", `
			b.jpg: failed: collision: q/b.jpg would write b.jpg, too
			p/a.jpg: a.jpg
			q/b.jpg: failed: collision: b.jpg would write b.jpg, too`},
	} {
		got := settled(t, c.cfg, named(t, c.cfg, "", strings.Fields(c.inputs)))
		var list []string
		for _, in := range slices.Sorted(maps.Keys(got)) {
			list = append(list, "\n\t\t\t"+in+": "+got[in])
		}
		if text := strings.Join(list, ""); text != c.want {
			t.Errorf("%s:%s\nwant%s", c.what, text, c.want)
		}
	}
}

// situation is a run at random: names that meet in many ways.
func situation(t *rapid.T) (Config, []Item) {
	c := Config{
		Op: "gray", Out: rapid.SampledFrom([]string{"", "out", ".", "p"}).Draw(t, "out"),
		Name:     rapid.SampledFrom([]string{"{dir}/{stem}.{ext}", "{dir}/{stem}_2.{ext}", "{stem}.{ext}", "{stem}_s.{ext}", "t/{dir}/{stem}.{ext}", "{dir}/p/{stem}.{ext}", "{op}.{ext}"}).Draw(t, "name"),
		Format:   rapid.SampledFrom([]codec.Format{codec.JPEG, codec.PNG}).Draw(t, "format"),
		Conflict: rapid.SampledFrom([]OnConflict{FailConflict, RenameConflict, SkipConflict}).Draw(t, "conflict"),
	}
	if rapid.Bool().Draw(t, "also") {
		c.Also = []Also{{Pipeline: "gray", Name: rapid.SampledFrom([]string{"{dir}/{stem}_2_2.{ext}", "{stem}-s.{ext}", "p/{dir}/{stem}.{ext}"}).Draw(t, "also name"), Format: c.Format}}
	}
	if rapid.IntRange(0, 4).Draw(t, "in place") == 0 {
		c.InPlace, c.Out, c.Format, c.Backup = true, "", "", rapid.SampledFrom([]string{"", ".jpg", "_2"}).Draw(t, "backup")
	}
	stem := rapid.SampledFrom([]string{"a", "A", "a_2", "a_2_2", "A_3", "a_s", "a_s_2", "ß", "ss", "é", "e\u0301", "x\xff"})
	folder := rapid.SampledFrom([]string{"", "p/", "P/", "p/p/", "q/"})
	name := rapid.Custom(func(t *rapid.T) string {
		return folder.Draw(t, "folder") + stem.Draw(t, "stem") + rapid.SampledFrom([]string{".jpg", ".png", ".JPG", ""}).Draw(t, "ext")
	})
	n, err := newNamer(c)
	if err != nil {
		t.Fatal(err)
	}
	var items []Item
	for _, in := range rapid.SliceOfNDistinct(name, 1, 14, rapid.ID).Draw(t, "inputs") {
		it := Item{Job: job.Job{Input: job.Path(filepath.FromSlash(in))}}
		if n.name(&it); rapid.IntRange(0, 9).Draw(t, "done") == 0 {
			it.end(job.Failed, "unreadable")
		}
		items = append(items, it)
	}
	return c, items
}

func said(t *rapid.T, c Config, items []Item) map[string]string {
	items = slices.Clone(items)
	if err := settleAll(c, items); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, it := range items {
		all[string(it.Job.Input)] = says(it)
	}
	return all
}

func TestSettlingDoesNotDependOnTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, items := situation(t)
		want := said(t, c, items)
		if got := said(t, c, rapid.Permutation(items).Draw(t, "order")); !maps.Equal(got, want) {
			t.Fatalf("%v, in another order %v", want, got)
		}
	})
}

// Where outputs stay in the folder that mirrors their input's, the folders can be
// settled one after another.
func TestSettlingByFolders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, items := situation(t)
		n, err := newNamer(c)
		if err != nil || !n.confined() || c.Out != "" && c.Out != "out" {
			return
		}
		domains := map[string][]Item{}
		for _, it := range items {
			dir := filepath.Dir(string(it.Job.Input))
			domains[fold(dir)] = append(domains[fold(dir)], it)
		}
		got := map[string]string{}
		for _, d := range domains {
			maps.Copy(got, said(t, c, d))
		}
		if want := said(t, c, items); !maps.Equal(got, want) {
			t.Fatalf("%v, folder by folder %v", want, got)
		}
	})
}

// What is to be run after settling writes each file once, and no input; what is not
// had a reason.
func TestSettledNamesAreApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, before := situation(t)
		items := slices.Clone(before)
		if err := settleAll(c, items); err != nil {
			t.Fatal(err)
		}
		meets := func(a, b string) bool {
			return fold(filepath.Base(a)) == fold(filepath.Base(b)) && filepath.Dir(a) == filepath.Dir(b) || c.Out != "" && a != "" && fold(a) == fold(b)
		}
		type use struct{ input, name string }
		var written, originals []use
		for i, it := range items {
			switch {
			case before[i].Done != nil:
				if it.Done != before[i].Done {
					t.Fatalf("%s: %s, decided anew: %s", it.Job.Input, says(before[i]), says(it))
				}
				continue
			case it.Done == nil:
				to := it.Job.Targets()
				if c.InPlace {
					to = to[1:]
				}
				for _, o := range to {
					written = append(written, use{string(it.Job.Input), string(o.Output)})
				}
			case c.Conflict == RenameConflict && !c.InPlace && it.Done.Reason != reasonEarlier:
				t.Fatalf("%s: %s", it.Job.Input, says(it))
			}
			if it.Done == nil || it.Done.Reason != reasonEarlier {
				originals = append(originals, use{string(it.Job.Input), string(it.Job.Input)})
			}
		}
		for i, a := range written {
			for _, b := range written[:i] {
				if meets(a.name, b.name) {
					t.Fatalf("%v and %v are both written", a, b)
				}
			}
			for _, o := range originals {
				if fold(filepath.Base(a.name)) == fold(filepath.Base(o.name)) && filepath.Dir(a.name) == filepath.Dir(o.name) {
					t.Fatalf("%v is written over %v", a, o)
				}
				if c.Backup != "" && a.name == o.name+c.Backup {
					t.Fatalf("%v is written over the original of %v", a, o)
				}
			}
		}
		if len(written) == len(items) && len(c.Also) == 0 && c.Conflict != RenameConflict {
			for i := range items {
				if says(items[i]) != says(before[i]) {
					t.Fatalf("%s has become %s without need", says(before[i]), says(items[i]))
				}
			}
		}
	})
}

// An item that is not there in the loops, and comes only then, takes no name of
// another.
func TestAnItemThatComesLate(t *testing.T) {
	c := Config{Out: "o", Format: codec.PNG, Conflict: RenameConflict}
	items := named(t, c, "", []string{"a.jpg", "a.gif", "b.jpg"})
	n := 0
	s, err := settle(c, seq(items, &n))
	must(t, err)
	late := named(t, c, "", []string{"b.gif", "a_2.jpg", "c.gif", "c.jpg", "a.jpg"})
	for i := range late {
		s.decide(&late[i])
	}
	const reason = ", which is another's, and the input has come or changed since the run began"
	for i, want := range []string{"failed: collision: o/b.png" + reason, "failed: collision: o/a_2.png" + reason, "o/c.png", "failed: collision: o/c.png" + reason, "o/a_2.png"} {
		if got := says(late[i]); got != want {
			t.Errorf("%s: %s, want %s", late[i].Job.Input, got, want)
		}
	}
	if n != 2 {
		t.Errorf("%d loops, want 2", n)
	}
	n = 0
	if _, err := settle(c, seq(named(t, c, "", []string{"a.jpg", "b.jpg"}), &n)); err != nil || n != 1 {
		t.Errorf("%d loops where nothing meets, %v", n, err)
	}
}

func TestSizesInNames(t *testing.T) {
	var asked []string
	c := Config{Name: "{stem}_{w}x{h}.{ext}", Job: job.Job{Target: job.Target{Pipeline: "resize w=2"}}, Also: []Also{{Pipeline: "gray", Name: "{dir}/{stem}_{h}.png", Format: codec.PNG}}}
	c.Size = func(input, pipeline string) (int, int, string) {
		asked = append(asked, fmt.Sprintf("%s by %s", filepath.ToSlash(input), pipeline))
		if strings.HasSuffix(input, "bad.jpg") {
			return 0, 0, "corrupt: no header"
		}
		return 7, 9, ""
	}
	got := settled(t, c, named(t, c, "r/", []string{"p/a.jpg", "bad.jpg"}))
	want := map[string]string{"r/p/a.jpg": "r/a_7x9.jpg r/p/a_9.png", "r/bad.jpg": "failed: corrupt: no header"}
	if !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if w := []string{"r/p/a.jpg by resize w=2", "r/p/a.jpg by gray", "r/bad.jpg by resize w=2"}; !slices.Equal(asked, w) {
		t.Errorf("asked for %q", asked)
	}
}

// seq loops over items, and counts the loops.
func seq(items []Item, loops *int) func() iter.Seq[*Item] {
	return func() iter.Seq[*Item] {
		*loops++
		return func(yield func(*Item) bool) {
			for i := range items {
				if !yield(&items[i]) {
					return
				}
			}
		}
	}
}
