package page

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"github.com/imgpar/imgpar/bench"
)

var functions = template.FuncMap{
	"num": bench.Digits, "decibels": bench.Decibels, "percent": percent, "shell": bench.Shell, "rowRemark": rowRemark, "peerRemark": peerRemark,
	"giga": func(n int64) string { return bench.Digits(float64(n) / 1e9) },
	"mega": func(n int64) string { return bench.Digits(float64(n) / 1e6) },
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
	if own := l.Default(); own != nil && p.Peak > 0 && p.Peak < own.Peak {
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
