package watch

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// isLimit tells whether an error of setting a watch means that there are too
// many, inotify_add_watch(2).
func isLimit(err error) bool { return errors.Is(err, syscall.ENOSPC) }

// limit says what the limit is and how it is raised. There are two, the second
// one for containers; the lower one counts.
func limit() string {
	name, n := "fs.inotify.max_user_watches", sysctl("fs/inotify/max_user_watches")
	if inside := sysctl("user/max_inotify_watches"); inside > 0 && (n == 0 || inside < n) {
		name, n = "user.max_inotify_watches", inside
	}
	return fmt.Sprintf("the limit of %d watches for each user is reached; as root: sysctl %s=NUMBER", n, name)
}

// sysctl reads a number of the kernel's; 0: it is not known.
func sysctl(name string) int {
	data, err := os.ReadFile("/proc/sys/" + name)
	if err != nil {
		return 0
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil {
		return 0
	}
	return n
}

// explainInstances says what an error of the first call means, inotify_init(2).
func explainInstances(err error) error {
	if errors.Is(err, syscall.EMFILE) {
		return fmt.Errorf("too many programs of this user watch files; as root: sysctl fs.inotify.max_user_instances=NUMBER, now %d: %w", sysctl("fs/inotify/max_user_instances"), err)
	}
	return err
}

// harmless tells whether an error of the library does not mean that events were
// lost: it ends a watch that the kernel has ended with its folder.
func harmless(err error) bool { return errors.Is(err, syscall.EINVAL) }
