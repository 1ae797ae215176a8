package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/imgpar/imgpar/bench"
	"github.com/imgpar/imgpar/bench/corpus"
	"github.com/imgpar/imgpar/bench/peers"
	"github.com/imgpar/imgpar/bench/quality"
)

// errPerFile is why a peer does not take part in the load of tiny pictures, where it
// would be measured for minutes at what starting a process takes.
var errPerFile = errors.New("it needs a process for each file")

type benchLoad struct {
	name string
	args []string
	work peers.Work // the same, for other programs
}

// benchLoads are what people do most with photos.
var benchLoads = []benchLoad{
	{"gray", []string{"gray"}, peers.Work{Gray: true}},
	{"resize 1200", []string{"resize", "-w", "1200"}, peers.Work{Width: 1200}},
	{"thumb 256", []string{"thumb", "--size", "256"}, peers.Work{Thumb: 256}},
}

// tasks are what is measured: on the pictures that are given, or else on photos that are
// made, and on tiny pictures that are made, in the folder scratch.
func (f *benchFlags) tasks(ctx context.Context, scratch string, photos pictures, say func(string)) ([]bench.Task, error) {
	var installed []peers.Peer
	if f.peers {
		installed = peers.Installed(ctx)
		if len(installed) == 0 {
			say("none of the programs that --peers knows is installed")
		}
	}
	var tiny pictures
	var err error
	if len(photos.paths) == 0 && f.photos > 0 {
		if photos, err = makePictures(ctx, say, filepath.Join(scratch, "photos"), f.photos, "photos of 12 MP", corpus.Photos); err != nil {
			return nil, err
		}
	}
	if f.tiny > 0 {
		if tiny, err = makePictures(ctx, say, filepath.Join(scratch, "tiny"), f.tiny, "pictures of 64x64", corpus.Tiny); err != nil {
			return nil, err
		}
	}
	var tasks []bench.Task
	add := func(name string, l benchLoad, p pictures, against []bench.Program) {
		if len(p.paths) > 0 {
			tasks = append(tasks, bench.Task{
				Name: name, Args: l.args, Flags: p.flags, Paths: p.paths, Corpus: p.words, Programs: against,
				Quality: func(source, written string) (float64, error) { return quality.PSNR(source, written, l.work) },
			})
		}
	}
	for _, l := range benchLoads {
		add(l.name, l, photos, programs(installed, l.work))
	}
	gray := benchLoads[0]
	add("tiny "+gray.name, gray, tiny, tinyPrograms(installed, gray.work))
	return tasks, nil
}

// pictures are what is worked on.
type pictures struct {
	paths []string
	words string   // what they are
	flags []string // that say which of them
}

// makePictures fills a new folder with n pictures.
func makePictures(ctx context.Context, say func(string), dir string, n int, what string, write func(context.Context, string, int) error) (pictures, error) {
	words := fmt.Sprintf("%d %s", n, what)
	say("making " + words)
	return pictures{paths: []string{dir}, words: words + ", made"}, errors.Join(os.Mkdir(dir, 0o777), write(ctx, dir, n))
}

// programs are peers at a work.
func programs(installed []peers.Peer, work peers.Work) (list []bench.Program) {
	for _, p := range installed {
		list = append(list, p.Program(work))
	}
	return list
}

// tinyPrograms are those of programs that need no process for each file; the others say so.
func tinyPrograms(installed []peers.Peer, work peers.Work) []bench.Program {
	list := programs(installed, work)
	for i, p := range installed {
		if p.PerFile {
			list[i].Command = func(string, string, string, int) (args, env []string, err error) { return nil, nil, errPerFile }
		}
	}
	return list
}
