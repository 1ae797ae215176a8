package plan

import "github.com/imgpar/imgpar/internal/job"

// Record notes in the journal what became of an item.
func (p *Plan) Record(Item, job.Result) error { return nil }

// Cut tells whether the walk was ended before it had found everything, because
// the run was stopped. To be asked when Items has ended.
func (p *Plan) Cut() bool { return false }

// ListName returns the name of an item's input as a list for --files0-from has it.
func ListName(it Item) string { return string(it.Job.Input) }
