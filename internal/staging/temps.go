package staging

import (
	"io"
	"os"

	"github.com/imgpar/imgpar/internal/atomicfile"
	"github.com/imgpar/imgpar/internal/job"
)

// folders are those that were made for outputs which have no name yet: of all
// stages of this process, since they share folders. They are gone again when all
// has ended that was to be put there and was not.
var folders atomicfile.Folders

// Begin makes the temporary file of each output that is wanted. What cannot be begun
// is decided by that.
func (s *Stage) Begin() {
	for _, e := range s.ends {
		if !e.decided {
			e.fail(s.begin(e))
		}
	}
}

// begin makes the temporary file of an output.
func (s *Stage) begin(e *end) (err error) {
	if e.inPlace != nil {
		err = s.beginReplacement(e)
	} else {
		err = s.beginNew(e)
	}
	if err != nil {
		return unwritable(err)
	}
	return nil
}

// Writers are where a goroutine writes the outputs that were begun, each by one call:
// of the targets in their order, nil for those that are decided.
func (s *Stage) Writers() []io.Writer {
	list := make([]io.Writer, len(s.ends))
	for i, e := range s.ends {
		if !e.decided {
			list[i] = begun{e.temp.File}
		}
	}
	return list
}

// begun is the temporary file of an output, which is empty.
type begun struct{ *os.File }

func (b begun) Write(data []byte) (int, error) {
	n, err := b.File.Write(data)
	if err != nil {
		err = unwritable(err)
	}
	return n, err
}

// Files are what another process is handed: the input, and the temporary file of
// each output that was begun.
func (s *Stage) Files() []*os.File {
	s.handed = true
	list := []*os.File{s.input}
	for _, e := range s.ends {
		if !e.decided {
			list = append(list, e.temp.File)
		}
	}
	return list
}

// Received is what a process makes of the Files that it was handed with work.
func Received(work job.Work, files []*os.File) (in io.ReaderAt, outs []io.Writer, ok bool) {
	wanted := work.Wanted()
	if len(files) != 1+len(wanted) {
		return nil, nil, false
	}
	outs = make([]io.Writer, len(work.Targets()))
	for i, target := range wanted {
		outs[target] = received{files[1+i]}
	}
	return files[0], outs, true
}

// received is a file that another process opened, and in which an attempt before
// may have left something.
type received struct{ *os.File }

func (r received) Write(data []byte) (int, error) {
	err := r.Truncate(0)
	n := 0
	if err == nil {
		n, err = r.WriteAt(data, 0)
	}
	if err != nil {
		err = unwritable(err)
	}
	return n, err
}
