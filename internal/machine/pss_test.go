package machine

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// holdVar names what makes this test binary a process that holds memory: megabytes
// for each process of a chain, the first that of the child, the next that of its own
// child, and so on.
const holdVar = "MACHINE_TEST_HOLD"

func TestMain(m *testing.M) {
	if chain := os.Getenv(holdVar); chain != "" {
		hold(chain)
		return
	}
	os.Exit(m.Run())
}

// hold takes memory, starts the rest of the chain, says "ready" when all of it is, and
// ends with its standard input.
func hold(chain string) {
	first, rest, more := strings.Cut(chain, ",")
	mb, err := strconv.Atoi(first)
	if err != nil {
		panic(err)
	}
	memory := make([]byte, mb<<20)
	for i := 0; i < len(memory); i += 4096 {
		memory[i] = 1
	}
	if more {
		child, err := startHolder(rest)
		if err != nil {
			panic(err)
		}
		defer child.end()
	}
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
	runtime.KeepAlive(memory)
}

// holder is a running chain of processes.
type holder struct {
	cmd   *exec.Cmd
	stdin io.Closer
}

func startHolder(chain string) (*holder, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), holdVar+"="+chain)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	if line, err := bufio.NewReader(stdout).ReadString('\n'); line != "ready\n" {
		return nil, fmt.Errorf("the child says %q: %v", line, err)
	}
	return &holder{cmd, stdin}, nil
}

func (h *holder) end() {
	_ = h.stdin.Close()
	_ = h.cmd.Wait()
}

// What a chain of processes holds is counted, the child's child with it, and no more
// of it when they have gone.
func TestPSSOfATree(t *testing.T) {
	h, err := startHolder("50,30")
	if err != nil {
		t.Fatal(err)
	}
	root := h.cmd.Process.Pid
	tree, err := Tree(root)
	if err != nil || len(tree) != 2 || tree[0] != root {
		t.Fatalf("the tree is %v: %v", tree, err)
	}
	const mb = 1 << 20
	both, first, second := PSS(tree...), PSS(tree[0]), PSS(tree[1])
	for _, c := range []struct {
		what       string
		bytes, low int64
	}{{"both", both, 80 * mb}, {"the child", first, 50 * mb}, {"its child", second, 30 * mb}} {
		if c.bytes < c.low || c.bytes > 3*c.low+40*mb { // the race detector has more than one byte beside each
			t.Errorf("%s: %d bytes, want %d and what the program takes", c.what, c.bytes, c.low)
		}
	}
	if runtime.GOOS == "linux" && both >= RSS(tree...) {
		t.Errorf("PSS %d is not below RSS %d, though both processes share this program", both, RSS(tree...))
	}
	h.end()
	if after, err := Tree(root); err != nil || slices.Contains(after, tree[1]) {
		t.Errorf("a child that has ended is still in the tree %v: %v", after, err)
	}
	if n := PSS(tree...); n != 0 {
		t.Errorf("processes that have ended take %d bytes", n)
	}
}

func TestTotal(t *testing.T) {
	total, err := Total()
	available, _, aerr := Memory()
	if err != nil || aerr != nil || total < available/2 || total < 1<<26 {
		t.Errorf("%d bytes, of which %d are available: %v, %v", total, available, err, aerr)
	}
}
