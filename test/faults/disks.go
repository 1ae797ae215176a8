//go:build faults && linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// smallDisk is the size of the tmpfs that fills up, enoughDisk of one that does not.
const smallDisk, enoughDisk = "size=1m", "size=64m"

// nobody is the user without rights, and its group.
const nobody = "65534"

// disk is a test with a real fault.
type disk struct {
	name string
	test func(s *suite, mode string) []string
}

// disks runs the tests that need root.
func (s *suite) disks() error {
	for _, d := range []disk{
		{"1 MB tmpfs, -o", (*suite).fullOut},
		{"1 MB tmpfs, in place", (*suite).fullPlace},
		{"read-only mount, -o", (*suite).readOnlyOut},
		{"read-only mount, in place", (*suite).readOnlyPlace},
		{"an output folder of another", (*suite).foreignFolder},
		{"inputs of another, in place", (*suite).foreignFiles},
	} {
		for _, mode := range []string{"goroutine", "proc"} {
			name := mode + ", " + d.name
			if !s.wants(name) {
				continue
			}
			if os.Getuid() != 0 {
				fmt.Printf("%-48s SKIPPED: needs root\n", name)
				continue
			}
			s.group(name, "done", d.test(s, mode))
		}
	}
	return nil
}

// bed is the folder of one such test. Its methods collect what is wrong.
type bed struct {
	s     *suite
	mode  string
	dir   string
	wrong []string
	undo  []func() error
}

func (s *suite) bed(mode string) *bed {
	b := &bed{s: s, mode: mode}
	dir, err := s.folder()
	b.must(err)
	b.dir = dir
	return b
}

func (b *bed) must(err error) {
	if err != nil {
		b.wrong = append(b.wrong, err.Error())
	}
}

func (b *bed) end() []string {
	for i := len(b.undo) - 1; i >= 0; i-- {
		b.must(b.undo[i]())
	}
	b.must(os.RemoveAll(b.dir))
	return b.wrong
}

// mount mounts a tmpfs at a folder of the bed.
func (b *bed) mount(name, options string) {
	at := filepath.Join(b.dir, name)
	b.must(os.MkdirAll(at, 0o777))
	b.must(syscall.Mount("tmpfs", at, "tmpfs", 0, options))
	b.undo = append(b.undo, func() error { return syscall.Unmount(at, 0) })
}

// run runs imgpar and wants an exit status, and words on stderr.
func (b *bed) run(status int, words string, args ...string) {
	args = append([]string{"--mode=" + b.mode, "--progress=none", "--retry-failed"}, args...)
	r, err := b.s.exec(b.dir, b.s.imgpar, args...)
	b.must(err)
	b.look(r, status, words, args)
}

func (b *bed) look(r ran, status int, words string, args []string) {
	if r.status != status || !bytes.Contains(r.stderr, []byte(words)) {
		b.wrong = append(b.wrong, fmt.Sprintf("%s: exit status %d, want %d and %q; %s", strings.Join(args, " "), r.status, status, words, r.stderr))
	}
}

// runAs is run as nobody.
func (b *bed) runAs(status int, words string, args ...string) {
	args = append([]string{"--reuid=" + nobody, "--regid=" + nobody, "--clear-groups", b.s.imgpar, "--mode=" + b.mode, "--progress=none", "--retry-failed"}, args...)
	r, err := b.s.exec(b.dir, "setpriv", args...)
	b.must(err)
	b.look(r, status, words, args)
}

// tree reads a folder of the bed.
func (b *bed) tree(name string) tree {
	t, err := readTree(filepath.Join(b.dir, name))
	b.must(err)
	return t
}

// within holds a folder against what it was and what it is to be.
func (b *bed) within(name string, before, after tree) {
	for _, w := range b.tree(name).between(before, after, false) {
		b.wrong = append(b.wrong, name+": "+w)
	}
}

func (b *bed) same(name string, want tree) {
	for _, w := range b.tree(name).differs(want) {
		b.wrong = append(b.wrong, name+": after a second run: "+w)
	}
}

// large makes pictures that are larger than what they come from: together more
// than the small disk holds, each of them less.
var large = []string{"run", "resize w=330 enlarge"}

// many fills a folder with pictures whose results are 220 kB and more each.
func (b *bed) many(name string) {
	data, err := os.ReadFile(filepath.Join(b.s.fixtures, "bmp_24.bmp"))
	b.must(err)
	b.must(os.MkdirAll(filepath.Join(b.dir, name), 0o777))
	for i := range 8 {
		b.must(os.WriteFile(filepath.Join(b.dir, name, fmt.Sprintf("%d.bmp", i)), data, 0o666))
	}
}

func (s *suite) fullOut(mode string) []string {
	b := s.bed(mode)
	b.many("many")
	b.run(0, "", append(large, "many", "-o", "want")...)
	want := b.tree("want")
	b.mount("out", smallDisk)
	b.run(1, "no space left on device", append(large, "many", "-o", "out")...)
	b.within("out", nil, want)
	b.must(syscall.Mount("tmpfs", filepath.Join(b.dir, "out"), "tmpfs", syscall.MS_REMOUNT, enoughDisk))
	b.run(0, "", append(large, "many", "-o", "out")...)
	b.same("out", want)
	return b.end()
}

func (s *suite) fullPlace(mode string) []string {
	b := s.bed(mode)
	b.many("plain")
	b.run(0, "", append(large, "plain", "--in-place", "--backup")...)
	want := b.tree("plain")
	b.mount("many", smallDisk)
	b.many("many")
	before := b.tree("many")
	b.run(1, "no space left on device", append(large, "many", "--in-place", "--backup")...)
	b.within("many", before, want)
	b.must(syscall.Mount("tmpfs", filepath.Join(b.dir, "many"), "tmpfs", syscall.MS_REMOUNT, enoughDisk))
	again, err := s.exec(b.dir, s.imgpar, append([]string{"--mode=" + mode, "--retry-failed"}, append(large, "many", "--in-place", "--backup")...)...)
	b.must(err)
	if again.status != 0 && !bytes.Contains(again.stderr, []byte(".orig exists")) { // what only the backup protects is refused
		b.wrong = append(b.wrong, string(again.stderr))
	}
	b.same("many", want)
	return b.end()
}

// bindReadOnly makes a folder of the bed read-only.
func (b *bed) bindReadOnly(name string) {
	at := filepath.Join(b.dir, name)
	b.must(os.MkdirAll(at, 0o777))
	b.must(syscall.Mount(at, at, "", syscall.MS_BIND, ""))
	b.must(syscall.Mount("", at, "", syscall.MS_REMOUNT|syscall.MS_BIND|syscall.MS_RDONLY, ""))
	b.undo = append(b.undo, func() error { return syscall.Unmount(at, 0) })
}

func (b *bed) unbind() {
	last := len(b.undo) - 1
	b.must(b.undo[last]())
	b.undo = b.undo[:last]
}

func (s *suite) readOnlyOut(mode string) []string {
	b := s.bed(mode)
	b.run(1, "", "run", "sharpen 0.5", "in", "-o", "want")
	want := b.tree("want")
	b.bindReadOnly("out")
	b.run(1, "read-only file system", "run", "sharpen 0.5", "in", "-o", "out")
	b.run(1, "read-only file system", "run", "sharpen 0.5", "in/a.jpg", "-o", "out/new")
	b.same("out", tree{})
	b.unbind()
	b.run(1, "", "run", "sharpen 0.5", "in", "-o", "out")
	b.same("out", want)
	return b.end()
}

func (s *suite) readOnlyPlace(mode string) []string {
	b := s.bed(mode)
	before := b.tree("in")
	b.bindReadOnly("in")
	b.run(1, "its folder cannot be written to: read-only file system", "run", "sharpen 0.5", "in", "--in-place", "--yes")
	b.same("in", before)
	return b.end()
}

// open makes the bed's folder one that everybody may write to.
func (b *bed) open() {
	b.must(os.Chmod(b.s.work, 0o755))
	b.must(os.Chmod(b.dir, 0o777))
}

func (s *suite) foreignFolder(mode string) []string {
	b := s.bed(mode)
	b.open()
	b.run(1, "", "run", "sharpen 0.5", "in", "-o", "want")
	want := b.tree("want")
	b.must(os.RemoveAll(filepath.Join(b.dir, stateFolder)))
	b.must(os.MkdirAll(filepath.Join(b.dir, "out", "sub"), 0o777))
	b.must(os.Chmod(filepath.Join(b.dir, "out"), 0o777))
	b.must(os.Chmod(filepath.Join(b.dir, "out", "sub"), 0o755))
	b.runAs(1, "e.webp: unwritable: permission denied", "run", "sharpen 0.5", "in", "-o", "out")
	missing := tree{}
	for name, data := range want {
		if name != filepath.Join("sub", "e.webp") {
			missing[name] = data
		}
	}
	b.same("out", missing)
	b.must(os.Chmod(filepath.Join(b.dir, "out", "sub"), 0o777))
	b.runAs(1, "", "run", "sharpen 0.5", "in", "-o", "out")
	b.same("out", want)
	return b.end()
}

func (s *suite) foreignFiles(mode string) []string {
	b := s.bed(mode)
	b.open()
	before := b.tree("in")
	b.must(os.Chmod(filepath.Join(b.dir, "in"), 0o755))
	b.runAs(1, "a.jpg: unwritable: its folder cannot be written to: permission denied", "run", "sharpen 0.5", "in", "--in-place", "--yes")
	b.same("in", before)
	b.must(os.Chmod(filepath.Join(b.dir, "in"), 0o777))
	b.must(os.Chmod(filepath.Join(b.dir, "in", "a.jpg"), 0o666))
	b.runAs(1, "a.jpg: unwritable: it cannot keep its owner: operation not permitted", "run", "sharpen 0.5", "in", "--in-place", "--yes")
	b.same("in", before)
	return b.end()
}
