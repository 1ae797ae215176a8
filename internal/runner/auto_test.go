package runner

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/staging"
)

// fixtures returns the folder of test pictures.
func fixtures(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", "..", "testdata", "images"))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// ends is a runner whose jobs all end so, and which remembers them.
type ends struct {
	job.Result
	jobs []job.Job
}

func (e *ends) Run(_ context.Context, s *staging.Stage, _ func()) job.Result {
	s.End(job.Canceled, "") // of which nothing is told
	j := s.Job()
	e.jobs = append(e.jobs, j)
	res := e.Result
	res.Input, res.Output = j.Input, j.Output
	return res
}

// run has a runner do a job.
func run(t *testing.T, r Runner, j job.Job) job.Result {
	t.Helper()
	return r.Run(t.Context(), staged(j), func() {})
}

// staged is a job that has begun.
func staged(j job.Job) *staging.Stage {
	s := staging.Open(j)
	s.Begin()
	return s
}

// picture is a job on a JPEG, whose output is in a new folder.
func picture(t *testing.T) job.Job {
	t.Helper()
	return job.Job{
		Input:  job.Path(filepath.Join(fixtures(t), "jpeg_444.jpg")),
		Target: job.Target{Output: job.Path(filepath.Join(t.TempDir(), "a.jpg")), Pipeline: "gray"}, MaxPixels: codec.MaxPixels,
	}
}

// Our own code works in this process, what a library reads goes to a worker; and what is
// no picture needs no worker to be refused.
func TestAutoGoesByTheContent(t *testing.T) {
	pipeLike := filepath.Join(t.TempDir(), "folder.png")
	if err := os.Mkdir(pipeLike, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, worker := range map[string]bool{
		"jpeg_444.jpg": false, "jpeg_named.png": false, "bmp_rgba32.bmp": false,
		"png_rgb8.png": true, "gif_animated.gif": true, "webp_lossless.webp": true,
		"broken/empty.jpg": false, "broken/not_an_image.jpg": false, "no such file.png": false, pipeLike: false,
	} {
		if !filepath.IsAbs(name) {
			name = filepath.Join(fixtures(t), filepath.FromSlash(name))
		}
		here, there := &ends{Result: job.Result{Outcome: job.OK}}, &ends{Result: job.Result{Outcome: job.OK}}
		j := picture(t)
		j.Input = job.Path(name)
		run(t, Auto(here, there), j)
		if len(there.jobs) == 1 != worker || len(here.jobs)+len(there.jobs) != 1 {
			t.Errorf("%s: %d here, %d by a worker", name, len(here.jobs), len(there.jobs))
		}
	}
}

// What panics here or takes too long a worker tries again; nothing else, and once.
func TestAutoTriesAgainInAWorker(t *testing.T) {
	picture := picture(t)
	for _, outcome := range job.Outcomes {
		here := &ends{Result: job.Result{Outcome: outcome, Reason: "first reason", Elapsed: time.Second}}
		there := &ends{Result: job.Result{Outcome: job.OK, Elapsed: time.Second, Notes: []string{"other"}}}
		res := run(t, Auto(here, there), picture)
		if outcome != job.Crashed && outcome != job.Timeout {
			if len(there.jobs) != 0 || res.Outcome != outcome || res.Reason != "first reason" {
				t.Errorf("%s: %d tries by a worker, %+v", outcome, len(there.jobs), res)
			}
			continue
		}
		if len(there.jobs) != 1 || res.Outcome != job.OK || res.Elapsed != 2*time.Second {
			t.Errorf("%s: %d tries by a worker, %+v", outcome, len(there.jobs), res)
		}
		if i := slices.IndexFunc(res.Notes, func(n string) bool {
			return strings.HasPrefix(n, "second try in a worker, after a goroutine ") && strings.HasSuffix(n, "first reason")
		}); i < 0 || len(res.Notes) != 2 {
			t.Errorf("%s: notes %q", outcome, res.Notes)
		}
		there.Result = job.Result{Outcome: job.Crashed, Reason: "killed"}
		res = run(t, Auto(here, there), picture)
		if res.Outcome != job.Crashed || !strings.HasPrefix(res.Reason, "killed (second try in a worker, ") || len(there.jobs) != 2 {
			t.Errorf("%s: %d tries by a worker, %+v", outcome, len(there.jobs), res)
		}
	}
}

// A run that is stopped now begins no second try.
func TestAutoDoesNotTryAgainWhenStopped(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	there := new(ends)
	res := Auto(&ends{Result: job.Result{Outcome: job.Timeout}}, there).Run(ctx, staged(picture(t)), func() {})
	if len(there.jobs) != 0 || res.Outcome != job.Timeout {
		t.Errorf("%d tries by a worker, %+v", len(there.jobs), res)
	}
}

// Outputs that the first try has made do not stand in the way of the second.
func TestAutoMakesAgainWhatTheFirstTryMade(t *testing.T) {
	input := filepath.Join(fixtures(t), "jpeg_444.jpg")
	t.Chdir(t.TempDir())
	j := job.Job{
		Input:  job.Path(input),
		Target: job.Target{Output: "a", State: 1},
		Also:   []job.Target{{Output: "b", State: 2}, {Output: "c", State: 3}},
	}
	first := j.End(job.Crashed, "panic")
	first.Also[0].Outcome = job.OK
	there := new(ends)
	run(t, Auto(&ends{Result: first}, there), j)
	again := there.jobs[0]
	if again.Overwrite || again.State != 1 || !again.Also[0].Overwrite || again.Also[0].State != 0 || again.Also[1].Overwrite || again.Also[1].State != 3 {
		t.Errorf("%+v", again)
	}
	if j.Also[0].Overwrite {
		t.Error("the caller's job has changed")
	}
}

// Without workers a picture that needs one fails, and is not worked on unprotected.
func TestAutoWithoutWorkers(t *testing.T) {
	here := new(ends)
	none := NewPool(PoolConfig{Workers: -1})
	want := none.Start()
	if want == nil {
		t.Fatal("a pool of -1 workers")
	}
	j := picture(t)
	j.Input = job.Path(filepath.Join(fixtures(t), "png_rgb8.png"))
	res := run(t, Auto(here, InSubprocess(none, time.Minute)), j)
	if res.Outcome != job.Failed || res.Reason != job.NoWorker+want.Error() || len(here.jobs) != 0 {
		t.Errorf("%+v", res)
	}
}
