package main

import (
	"errors"
	"maps"
	"path/filepath"
	"strings"
	"testing"
)

// made is a source that measures what it is told, and counts how often.
type made struct {
	first, again ratios
	names        []string // that were measured again
}

func (m *made) source() source {
	return source{
		first: func() (ratios, error) { return m.first, nil },
		again: func(names []string) (ratios, error) { m.names = names; return m.again, nil },
	}
}

// try checks what one source measures, and returns what was printed.
func try(t *testing.T, old ratios, m *made) (string, error) {
	t.Helper()
	var out strings.Builder
	tr := newTrial(old)
	if err := tr.run(m.source(), &out); err != nil {
		return out.String(), err
	}
	tr.print(&out)
	return out.String(), tr.verdict()
}

func TestDrop(t *testing.T) {
	old := ratios{"gray": 10, "resize": 2}
	for _, c := range []struct {
		name         string
		first, again ratios
		names        string // measured again
		low          string // in the error; "": there is none
	}{
		{"as it was", ratios{"gray": 10, "resize": 2}, nil, "", ""},
		{"better", ratios{"gray": 30, "resize": 2.1}, nil, "", ""},
		{"9.9 % less", ratios{"gray": 9.01, "resize": 1.802}, nil, "", ""},
		{"10.1 % less, twice", ratios{"gray": 8.99, "resize": 2}, ratios{"gray": 8.99}, "gray", `["gray"]`},
		{"10.1 % less, once", ratios{"gray": 8.99, "resize": 2}, ratios{"gray": 9.01}, "gray", ""},
		{"both", ratios{"gray": 1, "resize": 1}, ratios{"gray": 9.5, "resize": 1.2}, "gray resize", `["resize"]`},
		{"what was good is bad the second time", ratios{"gray": 1, "resize": 2}, ratios{"gray": 10, "resize": 1}, "gray", ""},
		{"not to be measured again", ratios{"gray": 8.99, "resize": 2}, nil, "gray", `["gray"]`},
	} {
		m := &made{first: c.first, again: c.again}
		out, err := try(t, old, m)
		if got := strings.Join(m.names, " "); got != c.names {
			t.Errorf("%s: measured %q again, not %q", c.name, got, c.names)
		}
		switch {
		case (err == nil) != (c.low == ""):
			t.Errorf("%s: %v\n%s", c.name, err, out)
		case err != nil && !strings.HasSuffix(err.Error(), c.low):
			t.Errorf("%s: %v, not %s", c.name, err, c.low)
		}
	}
}

func TestMissing(t *testing.T) {
	old := ratios{"gray: CPU of vips": 5, "gray": 3}
	out, err := try(t, old, &made{first: ratios{"gray": 3, "blur": 9}})
	if err != nil {
		t.Error(err)
	}
	for _, want := range []string{"vips  5.00            not measured here", "not in the baseline"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

func TestNothingToCompare(t *testing.T) {
	for name, c := range map[string][2]ratios{
		"empty":      {{}, {}},
		"others":     {{"gray": 2}, {"resize": 2}},
		"measured":   {{}, {"resize": 2}},
		"remembered": {{"gray": 2}, {}},
	} {
		if _, err := try(t, c[0], &made{first: c[1]}); !errors.Is(err, errNothing) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSourcesThatFail(t *testing.T) {
	broken := errors.New("broken")
	fail := func() (ratios, error) { return nil, broken }
	if err := newTrial(ratios{"a": 1}).run(source{first: fail}, &strings.Builder{}); !errors.Is(err, broken) {
		t.Error(err)
	}
	s := source{func() (ratios, error) { return ratios{"a": 0.5}, nil }, func([]string) (ratios, error) { return nil, broken }}
	if err := newTrial(ratios{"a": 1}).run(s, &strings.Builder{}); !errors.Is(err, broken) {
		t.Error(err)
	}
	if _, err := try(t, ratios{"a": 1}, &made{first: ratios{"a": 0}}); err == nil || !strings.Contains(err.Error(), "a: a ratio of 0") {
		t.Error(err)
	}
	tr, m := newTrial(ratios{"a": 1}), &made{first: ratios{"a": 1}}
	if err := errors.Join(tr.run(m.source(), &strings.Builder{}), tr.run(m.source(), &strings.Builder{})); err == nil {
		t.Error("two sources measure the same")
	}
}

func TestBaselineIsReadAsWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ratios.json")
	b := newBaseline([]string{"regress", "record", "-rounds", "3"})
	b.CPU, b.Ratios = "a CPU", ratios{"gray": 2.5, "resize": 1.23456}
	if err := b.write(file); err != nil {
		t.Fatal(err)
	}
	got, err := readBaseline(file)
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(got.Ratios, ratios{"gray": 2.5, "resize": 1.235}) || got.CPU != b.CPU || got.Go == "" || got.Date == "" || got.CPUs < 1 {
		t.Errorf("%+v", got)
	}
	if c := strings.Join(got.Command, " "); c != "go run ./bench/regress record -rounds 3" {
		t.Error(c)
	}
	b.Ratios["gray"] = -1
	if err := b.write(file); err != nil {
		t.Fatal(err)
	}
	if _, err := readBaseline(file); err == nil {
		t.Error("a negative ratio was read")
	}
	if _, err := readBaseline(file + "?"); err == nil {
		t.Error("a file that is not there was read")
	}
}
