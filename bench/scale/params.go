package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"
)

// params are what was measured on one machine, with everything that a prediction is
// made of. Times are in microseconds.
type params struct {
	Type    string    `json:"type"` // "imgpar-scale"
	Date    time.Time `json:"date"`
	OS      string    `json:"os"`
	Arch    string    `json:"arch"`
	CPUs    int       `json:"cpus"`
	Go      string    `json:"go"`
	Version string    `json:"imgpar"`
	Loads   []load    `json:"loads"`
}

// load is an operation on a tree of files.
type load struct {
	Name    string   `json:"name"`
	Command []string `json:"command"`
	Files   int      `json:"files"`
	Plan    float64  `json:"plan_us"`   // of finding a file, where nothing is to be done
	Journal float64  `json:"report_us"` // CPU of journal and report
	Folder  float64  `json:"folder_us"` // of making and renaming a file
	Modes   []mode   `json:"modes"`
}

// mode is how a load went on one worker.
type mode struct {
	Name    string    `json:"name"` // as --mode
	Wall    float64   `json:"wall_us"`
	CPU     float64   `json:"cpu_us"`     // of all processes
	Parent  float64   `json:"parent_us"`  // CPU of the first one
	Storage float64   `json:"storage_us"` // CPU of a file system that is a process
	Opens   float64   `json:"opens"`      // a file
	Ahead   bool      `json:"ahead"`      // it reads ahead on slow storage
	Service []float64 `json:"service_us"` // of single files, from opening to name
}

// kept is how many service times are kept, of all files evenly.
const kept = 500

func newParams() *params {
	return &params{Type: "imgpar-scale", Date: time.Now(), OS: runtime.GOOS, Arch: runtime.GOARCH, CPUs: runtime.NumCPU(), Go: runtime.Version()}
}

// readParams reads a file; with none there are no loads.
func readParams(name string) (*params, error) {
	p := newParams()
	data, err := os.ReadFile(name)
	if os.IsNotExist(err) {
		return p, nil
	}
	if err == nil {
		err = json.Unmarshal(data, p)
	}
	if err == nil && p.Type != "imgpar-scale" {
		err = fmt.Errorf("%s holds no measurements of this program", name)
	}
	return p, err
}

// add takes in a load, in the place of an earlier one of its name.
func (p *params) add(l load) {
	p.Loads = append(slices.DeleteFunc(p.Loads, func(old load) bool { return old.Name == l.Name }), l)
}

func (p *params) write(name string) error {
	data, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(data, '\n'), 0o644)
}

// costs divides what was measured among the stages of a file.
//
// Of the CPU, what the feeder and the consumer take is theirs; of the rest, what
// goes beyond the time that a file takes on one worker goes on beside it, and where
// it is less, nobody works in between. The single files divide the work as they do
// their time.
func (l load) costs(m mode) costs {
	plan, report := min(l.Plan, m.Parent/2), min(l.Journal, m.Parent/4)
	cpu := m.CPU + m.Storage - plan - report
	pipe := 0.0
	if m.subprocess() {
		pipe = max(m.Parent-plan-report, 0)
	}
	lane := min(cpu, m.Wall)
	work := max(lane-pipe, 0)
	c := costs{
		pipe: micros(pipe), wake: micros(m.Wall - lane), aside: micros(cpu - lane),
		plan: micros(plan), report: micros(report), folder: micros(min(l.Folder, work)),
		inputs: max(m.Opens-1, 0), outputs: 1, subprocess: m.subprocess(),
	}
	sum := 0.0
	for _, s := range m.Service {
		sum += s
	}
	for _, s := range m.Service {
		c.work = append(c.work, micros(work*s/sum*float64(len(m.Service))))
	}
	return c
}

func (m mode) subprocess() bool { return m.Name == "proc" }

func micros(us float64) time.Duration { return time.Duration(us * float64(time.Microsecond)) }
