package bench

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
	"unicode/utf8"
)

// tableWidth is the most columns of the text, but for long names.
const tableWidth = 100

// WriteText writes the report for people.
func (r Report) WriteText(w io.Writer) error {
	var b strings.Builder
	r.head(&b)
	for _, l := range r.Loads {
		l.head(&b)
		l.table(&b)
		l.peers(&b)
		b.WriteByte('\n')
		wrap(&b, l.Verdict, "")
		for _, n := range l.Notes {
			wrap(&b, n, "Note: ")
		}
		b.WriteByte('\n')
	}
	b.WriteString(legend)
	_, err := io.WriteString(w, strings.Map(shown, b.String()))
	return err
}

// shown has no character of a name, or of what a program says, do more than be seen.
func shown(c rune) rune {
	if c == '\n' || unicode.IsPrint(c) {
		return c
	}
	return utf8.RuneError
}

const legend = `+-: interquartile range of the rounds, of the median. speed: throughput, of that of sequential.
eff.: of each worker, of one alone. MB: most memory of all processes. us/file: CPU of a file
beyond sequential. p50, p99: of a file, ms. ok: every output has the bytes of sequential's.
`

func (r Report) head(b *strings.Builder) {
	m := r.Machine
	fmt.Fprintf(b, "imgpar %s, %s, %s\n", m.Imgpar, m.Go, r.Date.Local().Format(time.DateTime))
	cpu := m.CPU
	if cpu == "" {
		cpu = m.Arch
	}
	fmt.Fprintf(b, "%s, %s, %.1f GB, %s/%s %s\n", cpu, plural(m.CPUs, "CPU"), float64(m.Memory)/1e9, m.OS, m.Arch, m.Kernel)
	wrap(b, Shell(r.Command), "$ ")
	if r.Spawn.Median > 0 {
		fmt.Fprintf(b, "A subprocess is ready after %.1f ms (%.1f to %.1f).\n", r.Spawn.Median, r.Spawn.Min, r.Spawn.Max)
	}
	b.WriteByte('\n')
}

func (l Load) head(b *strings.Builder) {
	end := "not all with a small spread"
	switch {
	case l.Rounds < leastRounds:
		end = "too few to tell chance"
	case l.Settled:
		end = "all with a small spread"
	}
	fmt.Fprintf(b, "%s: imgpar %s\n", l.Name, strings.Join(l.Args, " "))
	wrap(b, fmt.Sprintf("%s: %s, %d ok, %s MP, %s MB; medians of %s, %s", l.Corpus, plural(l.Files, "file"), l.OK,
		digits(float64(l.Pixels)/1e6), digits(float64(l.InBytes)/1e6), plural(l.Rounds, "round"), end), "")
}

func (l Load) table(b *strings.Builder) {
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "mode\tworkers\tfiles/s\t+-\tMP/s\tMB/s\tCPU s\tspeed\teff.\tMB\tus/file\tp50\tp99\tok\t")
	for _, r := range l.Rows {
		same := "yes"
		if !r.SameBytes {
			same = "NO"
		}
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\t%s\t%.2fx\t%.2f\t%.0f\t%.0f\t%s\t%s\t%s\t\n", r.Mode, r.Workers,
			digits(r.FilesPerSecond.Median), l.spread(r.FilesPerSecond), digits(r.MPPerSecond.Median), digits(r.MBPerSecond.Median),
			digits(r.CPU.Median), r.SpeedUp, r.Efficiency, r.Peak, r.TaskMicros, digits(r.P50), digits(r.P99), same)
	}
	_ = t.Flush() // into memory
}

// spread is that of a figure, which one round has none of.
func (l Load) spread(s Stat) string {
	if l.Rounds < 2 {
		return "-"
	}
	return fmt.Sprintf("%.0f%%", 100*s.Spread)
}

// peers has imgpar as it is by default in the first row.
func (l Load) peers(b *strings.Builder) {
	if len(l.Peers) == 0 {
		return
	}
	b.WriteByte('\n')
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "program\tfiles\tCPU s\twall s\t+-\tMB\tCPU ratio\twall ratio\tPSNR dB\timgpar's\t")
	line := func(name string, files int, f Figures, ratios, psnr string) {
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%.0f\t%s\t%s\t\n", name, files, digits(f.CPU.Median), digits(f.Wall.Median), l.spread(f.Wall), f.Peak, ratios, psnr)
	}
	for _, r := range l.Rows {
		if r.Mode == auto {
			line("imgpar", l.OK, r.Figures, "1.00x\t1.00x", "\t")
		}
	}
	for _, p := range l.Peers {
		psnr := "\t"
		if p.PSNR > 0 {
			psnr = decibels(p.PSNR) + "\t" + decibels(p.OwnPSNR)
		}
		line(p.Name+" "+p.Version, p.OK, p.Figures, fmt.Sprintf("%.2fx\t%.2fx", p.CPURatio, p.WallRatio), psnr)
	}
	_ = t.Flush() // into memory
}

// noNoise is the ratio of pixels that do not differ, dB, as Peer has it.
const noNoise = 200

func decibels(db float64) string {
	if db >= noNoise {
		return "exact"
	}
	return fmt.Sprintf("%.2f", db)
}

// digits writes a figure with three digits that count, and all before the point.
func digits(v float64) string {
	switch {
	case v == 0:
		return "0"
	case v < 1:
		return fmt.Sprintf("%.3f", v)
	case v < 10:
		return fmt.Sprintf("%.2f", v)
	case v < 100:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", v)
}

// wrap writes text in lines of tableWidth, of which the first has a beginning.
func wrap(b *strings.Builder, text, beginning string) {
	column := len(beginning)
	b.WriteString(beginning)
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
		case column+1+len(word) > tableWidth:
			b.WriteByte('\n')
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += len(word)
	}
	b.WriteByte('\n')
}
