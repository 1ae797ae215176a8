package main

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/machine"
	"github.com/imgpar/imgpar/internal/runner"
)

// doctorColumn is where the facts of a diagnosis stand.
const doctorColumn = 16

// text is the diagnosis for people.
func (d diagnosis) text() string {
	var b strings.Builder
	title := func(s string) { fmt.Fprintf(&b, "%s\n", s) }
	line := func(label, text string) {
		fmt.Fprintf(&b, "  %-*s%s\n", doctorColumn-2, label, wrap(text, doctorColumn))
	}
	title("Isolation of subprocesses")
	line("verdict", d.Isolation.verdict())
	line("system", strings.TrimSpace(d.System+" "+d.Kernel))
	d.Isolation.lines(line)
	title("CPUs")
	line("pictures", fmt.Sprintf("%d at once", d.CPUs.Used))
	line("CPUs", fmt.Sprintf("%d for this process, of %d of the machine; container's limit: %s", d.CPUs.Usable, d.CPUs.Machine, orNone(d.CPUs.Quota > 0, strconv.FormatFloat(d.CPUs.Quota, 'g', 3, 64))))
	title("Memory")
	line("available", humanize.Bytes(uint64(d.Memory.Available))+"; container's limit: "+orNone(d.Memory.Limit > 0, humanize.Bytes(uint64(d.Memory.Limit))))
	line("budget", fmt.Sprintf("%s for the pictures in work (--mem; by itself %.0f%% of what there is)", humanize.Bytes(uint64(d.Memory.Budget)), 100*machine.Share))
	line("subprocess", fmt.Sprintf("at most %s each (--worker-mem), then it is killed", humanize.Bytes(uint64(d.Memory.Worker))))
	title("Modes")
	for _, m := range d.Modes {
		line(m.Mode, m.describe())
		for _, n := range m.NotPromised {
			line("", "not promised: "+n)
		}
	}
	return b.String()
}

func orNone(is bool, text string) string {
	if is {
		return text
	}
	return "none"
}

// verdict is the whole in a sentence.
func (i isolation) verdict() string {
	switch {
	case i.Error != "":
		return "no subprocess can be started: " + i.Error
	case i.Complete:
		return "in full: no files but those they are handed, no network, no other processes, few system calls"
	case i.Sandbox == runner.SandboxOff:
		return "process isolation only, as --sandbox=off asks for"
	case runtime.GOOS != "linux":
		return "process isolation only: a crash or a hang costs one picture, but a decoder that is taken over has this user's rights"
	}
	return "in part: see what is missing"
}

// lines has what a subprocess said.
func (i isolation) lines(line func(label, text string)) {
	if i.Error == "" {
		yes := map[bool]string{true: "yes", false: "no"}
		line("no_new_privs", yes[i.NoNewPrivs])
		landlock := "no"
		if i.Landlock > 0 {
			landlock = fmt.Sprintf("yes, ABI %d", i.Landlock)
		}
		line("landlock", landlock)
		line("seccomp", yes[i.Seccomp])
		line("limits", orNone(len(i.Limits) > 0, strings.Join(i.Limits, ", ")))
		line("start", fmt.Sprintf("%.1f ms until one is ready (median of %d)", i.StartMs, doctorStarts))
	}
	for _, m := range i.Missing {
		line("missing", m)
	}
}

// describe says where a mode works on what.
func (m modeDoc) describe() string {
	var parts []string
	if m.Default {
		parts = append(parts, "(the default)")
	}
	where := func(formats []codec.Format, place string) {
		names := make([]string, len(formats))
		for i, f := range formats {
			names[i] = string(f)
		}
		if len(formats) > 0 {
			parts = append(parts, strings.Join(names, ", ")+" in "+place)
		}
	}
	where(m.Goroutines, "goroutines")
	where(m.Subprocesses, "subprocesses")
	return strings.Replace(strings.Join(parts, "; "), "); ", ") ", 1)
}
