package machine

import (
	"os"
	"regexp"
)

var modelName = regexp.MustCompile(`(?m)^(?:model name|Model|cpu model)\s*:\s*(.*\S)`)

// cpuName is the model as the system names it; "" where it does not, as on some ARM
// machines.
func cpuName() string {
	info, _ := os.ReadFile("/proc/cpuinfo") // no file: no name
	return cpuModel(info)
}

// cpuModel finds the model in what /proc/cpuinfo has; its words differ by architecture.
func cpuModel(info []byte) string {
	m := modelName.FindSubmatch(info)
	if m == nil {
		return ""
	}
	return string(m[1])
}
