package procpool

import "os"

// program is the file of this very program. Where its name leads elsewhere by now, as
// after an upgrade, or nowhere, the kernel still has the one that runs.
func program() (string, error) {
	const running = "/proc/self/exe"
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	now, err := os.Stat(running)
	if err != nil {
		return path, nil
	}
	if named, err := os.Stat(path); err != nil || !os.SameFile(named, now) {
		return running, nil
	}
	return path, nil
}
