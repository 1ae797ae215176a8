package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// view is a way to look at the page.
type view struct {
	name   string
	width  int64 // CSS pixels
	scheme string
	media  string // "": that of a screen
}

var views = []view{
	{"wide-light", 1280, "light", ""}, {"wide-dark", 1280, "dark", ""},
	{"narrow-light", 400, "light", ""}, {"narrow-dark", 400, "dark", ""},
	{"print", 718, "dark", "print"}, // A4 within margins of 10 mm, of somebody who likes it dark
}

// seen is what the browser made of the page.
type seen struct {
	screenshot []byte
	messages   []string // of the console and the log, exceptions, requests
	Title      string
	Headings   []int // levels, in order
	Charts     int
	Tables     map[string][]int // rows of the bodies, by class
	Data       string           // what the link for download has
	Problems   []string
}

//go:embed look.js
var look string

// open loads the page in a tab of its own.
func (v view) open(browser context.Context, url string) (seen, error) {
	ctx, cancel := chromedp.NewContext(browser)
	defer cancel()
	var mu sync.Mutex // guards messages, which come on a goroutine of the tab's
	var messages []string
	err := chromedp.Listen(ctx, func(event any) {
		if m := message(event, url); m != "" {
			mu.Lock()
			defer mu.Unlock()
			messages = append(messages, m)
		}
	})
	if err != nil {
		return seen{}, err
	}
	if err := v.prepare(ctx); err != nil {
		return seen{}, err
	}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(v.width, 900), chromedp.Navigate(url)); err != nil {
		return seen{}, err
	}
	s, err := chromedp.Run(ctx, chromedp.Evaluate[seen](look))
	if err != nil {
		return seen{}, err
	}
	s.screenshot, err = chromedp.Run(ctx, chromedp.FullScreenshot(100))
	mu.Lock()
	defer mu.Unlock()
	s.messages = messages
	return s, err
}

// prepare has the tab report what it does, and prefer the scheme.
func (v view) prepare(ctx context.Context) error {
	_, networkErr := chromedp.Call(ctx, network.Enable, network.EnableParams{})
	_, logErr := chromedp.Call(ctx, log.Enable, cdp.Empty{})
	_, runtimeErr := chromedp.Call(ctx, runtime.Enable, cdp.Empty{})
	_, mediaErr := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media:    v.media,
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: v.scheme}},
	})
	return errors.Join(networkErr, logErr, runtimeErr, mediaErr)
}

// message tells what an event says that must not be: of a page that runs nothing and
// loads nothing, anything but its own loading.
func message(event any, url string) string {
	switch e := event.(type) {
	case *log.EventEntryAdded:
		return fmt.Sprintf("log: %s: %s", e.Entry.Level, e.Entry.Text)
	case *runtime.EventConsoleAPICalled:
		return fmt.Sprintf("console: %s", e.Type)
	case *runtime.EventExceptionThrown:
		return "exception: " + e.ExceptionDetails.Text
	case *network.EventRequestWillBeSent:
		if e.Request.URL != url && !strings.HasPrefix(e.Request.URL, "about:") {
			return "request: " + e.Request.URL
		}
	}
	return ""
}
