package report

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/rivo/uniseg"
	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// Sizes of what is drawn, columns and rows.
const (
	maxBar         = 30 // of the bar's own width
	minBar         = 5  // narrower, there is none
	maxRows        = 8  // workers shown below the bar
	defaultColumns = 80 // where the terminal does not say
	defaultRows    = 24
)

// Control sequences of ECMA-48 and DEC terminals.
const (
	wrapOff    = "\x1b[?7l" // what is too long all the same is cut at the margin
	wrapOn     = "\x1b[?7h"
	clearBelow = "\r\x1b[J"
)

// bar draws progress on a terminal: one line with a bar, and below it a line
// for each worker. The cursor rests at the start of the bar's line, so that
// whatever is printed next can clear it away.
//
// progressbar renders only the bar itself. Its maximum stays one above the
// total, because a finished bar never renders again, and it is made anew when
// its width or the total changes. Before there is a total there is no bar, which
// could only jump back.
type bar struct {
	w     io.Writer
	total int64 // bytes that bar is made for
	width int   // of bar
	bar   *progressbar.ProgressBar
}

// unknown is a total that is not known yet.
const unknown = -1

func newBar(w io.Writer) *bar { return &bar{w: w} }

// draw shows a state: bytes done, of a total or unknown, a status, which can be
// had in full or short, and what each worker is on.
func (b *bar) draw(bytes, total int64, status func(full bool) string, workers []string) {
	columns, rows := b.size()
	columns-- // a character in the last column makes some terminals wrap
	text := status(true)
	if len(" 100% ")+len(text) > columns {
		text = status(false)
	}
	head := b.render(bytes, total, columns-len(" 100% [] ")-len(text)) + text
	lines := append([]string{head}, workerLines(workers, min(maxRows, rows-2))...)
	for i, l := range lines {
		lines[i] = cut(l, columns)
	}
	up := ""
	if n := len(lines) - 1; n > 0 {
		up = fmt.Sprintf("\x1b[%dA", n)
	}
	fmt.Fprint(b.w, wrapOff+clearBelow+strings.Join(lines, "\n")+"\r"+up+wrapOn)
}

// render returns the percentage, and the bar if there is room for one; of what
// has no total, neither.
func (b *bar) render(bytes, total int64, room int) string {
	if total == unknown {
		return " "
	}
	room, bytes = min(room, maxBar), min(bytes, total) // a file may grow while it waits
	if room < minBar {
		return fmt.Sprintf("%3d%% ", int64(100*float64(bytes)/float64(max(total, 1))))
	}
	if b.bar == nil || room != b.width || total != b.total {
		b.width, b.total = room, total
		b.bar = progressbar.NewOptions64(b.total+1,
			progressbar.OptionSetWriter(io.Discard), // it is read by String
			progressbar.OptionSetWidth(room),
			progressbar.OptionSetElapsedTime(false),
			progressbar.OptionSetPredictTime(false),
			progressbar.OptionSetTheme(progressbar.Theme{Saucer: "=", SaucerHead: ">", SaucerPadding: " ", BarStart: "[", BarEnd: "]"}),
		)
	}
	// Neither call can fail: the writer is Discard, and bytes below the maximum.
	_ = b.bar.Set64(bytes)
	_ = b.bar.RenderBlank()
	return strings.Trim(b.bar.String(), "\r ") + " "
}

// workerLines says what each busy worker is on, of at most most.
func workerLines(workers []string, most int) []string {
	var lines []string
	for i, name := range workers {
		switch {
		case name == "":
		case len(lines) >= most:
			return lines
		default:
			lines = append(lines, fmt.Sprintf("%4d %s", i+1, Printable(filepath.Base(name))))
		}
	}
	return lines
}

// size is the terminal's width and height now.
func (b *bar) size() (columns, rows int) {
	if f, ok := b.w.(*os.File); ok {
		if w, h, err := term.GetSize(int(f.Fd())); err == nil && w > 0 && h > 0 {
			return w, h
		}
	}
	return defaultColumns, defaultRows
}

// cut shortens s to a number of columns, between what people see as letters.
func cut(s string, columns int) string {
	if uniseg.StringWidth(s) <= columns {
		return s
	}
	var out strings.Builder
	left := columns - 1 // one for the ellipsis
	for state := -1; s != ""; {
		var letter string
		var width int
		letter, s, width, state = uniseg.FirstGraphemeClusterInString(s, state)
		if left -= width; left < 0 {
			break
		}
		out.WriteString(letter)
	}
	return out.String() + "~"
}

// clear takes the bar off the terminal.
func (b *bar) clear() { fmt.Fprint(b.w, clearBelow) }
