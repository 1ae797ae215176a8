package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/staging"
	"github.com/imgpar/imgpar/internal/transform"
	"github.com/imgpar/imgpar/procpool"
)

// workerName is the command of a subprocess.
const workerName = "worker"

// workerTree is all of the command tree that a subprocess needs: it is to be ready soon.
func (a *app) workerTree() *cobra.Command {
	root := a.root()
	root.AddCommand(a.workerCommand())
	return root
}

// workerCommand is what the subprocesses of proc mode run: the same function
// as in goroutine mode, on files that it is handed.
func (a *app) workerCommand() *cobra.Command {
	return uses(&cobra.Command{
		Use: workerName, Hidden: true, Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			var w transform.Worker
			err := serve(a.flags.isolation, func(ctx context.Context, r procpool.Request) ([]byte, error) {
				work, err := job.DecodeWork(r.Payload)
				if err != nil {
					return nil, err
				}
				in, outs, ok := staging.Received(work, r.Files)
				if !ok {
					return nil, fmt.Errorf("%d files came along with work on %d outputs", len(r.Files), len(work.Wanted()))
				}
				return job.EncodeAnswer(w.Do(ctx, work, in, outs))
			})
			if err != nil {
				fmt.Fprintf(a.stderr, "imgpar: %v\n", err)
				return statusError(procpool.ExitProtocol)
			}
			return nil
		},
	}, "sandbox", "worker-mem")
}
