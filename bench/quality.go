package bench

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
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

// judge measures the quality of what was set aside. All that was made of one source
// comes in a row, so that who judges it may keep what it knows of the source.
func (m *measurement) judge(ctx context.Context) error {
	failed := map[*contender]bool{}
	for _, i := range m.sampled() {
		for _, c := range m.contenders {
			file := c.probed.kept[i]
			if file == "" || failed[c] {
				continue
			}
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			db, err := m.task.Quality(m.list[i], file)
			if err != nil {
				failed[c] = true
				m.note(fmt.Sprintf("the quality of %s is not measured: %s: %v", c, filepath.Base(m.list[i]), err))
				continue
			}
			c.quality[i] = db
		}
	}
	return nil
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
	return statOf(va).Median, statOf(vb).Median
}
