package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/imgpar/imgpar/bench"
	"github.com/imgpar/imgpar/bench/chart"
)

// failures compares what the browser showed with what the report says.
func (s seen) failures(r bench.Report) []string {
	failures := slices.Concat(s.messages, s.Problems)
	fail := func(format string, args ...any) { failures = append(failures, fmt.Sprintf(format, args...)) }

	if s.Title == "" {
		fail("no title")
	}
	for i, level := range s.Headings {
		if i == 0 && level != 1 || i > 0 && (level == 1 || level > s.Headings[i-1]+1) {
			fail("heading %d has level %d: %v", i, level, s.Headings)
		}
	}
	charts := 0
	for _, section := range chart.Sections(r) {
		charts += len(section.Panels)
	}
	if s.Charts != charts {
		fail("%d charts, want %d", s.Charts, charts)
	}
	own, peers := []int(nil), []int(nil)
	for _, l := range r.Loads {
		own = append(own, len(l.Rows))
		if len(l.Peers) > 0 {
			peers = append(peers, len(l.Peers)+1) // and imgpar's, to compare with
		}
	}
	if !slices.Equal(s.Tables["imgpar"], own) {
		fail("tables of imgpar have %v rows, the report %v", s.Tables["imgpar"], own)
	}
	if !slices.Equal(s.Tables["peers"], peers) {
		fail("tables of peers have %v rows, the report %v", s.Tables["peers"], peers)
	}
	if err := holds(s.Data, r); err != nil {
		fail("data for download: %v", err)
	}
	return failures
}

// holds tells whether a data link has the report.
func holds(link string, want bench.Report) error {
	encoded, ok := strings.CutPrefix(link, "data:application/json;base64,")
	if !ok {
		return fmt.Errorf("the link begins with %.40q", link)
	}
	data, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return err
	}
	var got bench.Report
	if err := json.Unmarshal(data, &got); err != nil {
		return err
	}
	if !reflect.DeepEqual(got, want) {
		return fmt.Errorf("it is not the report")
	}
	return nil
}
