//go:build unix

package machine

import "golang.org/x/sys/unix"

// Kernel returns the version of this system's kernel as it names it, such as
// "6.8.0-45-generic"; "" where it does not say.
func Kernel() string {
	var name unix.Utsname
	if unix.Uname(&name) != nil {
		return ""
	}
	return unix.ByteSliceToString(name.Release[:])
}
