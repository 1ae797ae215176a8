package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/imgpar/imgpar/bench"
	"github.com/imgpar/imgpar/bench/corpus"
	"github.com/imgpar/imgpar/bench/peers"
	"github.com/imgpar/imgpar/bench/quality"
)

// tinyPeers are those who take all files in one process, or in one for each worker. The
// others would be measured at starting processes, for minutes.
var tinyPeers = []string{"OpenCV", "Pillow", "sharp"}

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
	add := func(name string, l benchLoad, p pictures, against []peers.Peer) {
		if len(p.paths) > 0 {
			tasks = append(tasks, bench.Task{
				Name: name, Args: l.args, Flags: p.flags, Paths: p.paths, Corpus: p.words, Programs: programs(against, l.work),
				Quality: func(source, written string) (float64, error) { return quality.PSNR(source, written, l.work) },
			})
		}
	}
	for _, l := range benchLoads {
		add(l.name, l, photos, installed)
	}
	quick := slices.DeleteFunc(slices.Clone(installed), func(p peers.Peer) bool { return !slices.Contains(tinyPeers, p.Name) })
	add("tiny "+benchLoads[0].name, benchLoads[0], tiny, quick)
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
func programs(installed []peers.Peer, work peers.Work) []bench.Program {
	var list []bench.Program
	for _, p := range installed {
		list = append(list, bench.Program{Name: p.Name, Version: p.Version,
			Command: func(inputs, out, scratch string, workers int) (args, env []string, err error) {
				args, env, err = p.Command(work, inputs, out, scratch, workers)
				if errors.Is(err, peers.ErrCannot) {
					err = bench.ErrCannot
				}
				return args, env, err
			}})
	}
	return list
}
