package machine

import "testing"

func TestCPUModel(t *testing.T) {
	for _, c := range []struct{ info, want string }{
		{"processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel\t\t: 1\nmodel name\t: AMD EPYC 7B13 \n", "AMD EPYC 7B13"},
		{"processor\t: 0\nBogoMIPS\t: 108.00\n\nHardware\t: BCM2835\nModel\t\t: Raspberry Pi 4 Model B Rev 1.4\n", "Raspberry Pi 4 Model B Rev 1.4"},
		{"processor\t: 0\n", ""},
		{"", ""},
	} {
		if got := cpuModel([]byte(c.info)); got != c.want {
			t.Errorf("%q: %q, want %q", c.info, got, c.want)
		}
	}
}
