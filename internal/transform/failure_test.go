package transform

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/ops"
)

func TestReasonsOfFailures(t *testing.T) {
	folder(t)
	put(t, "good.png", gradient(40, 30), codec.PNG)
	must(t, os.WriteFile("empty.jpg", nil, 0o666))
	must(t, os.WriteFile("text.jpg", []byte("plain text, no picture"), 0o666))
	must(t, os.Mkdir("folder", 0o777))
	must(t, os.Symlink("nowhere", "dangling"))
	must(t, os.WriteFile("file", nil, 0o666))
	for _, c := range []struct {
		in, out, pipeline string
		pixels            int64
		reason            string
	}{
		{"nowhere.jpg", "o.jpg", "gray", 0, "unreadable: no such file or directory"},
		{"dangling", "o.jpg", "gray", 0, "unreadable: no such file or directory"},
		{"file/a.jpg", "o.jpg", "gray", 0, "unreadable: "},
		{"folder", "o.jpg", "gray", 0, "unsupported: not a regular file"},
		{"empty.jpg", "o.jpg", "gray", 0, "corrupt: the file is empty"},
		{"text.jpg", "o.jpg", "gray", 0, "unsupported: not a picture in a format that is read"},
		{fixture("broken/truncated.jpg"), "o.jpg", "gray", 0, "damaged at offset 1836: the file ends without EOI"},
		{fixture("broken/zero_width.png"), "o.png", "gray", 0, "corrupt: the header claims a width of 0 "},
		{fixture("broken/palette_index_gif.gif"), "o.gif", "blur 2", 0, "corrupt: "},
		{fixture("broken/claim_65535x65535.png"), "o.png", "gray", 0, "too-large: 65535x65535 is 4294836225 pixels; --max-pixels is 268402689"},
		{fixture("broken/scan_bomb.jpg"), "o.jpg", "gray", 0, "too-large: more than 500 scans"},
		{"good.png", "o.png", "gray", 1199, "too-large: 40x30 is 1200 pixels; --max-pixels is 1199"},
		{"good.png", "o.png", "resize w=80 enlarge", 1200, "too-large: resize w=80 enlarge would make a picture of 80x60: a picture has at most 1200 pixels"},
		{"good.png", "o.png", "crop 10x10+50+50", 0, "unsupported: crop 10x10+50+50"},
		{"good.png", "file/o.png", "gray", 0, "unwritable: "},
		{"good.png", "dangling/o.png", "gray", 0, "unwritable: "}, // its folder cannot be made: it does not exist
		{"good.png", strings.Repeat("x", 300) + ".png", "gray", 0, "unwritable: "},
		{"good.png", "o.png", "nonsense", 0, "unknown operation nonsense: "},
	} {
		j := todo(c.in, c.out, c.pipeline)
		if c.pixels > 0 {
			j.MaxPixels = c.pixels
		}
		res := done(t, j, job.Failed, c.reason)
		if strings.Contains(res.Reason, "\n") || strings.Contains(res.Reason, images) {
			t.Errorf("%s: %q is no line, or names a file", c.in, res.Reason)
		}
		if n := estimated(j); n > 1000 && strings.HasPrefix(c.reason, "too-large: 40x30") {
			t.Errorf("%s: %d bytes are estimated for what is refused", c.in, n)
		}
	}
	holds(t, "dangling", "empty.jpg", "file", "good.png", "text.jpg")
}

func TestClassify(t *testing.T) {
	for _, c := range []struct {
		err     error
		outcome job.Outcome
		reason  string
	}{
		{fmt.Errorf("read: %w", context.DeadlineExceeded), job.Timeout, "took longer than --timeout allows"},
		{fmt.Errorf("read: %w", context.Canceled), job.Canceled, "stopped while in work"},
		{&job.WriteError{Err: &fs.PathError{Op: "open", Path: "x", Err: errors.New("disk quota exceeded")}}, job.Failed, "unwritable: disk quota exceeded"},
		{&job.WriteError{Err: &os.LinkError{Op: "rename", Old: "a", New: "b", Err: errors.New("cross-device link")}}, job.Failed, "unwritable: cross-device link"},
		{&job.ReadError{Err: &fs.PathError{Op: "open", Path: "x", Err: fs.ErrPermission}}, job.Failed, "unreadable: permission denied"},
		{&codec.Error{Kind: codec.Corrupt, Detail: "two\nlines"}, job.Failed, "corrupt: two; lines"},
		{&ops.LimitError{Op: "resize w=9", Width: 70000, Height: 1, Limit: "a side is at most 65535"}, job.Failed, "too-large: resize w=9 would make a picture of 70000x1: a side is at most 65535"},
		{&ops.LimitError{Op: "crop 0x0", Width: 0, Height: 1, Limit: "a side is at least 1"}, job.Failed, "unsupported: crop 0x0 "},
		{errors.New("a\nb"), job.Failed, "a; b"},
	} {
		if o, reason := classify(c.err); o != c.outcome || !strings.HasPrefix(reason, c.reason) {
			t.Errorf("%v: %s %q, want %s %q", c.err, o, reason, c.outcome, c.reason)
		}
	}
}

// panicky is a context that breaks the work wherever it is asked.
type panicky struct {
	context.Context
	what any
}

func (p panicky) Err() error { panic(p.what) }

func TestAPanicBecomesAResult(t *testing.T) {
	folder(t)
	put(t, "a.png", gradient(8, 8), codec.PNG)
	var w Worker
	for _, what := range []any{"boom", errors.New("boom"), "boom\nand more"} {
		res := perform(&w, panicky{t.Context(), what}, todo("a.png", "b.png", "gray"))
		if res.Outcome != job.Crashed || !strings.HasPrefix(res.Reason, "panic: boom") || strings.Contains(res.Reason, "\n") {
			t.Errorf("%v: %s %q", what, res.Outcome, res.Reason)
		}
		if !strings.Contains(res.Reason, filepath.Base("failure_test.go")+":") {
			t.Errorf("%q does not say where", res.Reason)
		}
		if res.Input != "a.png" || res.Output != "b.png" || res.Elapsed <= 0 {
			t.Errorf("%+v", res)
		}
	}
	holds(t, "a.png")
	if res := perform(&w, t.Context(), todo("a.png", "b.png", "gray")); res.Outcome != job.OK {
		t.Errorf("the worker does not go on: %+v", res)
	}
}
