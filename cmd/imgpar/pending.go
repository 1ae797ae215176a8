package main

import (
	"github.com/imgpar/imgpar/internal/journal"
	"github.com/imgpar/imgpar/internal/plan"
)

// openJournal opens what is known of earlier runs.
func (a *app) openJournal(plan.Config) (*journal.Journal, error) { return nil, nil }
