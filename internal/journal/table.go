package journal

import (
	"math/bits"
	"math/rand/v2"
	"sync/atomic"

	"github.com/imgpar/imgpar/internal/job"
)

// table is the records by their keys, in 24 bytes each and a fifth of that in
// reserve: a map takes twice that. Reasons are kept apart, for the few that
// have one.
//
// Keys are hashes already. They are multiplied by a secret odd number, so that
// no file can be made whose keys all meet. The shards grow one by one; all at
// once would need the memory of the old and the new.
type table struct {
	seed   uint64 // odd; 0: the table is empty
	shards [shards]shard
	bad    map[uint64]failure // what the entries of state 0 stand for
	count  int
	near   uint32 // means nothing, see fetch
}

const shards = 256

type shard struct {
	slots []entry // open addressing, linear; key 0 is free
	used  int
}

type entry struct{ key, digest, state uint64 }

type failure struct {
	state   uint64
	outcome job.Outcome
	reason  string
}

// newTable returns a table with room for n records.
func newTable(n int) table {
	t := table{seed: rand.Uint64() | 1, bad: map[uint64]failure{}}
	room := 0
	if n > shards {
		room = n/shards*4/3 + 16 // 5/4, and what one shard has more than another
	}
	for i := range t.shards {
		t.shards[i].slots = make([]entry, room)
	}
	return t
}

// place returns a key's shard and where in it the search begins.
func (t *table) place(key uint64) (s *shard, at int) {
	h := key * t.seed
	s = &t.shards[h>>56]
	hi, _ := bits.Mul64(h<<8, uint64(len(s.slots)))
	return s, int(hi)
}

// find returns the slot of a key, or the free one where it would be.
func (t *table) find(key uint64) *entry {
	s, i := t.place(key)
	for {
		if e := &s.slots[i]; e.key == key || e.key == 0 {
			return e
		}
		if i++; i == len(s.slots) {
			i = 0
		}
	}
}

func (t *table) get(key uint64) (Record, bool) {
	if t.seed == 0 || key == 0 {
		return Record{}, false
	}
	if s, _ := t.place(key); s.used == 0 {
		return Record{}, false
	}
	e := t.find(key)
	switch {
	case e.key == 0:
		return Record{}, false
	case e.state == 0:
		f := t.bad[key]
		return Record{key, e.digest, f.state, f.outcome, f.reason}, true
	}
	return Record{key, e.digest, e.state, job.OK, ""}, true
}

// set adds r, or puts it in the place of another of its key.
func (t *table) set(r Record) {
	if t.seed == 0 {
		*t = newTable(0)
	}
	s, _ := t.place(r.Key)
	if (s.used+1)*5 > len(s.slots)*4 {
		t.grow(s)
	}
	e := t.find(r.Key)
	switch {
	case e.key == 0:
		s.used++
		t.count++
	case e.state == 0:
		delete(t.bad, r.Key)
	}
	*e = entry{r.Key, r.Digest, r.State}
	if r.Outcome != job.OK {
		e.state = 0
		t.bad[r.Key] = failure{r.State, r.Outcome, r.Reason}
	}
}

// batchSize is the number of keys at a time for fetch.
const batchSize = 64

// fetch brings the slots of keys near, for get and set. Nearly every slot is a miss
// in all caches: looking at them in a row first, the processor waits for many at
// once.
func (t *table) fetch(keys []uint64) {
	near := uint32(0)
	for _, key := range keys {
		if s, at := t.place(key); len(s.slots) > 0 {
			near += uint32(s.slots[at].key)
		}
	}
	atomic.StoreUint32(&t.near, near) // else the loop would be left out
}

// setAll is set for several.
func (t *table) setAll(list []Record) {
	var room [batchSize]uint64
	keys := room[:0]
	for i := range list {
		keys = append(keys, list[i].Key)
	}
	t.fetch(keys)
	for _, r := range list {
		t.set(r)
	}
}

func (t *table) grow(s *shard) {
	old := s.slots
	s.slots = make([]entry, len(old)*3/2+16)
	for _, e := range old {
		if e.key != 0 {
			*t.find(e.key) = e
		}
	}
}

// all yields every record.
func (t *table) all(yield func(Record) bool) {
	for i := range t.shards {
		for _, e := range t.shards[i].slots {
			if e.key == 0 {
				continue
			}
			if r, _ := t.get(e.key); !yield(r) {
				return
			}
		}
	}
}
