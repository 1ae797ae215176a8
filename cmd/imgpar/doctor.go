package main

import (
	"encoding/json"
	"runtime"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/machine"
	"github.com/imgpar/imgpar/internal/sandbox"
)

// doctorStarts is how many workers are started, for the median of the time they take.
const doctorStarts = 5

const doctorHelp = `doctor starts a subprocess as proc mode does and asks it what holds it: that is
what counts on this machine, whatever its kernel is said to have. It tells the
CPUs and the memory that a run plans with, too, and what each mode would do.

Exit status: 0 subprocesses are confined in full, 1 something is missing.`

// diagnosis is what a run finds on this machine. Scripts depend on the fields: they are
// only ever added.
type diagnosis struct {
	Type      string    `json:"type"` // "doctor"
	Version   string    `json:"version"`
	System    string    `json:"system"` // GOOS/GOARCH
	Kernel    string    `json:"kernel"`
	Isolation isolation `json:"isolation"`
	CPUs      cpus      `json:"cpus"`
	Memory    memory    `json:"memory"`
	Modes     []modeDoc `json:"modes"`
}

type (
	// isolation is what a subprocess says of itself.
	isolation struct {
		sandbox.Status
		Sandbox  string  `json:"sandbox"`         // as --sandbox has it
		Complete bool    `json:"complete"`        // nothing is missing
		Error    string  `json:"error,omitempty"` // why no subprocess could be asked
		StartMs  float64 `json:"start_ms"`        // until one is ready, median
	}
	cpus struct {
		Used    int     `json:"used"`    // pictures in work at once
		Usable  int     `json:"usable"`  // by this process: GOMAXPROCS
		Machine int     `json:"machine"` // by its affinity
		Quota   float64 `json:"quota"`   // of the container; 0: none
	}
	memory struct { // bytes
		Available int64 `json:"available"`
		Limit     int64 `json:"limit"`      // of the container; 0: none
		Budget    int64 `json:"budget"`     // for the pictures in work
		Worker    int64 `json:"worker_mem"` // at which a subprocess is killed
	}
	// modeDoc is what a mode does with the inputs, by their format.
	modeDoc struct {
		Mode         string         `json:"mode"`
		Default      bool           `json:"default"`
		Goroutines   []codec.Format `json:"goroutines"`
		Subprocesses []codec.Format `json:"subprocesses"`
		NotPromised  []string       `json:"not_promised"`
	}
)

func (a *app) doctorCommand() *cobra.Command {
	return uses(&cobra.Command{
		Use: "doctor", Short: "tell what isolates subprocesses here, and what a run plans with", Long: doctorHelp,
		GroupID: "tool", Args: cobra.NoArgs, ValidArgsFunction: cobra.NoFileCompletions, DisableFlagsInUseLine: true,
		RunE: func(*cobra.Command, []string) error {
			if err := a.flags.check(); err != nil {
				return err
			}
			d, err := a.diagnose()
			if err != nil {
				return runError{err}
			}
			text := d.text()
			if a.flags.json {
				line, err := json.Marshal(d)
				if err != nil {
					return runError{err}
				}
				text = string(line) + "\n"
			}
			if err := writeText(a.stdout, text); err != nil {
				return err
			}
			if !d.Isolation.Complete {
				return statusError(exitFailed)
			}
			return nil
		},
	}, "jobs", "mem", "sandbox", "worker-mem", "json")
}

func (a *app) diagnose() (diagnosis, error) {
	f := &a.flags
	d := diagnosis{
		Type: "doctor", Version: version(), System: runtime.GOOS + "/" + runtime.GOARCH, Kernel: machine.Kernel(), Modes: modeDocs(),
		CPUs: cpus{Used: f.workers(), Usable: runtime.GOMAXPROCS(0), Machine: runtime.NumCPU(), Quota: machine.CPUQuota()},
	}
	var err error
	if d.Memory.Available, d.Memory.Limit, err = machine.Memory(); err != nil {
		return d, err
	}
	var one int64
	if d.Memory.Budget, one, err = f.memory(); err != nil {
		return d, err
	}
	d.Memory.Worker = f.isolation.perWorker(one)
	d.Isolation = f.isolation.examine(one)
	return d, nil
}

// examine starts workers, one after another, and asks them. A picture may take that many
// bytes of memory.
func (f isolationFlags) examine(one int64) isolation {
	i := isolation{Sandbox: f.sandbox}
	var starts []time.Duration
	for range doctorStarts {
		status, ready, err := f.ask(one)
		if err != nil {
			i.Error = job.OneLine(err.Error())
			i.Missing = []string{"no subprocess can be started"}
			return i
		}
		i.Status = status
		starts = append(starts, ready)
	}
	slices.Sort(starts)
	i.StartMs = float64(starts[len(starts)/2].Microseconds()) / 1e3
	i.Complete = i.Status.Complete()
	i.Limits, i.Missing = append([]string{}, i.Limits...), append([]string{}, i.Missing...) // [] in JSON, not null
	return i
}

// modeDocs are the modes that people choose from.
func modeDocs() []modeDoc {
	all, own, foreign := []codec.Format{}, []codec.Format{}, []codec.Format{}
	for _, i := range codec.Formats() {
		all = append(all, i.Format)
		if i.Format.Checked() {
			own = append(own, i.Format)
		} else {
			foreign = append(foreign, i.Format)
		}
	}
	none := []codec.Format{}
	docs := []modeDoc{
		{Mode: modeAuto, Goroutines: own, Subprocesses: foreign, NotPromised: []string{"of what goes in goroutines, what goroutine mode cannot promise; what panics there, or takes too long, has a second try in a subprocess"}},
		{Mode: modeGoroutine, Goroutines: all, Subprocesses: none, NotPromised: []string{
			"a picture that uses up the memory or the stack ends the whole run",
			"one that does not end when its time is up is waited for",
			"a fault in a decoder can reach all that this process can",
		}},
		{Mode: modeProc, Goroutines: none, Subprocesses: all, NotPromised: []string{"that a subprocess can be killed while the kernel holds it, as over a dead network drive"}},
	}
	for i := range docs {
		docs[i].Default = docs[i].Mode == defaultMode
	}
	return docs
}
