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

// A role is what a child does, with the rest of its command line and what has it confined
// (or not, in a control). What it returns is printed.
type role func(enter func() error, args []string) (string, error)

var roles map[string]role

func init() { // not where it is declared, because the roles are tests that start roles
	roles = map[string]role{
		"work": work, "panic": fallOver, "evil": doEvil, "walled": doWalled,
		"allocate": allocate, "grow": grow, "open": openMany, "inherited": listInherited, "decode": decodeAll, "enter": timeEnter,
	}
}

func TestMain(m *testing.M) {
	name := os.Getenv(roleEnv)
	if name == "" {
		os.Exit(m.Run())
	}
	result, err := roles[name](enterAs(os.Getenv(policyEnv)), os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Print(result)
	os.Exit(0)
}

// policyEnv has the Policy of a child, or notConfined.
const (
	policyEnv   = "SANDBOX_TEST_POLICY"
	notConfined = "none"
)

func enterAs(policy string) func() error {
	if policy == notConfined {
		return func() error { return nil }
	}
	var p Policy
	_, scanErr := fmt.Sscan(policy, &p.Memory, &p.FileSize, &p.Files)
	return func() error {
		if scanErr != nil {
			return scanErr
		}
		_, err := Enter(p)
		return err
	}
}

func confined(p Policy) string { return fmt.Sprint(p.Memory, p.FileSize, p.Files) }

// A run is how a child ended.
type run struct {
	stdout, stderr string
	syscall.WaitStatus
}

func (r run) String() string {
	how := fmt.Sprintf("exit status %d", r.ExitStatus())
	if r.Signaled() {
		how = fmt.Sprintf("signal %v", r.Signal())
	}
	return fmt.Sprintf("%s, stdout %q, stderr:\n%s", how, r.stdout, r.stderr)
}

// start runs a child in a role under a policy.
func start(t testing.TB, role, policy string, files []*os.File, args ...string) run {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.WaitDelay = time.Second
	cmd.Env = append(os.Environ(), roleEnv+"="+role, policyEnv+"="+policy, "GOMAXPROCS=1", "GORACE=atexit_sleep_ms=0")
	cmd.ExtraFiles = files
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return run{stdout.String(), strings.TrimSpace(stderr.String()), cmd.ProcessState.Sys().(syscall.WaitStatus)}
}

// keep has Enter keep the n files that a child was given.
func keep(n int) []*os.File {
	files := make([]*os.File, n)
	for i := range files {
		unix.CloseOnExec(3 + i)
		files[i] = os.NewFile(uintptr(3+i), fmt.Sprint("file ", i))
	}
	return files
}
