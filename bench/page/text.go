package page

import (
	"cmp"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/imgpar/imgpar/bench"
)

var functions = template.FuncMap{
	"num": num, "decibels": decibels, "percent": percent, "shell": bench.Shell, "rowRemark": rowRemark, "peerRemark": peerRemark, "own": own, "byCPU": byCPU,
	"giga": func(n int64) string { return num(float64(n) / 1e9) },
	"mega": func(n int64) string { return num(float64(n) / 1e6) },
}

// num writes a figure with at least three digits.
func num(v float64) string {
	a := math.Abs(v)
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "not measured"
	case v == 0:
		return "0"
	case a >= 99.95:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case a >= 9.995:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case a >= 0.9995:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return strconv.FormatFloat(v, 'f', max(0, 2-int(math.Floor(math.Log10(a)))), 64)
}

// same is the PSNR that reports give pixels of which none differs.
const same = 200

func decibels(v float64) string {
	switch {
	case v >= same:
		return "same"
	case v > 0:
		return num(v)
	}
	return "–"
}

func percent(v float64) string { return strconv.FormatFloat(100*v, 'f', 1, 64) + " %" }

// remark is a judgement of a row; Loses marks those that are not in imgpar's favour.
type remark struct {
	Text  string
	Loses bool
}

// rowRemark names the fastest row of a load and those that parallel work made slower.
func rowRemark(l bench.Load, i int) remark {
	r, sequential := l.Rows[i], l.Rows[0]
	fastest := true
	for _, other := range l.Rows {
		fastest = fastest && other.FilesPerSecond.Median <= r.FilesPerSecond.Median
	}
	switch {
	case !r.SameBytes:
		return remark{"other bytes than the sequential row", true}
	case fastest:
		return remark{Text: "fastest"}
	case i == 0 || r.SpeedUp >= 1:
		return remark{}
	case 1-r.SpeedUp <= max(r.FilesPerSecond.Spread, sequential.FilesPerSecond.Spread):
		return remark{Text: "as sequential, within the spread"}
	}
	return remark{"slower than sequential", true}
}

// peerRemark says in what imgpar loses against a peer, and whether that has done all of
// the work.
func peerRemark(l bench.Load, p bench.Peer) remark {
	var less, all []string
	if p.CPURatio > 0 && p.CPURatio < 1 {
		less = append(less, "less CPU")
	}
	if p.WallRatio > 0 && p.WallRatio < 1 {
		less = append(less, "less time")
	}
	faster := len(less) > 0
	if own := own(l); own != nil && p.Peak > 0 && p.Peak < own.Peak {
		less = append(less, "less memory")
	}
	if len(less) > 0 {
		all = append(all, "needs "+strings.Join(less, ", ")+" than imgpar")
	}
	if p.OwnPSNR > 0 && p.PSNR > p.OwnPSNR {
		all = append(all, "better pixels than imgpar")
	}
	if p.OK < l.OK {
		all = append(all, fmt.Sprintf("wrote %d of %d files", p.OK, l.OK))
	}
	return remark{strings.Join(all, "; "), faster}
}

// own returns imgpar's row that peers are held against: that of its default mode, or in
// a report without one, of goroutines on the most workers.
func own(l bench.Load) *bench.Row {
	var own *bench.Row
	for i, r := range l.Rows {
		if r.Mode == "auto" {
			return &l.Rows[i]
		}
		if r.Mode == "goroutine" && (own == nil || r.Workers > own.Workers) {
			own = &l.Rows[i]
		}
	}
	return own
}

// byCPU sorts peers as the charts do.
func byCPU(peers []bench.Peer) []bench.Peer {
	return slices.SortedStableFunc(slices.Values(peers), func(a, b bench.Peer) int { return cmp.Compare(a.CPURatio, b.CPURatio) })
}
