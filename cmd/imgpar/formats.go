package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/imgpar/imgpar/codec"
)

func (a *app) formatsCommand() *cobra.Command {
	return uses(&cobra.Command{
		Use: "formats", Short: "list the formats that are read and written", GroupID: "tool", Args: cobra.NoArgs, ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			return writeText(a.stdout, formatTable())
		},
	})
}

// formatTable lists the formats, one a line.
func formatTable() string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%-8s %-5s %-6s %-24s %s\n", "FORMAT", "READ", "WRITE", "NAMES", "NOTE")
	for _, i := range codec.Formats() {
		write := "no"
		if i.Write {
			write = "yes"
		}
		fmt.Fprintf(&b, "%-8s %-5s %-6s %-24s %s\n", i.Format, "yes", write, strings.Join(i.Extensions, " "), i.Note)
	}
	return b.String()
}
