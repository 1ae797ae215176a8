package machine

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// cgroupLimit returns the smallest memory limit of the control groups that
// this process is in, in bytes, and 0 if there is none. It reads version 2
// (memory.max) and version 1 (memory.limit_in_bytes) below root, which is "/"
// but in tests. See the kernel's Documentation/admin-guide/cgroup-v2.rst.
func cgroupLimit(root string) int64 {
	return inGroups(root, "memory", func(dir string, version int) int64 {
		return readLimit(filepath.Join(dir, map[int]string{1: "memory.limit_in_bytes", 2: "memory.max"}[version]))
	})
}

// CPUQuota returns how many CPUs' time the container may take, such as 1.5; 0: it has no
// limit.
func CPUQuota() float64 { return float64(cpuQuota("/")) / 1000 }

// cpuQuota returns the smallest number of CPUs that the control groups grant this
// process, in thousandths, and 0 if they set no limit. Version 2 has quota and
// period in one file (cpu.max), version 1 in two.
func cpuQuota(root string) int64 {
	return inGroups(root, "cpu", func(dir string, version int) int64 {
		if version == 2 {
			data, _ := os.ReadFile(filepath.Join(dir, "cpu.max")) // no file: no limit
			quota, period, _ := strings.Cut(strings.TrimSpace(string(data)), " ")
			return thousandths(quota, period)
		}
		quota, _ := os.ReadFile(filepath.Join(dir, "cpu.cfs_quota_us"))
		period, _ := os.ReadFile(filepath.Join(dir, "cpu.cfs_period_us"))
		return thousandths(strings.TrimSpace(string(quota)), strings.TrimSpace(string(period)))
	})
}

// thousandths divides two numbers of microseconds; of one that is none ("max"), or
// negative, comes 0.
func thousandths(quota, period string) int64 {
	q, err := strconv.ParseInt(quota, 10, 64)
	p, perr := strconv.ParseInt(period, 10, 64)
	if err != nil || perr != nil || q <= 0 || p <= 0 {
		return 0
	}
	return 1000 * q / p
}

// inGroups returns the smallest limit that read finds in the control groups of this
// process, of version 2, or of version 1 with that controller.
func inGroups(root, controller string, read func(dir string, version int) int64) int64 {
	groups, err := os.ReadFile(filepath.Join(root, "proc/self/cgroup"))
	if err != nil {
		return 0 // not Linux
	}
	least := int64(0)
	for line := range strings.Lines(string(groups)) {
		// hierarchy-ID:controller-list:cgroup-path
		part := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(part) != 3 {
			continue
		}
		switch {
		case part[0] == "0":
			least = lesser(least, alongPath(filepath.Join(root, "sys/fs/cgroup"), part[2], func(dir string) int64 { return read(dir, 2) }))
		case slices.Contains(strings.Split(part[1], ","), controller):
			least = lesser(least, alongPath(filepath.Join(root, "sys/fs/cgroup", controller), part[2], func(dir string) int64 { return read(dir, 1) }))
		}
	}
	return least
}

// alongPath returns the smallest limit in the group and those above it. Inside
// a container the group's path may be the host's; the mount then shows only
// the container's own, at the top.
func alongPath(mount, group string, read func(dir string) int64) int64 {
	least := int64(0)
	for dir := filepath.Clean("/" + group); ; dir = filepath.Dir(dir) {
		least = lesser(least, read(filepath.Join(mount, dir)))
		if dir == "/" {
			return least
		}
	}
}

// readLimit reads a file that holds a number of bytes or "max". Version 1
// writes a number near 2^63 for no limit, which is never the smaller one.
func readLimit(name string) int64 {
	data, err := os.ReadFile(name)
	if err != nil {
		return 0
	}
	n, err := strconv.ParseInt(string(bytes.TrimSpace(data)), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// lesser returns the smaller limit, where 0 is no limit.
func lesser(a, b int64) int64 {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}
