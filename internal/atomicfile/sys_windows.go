package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// IsFull tells whether a write failed because there is no space left, or none
// left for this user: further files will fail as well.
func IsFull(err error) bool {
	const (
		handleDiskFull    = syscall.Errno(39)
		diskFull          = syscall.Errno(112)
		diskQuotaExceeded = syscall.Errno(1295)
	)
	return errors.Is(err, handleDiskFull) || errors.Is(err, diskFull) || errors.Is(err, diskQuotaExceeded)
}

// isNoFolder tells whether a part of a path is a file.
func isNoFolder(err error) bool { return errors.Is(err, syscall.ENOTDIR) }

// noLinks tells whether a hard link cannot be made here, so that a copy has to do.
func noLinks(err error) bool {
	const (
		invalidFunction = syscall.Errno(1) // what FAT says
		notSupported    = syscall.Errno(50)
		tooManyLinks    = syscall.Errno(1142)
	)
	return errors.Is(err, invalidFunction) || errors.Is(err, notSupported) || errors.Is(err, tooManyLinks)
}

// folderWritable leaves the answer to the writing: access lists decide here.
func folderWritable(string) error { return nil }

// countLinks returns the number of hard links to the file name.
func countLinks(name string, _ fs.FileInfo) (uint64, error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close() // only read
	var fi syscall.ByHandleFileInformation
	if err := syscall.GetFileInformationByHandle(syscall.Handle(f.Fd()), &fi); err != nil {
		return 0, &os.PathError{Op: "look at", Path: name, Err: err}
	}
	return uint64(fi.NumberOfLinks), nil
}

// likeOld does nothing: owner and access list are those that the folder gives.
func likeOld(*os.File, *os.File, fs.FileInfo) ([]string, error) { return nil, nil }
