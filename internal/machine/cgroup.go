package machine

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// cgroupLimit returns the smallest memory limit of the control groups that
// this process is in, in bytes, and 0 if there is none. It reads version 2
// (memory.max) and version 1 (memory.limit_in_bytes) below root, which is "/"
// but in tests. See the kernel's Documentation/admin-guide/cgroup-v2.rst.
func cgroupLimit(root string) int64 {
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
			least = lesser(least, alongPath(filepath.Join(root, "sys/fs/cgroup"), part[2], "memory.max"))
		case part[1] == "memory":
			least = lesser(least, alongPath(filepath.Join(root, "sys/fs/cgroup/memory"), part[2], "memory.limit_in_bytes"))
		}
	}
	return least
}

// alongPath returns the smallest limit in the group and those above it. Inside
// a container the group's path may be the host's; the mount then shows only
// the container's own, at the top.
func alongPath(mount, group, file string) int64 {
	least := int64(0)
	for dir := filepath.Clean("/" + group); ; dir = filepath.Dir(dir) {
		least = lesser(least, readLimit(filepath.Join(mount, dir, file)))
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
