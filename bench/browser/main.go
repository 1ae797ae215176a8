// Command browser holds the page of a bench against a real browser:
//
//	go run -C bench/browser . [-page FILE.html] REPORT.json OUTDIR
//
// It makes OUTDIR/page.html of what imgpar bench --json wrote (or takes the page that
// imgpar bench --html made of the same), opens it wide and narrow, light and dark, leaves
// a screenshot of each in OUTDIR, and fails if the browser reports an error or a request,
// or if something is missing, empty, cut, too wide, on top of another thing, or hard to
// read. It needs Chromium; run.sh sees to that.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/imgpar/imgpar/bench"
	"github.com/imgpar/imgpar/bench/page"
)

// patience is for all of it: a browser that hangs is a failure too.
const patience = 3 * time.Minute

func main() {
	ready := flag.String("page", "", "check this `file` instead of making a page")
	chromium := flag.String("chromium", "", "`path` of the browser (default: the first one found)")
	flag.Parse()
	if flag.NArg() != 2 {
		fmt.Fprintln(os.Stderr, "usage: browser [-page FILE.html] [-chromium PATH] REPORT.json OUTDIR")
		os.Exit(2)
	}
	failures, err := run(flag.Arg(0), flag.Arg(1), *ready, *chromium)
	if err != nil {
		fmt.Fprintln(os.Stderr, "browser:", err)
		os.Exit(1)
	}
	for _, f := range failures {
		fmt.Println("FAIL", f)
	}
	if len(failures) > 0 {
		os.Exit(1)
	}
	fmt.Printf("ok: %d views, screenshots in %s\n", len(views), flag.Arg(1))
}

func run(reportFile, dir, ready, chromium string) (failures []string, err error) {
	report, err := bench.ReadReport(reportFile)
	if err != nil {
		return nil, err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "page.html")
	if err := provide(file, ready, report); err != nil {
		return nil, err
	}

	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox) // containers and root have no sandbox; the page is our own
	if chromium != "" {
		options = append(options, chromedp.ExecPath(chromium))
	}
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	if err := chromedp.Do(ctx); err != nil { // starts the browser, of which each view is a tab
		return nil, err
	}
	for _, v := range views {
		seen, err := v.open(ctx, "file://"+filepath.ToSlash(file))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", v.name, err)
		}
		if err := os.WriteFile(filepath.Join(dir, v.name+".png"), seen.screenshot, 0o666); err != nil {
			return nil, err
		}
		for _, f := range seen.failures(report) {
			failures = append(failures, v.name+": "+f)
		}
	}
	return failures, nil
}

// provide makes the page, or copies the one that is ready.
func provide(file, ready string, r bench.Report) error {
	if ready != "" {
		data, err := os.ReadFile(ready)
		if err != nil {
			return err
		}
		return os.WriteFile(file, data, 0o666)
	}
	var made bytes.Buffer
	if err := page.Write(&made, r); err != nil {
		return err
	}
	return os.WriteFile(file, made.Bytes(), 0o666)
}
