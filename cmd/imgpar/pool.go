package main

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/imgpar/imgpar/internal/machine"
	"github.com/imgpar/imgpar/procpool"
)

// When a worker is replaced though nothing is wrong with it: nothing of one picture is to
// stay for long where it meets others. A start costs about 10 ms of CPU.
const (
	maxTasks = 1000      // 1 % of the time, where a picture takes only 1 ms
	maxAge   = time.Hour // for runs that wait for files

	// A worker keeps buffers of photos, which take 100 to 200 MB; one that holds more
	// than that and than its share of the budget had a large picture.
	leastRecycleRSS = 256 << 20
)

// maxResult is the largest answer of a worker, bytes, which job.DecodeAnswer takes.
const maxResult = 4 << 20

// poolConfig is that of so many workers, where a picture may take that many bytes.
func (f *isolationFlags) poolConfig(workers int, one int64) procpool.Config {
	limit := f.perWorker(one)
	return procpool.Config{
		Workers:    workers,
		Args:       []string{workerName, "--sandbox=" + f.sandbox, fmt.Sprintf("--worker-mem=%d", limit)},
		Environ:    workerEnviron(os.Environ()),
		MaxResult:  maxResult,
		MaxTasks:   maxTasks,
		MaxAge:     maxAge,
		RSS:        func(pid int) int64 { return machine.RSS(pid) },
		MaxRSS:     limit,
		RecycleRSS: min(limit, max(leastRecycleRSS, one/int64(max(workers, 1)))),
	}
}

// workerEnviron is what a worker gets of an environment: what Go's runtime reads, and
// what no process on Windows starts without. Whatever else is in it, keys among that, is
// none of a picture's business.
func workerEnviron(environ []string) []string {
	kept := []string{}
	for _, e := range environ {
		name, _, _ := strings.Cut(e, "=")
		switch strings.ToUpper(name) {
		case "GODEBUG", "GOGC", "GOMEMLIMIT", "GOTRACEBACK", "GOCOVERDIR", "SYSTEMROOT", "WINDIR":
			kept = append(kept, e)
		}
	}
	return kept
}

// lazyPool is a pool whose workers are started when the first of them is needed.
type lazyPool struct {
	config  procpool.Config
	started func() // is called once, before they are; nil: nobody asks

	once sync.Once
	pool *procpool.Pool // set by once
	err  error          // set by once
}

func (l *lazyPool) get() (*procpool.Pool, error) {
	l.once.Do(func() {
		if l.started != nil {
			l.started()
		}
		l.pool, l.err = procpool.New(l.config)
	})
	return l.pool, l.err
}

// end waits for the workers' end, and tells what became of them. Nobody may call get then.
func (l *lazyPool) end() (procpool.Stats, error) {
	if l.pool == nil {
		return procpool.Stats{}, nil
	}
	err := l.pool.Close()
	return l.pool.Stats(), err
}
