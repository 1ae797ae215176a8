//go:build !race

package sandbox

// shadowed tells whether the race detector is in the program.
const shadowed = false
