package runner

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/imgpar/imgpar/internal/job"
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
