package simd

import "testing"

func TestSetAVX2(t *testing.T) {
	was := AVX2()
	defer SetAVX2(was)
	if got := SetAVX2(false); got != was || AVX2() {
		t.Errorf("turned off: it was %v and is %v", got, AVX2())
	}
	if BMI2() {
		t.Error("BMI2 is on while AVX2 is off")
	}
	if SetAVX2(true); AVX2() != haveAVX2 {
		t.Errorf("turned on where there is %v: %v", haveAVX2, AVX2())
	}
}
