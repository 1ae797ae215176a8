// Package diskfile opens files that are on a disk, whose reads and writes never
// wait for somebody else: no pipes, no devices.
package diskfile
