package machine

// CPUQuota returns how many CPUs' time the container may take, such as 1.5; 0: it has no
// limit.
func CPUQuota() float64 { return float64(cpuQuota("/")) / 1000 }
