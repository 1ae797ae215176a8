package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/transform"
	"github.com/imgpar/imgpar/procpool"
)

// workerCommand is what the subprocesses of proc mode run: the same function
// as in goroutine mode, fed through a pipe.
func (a *app) workerCommand() *cobra.Command {
	return uses(&cobra.Command{
		Use: "worker", Hidden: true, Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			var w transform.Worker
			err := serve(a.flags.isolation, func(ctx context.Context, r procpool.Request) ([]byte, error) {
				j, err := job.DecodeJob(r.Payload)
				if err != nil {
					return nil, err
				}
				return job.EncodeResult(w.Do(ctx, j))
			})
			if err != nil {
				fmt.Fprintf(a.stderr, "imgpar: %v\n", err)
				return statusError(procpool.ExitProtocol)
			}
			return nil
		},
	}, "sandbox", "worker-mem")
}
