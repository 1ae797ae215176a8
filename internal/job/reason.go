package job

import (
	"errors"
	"io/fs"
	"os"
	"strings"
)

// Plain returns what the system said of a file, in one line, without the call
// and the name: a result names its file already.
func Plain(err error) string {
	var (
		path *fs.PathError
		link *os.LinkError
	)
	switch {
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	}
	return OneLine(err.Error())
}

// OneLine joins the lines of a reason.
func OneLine(s string) string { return strings.ReplaceAll(s, "\n", "; ") }
