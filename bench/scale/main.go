// Scale predicts how fast imgpar is on more cores, and on slower storage, than
// there are.
//
//	go run ./bench/scale measure -name NAME -to FILE IMGPAR PATH OP...
//	go run ./bench/scale predict FILE
//	go run ./bench/scale check IMGPAR PATH OP...
//
// Measure runs the program IMGPAR on the tree PATH with one worker and adds what a
// file costs to FILE, as JSON. Predict takes files with these costs through a model
// of the pipeline, by a discrete-event simulation, and prints files a second for 1
// to 128 cores and for 0 to 100 ms an open, with what keeps it from being more:
//
//	cores    CPU, of work and of all else
//	pipe     to subprocesses and back: its CPU is more than the work's, or most of a
//	         lane's time passes until a subprocess runs
//	plan     the feeder, which finds one file after another
//	report   the consumer, which takes in one result after another
//	folder   the kernel's lock of the folder that all outputs go to
//	storage  opens are waited for by all lanes
//	jobs     there are fewer of them than cores
//
// Check holds predictions against runs, where there are one and two workers, and
// latency is made by bench/slowfs (Linux, root).
//
// PATH is on fast storage, and so is the folder for temporary files ($TMPDIR). The
// model knows nothing of memory: neither its bandwidth, which cores share, nor its
// size, which admits fewer large pictures.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
)

func main() {
	if err := command(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("usage: scale measure -name NAME -to FILE IMGPAR PATH OP... | predict [-locked] FILE | check IMGPAR PATH OP...")

func command(args []string) error {
	if len(args) == 0 {
		return errUsage
	}
	flags := flag.NewFlagSet("scale "+args[0], flag.ExitOnError)
	name := flags.String("name", "", "of the load that is measured")
	to := flags.String("to", "", "file that the load is added to")
	locked := flags.Bool("locked", false, "predict for a file system whose client keeps a folder locked until a file has been made in it, as Linux does for NFS and SMB")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	rest := flags.Args()
	switch {
	case args[0] == "predict" && len(rest) == 1:
		p, err := readParams(rest[0])
		if err != nil {
			return err
		}
		return table(os.Stdout, p, *locked)
	case args[0] == "measure" && len(rest) >= 3 && *name != "" && *to != "":
		return inScratch(func(scratch, slowfs string) error {
			p, err := readParams(*to)
			if err != nil {
				return err
			}
			l, err := measureLoad(rest[0], rest[2:], rest[1], scratch, slowfs)
			if err != nil {
				return err
			}
			l.Name = *name
			p.add(l)
			version, err := exec.Command(rest[0], "--version").Output()
			p.Version = strings.TrimSpace(string(version))
			if err != nil {
				return err
			}
			return p.write(*to)
		})
	case args[0] == "check" && len(rest) >= 3:
		return inScratch(func(scratch, slowfs string) error {
			return check(os.Stdout, rest[0], rest[2:], rest[1], scratch, slowfs, runtime.NumCPU())
		})
	}
	return errUsage
}

// inScratch does something with a folder of its own and with bench/slowfs in it.
func inScratch(do func(scratch, slowfs string) error) error {
	scratch, err := os.MkdirTemp("", "imgpar-scale-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	slowfs, err := buildSlowfs(scratch)
	if err != nil {
		return err
	}
	return do(scratch, slowfs)
}
