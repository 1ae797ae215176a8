// Package diskfile opens files that are on a disk: no pipes, no devices, nothing
// that waits for somebody else.
package diskfile
