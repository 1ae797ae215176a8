// Package peers knows other programs that do what imgpar does, and how each does it
// fastest at a quality worth comparing: decoding no more of a JPEG than the result
// needs, a thread or a process for each worker and no more, quality 85 where pixels are
// coded anew, and Huffman tables that are not optimised.
//
//	OpenCV          a process for each worker; gray reads luma alone; INTER_AREA; drops metadata
//	Pillow          a process for each worker; gray reads luma alone; Lanczos; drops metadata
//	sharp           one process; gray of linear light; Lanczos; drops metadata and converts to sRGB
//	libvips         a process for a few files, at gray for each; gray of linear light; Lanczos; keeps metadata
//	GraphicsMagick  a process for a few files; gray by the weights of JPEG; -thumbnail; keeps metadata
//	ImageMagick     a process for a few files; gray by the weights of JPEG; Lanczos; keeps metadata
//	jpegtran        a process for each file; moves the luma of JPEGs without loss; keeps metadata; gray alone
//
// OpenCV, Pillow and sharp are driven by the scripts in this folder; the others by sh
// and xargs, and so not on Windows.
package peers

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/imgpar/imgpar/bench"
)

// Peer is a program that is installed here. Installed makes them.
type Peer struct {
	Name    string // "OpenCV", "libvips", "sharp", "GraphicsMagick", "ImageMagick", "jpegtran", "Pillow"
	Version string
	PerFile bool     // it needs a process for each file at Gray
	found   []string // what its kind needs: paths of programs, of packages
}

// Work is what is to be done to each file. Exactly one field is set.
type Work struct {
	Gray  bool
	Width int // pixels of the result, which keeps its shape
	Thumb int // side of the square that is filled, cut from the centre, pixels
}

// kind is all that is known of a peer.
type kind struct {
	name    string
	perFile bool
	find    func(context.Context) (found []string, version string)
	command func(found []string, t task) (args, env []string, err error)
}

// kinds are in the order in which they are told.
var kinds = []kind{
	{"OpenCV", false, python("cv2", "cv2.__version__"), script("opencv.py")},
	{"Pillow", false, python("PIL", "PIL.__version__"), script("pillow.py")},
	{"sharp", false, findSharp, sharp},
	{"libvips", true, findVips, each(vips, vipsEnv)},
	{"GraphicsMagick", false, findGraphicsMagick, each(graphicsMagick, magickEnv)},
	{"ImageMagick", false, findImageMagick, each(imageMagick, magickEnv)},
	{"jpegtran", true, findJpegtran, each(jpegtran, nil)},
}

// Installed finds the peers of this machine. It asks all at a time, and counts what has
// not answered after probeTime as not installed. Programs are looked for in PATH, Python
// also at /usr/bin/python3; sharp in the folder that IMGPAR_SHARP names, or else where node
// finds packages for the current folder, and in npm's global one.
func Installed(ctx context.Context) []Peer {
	all := make([]Peer, len(kinds))
	var wg sync.WaitGroup
	for i, k := range kinds {
		wg.Go(func() {
			found, version := k.find(ctx)
			all[i] = Peer{k.name, version, k.perFile, found}
		})
	}
	wg.Wait()
	return slices.DeleteFunc(all, func(p Peer) bool { return p.found == nil })
}

// task is what a command is made for. All paths are absolute.
type task struct {
	Work
	list, out, scratch string
	workers            int
}

// command returns the arguments and the further environment of the command that does
// the work on the files that list names, a line each, on so many workers, and writes
// what becomes of file number i as output says. args[0] is the path of a program.
// Whatever it needs besides is put into the folder scratch, which belongs to this one
// command and may be removed with it. Errors are bench.ErrCannot and those of the file system.
//
// Pictures stand upright, or say how they are to be turned, and are not enlarged; but
// GraphicsMagick and ImageMagick enlarge those that are smaller than what is asked for.
//
// A file that cannot be read, or of a format that the peer does not write, has no output;
// the command goes on, and may have an exit status other than 0.
func (p Peer) command(w Work, list, out, scratch string, workers int) (args, env []string, err error) {
	t := task{Work: w, workers: workers}
	for path, to := range map[string]*string{list: &t.list, out: &t.out, scratch: &t.scratch} {
		if *to, err = filepath.Abs(path); err != nil {
			return nil, nil, err
		}
	}
	i := slices.IndexFunc(kinds, func(k kind) bool { return k.name == p.Name })
	return kinds[i].command(p.found, t)
}

// Program is the peer at a work, to be measured.
func (p Peer) Program(w Work) bench.Program {
	return bench.Program{Name: p.Name, Version: p.Version, Command: func(list, out, scratch string, workers int) (args, env []string, err error) {
		return p.command(w, list, out, scratch, workers)
	}}
}

// output returns the name in the folder out of what a peer makes of source, which
// stands in line i of the list, counted from 0: i and the extension of source in lower case.
func output(out string, i int, source string) string {
	return filepath.Join(out, strconv.Itoa(i)+extension(source))
}

func extension(name string) string { return strings.ToLower(filepath.Ext(name)) }

// files are those that the list names, as absolute paths.
func (t task) files() ([]string, error) {
	b, err := os.ReadFile(t.list)
	if err != nil {
		return nil, err
	}
	var files []string
	for line := range strings.Lines(string(b)) {
		path, err := filepath.Abs(strings.TrimSuffix(line, "\n"))
		if err != nil {
			return nil, err
		}
		files = append(files, path)
	}
	return files, nil
}
