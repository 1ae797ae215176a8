package bench

import (
	"fmt"
	"io"
	"slices"
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
	if slices.ContainsFunc(r.Loads, func(l Load) bool { return len(l.Peers) > 0 }) {
		b.WriteString(peersLegend)
	}
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

const legend = `+-: interquartile range of the rounds, of the median. speed: times the files/s of sequential.
eff.: that of each worker, where one worker of the mode has 1 (auto: sequential). MB: most memory of
all processes together. us/file: CPU of a file beyond sequential. p50, p99: time of a file, ms.
same: every output has the bytes of sequential's.
`

const peersLegend = `Ratios are to imgpar as it runs by default: above 1, it needs less. PSNR is that of the luma against
a reference, imgpar's on the same files; exact: no sample differs.
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
	fmt.Fprintf(b, "%s: imgpar %s\n", l.Name, Shell(l.Args))
	wrap(b, fmt.Sprintf("%s: %s, %d ok, %s MP, %s MB; medians of %s, %s", l.Corpus, plural(l.Files, "file"), l.OK,
		Digits(float64(l.Pixels)/1e6), Digits(float64(l.InBytes)/1e6), plural(l.Rounds, "round"), end), "")
}

func (l Load) table(b *strings.Builder) {
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "mode\tworkers\tfiles/s\t+-\tMP/s\tMB/s\tCPU s\tspeed\teff.\tMB\tus/file\tp50\tp99\tsame\t")
	for _, r := range l.Rows {
		same := "yes"
		if !r.SameBytes {
			same = "NO"
		}
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\t%s\t%.2fx\t%.2f\t%.0f\t%.0f\t%s\t%s\t%s\t\n", r.Mode, r.Workers,
			Digits(r.FilesPerSecond.Median), l.spread(r.FilesPerSecond), Digits(r.MPPerSecond.Median), Digits(r.MBPerSecond.Median),
			Digits(r.CPU.Median), r.SpeedUp, r.Efficiency, r.Peak, r.TaskMicros, Digits(r.P50), Digits(r.P99), same)
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
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%.0f\t%s\t%s\t\n", name, files, Digits(f.CPU.Median), Digits(f.Wall.Median), l.spread(f.Wall), f.Peak, ratios, psnr)
	}
	if own := l.Default(); own != nil {
		line("imgpar", l.OK, own.Figures, "1.00x\t1.00x", "-\t-")
	}
	for _, p := range l.Peers {
		line(p.Name+" "+p.Version, p.OK, p.Figures, fmt.Sprintf("%.2fx\t%.2fx", p.CPURatio, p.WallRatio), Decibels(p.PSNR)+"\t"+Decibels(p.OwnPSNR))
	}
	_ = t.Flush() // into memory
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
