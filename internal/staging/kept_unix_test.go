//go:build unix

package staging

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/imgpar/imgpar/internal/job"
)

// twin is the descriptor that a worker has of a file: of the same open file, with the
// same offset and the same lock.
func twin(t *testing.T, f *os.File) *os.File {
	t.Helper()
	fd, err := unix.Dup(int(f.Fd()))
	must(t, err)
	t.Cleanup(func() { _ = unix.Close(fd) })
	return os.NewFile(uintptr(fd), "twin")
}

// A worker that was taken over may keep what it was handed: the lock is on a file that
// has its name by then, or is gone, and stands in nobody's way.
func TestAWorkerThatKeepsItsFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "in.jpg", picture)
	for _, outcome := range []job.Outcome{job.OK, job.Failed, job.OK} {
		for _, j := range []job.Job{to("a.jpg"), inPlace("")} {
			j.Overwrite = j.InPlace == nil
			s := Open(j)
			files := begunFiles(s)
			kept := twin(t, files[1])
			if _, err := kept.WriteString(picture); err != nil {
				t.Fatal(err)
			}
			p := made(len(picture))
			if outcome == job.Failed {
				p = job.Part{Outcome: outcome, Reason: "corrupt: it is"}
			}
			if res := s.Commit(job.Answer{Parts: []job.Part{p}}); res.Outcome != outcome {
				t.Errorf("%+v", res)
			}
		}
	}
	holds(t, map[string]string{"in.jpg": picture, "a.jpg": picture})
}

// One that changes an output while it is looked at spoils that output, and no more: the
// look and the new name cannot be one step.
func TestAWorkerThatGoesOnWriting(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "in.jpg", picture)
	seen := map[job.Outcome]int{}
	for range 200 {
		s := Open(to("out/a.jpg"))
		kept := twin(t, begunFiles(s)[1])
		stop, stopped := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			for n := int64(0); ; n++ {
				select {
				case <-stop:
					return
				default:
					_ = kept.Truncate(int64(len(picture)) + n%2)
				}
			}
		}()
		res := s.Commit(job.Answer{Parts: []job.Part{made(len(picture))}})
		close(stop)
		<-stopped
		seen[res.Outcome]++
		_, err := os.Lstat("out/a.jpg")
		switch {
		case res.Outcome == job.OK && err == nil:
			must(t, os.RemoveAll("out"))
		case res.Outcome == job.Crashed && os.IsNotExist(err):
		default:
			t.Fatalf("%+v, and %v", res, err)
		}
	}
	holds(t, map[string]string{"in.jpg": picture})
	t.Log(seen)
}
