//go:build linux && (amd64 || arm64)

package sandbox

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The test binary is what is confined, too: roleEnv says what a child of the tests does.
const roleEnv = "SANDBOX_TEST_ROLE"

// A role is what a child does behind Enter, with the rest of its command line. What it
// returns is printed.
var roles = map[string]func(args []string) (string, error){
	"work":  work,
	"panic": func([]string) (string, error) { panic("what the test asked for") },
}

func TestMain(m *testing.M) {
	if name := os.Getenv(roleEnv); name != "" {
		result, err := play(name, os.Args[1:])
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Print(result)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func play(name string, args []string) (string, error) {
	for fd := 3; fd < 10; fd++ { // what the test has passed on purpose
		unix.CloseOnExec(fd)
	}
	if os.Getenv("CONFINE") != "no" {
		if _, err := Enter(Policy{}); err != nil {
			return "", err
		}
	}
	return roles[name](args)
}

// A run is how a child ended.
type run struct {
	stdout, stderr string
	status         syscall.WaitStatus
}

func (r run) String() string {
	return fmt.Sprintf("status %#x (signal %v), stdout %q, stderr:\n%s", int(r.status), r.status.Signal(), r.stdout, r.stderr)
}

// start runs a child in a role, confined or as a control.
func start(t *testing.T, role string, confined bool, files []*os.File, args ...string) run {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.WaitDelay = time.Second
	cmd.Env = append(os.Environ(), roleEnv+"="+role, "GOMAXPROCS=1", "GORACE=atexit_sleep_ms=0")
	if !confined {
		cmd.Env = append(cmd.Env, "CONFINE=no")
	}
	cmd.ExtraFiles = files
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return run{stdout.String(), strings.TrimSpace(stderr.String()), cmd.ProcessState.Sys().(syscall.WaitStatus)}
}
