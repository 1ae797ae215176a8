package machine

// MaxOpenFiles returns how many files this process may have open, 0 if that is unknown:
// Windows has no limit but memory.
func MaxOpenFiles() int { return 0 }
