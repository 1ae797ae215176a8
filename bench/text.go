package bench

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// Digits writes a figure with three digits that count, and all before the point.
func Digits(v float64) string {
	a := math.Abs(v)
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "not measured"
	case v == 0:
		return "0"
	case a >= 99.95:
		return fmt.Sprintf("%.0f", v)
	case a >= 9.995:
		return fmt.Sprintf("%.1f", v)
	case a >= 0.9995:
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.*f", max(0, 2-int(math.Floor(math.Log10(a)))), v)
}

// Decibels writes a PSNR of a Peer; "-": it was not measured.
func Decibels(db float64) string {
	switch {
	case db >= Identical:
		return "exact"
	case db > 0:
		return fmt.Sprintf("%.2f", db)
	}
	return "-"
}

// Shell writes a command as a POSIX shell reads it. What needs no quotes has none, as
// people write it.
func Shell(args []string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@_{}"
	var words []string
	for _, a := range args {
		if a == "" || strings.Trim(a, plain) != "" {
			a = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
		words = append(words, a)
	}
	return strings.Join(words, " ")
}

// duration is a number of microseconds with two digits that count.
func duration(micros float64) string {
	d := time.Duration(micros * 1e3)
	switch {
	case d < 10*time.Microsecond:
		return fmt.Sprintf("%.1f us", micros)
	case d < time.Millisecond:
		return fmt.Sprintf("%.0f us", micros)
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", micros/1e3)
	case d < time.Second:
		return fmt.Sprintf("%.0f ms", micros/1e3)
	}
	return fmt.Sprintf("%.1f s", micros/1e6)
}

func plural(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprint(n, " ", what)
}
