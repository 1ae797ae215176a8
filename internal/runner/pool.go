package runner

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/machine"
	"github.com/imgpar/imgpar/internal/sandbox"
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

// PoolConfig says which workers a Pool has.
type PoolConfig struct {
	Workers int      // at the most; 0: one per CPU
	Args    []string // the arguments with which this program calls Serve
	Picture int64    // bytes of memory that one picture may take
	Memory  int64    // bytes of memory beyond which a worker is killed
	Started func()   // called once, before the first worker is started; nil: nobody asks
}

// procpool is the configuration of the pool behind c.
func (c PoolConfig) procpool() procpool.Config {
	return procpool.Config{
		Workers:    c.Workers,
		Args:       c.Args,
		Environ:    environ(os.Environ()),
		MaxResult:  job.MaxAnswer,
		MaxTasks:   maxTasks,
		MaxAge:     maxAge,
		RSS:        func(pid int) int64 { return machine.RSS(pid) },
		MaxRSS:     c.Memory,
		RecycleRSS: min(c.Memory, max(leastRecycleRSS, c.Picture/int64(max(c.Workers, 1)))),
	}
}

// environ is what a worker gets of an environment: what Go's runtime reads, and what no
// process on Windows starts without. Whatever else is in it, keys among that, is none of
// a picture's business.
func environ(all []string) []string {
	kept := []string{}
	for _, e := range all {
		name, _, _ := strings.Cut(e, "=")
		switch strings.ToUpper(name) {
		case "GODEBUG", "GOGC", "GOMEMLIMIT", "GOTRACEBACK", "GOCOVERDIR", "SYSTEMROOT", "WINDIR":
			kept = append(kept, e)
		}
	}
	return kept
}

// Pool is workers that are started when the first of them is needed. The methods are safe
// for concurrent use, but for Close.
type Pool struct {
	config PoolConfig

	once sync.Once
	pool *procpool.Pool // set by once
	err  error          // set by once
}

// NewPool returns a pool that has started nothing yet.
func NewPool(c PoolConfig) *Pool { return &Pool{config: c} }

// Start starts the workers if they are not. Its error, always the same, is that of
// procpool.New.
func (p *Pool) Start() error {
	_, err := p.get()
	return err
}

func (p *Pool) get() (*procpool.Pool, error) {
	p.once.Do(func() {
		if p.config.Started != nil {
			p.config.Started()
		}
		p.pool, p.err = procpool.New(p.config.procpool())
	})
	return p.pool, p.err
}

// Close waits for the workers' end, and tells what became of them. It is called last, and
// does nothing where none was started.
func (p *Pool) Close() (procpool.Stats, error) {
	if p.pool == nil {
		return procpool.Stats{}, nil
	}
	err := p.pool.Close()
	return p.pool.Stats(), err
}

// Ask starts one worker and asks what holds it. ready is how long that took, from the
// start to the answer.
func Ask(c PoolConfig) (s sandbox.Status, ready time.Duration, err error) {
	c.Workers = 1
	begun := time.Now()
	pool, err := procpool.New(c.procpool())
	if err != nil {
		return s, 0, err
	}
	defer pool.Kill()
	answer, err := pool.Do(context.Background(), procpool.Task{Payload: []byte(statusRequest), Timeout: procpool.DefaultStartTimeout})
	if err != nil {
		return s, 0, err
	}
	ready = time.Since(begun)
	return s, ready, json.Unmarshal(answer, &s)
}
