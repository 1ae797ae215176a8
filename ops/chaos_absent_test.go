//go:build !chaos

package ops

import (
	"strings"
	"testing"
)

// What does harm on purpose, for the tests of test/chaos, is in no other build.
func TestNoChaos(t *testing.T) {
	if _, ok := Lookup("chaos"); ok {
		t.Error("chaos is among the operations")
	}
	_, err := Parse("chaos 100 do=exit1")
	if err == nil || !strings.HasPrefix(err.Error(), "unknown operation chaos: want ") {
		t.Errorf("got %v, want chaos to be unknown", err)
	}
}
