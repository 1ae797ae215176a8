package procpool

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func init() {
	roles["giver"] = giver
	roles["deserter"] = deserter
	roles["hog"] = hog
}

// A giver tries to send ten open files before each answer, the way that requests come, and
// answers with what that came to.
func giver() {
	link := ownLink().(*pair)
	w := bufio.NewWriter(link)
	must(writeFrame(w, frame{kind: kindHello, id: protocolVersion, payload: []byte(magic)}))
	files := make([]*os.File, 10)
	for i := range files {
		f, err := os.Open(os.DevNull)
		must(err)
		files[i] = f
	}
	for r := bufio.NewReader(link); ; {
		request, err := readFrame(r, anything)
		if err != nil {
			return
		}
		answer := frame{kind: kindResult, id: request.id}
		answer.payload = fmt.Append(nil, link.send(appendHeader(nil, answer), nil, files))
		must(writeFrame(w, answer))
	}
}

func openDescriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

func TestPresentsAreRefused(t *testing.T) {
	pool := newPool(t, Config{Workers: 1, Env: as("giver")})
	answer(t, pool, "echo")
	before := openDescriptors(t)
	for range 50 {
		if got := answer(t, pool, "echo"); got != "sendmsg: broken pipe" {
			t.Fatal(got)
		}
	}
	if after := openDescriptors(t); after != before {
		t.Errorf("%d descriptors are open, %d were", after, before)
	}
}

// A deserter goes over to its parent's process group, reports there, and stays.
func deserter() {
	signal.Ignore(os.Interrupt)
	link := ownLink()
	group, err := unix.Getpgid(os.Getppid())
	must(err)
	must(unix.Setpgid(0, group))
	must(writeFrame(bufio.NewWriter(link), frame{kind: kindHello, id: protocolVersion, payload: []byte(magic)}))
	time.Sleep(time.Hour)
}

func TestDeserterIsKilled(t *testing.T) {
	pool, err := New(Config{Workers: 1, Env: as("deserter"), Grace: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the child works", pool.anyWorking)
	first := pool.PIDs()[0]
	process := processExit(t, first)
	failure[*TimeoutError](t, pool, Task{Timeout: 100 * time.Millisecond})
	awaitEnd(t, process)
	eventually(t, "there is another", func() bool { pids := pool.PIDs(); return pool.anyWorking() && len(pids) == 1 && pids[0] != first })
	if err := pool.Close(); err == nil || !strings.Contains(err.Error(), "and was killed") {
		t.Errorf("Close: %v", err)
	}
	if pids := pool.PIDs(); len(pids) != 0 {
		t.Errorf("children %v after Close", pids)
	}
}

func TestStoppedChildIsClosed(t *testing.T) {
	pool, err := New(Config{Workers: 1, Env: append(as("worker"), "GORACE=atexit_sleep_ms=0"), Grace: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(answer(t, pool, "pid"))
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Kill(pid, unix.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if err := pool.Close(); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("worker %d did not end within 20ms", pid)) {
		t.Errorf("Close: %v", err)
	}
	if pids := pool.PIDs(); len(pids) != 0 {
		t.Errorf("children %v after Close", pids)
	}
}

// A hog takes memory, and stops at 1 GiB.
func hog() {
	serve(func(context.Context, []byte) ([]byte, error) { return nil, swallow() })
}

func swallow() error {
	var all [][]byte
	for range 1 << 10 {
		block := make([]byte, 1<<20)
		for i := 0; i < len(block); i += 4096 {
			block[i] = 1
		}
		all = append(all, block)
	}
	time.Sleep(time.Hour)
	return fmt.Errorf("%d blocks", len(all))
}

// residentOf reads proc_pid_statm(5).
func residentOf(pid int) int64 {
	var size, resident int64
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	if _, err := fmt.Sscan(string(text), &size, &resident); err != nil {
		return 0
	}
	return resident * int64(os.Getpagesize())
}

func TestResidentMemory(t *testing.T) {
	const most = 200 << 20
	pool := newPool(t, Config{Workers: 1, Env: as("hog"), RSS: residentOf, MaxRSS: most})
	e := failure[*MemoryError](t, pool, Task{Payload: []byte("more")})
	if e.Attempts != 2 || e.Most != most || e.Used <= most {
		t.Errorf("%+v", e)
	}
}

// TestNoZombiesOfOddDeaths is TestNoZombies for the ways to end that are rarer.
func TestNoZombiesOfOddDeaths(t *testing.T) {
	scale := new(scale)
	pool := newPool(t, Config{Workers: 2, MaxAge: time.Nanosecond, RSS: scale.rss, MaxRSS: 1500})
	failure[*MemoryError](t, pool, Task{Payload: []byte("exhaust all")})
	crash(t, pool, "garbage")
	answer(t, pool, "chat")
	if err := pool.Close(); err != nil {
		t.Error(err)
	}
	for _, role := range []string{"quitter", "chatter", "deserter", "broken"} {
		pool, err := New(Config{Workers: 2, Env: as(role), Grace: 20 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		pool.Do(t.Context(), Task{Timeout: 50 * time.Millisecond})
		pool.Close()
	}
	if err := unix.Waitid(unix.P_ALL, 0, nil, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil); err != unix.ECHILD {
		t.Errorf("there are children left: %v", err)
	}
}
