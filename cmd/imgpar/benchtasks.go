package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/imgpar/imgpar/bench"
	"github.com/imgpar/imgpar/bench/corpus"
	"github.com/imgpar/imgpar/bench/peers"
	"github.com/imgpar/imgpar/bench/quality"
)

// benchLoads are what people do most with photos.
var benchLoads = []struct {
	name string
	args []string
	work peers.Work // the same, for other programs
}{
	{"gray", []string{"gray"}, peers.Work{Gray: true}},
	{"resize 1200", []string{"resize", "-w", "1200"}, peers.Work{Width: 1200}},
	{"thumb 256", []string{"thumb", "--size", "256"}, peers.Work{Thumb: 256}},
}

// tasks are what is measured: on the pictures at paths or on photos that are made, and
// on tiny pictures that are made, in the folder scratch.
func (f *benchFlags) tasks(ctx context.Context, scratch string, paths []string, say func(string)) ([]bench.Task, error) {
	var installed []peers.Peer
	if f.peers {
		installed = peers.Installed(ctx)
		if len(installed) == 0 {
			say("none of the programs that --peers knows is installed")
		}
	}
	made := func(name, what string, n int, write func(string, int) error) (string, error) {
		if n == 0 {
			return "", ctx.Err()
		}
		say(fmt.Sprintf("making %d %s", n, what))
		dir := filepath.Join(scratch, name)
		return dir, errors.Join(os.Mkdir(dir, 0o777), write(dir, n), ctx.Err())
	}
	words := strings.Join(paths, " ")
	if len(paths) == 0 {
		const what = "photos of 12 MP"
		dir, err := made("photos", what, f.photos, corpus.Photos)
		if err != nil {
			return nil, err
		}
		paths, words = []string{dir}, fmt.Sprintf("%d made %s", f.photos, what)
	}
	var tasks []bench.Task
	for _, l := range benchLoads {
		if paths[0] != "" {
			tasks = append(tasks, bench.Task{
				Name: l.name, Args: l.args, Paths: paths, Corpus: words, Programs: programs(installed, l.work),
				Quality: func(source, written string) (float64, error) { return quality.PSNR(source, written, l.work) },
			})
		}
	}
	const what = "pictures of 64x64"
	dir, err := made("tiny", what, f.tiny, corpus.Tiny)
	if err != nil {
		return nil, err
	}
	if dir != "" {
		l := benchLoads[0]
		tasks = append(tasks, bench.Task{
			Name: "tiny " + l.name, Args: l.args, Paths: []string{dir}, Corpus: fmt.Sprintf("%d made %s", f.tiny, what),
			Programs: programs(installed, l.work),
		})
	}
	return tasks, nil
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
