package machine

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestBudget(t *testing.T) {
	for _, c := range []struct{ available, limit, want int64 }{
		{1000, 0, 600}, {1000, 500, 300}, {1000, 5000, 600},
	} {
		if got := budget(c.available, c.limit); got != c.want {
			t.Errorf("budget(%d, %d) = %d, want %d", c.available, c.limit, got, c.want)
		}
	}
	n, err := MemoryBudget()
	if err != nil || n < 1<<20 {
		t.Errorf("this machine: %d bytes, %v", n, err)
	}
}

// tree lays out files below a root of their own.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		name = filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestCgroupLimit(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		want  int64
	}{
		{"no cgroups", nil, 0},
		{"v2, in a container", map[string]string{
			"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "1073741824\n"}, 1 << 30},
		{"v2, no limit", map[string]string{
			"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "max\n"}, 0},
		{"v2, the parent is tighter", map[string]string{
			"proc/self/cgroup":                 "0::/a.slice/b.scope\n",
			"sys/fs/cgroup/a.slice/memory.max": "2000\n", "sys/fs/cgroup/a.slice/b.scope/memory.max": "3000\n"}, 2000},
		{"v2, the path is the host's", map[string]string{
			"proc/self/cgroup": "0::/docker/0123\n", "sys/fs/cgroup/memory.max": "4000\n"}, 4000},
		{"v1", map[string]string{
			"proc/self/cgroup": "5:cpu:/x\n4:memory:/x\n0::/\n",
			"sys/fs/cgroup/memory/x/memory.limit_in_bytes": "5000\n", "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}, 5000},
	} {
		if got := cgroupLimit(tree(t, c.files)); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestCPUQuota(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		want  int64
	}{
		{"no cgroups", nil, 0},
		{"v2", map[string]string{"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "150000 100000\n"}, 1500},
		{"v2, no limit", map[string]string{"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "max 100000\n"}, 0},
		{"v2, the parent is tighter", map[string]string{"proc/self/cgroup": "0::/a/b\n",
			"sys/fs/cgroup/a/cpu.max": "50000 100000\n", "sys/fs/cgroup/a/b/cpu.max": "200000 100000\n"}, 500},
		{"v1", map[string]string{"proc/self/cgroup": "4:cpu,cpuacct:/x\n",
			"sys/fs/cgroup/cpu/x/cpu.cfs_quota_us": "300000\n", "sys/fs/cgroup/cpu/x/cpu.cfs_period_us": "100000\n",
			"sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n"}, 3000},
	} {
		if got := cpuQuota(tree(t, c.files)); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestTreeAndRSS(t *testing.T) {
	parent, self := os.Getppid(), os.Getpid()
	tree, err := Tree(parent)
	if err != nil {
		t.Fatal(err)
	}
	if tree[0] != parent || !slices.Contains(tree, self) {
		t.Errorf("the tree of %d is %v, without %d", parent, tree, self)
	}
	if n := RSS(self); n < 1<<20 {
		t.Errorf("this process has %d bytes", n)
	}
	if n := RSS(1 << 30); n != 0 {
		t.Errorf("a process that is not has %d bytes", n)
	}
}
