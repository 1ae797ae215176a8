package bench

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// qualityFiles is how many files, spread over the list, what was written is held
// against the best that can be made of them.
const qualityFiles = 12

// sampled are the files of the list of which quality is measured.
func (m *measurement) sampled() []int {
	if m.task.Quality == nil || len(m.task.Programs) == 0 {
		return nil
	}
	n := min(qualityFiles, len(m.list))
	places := make([]int, n)
	for k := range places {
		places[k] = k * len(m.list) / n
	}
	return places
}

// keep sets aside what a contender has written of the sampled files; written finds it
// by the number of the file.
func (m *measurement) keep(c *contender, written func(i int) string) {
	c.probed.kept, c.quality = map[int]string{}, map[int]float64{}
	for _, i := range m.sampled() {
		from := written(i)
		to := filepath.Join(m.dir, fmt.Sprintf("kept-%d-%d%s", len(m.contenders), i, filepath.Ext(from)))
		if from != "" && copyFile(from, to) == nil { // what cannot be read cannot be compared
			c.probed.kept[i] = to
		}
	}
}

func copyFile(from, to string) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close() // only read
	dst, err := os.Create(to)
	if err != nil {
		return err
	}
	defer dst.Close()
	_, err = io.Copy(dst, src)
	return err
}

// judge measures the quality of what was set aside, on every CPU. Of a contender one
// error is told; with it, other files of the same contender still count.
func (m *measurement) judge(ctx context.Context) error {
	type pair struct {
		c *contender
		i int
	}
	var pairs []pair
	for _, c := range m.contenders {
		for i := range c.probed.kept {
			pairs = append(pairs, pair{c, i})
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int { return a.i - b.i }) // for the source to be in the caches
	errs := map[*contender]error{}
	var (
		mu      sync.Mutex // for errs and what contenders have
		workers sync.WaitGroup
		next    atomic.Int64
	)
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for n := int(next.Add(1)) - 1; n < len(pairs) && ctx.Err() == nil; n = int(next.Add(1)) - 1 {
				c, i := pairs[n].c, pairs[n].i
				db, err := m.task.Quality(m.list[i], c.probed.kept[i])
				mu.Lock()
				if err != nil {
					errs[c] = fmt.Errorf("%s: %s", filepath.Base(m.list[i]), strings.TrimPrefix(err.Error(), c.probed.kept[i]+": "))
				} else {
					c.quality[i] = db
				}
				mu.Unlock()
			}
		})
	}
	workers.Wait()
	for _, c := range m.contenders {
		if err := errs[c]; err != nil {
			m.note(fmt.Sprintf("the quality of %s is known of %s: %v", c, plural(len(c.quality), "file"), err))
		}
	}
	return context.Cause(ctx)
}

// qualities returns the medians of two contenders, dB, over the files on which both
// were judged; 0: there are none.
func qualities(a, b *contender) (forA, forB float64) {
	var va, vb []float64
	for i, db := range a.quality {
		if other, ok := b.quality[i]; ok {
			va, vb = append(va, db), append(vb, other)
		}
	}
	if len(va) == 0 {
		return 0, 0
	}
	return StatOf(va).Median, StatOf(vb).Median
}
