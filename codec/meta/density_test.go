package meta

import "testing"

func TestDensity(t *testing.T) {
	for _, c := range []struct{ inch, metre uint32 }{{72, 2835}, {96, 3780}, {300, 11811}, {1, 39}, {65535, 2580118}} {
		d := Density{c.inch, c.inch, Inch}
		m, ok := d.PerMetre()
		if !ok || m != (Density{c.metre, c.metre, Metre}) {
			t.Errorf("%v is %v, %v", d, m, ok)
		}
		if back, ok := m.Short(); !ok || back != d {
			t.Errorf("%v is %v, %v", m, back, ok)
		}
	}
	for _, c := range []struct {
		d, want Density
		ok      bool
	}{
		{Density{2800, 2900, Metre}, Density{28, 29, Centimetre}, true},
		{Density{2801, 2800, Metre}, Density{71, 71, Inch}, true},
		{Density{1, 1, Metre}, Density{0, 0, Inch}, false},
		{Density{1<<31 - 1, 1, Metre}, Density{54546085, 0, Inch}, false},
		{Density{2, 1, Aspect}, Density{2, 1, Aspect}, true},
		{Density{70000, 1, Aspect}, Density{70000, 1, Aspect}, false},
	} {
		if got, ok := c.d.Short(); got != c.want || ok != c.ok {
			t.Errorf("%v is %v, %v, want %v, %v", c.d, got, ok, c.want, c.ok)
		}
	}
	if d, ok := (Density{2, 1, Aspect}).PerMetre(); ok {
		t.Errorf("a shape is %v", d)
	}
	if d, ok := (Density{1 << 30, 1, Inch}).PerMetre(); ok {
		t.Errorf("too many are %v", d)
	}
	if m, ok := (Density{28, 28, Centimetre}).PerMetre(); !ok || m != (Density{2800, 2800, Metre}) {
		t.Errorf("28 a centimetre are %v", m)
	}
}
