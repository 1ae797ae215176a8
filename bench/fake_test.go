package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// This test binary is the imgpar and the other programs that are measured here, where
// fakeVar is set: it names a file to which each appends a line of what it was told.
const fakeVar = "BENCH_TEST_FAKE"

func TestMain(m *testing.M) {
	if log := os.Getenv(fakeVar); log != "" {
		os.Exit(fake(log, os.Args))
	}
	os.Exit(m.Run())
}

// fakeFiles is what a fake imgpar finds and writes.
var fakeFiles = []string{"a.jpg", "b.jpg", "c.jpg"}

// fake plays imgpar, or the program that argv[0] names. What it gets wrong, its last
// argument says.
func fake(log string, args []string) int {
	f, err := os.OpenFile(log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	fmt.Fprintln(f, strings.Join(args, " "))
	what := args[len(args)-1]
	switch args[0] {
	case "imgpar":
		return fakeImgpar(args, what)
	case "holder":
		return fakeHolder(what)
	}
	out, files := args[1], fakeFiles
	switch {
	case what == "fails":
		fmt.Fprintln(os.Stderr, "cannot")
		return 3
	case what == "half":
		files = files[:1]
	case what == "tires" && exists(filepath.Join(args[2], "ran")): // it does so in the probe alone
		return 0
	case what == "hangs":
		time.Sleep(time.Minute)
	case what == "family":
		child := exec.Command(args[0], append(args[1:len(args)-1], "hangs")...)
		child.Stderr = os.Stderr
		_ = child.Run()
	}
	write(filepath.Join(args[2], "ran"), "")
	for i := range files {
		write(filepath.Join(out, fmt.Sprintf("%d.jpg", i)), args[0])
	}
	if what == "half" {
		return 1
	}
	return 0
}

// fakeHolder holds 60 MiB as a parent, 40 MiB as its child, for long enough to be seen.
func fakeHolder(what string) int {
	mib := map[string]int{"parent": 60, "child": 40}[what]
	memory := make([]byte, mib<<20)
	for i := 0; i < len(memory); i += 4096 {
		memory[i] = 1
	}
	if what == "parent" {
		self, err := os.Executable()
		if err != nil {
			panic(err)
		}
		child := exec.Command(self)
		child.Args = []string{"holder", "child"}
		if err := child.Run(); err != nil {
			panic(err)
		}
	} else {
		time.Sleep(100 * samplePeriod) // a busy machine looks less often
	}
	runtime.KeepAlive(memory)
	return 0
}

func fakeImgpar(args []string, what string) int {
	value := func(flag string) string {
		i := slices.IndexFunc(args, func(a string) bool { return strings.HasPrefix(a, flag) })
		return strings.TrimPrefix(args[max(i, 0)], flag)
	}
	mode, json := value("--mode="), slices.Contains(args, "--json")
	out := args[slices.Index(args, "--out")+1]
	switch what {
	case "broken":
		fmt.Fprintln(os.Stderr, "imgpar: it is broken")
		return 2
	case "breaks":
		if !json {
			return 2
		}
	case "none":
		fmt.Println(`{"type":"result","input":"x.jpg","outcome":"failed","reason":"corrupt"}`)
		fmt.Println(`{"type":"result","input":"y.jpg","outcome":"failed","reason":"too large"}`)
		fmt.Println(`{"type":"summary","inputs":2,"ok":0}`)
		return 1
	case "hangs":
		time.Sleep(time.Minute)
	}
	if os.Getenv("XDG_STATE_HOME") == "" || exists(filepath.Join(os.Getenv("XDG_STATE_HOME"), "journal")) {
		return 2
	}
	write(filepath.Join(os.Getenv("XDG_STATE_HOME"), "journal"), "")
	for i, name := range fakeFiles {
		text := name
		if what == "differs" && mode == proc || what == "changes" && mode == auto && !json {
			text += " otherwise"
		}
		write(filepath.Join(out, name), text)
		if json {
			fmt.Printf(`{"type":"result","input":%q,"output":%q,"outcome":"ok","ms":%d}`+"\n", name, filepath.Join(out, name), 10*(i+1))
		}
	}
	if json {
		fmt.Println(`{"type":"result","input":"d.jpg","outcome":"failed","ms":99}`)
		fmt.Println(`{"type":"summary","inputs":4,"ok":3,"failed":1,"pixels":36000000,"in_bytes":9000000}`)
	}
	return 1 // one failed
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

func write(name, text string) {
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		panic(err)
	}
}

// faked is a configuration with the fake imgpar, which gets wrong what is asked, and
// the log of all that is started.
func faked(t *testing.T, wrong string) (c Config, log func() []string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "log")
	t.Setenv(fakeVar, name)
	c = Config{
		Binary: []string{"imgpar", self}, Workers: 2, Rounds: 1, Time: time.Hour, Scratch: t.TempDir(),
		Tasks: []Task{{Name: "gray", Args: []string{"gray"}, Paths: []string{wrong}, Corpus: "what there is"}},
		Say:   func(s string) { t.Log(s) },
	}
	return c, func() []string {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSpace(string(data)), "\n")
	}
}

// program is a fake one.
func program(t *testing.T, name, wrong string) Program {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Program{Name: name, Version: "1.2", Command: func(list, out, scratch string, workers int) (args, env []string, err error) {
		if wrong == "cannot" {
			return nil, nil, ErrCannot
		}
		return []string{self, out, scratch, list, fmt.Sprint(workers), wrong}, []string{"NAME=" + name}, nil
	}}
}
