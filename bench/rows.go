package bench

import (
	"cmp"
	"context"
	"slices"
)

// load makes of all rounds what the report has of the task.
func (m *measurement) load(ctx context.Context) (l Load, err error) {
	if err := m.judge(ctx); err != nil {
		return l, err
	}
	base := m.contenders[0]
	p := base.probed
	l = Load{
		Name: m.task.Name, Args: m.task.Args, Corpus: m.task.Corpus,
		Files: p.files, OK: p.ok, Pixels: p.pixels, InBytes: p.inBytes,
		Rounds: m.done, Settled: settled(m.contenders),
	}
	alone := map[string]*contender{sequential: base, auto: base} // on one worker
	var usual *contender                                         // the default mode
	for _, c := range m.contenders {
		switch {
		case c.program != nil:
			l.Peers = append(l.Peers, c.peer(usual))
			continue
		case c.mode == auto:
			usual = c
		case c.workers == 1:
			alone[c.mode] = c
		}
		l.Rows = append(l.Rows, c.row(base, alone[c.mode]))
	}
	slices.SortStableFunc(l.Peers, func(a, b Peer) int { return cmp.Compare(a.CPURatio, b.CPURatio) })
	l.Verdict = verdict(m.contenders, l)
	l.Notes = m.notes
	return l, nil
}

func (c *contender) figures() Figures {
	return Figures{Wall: StatOf(c.wall), CPU: StatOf(c.cpu), Peak: float64(c.probed.peak) / 1e6}
}

// row is what is told of a variant, held against the sequential one and against that
// of its mode on one worker.
func (c *contender) row(base, alone *contender) Row {
	p := c.probed
	micros := 1e6 / float64(p.files)
	beyond := each(c.cpu, base.cpu, func(own, base float64) float64 { return (own - base) * micros })
	return Row{
		Mode: c.mode, Workers: c.workers, Figures: c.figures(),
		FilesPerSecond: StatOf(rates(float64(p.files), c.wall)),
		MPPerSecond:    StatOf(rates(float64(p.pixels)/1e6, c.wall)),
		MBPerSecond:    StatOf(rates(float64(p.inBytes)/1e6, c.wall)),
		SpeedUp:        StatOf(ratios(base.wall, c.wall)).Median,
		Efficiency:     StatOf(ratios(alone.wall, c.wall)).Median / float64(c.workers),
		TaskMicros:     StatOf(beyond).Median,
		P50:            nearestRank(p.ms, 0.50),
		P99:            nearestRank(p.ms, 0.99),
		SameBytes:      c.same,
	}
}

// peer is what is told of a program, held against imgpar as it is by default.
func (c *contender) peer(own *contender) Peer {
	p := Peer{
		Name: c.program.Name, Version: c.program.Version, Command: c.legible, Figures: c.figures(), OK: c.probed.ok,
		CPURatio:  StatOf(ratios(c.cpu, own.cpu)).Median,
		WallRatio: StatOf(ratios(c.wall, own.wall)).Median,
	}
	p.PSNR, p.OwnPSNR = qualities(c, own)
	return p
}
