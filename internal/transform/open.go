package transform

import (
	"errors"
	"io/fs"
	"os"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

// open opens the input of a job for those who ask of its header: Do is handed what
// it reads.
func open(j job.Job) (*os.File, fs.FileInfo, error) {
	f, fi, err := codec.Open(string(j.Input))
	var known *codec.Error
	if err != nil && !errors.As(err, &known) {
		err = &job.ReadError{Err: err}
	}
	return f, fi, err
}
