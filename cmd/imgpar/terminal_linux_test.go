package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// pseudoTerminal returns the two ends of a terminal of so many columns: the
// program's, and the one where its screen would be.
func pseudoTerminal(t *testing.T, columns int) (program, screen *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { screen.Close() })
	fd := int(screen.Fd())
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = errors.Join(unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0),
			unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: uint16(columns)}))
	}
	if err != nil {
		t.Fatal(err)
	}
	if program, err = os.OpenFile("/dev/pts/"+strconv.Itoa(number), os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { program.Close() })
	return program, screen
}

// display does what a terminal does with the little that imgpar sends it. It
// has as many rows as are needed.
type display struct {
	columns  int
	rows     [][]rune
	row, col int
	noWrap   bool
}

var control = regexp.MustCompile(`^\x1b\[(\??)(\d*)([A-Za-z])`)

func (d *display) write(text string) error {
	for text != "" {
		if m := control.FindStringSubmatch(text); m != nil {
			if err := d.control(m[1]+m[3], m[2]); err != nil {
				return err
			}
			text = text[len(m[0]):]
			continue
		}
		r := []rune(text)[0]
		text = text[len(string(r)):]
		switch {
		case r == '\r':
			d.col = 0
		case r == '\n':
			d.row++
		case r < ' ':
			return fmt.Errorf("control character %q", r)
		default:
			d.put(r)
		}
	}
	return nil
}

func (d *display) control(kind, number string) error {
	n, _ := strconv.Atoi(number)
	switch {
	case kind == "?l" && n == 7:
		d.noWrap = true
	case kind == "?h" && n == 7:
		d.noWrap = false
	case kind == "A":
		if d.row -= max(n, 1); d.row < 0 {
			return fmt.Errorf("the cursor leaves the screen")
		}
	case kind == "J" && n == 0:
		d.at(d.row)
		d.rows = d.rows[:d.row+1]
		d.rows[d.row] = d.rows[d.row][:min(d.col, len(d.rows[d.row]))]
	default:
		return fmt.Errorf("unknown control sequence %s%s", number, kind)
	}
	return nil
}

// at returns a row, which is made if there is none.
func (d *display) at(row int) *[]rune {
	for len(d.rows) <= row {
		d.rows = append(d.rows, nil)
	}
	return &d.rows[row]
}

func (d *display) put(r rune) {
	switch {
	case d.col < d.columns:
	case d.noWrap:
		d.col = d.columns - 1
	default:
		d.row, d.col = d.row+1, 0
	}
	line := d.at(d.row)
	for len(*line) <= d.col {
		*line = append(*line, ' ')
	}
	(*line)[d.col] = r
	d.col++
}

// text is what stands on the screen.
func (d *display) text() string {
	var lines []string
	for _, r := range d.rows {
		lines = append(lines, strings.TrimRight(string(r), " "))
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// onTerminal runs imgpar with a terminal as its standard error, and returns
// what it sent there.
func onTerminal(t *testing.T, columns int, env string, args ...string) (sent string, status int) {
	t.Helper()
	program, screen := pseudoTerminal(t, columns)
	cmd := command(t, "imgpar", args...)
	cmd.Stderr, cmd.Env = program, append(cmd.Env, env)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	program.Close()
	data, err := io.ReadAll(screen)
	if err != nil && !errors.Is(err, syscall.EIO) { // EIO: nobody has the other end open
		t.Fatal(err)
	}
	_ = cmd.Wait() // the status tells it
	return string(data), cmd.ProcessState.ExitCode()
}

// wrapped is how a line looks on a terminal that is narrower.
func wrapped(line string, columns int) string {
	var rows []string
	for part := range slices.Chunk([]rune(line), columns) {
		rows = append(rows, strings.TrimRight(string(part), " "))
	}
	return strings.Join(rows, "\n")
}

// On a terminal there is a bar, and of each worker what it is on. In the end
// they are gone without a trace: what stays is each failure, whole, and the
// summary.
func TestBarOnNarrowTerminal(t *testing.T) {
	for _, columns := range []int{40, 132} {
		t.Run(strconv.Itoa(columns), func(t *testing.T) {
			t.Parallel()
			in, dir := bigPictures(t, 4)
			broken := filepath.Join(in, "big1_that_is_broken_and_has_quite_a_long_name.jpg")
			if err := os.WriteFile(broken, []byte("\xff\xd8\xff"), 0o666); err != nil {
				t.Fatal(err)
			}
			sent, status := onTerminal(t, columns, "TERM=xterm", "-j1", "run", slowSteps(6), "-o", dir, in)
			if status != exitFailed {
				t.Errorf("exit status %d, want %d", status, exitFailed)
			}
			for _, want := range []string{"0/5 files", "1 failed", "   1 big0.jpg", "   1 big3.jpg"} {
				if !strings.Contains(sent, want) {
					t.Errorf("the bar never shows %q", want)
				}
			}
			d := display{columns: columns}
			if err := d.write(sent); err != nil {
				t.Fatalf("%v: %q", err, sent)
			}
			failure := regexp.QuoteMeta(wrapped("imgpar: failed: "+broken+": corrupt: ", columns))
			summary := regexp.QuoteMeta(wrapped("imgpar: run: 5 pictures: 4 ok, 1 failed", columns))
			want := regexp.MustCompile(`^` + failure + `[^:]*\n` + summary + `[^:]*$`)
			if got := d.text(); !want.MatchString(got) {
				t.Errorf("at the end the screen shows\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// While the walk waits for the work nobody knows the total, and the line says so;
// soon it is counted beside the work.
func TestTotalOnTerminal(t *testing.T) {
	t.Parallel()
	in, dir := bigPictures(t, 2)
	const empty = 3000
	for i := range empty {
		if err := os.WriteFile(filepath.Join(in, fmt.Sprintf("empty%d.jpg", i)), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	sent, status := onTerminal(t, 40, "TERM=xterm", "-j1", "run", slowSteps(forLong), "--timeout", "3s", "--fail-fast", "-o", dir, in)
	if status != exitFailed {
		t.Errorf("exit status %d, want %d", status, exitFailed)
	}
	open, all := regexp.MustCompile(`J 0/\d+\+ files, `).FindStringIndex(sent), regexp.MustCompile(`\d% \[ *\] 0/3002 files`).FindStringIndex(sent)
	if open == nil || all == nil || open[0] > all[0] {
		t.Errorf("it shows no growing total and then 3002: %q", sent)
	}
	d := display{columns: 40}
	if err := d.write(sent); err != nil {
		t.Fatalf("%v: %q", err, sent)
	}
	if got := strings.ReplaceAll(d.text(), "\n", ""); !regexp.MustCompile(`imgpar: run: 3002 pictures: 0 ok, [12] timeout, 300\d canceled in `).MatchString(got) {
		t.Errorf("at the end the screen shows\n%s", d.text())
	}
}

// A terminal that can do nothing gets plain lines, and --progress=none none.
func TestNoBar(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ env, progress string }{{"TERM=dumb", "auto"}, {"TERM=xterm", "none"}, {"TERM=xterm", "plain"}} {
		in, dir := bigPictures(t, 1)
		sent, status := onTerminal(t, 80, c.env, "--progress", c.progress, "gray", "-o", dir, in)
		if status != exitOK || strings.Contains(sent, "\x1b") || !strings.HasPrefix(sent, "imgpar: gray: 1 picture: 1 ok") {
			t.Errorf("%v: status %d, sent %q", c, status, sent)
		}
	}
}
