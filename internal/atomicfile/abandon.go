package atomicfile

import (
	"os"
	"sync"
)

// begun are the temporary files of this process that nothing has ended yet.
var begun = struct {
	sync.Mutex
	names map[string]bool
}{names: map[string]bool{}}

func noteBegun(temp string) {
	begun.Lock()
	defer begun.Unlock()
	begun.names[temp] = true
}

// noteEnding comes before a temporary name is given up: from then on it may be that
// of another process.
func noteEnding(temp string) {
	begun.Lock()
	defer begun.Unlock()
	delete(begun.names, temp)
}

// Abandon removes the temporary files of all that is Pending in this process, for a
// program that is about to end without waiting for those who write them. What is
// within Commit or Abort at that moment is left to them.
func Abandon() {
	begun.Lock()
	defer begun.Unlock()
	for temp := range begun.names {
		_ = os.Remove(temp) // what is left, the next run of the same job takes over
	}
	clear(begun.names)
}
