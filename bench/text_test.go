package bench

import (
	"math"
	"testing"
)

func TestDigits(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 0.00123: "0.00123", 0.318: "0.318", 0.9996: "1.00", 1: "1.00", 6.74: "6.74", 9.996: "10.0", 33.71: "33.7", 277.4: "277", 21345.6: "21346", -0.5: "-0.500", math.Inf(1): "not measured",
	} {
		if got := Digits(v); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
	}
	if got := Digits(math.NaN()); got != "not measured" {
		t.Errorf("NaN is %q", got)
	}
}

func TestDecibels(t *testing.T) {
	for v, want := range map[float64]string{0: "-", 44.538: "44.54", Identical: "exact"} {
		if got := Decibels(v); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
	}
}

func TestShell(t *testing.T) {
	for word, want := range map[string]string{"a-b/c.jpg": "a-b/c.jpg", "": "''", "it's": `'it'\''s'`, "$a;b": "'$a;b'", "1x>": "'1x>'", "{}": "{}", "-quality=85": "-quality=85"} {
		if got := Shell([]string{"gm", word}); got != "gm "+want {
			t.Errorf("%q: %s, want gm %s", word, got, want)
		}
	}
}

func TestDuration(t *testing.T) {
	for micros, want := range map[float64]string{0.5: "0.5 us", 31.4: "31 us", 4830: "4.8 ms", 48300: "48 ms", 2.5e6: "2.5 s"} {
		if got := duration(micros); got != want {
			t.Errorf("%v: %s, want %s", micros, got, want)
		}
	}
}
