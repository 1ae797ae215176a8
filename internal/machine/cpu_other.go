//go:build !linux

package machine

import "github.com/shirou/gopsutil/v3/cpu"

// CPU returns the model of the processor as the system names it; "" where it does not.
func CPU() string {
	all, err := cpu.Info()
	if err != nil || len(all) == 0 {
		return ""
	}
	return all[0].ModelName
}
