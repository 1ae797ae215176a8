//go:build race

package sandbox

// shadowed: the race detector maps terabytes that count as data, so that there is no
// limit that it could run under.
const shadowed = true
