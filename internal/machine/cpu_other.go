//go:build !linux

package machine

import "github.com/shirou/gopsutil/v3/cpu"

// cpuName is the model as the system names it; "" where it does not.
func cpuName() string {
	all, err := cpu.Info()
	if err != nil || len(all) == 0 {
		return ""
	}
	return all[0].ModelName
}
