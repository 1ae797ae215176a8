package atomicfile

import (
	"errors"
	"strings"

	"golang.org/x/sys/unix"
)

// fate says what becomes of an attribute of the old file. Those of the system
// are kept where it allows that: some nobody but the system can set. Access
// lists are no attributes here, and are not kept.
func fate(name string) fateOf {
	if strings.HasPrefix(name, "com.apple.") {
		return try
	}
	return keep
}

// gone tells whether there is no such attribute.
func gone(err error) bool { return errors.Is(err, unix.ENOATTR) || errors.Is(err, unix.EPERM) }
