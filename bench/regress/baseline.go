package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/imgpar/imgpar/internal/machine"
)

// baseline is ratios, and where they are from.
type baseline struct {
	Date    string   `json:"date"`
	Commit  string   `json:"commit"` // as git describes it; "-dirty" behind it if files were changed
	Command []string `json:"command"`
	CPU     string   `json:"cpu"` // model
	CPUs    int      `json:"cpus"`
	System  string   `json:"system"` // linux/amd64
	Go      string   `json:"go"`
	Ratios  ratios   `json:"ratios"`
}

func newBaseline(command []string) baseline {
	b := baseline{
		Date: time.Now().UTC().Format(time.DateOnly), CPU: machine.CPU(), CPUs: runtime.GOMAXPROCS(0),
		System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(), Ratios: ratios{},
	}
	if len(command) > 0 {
		b.Command = []string{"go", "run", "./bench/regress"}
		for _, word := range command[1:] {
			if filepath.IsAbs(word) { // where it lay on this machine helps nobody
				word = filepath.Base(word)
			}
			b.Command = append(b.Command, word)
		}
	}
	if commit, err := exec.Command("git", "describe", "--always", "--dirty", "--abbrev=12").Output(); err == nil {
		b.Commit = strings.TrimSpace(string(commit))
	}
	return b
}

func readBaseline(file string) (b baseline, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return b, err
	}
	if err := json.Unmarshal(data, &b); err != nil {
		return b, fmt.Errorf("%s: %w", file, err)
	}
	good := ratios{}
	if err := good.add(b.Ratios); err != nil {
		return b, fmt.Errorf("%s: %w", file, err)
	}
	return b, nil
}

func (b baseline) write(file string) error {
	for name, v := range b.Ratios {
		b.Ratios[name] = math.Round(v*1000) / 1000
	}
	data, err := json.MarshalIndent(b, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(data, '\n'), 0o666)
}
