package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/imgpar/imgpar/internal/runner"
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

// workerCommand is what the subprocesses of a run are started with.
func (a *app) workerCommand() *cobra.Command {
	return uses(&cobra.Command{
		Use: workerName, Hidden: true, Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			f := &a.flags.isolation
			if err := runner.Serve(runner.Confinement{Sandbox: f.sandbox, Memory: f.workerMem}); err != nil {
				fmt.Fprintf(a.stderr, "imgpar: %v\n", err)
				return statusError(procpool.ExitProtocol)
			}
			return nil
		},
	}, "sandbox", "worker-mem")
}
