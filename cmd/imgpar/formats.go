package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/imgpar/imgpar/codec"
)

func (a *app) formatsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "formats", Short: "List the formats that are read and written", GroupID: "tool", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if _, err := io.WriteString(a.stdout, formatTable()); err != nil {
				return runError{err}
			}
			return nil
		},
	}
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
