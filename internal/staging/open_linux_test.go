package staging

import (
	"os"
	"testing"

	"github.com/imgpar/imgpar/internal/job"
)

// However a stage ends, it leaves no descriptor open.
func TestAStageLeavesNothingOpen(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "in.jpg", picture)
	open := func() int {
		list, err := os.ReadDir("/proc/self/fd")
		must(t, err)
		return len(list)
	}
	before := open()
	for what, end := range map[string]func(*Stage){
		"opened":    func(s *Stage) {},
		"begun":     func(s *Stage) { s.Begin() },
		"handed":    func(s *Stage) { begunFiles(s) },
		"committed": func(s *Stage) { s.Begin(); s.Commit(job.Answer{Parts: []job.Part{{Outcome: job.Skipped}, made(0)}}) },
	} {
		j := to("out/a.jpg", "out/deep/b.jpg")
		j.Also[0].Overwrite = true
		for _, place := range []*job.InPlace{nil, {Backup: "~"}} {
			if j.InPlace = place; place != nil {
				j.Output = j.Input
			}
			s := Open(j)
			end(s)
			for range 2 {
				s.End(job.Canceled, "x")
			}
			if after := open(); after != before {
				t.Errorf("%s, in place %v: %d descriptors are open, were %d", what, place, after, before)
			}
		}
	}
	_ = os.RemoveAll("out")
	holds(t, map[string]string{"in.jpg": picture})
}
