package plan

import "iter"

// orderWindow is how many items are held back to take the largest of them first.
const orderWindow = 1024

// largestFirst yields the items of lists, the largest of those at hand first, so
// that the end of a run waits for no large one: what comes last is small. It
// waits for lists only when it has nothing to yield. What has a result already is
// yielded as it comes.
func largestFirst(lists iter.Seq[[]Item]) iter.Seq[Item] {
	return func(yield func(Item) bool) {
		ready, left := make(chan []Item, 1), make(chan struct{})
		go func() {
			defer close(ready)
			for list := range lists {
				select {
				case ready <- list:
				case <-left:
					return
				}
			}
		}()
		defer func() { // the walk ends before the loop does
			close(left)
			for range ready {
			}
		}()
		arrange(ready, yield)
	}
}

func arrange(ready <-chan []Item, yield func(Item) bool) {
	var (
		h    heap
		rest []Item
		open = true
	)
	for {
		for len(h.keys) < orderWindow {
			if len(rest) == 0 && open {
				rest, open = receive(ready, len(h.keys) == 0)
			}
			if len(rest) == 0 {
				break
			}
			it := &rest[0]
			rest = rest[1:]
			if it.Done == nil {
				h.push(it)
			} else if !yield(*it) {
				return
			}
		}
		if len(h.keys) == 0 && !open {
			return
		}
		if len(h.keys) > 0 && !yield(h.pop()) {
			return
		}
	}
}

// receive takes what is ready, or waits for it; not open: nothing more comes.
func receive(ready <-chan []Item, wait bool) (list []Item, open bool) {
	if wait {
		list, open = <-ready
		return list, open
	}
	select {
	case list, open = <-ready:
		return list, open
	default:
		return nil, true
	}
}

// heap holds up to orderWindow items, the largest on top; of equal ones the
// first. What moves in it are keys.
type heap struct {
	keys  []key
	items []Item
	free  []int // places of items
	count int   // of all that were pushed
}

type key struct {
	bytes        int64
	order, place int
}

func (h *heap) before(i, j int) bool {
	a, b := &h.keys[i], &h.keys[j]
	return a.bytes > b.bytes || a.bytes == b.bytes && a.order < b.order
}

func (h *heap) push(it *Item) {
	if len(h.free) == 0 {
		h.free = append(h.free, len(h.items))
		h.items = append(h.items, Item{})
	}
	place := h.free[len(h.free)-1]
	h.free = h.free[:len(h.free)-1]
	h.items[place] = *it
	h.keys = append(h.keys, key{it.Bytes, h.count, place})
	h.count++
	for i := len(h.keys) - 1; i > 0 && h.before(i, (i-1)/2); i = (i - 1) / 2 {
		h.keys[i], h.keys[(i-1)/2] = h.keys[(i-1)/2], h.keys[i]
	}
}

func (h *heap) pop() Item {
	place, last := h.keys[0].place, len(h.keys)-1
	h.keys[0] = h.keys[last]
	h.keys = h.keys[:last]
	for i := 0; ; {
		top := i
		for _, child := range [2]int{2*i + 1, 2*i + 2} {
			if child < last && h.before(child, top) {
				top = child
			}
		}
		if top == i {
			break
		}
		h.keys[i], h.keys[top] = h.keys[top], h.keys[i]
		i = top
	}
	it := h.items[place]
	h.items[place] = Item{}
	h.free = append(h.free, place)
	return it
}
