package atomicfile

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// root skips what only root can set up.
func root(t *testing.T) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("needs root: a user can give no files away, and mount nothing")
	}
}

func TestPermissionsAreKept(t *testing.T) {
	for _, perm := range []os.FileMode{0o200, 0o600, 0o640, 0o664, 0o755, 0o777} {
		name, _ := original(t, "old")
		if err := os.Chmod(name, perm); err != nil {
			t.Fatal(err)
		}
		if perm&0o400 == 0 && os.Getuid() != 0 {
			continue // it could not be read either
		}
		replace(t, name, "new", Replacement{Old: stat(t, name)})
		if got := stat(t, name).Mode(); got != perm {
			t.Errorf("%v became %v", perm, got)
		}
	}
}

func TestOwnerAndGroupAreKept(t *testing.T) {
	root(t)
	name, _ := original(t, "old")
	if err := errors.Join(os.Chown(name, 12345, 54321), os.Chmod(name, 0o640)); err != nil {
		t.Fatal(err)
	}
	replace(t, name, "new", Replacement{Old: stat(t, name), Backup: name + "~"})
	for _, n := range []string{name, name + "~"} {
		st := stat(t, n).Sys().(*syscall.Stat_t)
		if st.Uid != 12345 || st.Gid != 54321 || stat(t, n).Mode() != 0o640 {
			t.Errorf("%s: %d:%d %v", filepath.Base(n), st.Uid, st.Gid, stat(t, n).Mode())
		}
	}
}

// access is a list as the kernel takes it (linux/posix_acl_xattr.h): owner rw,
// user 1234 rw, group r, mask rw, others none.
var access = []byte("\x02\x00\x00\x00" +
	"\x01\x00\x06\x00\xff\xff\xff\xff" + "\x02\x00\x06\x00\xd2\x04\x00\x00" +
	"\x04\x00\x04\x00\xff\xff\xff\xff" + "\x10\x00\x06\x00\xff\xff\xff\xff" + "\x20\x00\x00\x00\xff\xff\xff\xff")

func TestAttributesAreKept(t *testing.T) {
	name, _ := original(t, "old")
	for key, value := range map[string]string{"user.rating": "5", "user.empty": "", posixACL: string(access)} {
		if err := unix.Setxattr(name, key, []byte(value), 0); err != nil {
			t.Skipf("no %s in the temporary folder: %v", key, err)
		}
	}
	if err := os.WriteFile(TempName(name), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := unix.Setxattr(TempName(name), "user.left_over", []byte("x"), 0); err != nil {
		t.Fatal(err)
	}
	old := stat(t, name)
	replace(t, name, "new", Replacement{Old: old})
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	have, err := attributes(f)
	if err != nil {
		t.Fatal(err)
	}
	delete(have, "security.selinux")
	if got := slices.Sorted(maps.Keys(have)); !slices.Equal(got, []string{posixACL, "user.empty", "user.rating"}) {
		t.Errorf("attributes %q", got)
	}
	if string(have["user.rating"]) != "5" || string(have[posixACL]) != string(access) {
		t.Errorf("values %q", have)
	}
	if got := stat(t, name).Mode(); got != old.Mode() {
		t.Errorf("%v became %v", old.Mode(), got)
	}
}

// A file without an access list does not get the one that its folder gives to
// new files.
func TestTheFoldersAccessListStaysOut(t *testing.T) {
	name, old := original(t, "old")
	if err := unix.Setxattr(filepath.Dir(name), "system.posix_acl_default", access, 0); err != nil {
		t.Skip("no access lists in the temporary folder:", err)
	}
	replace(t, name, "new", Replacement{Old: old})
	if n, err := unix.Getxattr(name, posixACL, nil); !errors.Is(err, unix.ENODATA) {
		t.Errorf("it has a list of %d bytes, %v", n, err)
	}
	if got := stat(t, name).Mode(); got != old.Mode() {
		t.Errorf("%v became %v", old.Mode(), got)
	}
}

// What vouches for the content is not carried to another.
func TestFate(t *testing.T) {
	for name, want := range map[string]fateOf{
		"user.x": keep, posixACL: keep, "security.selinux": try, "system.nfs4_acl": try, "btrfs.compression": try,
		"security.ima": leave, "security.evm": leave, "security.capability": leave, "trusted.overlay.origin": leave,
	} {
		if got := fate(name); got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
}

// A disk that fills up leaves no new file and every old one, and is told from
// other failures.
func TestAFullDisk(t *testing.T) {
	root(t)
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skip("cannot mount a small disk:", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	name := filepath.Join(dir, "a.jpg")
	if err := os.WriteFile(name, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	large := make([]byte, 100<<10)
	if err := write(filepath.Join(dir, "b.jpg"), large, Options{}); !IsFull(err) {
		t.Errorf("a new file: %v", err)
	}
	if _, err := swap(name, string(large), Replacement{Old: stat(t, name), Backup: name + "~"}); !IsFull(err) {
		t.Errorf("in place: %v", err)
	}
	if got := read(t, name); got != "old" {
		t.Errorf("holds %q", got)
	}
	only(t, dir, "a.jpg")
	if IsFull(unix.EIO) || IsFull(nil) || !IsFull(&os.PathError{Err: unix.EDQUOT}) {
		t.Error("other failures are taken for a full disk, or a quota is not")
	}
}
