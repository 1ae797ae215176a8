package runner

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/staging"
	"github.com/imgpar/imgpar/procpool"
)

// That no worker can be started is no picture's fault: it fails, which no journal
// keeps, and when it is known that none will be, the run is to stop.
func TestNoWorkerIsNoPicturesFault(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pool, err := procpool.New(procpool.Config{Workers: 1, Path: filepath.Join(dir, "gone")})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Kill()
	started := &Pool{pool: pool}
	started.once.Do(func() {})
	r := InSubprocess(started, time.Minute)
	j := job.Job{Input: job.Path(filepath.Join(fixtures(t), "jpeg_420.jpg"))}
	j.Target = job.Target{Output: job.Path(filepath.Join(dir, "out", "a.jpg")), Pipeline: "invert"}
	stops := false
	for range 20 {
		res := run(t, r, j)
		if res.Outcome != job.Failed || !strings.HasPrefix(res.Reason, job.NoWorker) || !job.Passing(res.Reason) {
			t.Fatalf("%+v", res)
		}
		stops = stops || res.NoWorker
	}
	if !stops {
		t.Error("the run goes on for ever")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}

// Short is a small picture with one output that takes little memory.
func TestWhatIsShort(t *testing.T) {
	t.Parallel()
	j := job.Job{Input: job.Path(filepath.Join(fixtures(t), "jpeg_420.jpg")), MaxPixels: 1e6}
	j.Target = job.Target{Output: job.Path(filepath.Join(t.TempDir(), "a.jpg")), Pipeline: "invert"}
	two := j
	two.Also = []job.Target{{Output: j.Output + ".jpg", Pipeline: "invert"}}
	none := j
	none.Input = "runner.go"
	for what, c := range map[string]struct {
		job  job.Job
		need int64
		want bool
	}{
		"a small picture":       {j, shortNeed, true},
		"one that grows":        {j, shortNeed + 1, false},
		"one for two outputs":   {two, 1000, false},
		"what is not a picture": {none, 1000, false},
	} {
		s := staging.Open(c.job)
		if got := IsShort(s, c.need); got != c.want {
			h, flaw := s.Header()
			t.Errorf("%s: %v; %d bytes, %dx%d, %v", what, got, s.Size(), h.Width, h.Height, flaw)
		}
		s.End(job.Canceled, "")
	}
}
