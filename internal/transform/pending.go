package transform

import (
	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

// Ways is Explain for all outputs of j, the first one first.
func Ways(j job.Job, h codec.Header) []Way {
	var ways []Way
	for _, t := range j.Targets() {
		j.Target = t
		ways = append(ways, Explain(j, h))
	}
	return ways
}
