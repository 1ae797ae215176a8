package procpool

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// The test binary is its own worker: roleEnv says what a child of the tests is.
const roleEnv = "PROCPOOL_TEST_ROLE"

var roles = map[string]func(){
	"worker":   func() { serve(handle) },
	"rogue":    rogue,
	"future":   func() { greet(frame{kind: kindHello, id: protocolVersion + 1, payload: []byte(magic)}) },
	"stranger": func() { greet(frame{kind: kindResult, id: 1, payload: []byte("good morning")}) },
	"mute":     func() { io.Copy(io.Discard, ownLink()) },
	"broken":   func() { fmt.Fprintln(os.Stderr, "no such plug-in"); os.Exit(5) },
	"stubborn": stubborn,
	"parent":   parent,
	"chatter":  chatter,
	"quitter":  quitter,
	"sleeper":  func() { io.Copy(io.Discard, enter(os.Getenv("GATE"))) },
}

func TestMain(m *testing.M) {
	if name := os.Getenv(roleEnv); name != "" {
		roles[name]()
		return
	}
	goleak.VerifyTestMain(m)
}

// linkDescription and rawLink are for handlers that write what they should not.
var (
	linkDescription = os.Getenv(linkEnv)
	rawLink         = sync.OnceValue(func() io.Writer {
		conn, err := openLink(linkDescription)
		must(err)
		return conn
	})
)

func serve(handle func(context.Context, []byte) ([]byte, error)) {
	if err := Serve(Service{Handle: func(ctx context.Context, r Request) ([]byte, error) {
		if string(r.Payload) == "copy" {
			return copyFiles(r.Files)
		}
		return handle(ctx, r.Payload)
	}}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(ExitProtocol)
	}
}

// handle does what the first word of the payload says with the rest.
func handle(_ context.Context, payload []byte) ([]byte, error) {
	verb, arg, _ := strings.Cut(string(payload), " ")
	switch verb {
	case "echo":
		return []byte(arg), nil
	case "pid":
		return []byte(strconv.Itoa(os.Getpid())), nil
	case "args":
		return []byte(strings.Join(os.Args, " ")), nil
	case "env":
		return []byte(os.Getenv(arg)), nil
	case "hold": // until the test lets go
		_, err := io.Copy(io.Discard, enter(arg))
		return []byte("released"), err
	case "hold-garbage":
		_, err := io.Copy(io.Discard, enter(arg))
		must(err)
		_, err = rawLink().Write([]byte("Loading plug-ins ... done.\n"))
		must(err)
		time.Sleep(time.Hour)
	case "loop":
		enter(arg)
		for n := 0; ; n++ {
		}
	case "die":
		fmt.Fprintln(os.Stderr, arg)
		die()
	case "die-once":
		f, err := os.OpenFile(arg, os.O_CREATE|os.O_EXCL, 0o600)
		if err == nil {
			f.Close()
			die()
		}
		return []byte("survived"), nil
	case "exit":
		status, err := strconv.Atoi(arg)
		if err != nil {
			return nil, err
		}
		os.Exit(status)
	case "error":
		return nil, errors.New(arg)
	case "sleep":
		time.Sleep(time.Hour)
	case "garbage":
		_, err := rawLink().Write([]byte("Loading plug-ins ... done.\n"))
		must(err)
		time.Sleep(time.Hour)
	case "chat": // answers, and later says more
		time.AfterFunc(20*time.Millisecond, func() {
			must(writeFrame(bufio.NewWriter(rawLink()), frame{kind: kindResult, id: 2, payload: []byte("more")}))
		})
		return []byte(strconv.Itoa(os.Getpid())), nil
	case "exhaust": // the way a Go program does, after so many other goroutines
		return nil, exhaust(arg)
	case "close-output":
		return nil, errors.Join(os.Stdout.Close(), os.Stderr.Close())
	case "flood-on":
		go func() {
			for line := strings.Repeat("y", 999) + "\n"; ; {
				fmt.Print(line)
			}
		}()
		return []byte("flooding"), nil
	case "spin":
		d, err := time.ParseDuration(arg)
		spin(d)
		return nil, err
	case "panic":
		panic(arg)
	case "panic-elsewhere":
		go panic(arg)
		time.Sleep(time.Hour)
	case "flood":
		line := strings.Repeat("x", 999) + "\n"
		for range 1000 {
			fmt.Print(line)
			fmt.Fprint(os.Stderr, line)
		}
		return []byte("flooded"), nil
	case "blob":
		size, err := strconv.Atoi(arg)
		return make([]byte, size), err
	case "family":
		startSleeper(arg)
		time.Sleep(time.Hour)
	}
	return nil, fmt.Errorf("unknown verb %q", verb)
}

// spin works for d.
func spin(d time.Duration) {
	for begun := time.Now(); time.Since(begun) < d; {
	}
}

// startSleeper starts a process that enters the gate and stays.
func startSleeper(gate string) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), as("sleeper")...), "GATE="+gate)
	cmd.Stderr = os.Stderr // which it holds open
	must(cmd.Start())
}

func die() {
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		panic(err)
	}
	if err := self.Kill(); err != nil {
		panic(err)
	}
	time.Sleep(time.Hour)
}

// A rogue says hello and then answers each request as badly as it asks for.
func rogue() {
	link := ownLink()
	r, w := bufio.NewReader(link), bufio.NewWriter(link)
	must(writeFrame(w, frame{kind: kindHello, id: protocolVersion, payload: []byte(magic)}))
	request, err := readFrame(r, anything)
	must(err)
	switch string(request.payload) {
	case "garbage":
		_, err = link.Write([]byte("Loading plug-ins ... done.\n"))
	case "oversize":
		_, err = link.Write([]byte{1, 0, 0, 4, byte(kindResult), 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0})
	case "half":
		_, err = link.Write([]byte{200, 0, 0, 0, byte(kindResult), 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 'h', 'a', 'l', 'f'})
		must(err)
		return
	case "half-and-silence":
		_, err = link.Write([]byte{200, 0, 0, 0, byte(kindResult), 0, 0, 0, 1, 0})
	case "request":
		err = writeFrame(w, frame{kind: kindRequest, id: request.id, payload: make([]byte, 1)})
	case "long-failure":
		err = writeFrame(w, frame{kind: kindFailure, id: request.id, payload: make([]byte, maxMessage+1)})
	case "wrong-id":
		err = writeFrame(w, frame{kind: kindResult, id: request.id + 6, payload: []byte("yours?")})
	case "hello":
		err = writeFrame(w, frame{kind: kindHello, id: protocolVersion, payload: []byte(magic)})
	case "hang-up":
		err = link.Close()
	}
	must(err)
	time.Sleep(time.Hour)
}

// exhaust ends as the Go runtime does that gets no memory.
func exhaust(note string) error {
	fmt.Fprintf(os.Stderr, "%s\nfatal error: runtime: out of memory\n\nruntime stack:\n", note)
	os.Exit(2)
	return nil
}

// A chatter says hello a thousand times, with one write.
func chatter() {
	var hellos bytes.Buffer
	for range 1000 {
		must(writeFrame(bufio.NewWriter(&hellos), frame{kind: kindHello, id: protocolVersion, payload: []byte(magic)}))
	}
	link := ownLink()
	_, err := link.Write(hellos.Bytes())
	must(err)
	io.Copy(io.Discard, link)
}

// A quitter says hello and ends.
func quitter() {
	must(writeFrame(bufio.NewWriter(ownLink()), frame{kind: kindHello, id: protocolVersion, payload: []byte(magic)}))
	fmt.Fprintln(os.Stderr, "no licence")
	os.Exit(7)
}

// A stubborn child minds neither the end of its link nor an interrupt.
func stubborn() {
	signal.Ignore(os.Interrupt)
	greet(frame{kind: kindHello, id: protocolVersion, payload: []byte(magic)})
	time.Sleep(time.Hour)
}

func greet(hello frame) {
	link := ownLink()
	must(writeFrame(bufio.NewWriter(link), hello))
	io.Copy(io.Discard, link)
}

func ownLink() io.ReadWriteCloser {
	link, err := inheritedLink()
	must(err)
	return link
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// parent is a process with a pool of its own, whose children are one in an endless loop
// and one idle, of which it prints the number. It waits to be killed.
func parent() {
	pool, err := New(Config{Workers: 2, Env: []string{roleEnv + "=worker"}})
	must(err)
	ctx := context.Background()
	go pool.Do(ctx, Task{Payload: []byte("loop " + os.Getenv("GATE"))})
	io.ReadFull(os.Stdin, make([]byte, 1)) // the loop runs
	pid, err := pool.Do(ctx, Task{Payload: []byte("pid")})
	must(err)
	fmt.Printf("%s\n", pid)
	time.Sleep(time.Hour)
}

// A gate is where children of a test report that they are in the middle of a task.
type gate struct {
	t        testing.TB
	listener net.Listener
}

func newGate(t testing.TB) gate {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return gate{t, listener}
}

func (g gate) addr() string { return g.listener.Addr().String() }

// wait returns the next process that enters, and what lets it go.
func (g gate) wait() (pid int, release func()) {
	conn, err := g.listener.Accept()
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() { conn.Close() })
	if _, err := fmt.Fscanln(conn, &pid); err != nil {
		g.t.Fatal(err)
	}
	return pid, func() { conn.Close() }
}

// enter reports to a gate. The connection ends when the test lets go.
func enter(addr string) net.Conn {
	conn, err := net.Dial("tcp", addr)
	must(err)
	_, err = fmt.Fprintln(conn, os.Getpid())
	must(err)
	return conn
}

// newPool returns a pool of children with the role "worker", unless cfg.Env says otherwise.
func newPool(t testing.TB, cfg Config) *Pool {
	t.Helper()
	cfg.Env = append([]string{roleEnv + "=worker", "GORACE=atexit_sleep_ms=0"}, cfg.Env...)
	pool, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := pool.Close(); err != nil {
			t.Error(err)
		}
		if pids := pool.PIDs(); len(pids) != 0 {
			t.Errorf("children %v after Close", pids)
		}
	})
	return pool
}

func as(role string) []string { return []string{roleEnv + "=" + role} }

// answer runs a task that must succeed.
func answer(t testing.TB, pool *Pool, request string) string {
	t.Helper()
	result, err := pool.Do(t.Context(), Task{Payload: []byte(request)})
	if err != nil {
		t.Fatalf("%.40s: %v", request, err)
	}
	return string(result)
}

// failure runs a task that must fail with an error of type E.
func failure[E error](t testing.TB, pool *Pool, task Task) E {
	t.Helper()
	result, err := pool.Do(t.Context(), task)
	e, ok := errors.AsType[E](err)
	if !ok {
		t.Fatalf("%.40s: result %q and error %v (%T), want a %T", task.Payload, result, err, err, e)
	}
	return e
}

type outcome struct {
	result string
	err    error
}

// start runs a task in the background.
func start(ctx context.Context, pool *Pool, request string) <-chan outcome {
	done := make(chan outcome, 1)
	go func() {
		result, err := pool.Do(ctx, Task{Payload: []byte(request)})
		done <- outcome{string(result), err}
	}()
	return done
}

func killProcess(t testing.TB, pid int) {
	t.Helper()
	process, err := os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Kill(); err != nil {
		t.Fatal(err)
	}
}

// eventually waits for a state that nothing announces.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); !holds(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatal("it never came that " + what)
		}
	}
}
