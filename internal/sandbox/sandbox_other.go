//go:build !(linux && (amd64 || arm64))

package sandbox

import "runtime"

// Enter confines the calling process.
func Enter(Policy) (Status, error) { return Support(), nil }

// Support tells what Enter can do on this machine.
func Support() Status {
	return Status{Missing: []string{"on " + runtime.GOOS + "/" + runtime.GOARCH + " a worker is a process of its own, and no more"}}
}
