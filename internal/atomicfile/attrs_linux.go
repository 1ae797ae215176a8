package atomicfile

import (
	"errors"
	"strings"

	"golang.org/x/sys/unix"
)

// posixACL is the attribute in which Linux hands out an access list. A new
// file may have one from its folder.
const posixACL = "system.posix_acl_access"

// fate says what becomes of an attribute of the old file. Those of users, and
// the access list, are kept or the file fails; a label for who may read the file
// is kept where that is allowed, as are the attributes of file systems. The rest
// of security and trusted vouches for the content, which is new, or belongs to
// what lies below the file system.
func fate(name string) fateOf {
	switch {
	case strings.HasPrefix(name, "user."), name == posixACL:
		return keep
	case name == "security.selinux", name == "security.SMACK64":
		return try
	case strings.HasPrefix(name, "security."), strings.HasPrefix(name, "trusted."):
		return leave
	}
	return try
}

// gone tells whether there is no such attribute.
func gone(err error) bool { return errors.Is(err, unix.ENODATA) || errors.Is(err, unix.ENOTSUP) }
