//go:build linux && (amd64 || arm64)

package sandbox

// Enter confines the calling process, all of its threads, and reports what holds it. What
// the kernel does not have is missing and no error; what it has and refuses is an error,
// behind which the process is confined in part and must end.
func Enter(Policy) (Status, error) { return Support(), nil }

// Support tells what Enter can do on this machine.
func Support() Status { return Status{Missing: []string{"not written yet"}} }
